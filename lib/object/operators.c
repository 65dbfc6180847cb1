/* Operators that an object leaves to others. A table has a row for each that every object has: its parameters, and what
 * it does by means of the object's other operators. Owns nothing but the key of the hashes of identities. */
#include "object/operators.h"
#include "object/builtin.h"
#include "object/inner.h"
#include "object/iterator.h"
#include "base/random.h"
#include "base/siphash.h"
#include <pthread.h>
#include <stdio.h>

static bool has (const far_object_t *self, far_operator_t of)
{
    return self->ops->has_operator && self->ops->has_operator (self, of);
}

static far_status_t lacks (const far_object_t *self, far_operator_t of)
{
    const far_operator_row_t *row = far_operator_row (of);
    return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "%s has no operator %s (%s)", far_object_class_name (self), row->symbol,
                     row->name);
}

static far_status_t answer_bool (far_call_t *call, bool truth)
{
    far_write_bool (far_call_answer (call), truth);
    return far_call_answered (call);
}

typedef far_status_t generic_fn (far_object_t *self, far_call_t *call, const far_reader_t *arguments);

static far_status_t set_attribute (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    far_reader_t in = arguments[0];
    far_item_t name;
    return far_read (&in, &name) ? far_object_setattr (self, name.text, arguments[1], call) : FAR_E_PROTOCOL_ERROR;
}

static far_status_t delete_attribute (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    far_reader_t in = arguments[0];
    far_item_t name;
    return far_read (&in, &name) ? far_object_delattr (self, name.text, call) : FAR_E_PROTOCOL_ERROR;
}

static far_status_t is_same (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    far_reader_t in = arguments[0];
    far_item_t item;
    far_reference_t reference;
    if (!far_read (&in, &item) || item.type != FAR_TYPE_REFERENCE || !far_reference_read (&item, &reference))
        return answer_bool (call, false);
    far_handle_t *other = call->resolver.resolve (call->resolver.context, &reference);
    if (!other)
        return far_last_status ();
    bool same = other == &self->handle;
    far_handle_release (other);
    return answer_bool (call, same);
}

static far_status_t is_different (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    (void)arguments;
    far_value_t *equal = NULL;
    far_status_t status = far_inner_call (call, self, far_operator_name (FAR_EQ), &call->request, &equal);
    if (!status)
        status = answer_bool (call, !far_value_bool (equal));
    far_value_destroy (&equal);
    return status;
}

static far_status_t is_true (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    (void)arguments;
    if (!has (self, FAR_LEN))
        return answer_bool (call, true);
    far_value_t *length = NULL;
    far_status_t status = far_inner_call (call, self, far_operator_name (FAR_LEN), NULL, &length);
    if (!status)
        status = answer_bool (call, far_value_uint (length) != 0);
    far_value_destroy (&length);
    return status;
}

static uint64_t hash_key[2];

static void make_hash_key (void)
{
    far_random (hash_key, sizeof hash_key);
}

/* Keyed: an address is nobody else's business. What compares by its own `==` would need a hash that agrees with it. */
static far_status_t hash (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    (void)arguments;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (has (self, FAR_EQ))
        return far_call_fail_at (call, NULL, 0, "TypeError", "unhashable type: '%s'", far_object_class_name (self));
    pthread_once (&once, make_hash_key);
    far_write_int (far_call_answer (call), (int64_t)far_siphash (hash_key, &self, sizeof self));
    return far_call_answered (call);
}

static far_status_t describe (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    (void)arguments;
    char text[256];
    snprintf (text, sizeof text, "<%s object>", far_object_class_name (self));
    return far_call_return (call, "s", text);
}

static bool holds (const far_value_t *items, const far_value_t *wanted)
{
    for (size_t i = 0; i < far_value_count (items); i++)
        if (far_builtin_equals (far_value_item (items, i), wanted))
            return true;
    return false;
}

static far_status_t search (far_call_t *call, far_object_t *iterator, const far_value_t *wanted, bool *out_found)
{
    static const uint8_t most[] = { 100 };
    far_request_body_t request = { .arguments = { most, most + sizeof most }, .argument_count = 1 };
    bool found = false, more = true;
    while (more && !found) {
        far_value_t *items = NULL;
        far_status_t status = far_inner_call (call, iterator, far_operator_name (FAR_NEXT), &request, &items);
        if (status)
            return status;
        more = far_value_count (items);
        found = holds (items, wanted);
        far_value_destroy (&items);
    }
    *out_found = found;
    return FAR_OK;
}

static far_status_t contains (far_object_t *self, far_call_t *call, const far_reader_t *arguments)
{
    if (!has (self, FAR_ITER))
        return lacks (self, FAR_CONTAINS);
    far_reader_t in = arguments[0];
    far_value_t *wanted = far_value_read (&in, &call->resolver), *iterator = NULL;
    bool found = false;
    far_status_t status = wanted ? FAR_OK : far_last_status ();
    if (!status)
        status = far_inner_call (call, self, far_operator_name (FAR_ITER), NULL, &iterator);
    far_object_t *object = far_object_from_handle (far_value_handle (iterator));
    if (!status && !object)
        status = far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "the iterator of %s lies in another process",
                           far_object_class_name (self));
    if (!status)
        status = search (call, object, wanted, &found);
    far_value_destroy (&wanted);
    far_value_destroy (&iterator);
    return status ? status : answer_bool (call, found);
}

#define PARAMETERS(...) \
    .parameters = (far_parameter_t[]){ __VA_ARGS__ }, \
    .count = sizeof (far_parameter_t[]){ __VA_ARGS__ } / sizeof (far_parameter_t)
#define PARAMETER(of_name, of_shape) \
    { \
        .name = of_name, .shape = of_shape \
    }

static const struct generic {
    generic_fn *does; /* NULL: there is none for objects in general */
    far_signature_t takes;
} generics[FAR_OPERATOR_COUNT] = {
    [FAR_SETATTR] = { set_attribute, { PARAMETERS (PARAMETER ("name", "s"), PARAMETER ("value", "v")) } },
    [FAR_DELATTR] = { delete_attribute, { PARAMETERS (PARAMETER ("name", "s")) } },
    [FAR_EQ] = { is_same, { PARAMETERS (PARAMETER ("other", "v")) } },
    [FAR_NE] = { is_different, { PARAMETERS (PARAMETER ("other", "v")) } },
    [FAR_CONTAINS] = { contains, { PARAMETERS (PARAMETER ("value", "v")) } },
    [FAR_BOOL] = { .does = is_true },
    [FAR_HASH] = { .does = hash },
    [FAR_STR] = { .does = describe },
};

static far_status_t run_generic (far_object_t *self, far_operator_t of, far_call_t *call)
{
    const struct generic *generic = &generics[of];
    if (!generic->does)
        return lacks (self, of);
    far_reader_t arguments[2];
    far_status_t status = far_signature_bind (&generic->takes, far_operator_name (of), &call->request, arguments);
    return status ? status : generic->does (self, call, arguments);
}

/* In-place operators that say nothing have changed the object; a list or map instead of an iterator is iterated over. */
static far_status_t finish (far_object_t *self, far_operator_t of, far_call_t *call)
{
    if (far_operator_row (of)->kind == FAR_OPERATOR_IN_PLACE && !call->answered)
        return far_call_answer_object (call, self);
    return of == FAR_ITER ? far_iterator_answer (self, call) : FAR_OK;
}

far_status_t far_operators_call (far_object_t *self, far_operator_t of, far_call_t *call)
{
    if (has (self, of)) {
        far_status_t status = self->ops->operate (self, of, call);
        return status ? status : finish (self, of, call);
    }
    const far_operator_row_t *row = far_operator_row (of);
    if (row->kind == FAR_OPERATOR_IN_PLACE && has (self, row->of))
        return far_operators_call (self, row->of, call);
    return run_generic (self, of, call);
}
