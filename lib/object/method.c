/* Bound methods: what an attribute that is a method gives. Owns one owner of the object, so that a method which
 * somebody holds keeps its object. */
#include "object/method.h"
#include <stdlib.h>

typedef struct far_bound_method {
    far_object_t base;
    far_object_t *owner;
    const far_callee_t *callee;
    void *data;
} far_bound_method_t;

static const char *bound_class_name (const far_object_t *object)
{
    (void)object;
    return "method";
}

static far_status_t bound_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    far_bound_method_t *self = (far_bound_method_t *)object;
    if (name.size)
        return far_object_lacks (object, name);
    call->object = self->owner;
    return far_call_run (call, self->callee, self->data);
}

static void bound_release (far_object_t *object)
{
    far_bound_method_t *self = (far_bound_method_t *)object;
    far_object_destroy (&self->owner);
    free (self);
}

static const far_object_ops_t bound_ops = {
    .class_name = bound_class_name,
    .call = bound_call,
    .release = bound_release,
};

far_status_t far_bound_method_value (far_object_t *owner, const far_callee_t *callee, void *data, far_value_t **out)
{
    far_bound_method_t *self = calloc (1, sizeof *self);
    if (!self)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a method");
    far_object_init (&self->base, &bound_ops);
    self->owner = far_object_retain (owner);
    self->callee = callee;
    self->data = data;
    far_value_t *value = far_value_from_handle (&self->base.handle);
    if (!value)
        return far_error_kind (far_last_error ());
    *out = value;
    return FAR_OK;
}
