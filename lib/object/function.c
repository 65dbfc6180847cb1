/* Callbacks: a plain function as an object that can be called. Owns its signature; the context is the program's. */
#include "object/call.h"
#include <stdlib.h>

typedef struct far_callback {
    far_object_t base;
    far_callee_t callee;
    far_signature_t *signature;
    void *context;
} far_callback_t;

static const char *callback_class_name (const far_object_t *object)
{
    (void)object;
    return "function";
}

static far_status_t callback_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    far_callback_t *self = (far_callback_t *)object;
    return name.size ? far_object_lacks (object, name) : far_call_run (call, &self->callee, self->context);
}

static void callback_release (far_object_t *object)
{
    far_callback_t *self = (far_callback_t *)object;
    far_signature_destroy (&self->signature);
    free (self);
}

static const far_object_ops_t callback_ops = {
    .class_name = callback_class_name,
    .call = callback_call,
    .release = callback_release,
};

far_object_t *far_function (far_actor_t *actor, far_method_fn *does, void *context, const char *signature)
{
    (void)actor; /* every call that comes in brings its host */
    if (!does) {
        far_fail (FAR_E_BAD_ARGUMENTS, "a callback needs a function");
        return NULL;
    }
    far_signature_t *parsed = far_signature_new (signature);
    if (!parsed)
        return NULL;
    far_callback_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_signature_destroy (&parsed);
        far_fail (FAR_E_NO_MEMORY, "no memory for a callback");
        return NULL;
    }
    far_object_init (&self->base, &callback_ops);
    self->signature = parsed;
    self->callee =
        (far_callee_t){ .object = "function", .method = "__call__", .does = does, .signature = self->signature };
    self->context = context;
    return &self->base;
}
