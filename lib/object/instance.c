/* Objects of table-driven classes. An instance owns its data and is a user of its class's table. Knows nothing of where its calls come from. */
#include "object/construct.h"
#include "object/iterator.h"
#include "object/method.h"
#include "object/property.h"
#include <stdlib.h>
#include <string.h>

typedef struct far_instance {
    far_object_t base;
    far_class_table_t *table;
    _Alignas(max_align_t) unsigned char data[];
} far_instance_t;

static const char *instance_class_name (const far_object_t *object)
{
    return ((const far_instance_t *)object)->table->of->name;
}

static far_status_t refuse (const far_class_member_t *member, const char *what)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s.%s can't be %s", member->of->name, member->name.data, what);
}

static const far_class_member_t *find (const far_object_t *object, far_text_t name)
{
    return far_class_table_find (((const far_instance_t *)object)->table, name);
}

static far_status_t instance_getattr (far_object_t *object, far_text_t name, far_call_t *call, far_value_t **out)
{
    far_instance_t *self = (far_instance_t *)object;
    const far_class_member_t *member = find (object, name);
    if (!member)
        return far_object_lacks (object, name);
    if (member->kind == FAR_CLASS_PROPERTY)
        return far_property_get (member, object, self->data, call, out);
    if (member->kind == FAR_CLASS_CONSTANT)
        return (*out = far_value_retain (member->value)) ? FAR_OK : far_last_status ();
    return far_bound_method_value (object, &member->callee, self->data, out);
}

static far_status_t instance_setattr (far_object_t *object, far_text_t name, far_reader_t value, far_call_t *call)
{
    const far_class_member_t *member = find (object, name);
    if (member && member->kind == FAR_CLASS_PROPERTY)
        return far_property_set (member, object, ((far_instance_t *)object)->data, value, call);
    return member ? refuse (member, "set") : far_object_lacks (object, name);
}

static far_status_t instance_delattr (far_object_t *object, far_text_t name, far_call_t *call)
{
    const far_class_member_t *member = find (object, name);
    if (member && member->kind == FAR_CLASS_PROPERTY)
        return far_property_del (member, object, ((far_instance_t *)object)->data, call);
    return member ? refuse (member, "deleted") : far_object_lacks (object, name);
}

static far_status_t run (far_object_t *object, const far_callee_t *callee, far_call_t *call)
{
    call->object = object;
    return far_call_run (call, callee, ((far_instance_t *)object)->data);
}

/* An attribute is called that is no method: what it holds may be an object that can be. */
static far_status_t call_attribute (far_object_t *object, const far_class_member_t *member, far_call_t *call)
{
    far_value_t *value = NULL;
    far_status_t status = instance_getattr (object, member->name, call, &value);
    if (status)
        return status;
    far_object_t *held = far_object_from_handle (far_value_handle (value));
    status = held ? far_object_call (held, (far_text_t){ "", 0 }, call) : refuse (member, "called");
    far_value_destroy (&value);
    return status;
}

static far_status_t instance_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    static const far_text_t itself = { "__call__", 8 };
    const far_class_member_t *member = find (object, name.size ? name : itself);
    if (!member)
        return far_object_lacks (object, name);
    bool is_method = member->kind == FAR_CLASS_METHOD || member->kind == FAR_CLASS_OPERATOR;
    return is_method ? run (object, &member->callee, call) : call_attribute (object, member, call);
}

static const far_class_member_t *find_operator (const far_object_t *object, far_operator_t of)
{
    const char *name = far_operator_name (of);
    return find (object, (far_text_t){ name, strlen (name) });
}

static bool instance_has_operator (const far_object_t *object, far_operator_t of)
{
    return find_operator (object, of);
}

static far_status_t instance_operate (far_object_t *object, far_operator_t of, far_call_t *call)
{
    const far_callee_t *callee = &find_operator (object, of)->callee;
    if (of == FAR_NEXT)
        return far_iterator_run (call, object, callee, ((far_instance_t *)object)->data);
    return run (object, callee, call);
}

static far_status_t instance_value (far_object_t *object, far_call_t *call)
{
    far_request_body_t request = call->request; /* the arguments of the call that led here are not for this one */
    call->request = (far_request_body_t){ 0 };
    far_status_t status = run (object, ((far_instance_t *)object)->table->value, call);
    call->request = request;
    return status;
}

static bool instance_has_value (const far_object_t *object)
{
    return ((const far_instance_t *)object)->table->value->does;
}

static void instance_free (far_instance_t *self)
{
    far_class_table_release (&self->table);
    free (self);
}

static void instance_release (far_object_t *object)
{
    far_instance_t *self = (far_instance_t *)object;
    far_class_fini (self->table, self->data);
    instance_free (self);
}

static const far_object_ops_t instance_ops = {
    .class_name = instance_class_name,
    .getattr = instance_getattr,
    .setattr = instance_setattr,
    .delattr = instance_delattr,
    .call = instance_call,
    .has_operator = instance_has_operator,
    .operate = instance_operate,
    .value = instance_value,
    .has_value = instance_has_value,
    .release = instance_release,
};

far_object_t *far_instance_new (far_class_table_t *table, far_call_t *call, far_status_t *out_status)
{
    far_instance_t *self = calloc (1, sizeof *self + table->of->size);
    if (!self) {
        *out_status = far_fail (FAR_E_NO_MEMORY, "no memory for an object of class %s", table->of->name);
        return NULL;
    }
    far_object_init (&self->base, &instance_ops);
    self->table = far_class_table_retain (table);
    *out_status = far_class_init (table, call, self->data);
    if (!*out_status)
        return &self->base;
    instance_free (self);
    return NULL;
}

void *far_object_data (far_object_t *object)
{
    return object && object->ops == &instance_ops ? ((far_instance_t *)object)->data : NULL;
}

bool far_object_is (const far_object_t *object, const far_class_t *of)
{
    return object && object->ops == &instance_ops && far_class_table_is (((const far_instance_t *)object)->table, of);
}
