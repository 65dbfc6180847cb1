/* Plain values as objects. A hosted value owns its value and has a value form; its class is the value's type. */
#include "object/hosted.h"
#include "object/call.h"
#include <stdlib.h>

typedef struct far_hosted {
    far_object_t base;
    far_value_t *value;
} far_hosted_t;

static const char *hosted_class_name (const far_object_t *object)
{
    far_type_t type = far_value_type (((const far_hosted_t *)object)->value);
    return far_type_name (type == FAR_TYPE_UINT ? FAR_TYPE_INT : type);
}

static far_status_t hosted_value (far_object_t *object, far_call_t *call)
{
    return far_call_answer_value (call, ((far_hosted_t *)object)->value);
}

static void hosted_release (far_object_t *object)
{
    far_hosted_t *self = (far_hosted_t *)object;
    far_value_destroy (&self->value);
    free (self);
}

static const far_object_ops_t hosted_ops = {
    .class_name = hosted_class_name,
    .value = hosted_value,
    .release = hosted_release,
};

far_object_t *far_hosted_new (far_value_t **value_p)
{
    far_hosted_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_value_destroy (value_p);
        far_fail (FAR_E_NO_MEMORY, "no memory to host a value");
        return NULL;
    }
    far_object_init (&self->base, &hosted_ops);
    self->value = *value_p;
    *value_p = NULL;
    return &self->base;
}
