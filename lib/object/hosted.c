/* Plain values as objects. A hosted value owns its value and has a value form; its class is the value's type. Whoever
 * reads it takes one more owner of the value and lets the lock go, so that reading never waits for long; a change is made
 * in place if nobody is reading, and else to a copy. */
#include "object/hosted.h"
#include "object/builtin_edit.h"
#include "object/builtin_iterate.h"
#include "object/builtin_methods.h"
#include "object/builtin_reflect.h"
#include "object/call.h"
#include "object/method.h"

#include <pthread.h>
#include <stdlib.h>

struct far_hosted {
    far_object_t base;
    pthread_mutex_t lock; /* of the value and its keys */
    far_value_t *value;
    far_keys_t keys;
    far_type_t type; /* of the value, for ever */
};

static far_hosted_t *hosted_of (const far_object_t *object)
{
    return (far_hosted_t *)object;
}

far_value_t *far_hosted_read (far_hosted_t *self)
{
    pthread_mutex_lock (&self->lock);
    far_value_t *value = far_value_retain (self->value);
    pthread_mutex_unlock (&self->lock);
    return value;
}

far_status_t far_hosted_edit (far_hosted_t *self, far_value_t ***out, far_keys_t **keys)
{
    pthread_mutex_lock (&self->lock);
    far_status_t status = far_value_unshare (&self->value);
    if (status) {
        pthread_mutex_unlock (&self->lock);
        return status;
    }
    *out = &self->value;
    *keys = &self->keys;
    return FAR_OK;
}

void far_hosted_edited (far_hosted_t *self, far_value_t **dropped)
{
    pthread_mutex_unlock (&self->lock);
    far_value_destroy (dropped); /* may end objects */
}

far_value_t *far_hosted_kept (const far_value_t *argument)
{
    return argument ? far_value_retain (argument) : far_value_make (FAR_TYPE_NIL);
}

far_value_t *far_hosted_operand (const far_value_t *argument)
{
    far_hosted_t *hosted = far_hosted_from_object (far_object_from_handle (far_value_handle (argument)));
    return hosted ? far_hosted_read (hosted) : far_hosted_kept (argument);
}

far_status_t far_hosted_answer (far_call_t *call, far_status_t status, far_value_t **result_p)
{
    if (!status && !*result_p)
        status = far_fail (FAR_E_NO_MEMORY, "no memory for a result");
    if (!status)
        status = far_call_answer_value (call, *result_p);
    far_value_destroy (result_p);
    return status;
}

static const char *hosted_class_name (const far_object_t *object)
{
    far_type_t type = hosted_of (object)->type;
    return far_type_name (type == FAR_TYPE_UINT ? FAR_TYPE_INT : type);
}

static far_status_t hosted_getattr (far_object_t *object, far_text_t name, far_call_t *call, far_value_t **out)
{
    (void)call;
    const far_callee_t *method = far_builtin_method (hosted_of (object)->type, name);
    return method ? far_bound_method_value (object, method, object, out) : far_object_lacks (object, name);
}

static far_status_t hosted_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    const far_callee_t *method = far_builtin_method (hosted_of (object)->type, name);
    return method ? far_call_run (call, method, object) : far_object_lacks (object, name);
}

static bool hosted_has_operator (const far_object_t *object, far_operator_t of)
{
    (void)object; /* of those that a type has not, too: they are TypeErrors */
    return of != FAR_SETATTR && of != FAR_DELATTR && of != FAR_NEXT;
}

/* Reads the arguments of an operator: as many as it takes, nil for the others. */
static far_status_t read_arguments (far_operator_t of, far_call_t *call, far_value_t *arguments[2])
{
    static far_parameter_t key_and_value[] = { { .name = "key", .shape = "v" }, { .name = "value", .shape = "v" } };
    static far_parameter_t other[] = { { .name = "other", .shape = "v" } };
    size_t count = of == FAR_SETITEM ? 2 : far_operator_row (of)->kind != FAR_OPERATOR_UNARY;
    far_signature_t takes = { .parameters = count == 2 ? key_and_value : other, .count = count };
    far_reader_t bound[2];
    far_status_t status = far_signature_bind (&takes, far_operator_name (of), &call->request, bound);
    for (size_t i = 0; !status && i < count; i++) {
        far_value_t *sent = far_value_read (&bound[i], &call->resolver);
        if (!sent)
            return far_last_status ();
        arguments[i] = i ? far_hosted_kept (sent) : far_hosted_operand (sent);
        far_value_destroy (&sent);
    }
    return status;
}

static far_status_t edit (far_hosted_t *self, far_operator_t of, far_value_t *const arguments[2])
{
    far_value_t **value = NULL, *dropped = NULL;
    far_keys_t *keys = NULL;
    far_status_t status = far_hosted_edit (self, &value, &keys);
    if (status)
        return status;
    status = far_builtin_edit (of, value, keys, arguments[0], arguments[1], &dropped);
    far_hosted_edited (self, &dropped);
    return status;
}

/* The operators that search the keys of a map: with the index that the map has. */
static far_status_t search (far_hosted_t *self, far_operator_t of, const far_value_t *key, far_value_t **out)
{
    size_t at = SIZE_MAX;
    pthread_mutex_lock (&self->lock);
    far_status_t status = of == FAR_GETITEM ? far_entries_get (&self->keys, self->value, key, out)
                                            : far_keys_find (&self->keys, self->value, key, &at);
    pthread_mutex_unlock (&self->lock);
    if (!status && of == FAR_CONTAINS)
        *out = far_value_from_bool (at != SIZE_MAX);
    return status;
}

static far_status_t compute (far_hosted_t *self, far_operator_t of, const far_value_t *other, far_value_t **out)
{
    if (self->type == FAR_TYPE_MAP && (of == FAR_GETITEM || of == FAR_CONTAINS))
        return search (self, of, other, out);
    far_value_t *value = far_hosted_read (self);
    far_status_t status = far_builtin_operate (of, value, other, out);
    far_value_destroy (&value);
    return status;
}

/* An object that knows the operator from its side is asked before it is a TypeError. */
static far_status_t compute_with (far_hosted_t *self, far_operator_t of, far_call_t *call, const far_value_t *other,
                                  far_value_t **out)
{
    far_object_t *object = far_builtin_reflects (of, other);
    if (!object)
        return compute (self, of, other, out);
    far_value_t *value = far_hosted_read (self);
    far_status_t status = far_builtin_reflect (call, of, value, object, out);
    far_value_destroy (&value);
    return status;
}

/* What an in-place operator gives is an object to go on with, whatever its type. */
static far_status_t answer_hosted (far_call_t *call, far_value_t **result_p)
{
    if (far_value_type (*result_p) == FAR_TYPE_REFERENCE)
        return far_hosted_answer (call, FAR_OK, result_p);
    far_object_t *hosted = far_hosted_new (result_p);
    if (!hosted)
        return far_last_status ();
    far_status_t status = far_call_answer_object (call, hosted);
    far_object_destroy (&hosted);
    return status;
}

static far_status_t operate_with (far_hosted_t *self, far_operator_t of, far_call_t *call,
                                  far_value_t *const arguments[2])
{
    bool in_place = far_operator_row (of)->kind == FAR_OPERATOR_IN_PLACE;
    far_value_t *result = NULL;
    if (far_builtin_edits (of, self->type)) {
        far_status_t status = edit (self, of, arguments);
        return status || !in_place ? status : far_call_answer_object (call, &self->base);
    }
    far_status_t status = compute_with (self, of, call, arguments[0], &result);
    return !status && in_place ? answer_hosted (call, &result) : far_hosted_answer (call, status, &result);
}

static far_status_t iterate (far_hosted_t *self, far_call_t *call)
{
    far_value_t *value = far_hosted_read (self);
    far_object_t *iterator = NULL;
    far_status_t status = far_builtin_iterate (value, &iterator);
    far_value_destroy (&value);
    if (!status)
        status = far_call_answer_object (call, iterator);
    far_object_destroy (&iterator);
    return status;
}

static far_status_t hosted_operate (far_object_t *object, far_operator_t of, far_call_t *call)
{
    far_hosted_t *self = hosted_of (object);
    far_value_t *arguments[2] = { NULL, NULL };
    far_status_t status = read_arguments (of, call, arguments);
    if (!status)
        status = of == FAR_ITER ? iterate (self, call) : operate_with (self, of, call, arguments);
    far_value_destroy (&arguments[0]);
    far_value_destroy (&arguments[1]);
    return status;
}

static far_status_t hosted_value (far_object_t *object, far_call_t *call)
{
    far_value_t *value = far_hosted_read (hosted_of (object));
    return far_hosted_answer (call, FAR_OK, &value);
}

static void hosted_release (far_object_t *object)
{
    far_hosted_t *self = hosted_of (object);
    far_value_destroy (&self->value);
    far_keys_deinit (&self->keys);
    pthread_mutex_destroy (&self->lock);
    free (self);
}

static const far_object_ops_t hosted_ops = {
    .class_name = hosted_class_name,
    .getattr = hosted_getattr,
    .call = hosted_call,
    .has_operator = hosted_has_operator,
    .operate = hosted_operate,
    .value = hosted_value,
    .release = hosted_release,
};

far_hosted_t *far_hosted_from_object (far_object_t *object)
{
    return object && object->ops == &hosted_ops ? hosted_of (object) : NULL;
}

far_object_t *far_hosted_new (far_value_t **value_p)
{
    far_hosted_t *self = calloc (1, sizeof *self);
    if (far_value_type (*value_p) == FAR_TYPE_MAP)
        *value_p = far_entries_without_doubles (*value_p);
    if (!self || !*value_p) {
        free (self);
        far_value_destroy (value_p);
        far_fail (FAR_E_NO_MEMORY, "no memory to host a value");
        return NULL;
    }
    far_object_init (&self->base, &hosted_ops);
    pthread_mutex_init (&self->lock, NULL);
    self->value = *value_p;
    self->type = far_value_type (*value_p);
    *value_p = NULL;
    return &self->base;
}
