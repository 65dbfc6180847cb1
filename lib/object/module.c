/* Modules as objects: names to classes, functions, constants, objects and inner modules. A module owns its members and
 * its data. Functions become objects only when somebody asks for one, so that they can keep their module without a
 * cycle. Knows nothing of where modules come from. */
#include "object/module_members.h"
#include "object/method.h"
#include <stdlib.h>
#include <string.h>

static const char *module_class_name (const far_object_t *object)
{
    (void)object;
    return "module";
}

static const far_member_t *find (const far_module_t *self, far_text_t name)
{
    return far_names_get (self->by_name, name.data, name.size);
}

static far_status_t lacks (const far_module_t *self, far_text_t name)
{
    if (!name.size)
        return far_fail (FAR_E_BAD_ARGUMENTS, "module %s can't be called", self->name);
    return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "module %s has no attribute '%.*s'", self->name, (int)name.size,
                     name.data);
}

static far_status_t module_getattr (far_object_t *object, far_text_t name, far_call_t *call, far_value_t **out)
{
    (void)call;
    far_module_t *self = (far_module_t *)object;
    const far_member_t *member = find (self, name);
    if (!member)
        return lacks (self, name);
    if (member->kind == FAR_MEMBER_FUNCTION)
        return far_bound_method_value (object, &member->callee, self->data, out);
    far_value_t *value =
        member->kind == FAR_MEMBER_CONSTANT ? far_value_retain (member->value) : far_object_as_value (member->object);
    if (!value)
        return far_error_kind (far_last_error ());
    *out = value;
    return FAR_OK;
}

static far_status_t module_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    far_module_t *self = (far_module_t *)object;
    const far_member_t *member = name.size ? find (self, name) : NULL;
    if (!member)
        return lacks (self, name);
    if (member->kind == FAR_MEMBER_FUNCTION) {
        call->object = object;
        return far_call_run (call, &member->callee, self->data);
    }
    if (member->kind == FAR_MEMBER_CONSTANT)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s.%s is a constant and can't be called", self->name, member->name);
    return far_object_call (member->object, (far_text_t){ "", 0 }, call);
}

static void member_free (far_member_t *member)
{
    far_signature_t *signature = (far_signature_t *)member->callee.signature; /* const for those who only run it */
    far_signature_destroy (&signature);
    far_object_destroy (&member->object);
    far_value_destroy (&member->value);
    free (member->name);
    free (member);
}

static void module_release (far_object_t *object)
{
    far_module_t *self = (far_module_t *)object;
    for (size_t i = 0; i < self->count; i++)
        member_free (self->members[i]);
    free (self->members);
    far_names_destroy (&self->by_name);
    if (self->destroy)
        self->destroy (self->data);
    far_error_release (&self->error);
    free (self->name);
    free (self->doc);
    free (self);
}

static const far_object_ops_t module_ops = {
    .class_name = module_class_name,
    .getattr = module_getattr,
    .call = module_call,
    .release = module_release,
};

far_module_t *far_module_new (const char *name, far_host_t *host)
{
    const char *last = strrchr (name, '.');
    if (!far_is_name (last ? last + 1 : name, strlen (last ? last + 1 : name))) {
        far_fail (FAR_E_BAD_ARGUMENTS, "'%s' is no name for a module", name);
        return NULL;
    }
    far_module_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for module %s", name);
        return NULL;
    }
    far_object_init (&self->base, &module_ops);
    self->host = host;
    self->name = strdup (name);
    self->by_name = far_names_new ();
    if (self->name && self->by_name)
        return self;
    far_fail (FAR_E_NO_MEMORY, "no memory for module %s", name);
    far_handle_release (&self->base.handle);
    return NULL;
}

/* Inner modules may outlive the outer one, which is of use only while they are filled. */
far_status_t far_module_seal (far_module_t *self)
{
    self->sealed = true;
    self->outer = NULL;
    for (size_t i = 0; i < self->count; i++) {
        const far_member_t *member = self->members[i];
        far_module_t *inner = member->kind == FAR_MEMBER_MODULE ? far_module_from_object (member->object) : NULL;
        if (inner)
            far_module_seal (inner);
    }
    return self->error ? far_fail_with (far_error_retain (self->error)) : FAR_OK;
}

far_object_t *far_module_object_of (far_module_t *self)
{
    return &self->base;
}

far_module_t *far_module_from_object (far_object_t *object)
{
    return object && object->ops == &module_ops ? (far_module_t *)object : NULL;
}

const char *far_module_name (const far_module_t *self)
{
    return self->name;
}

const char *far_module_doc (const far_module_t *self)
{
    return self->doc ? self->doc : "";
}

const far_member_t *far_module_member (const far_module_t *self, size_t index)
{
    return index < self->count ? self->members[index] : NULL;
}

far_module_t *far_module_inner (const far_module_t *self, far_text_t name)
{
    const far_member_t *member = find (self, name);
    return member && member->kind == FAR_MEMBER_MODULE ? far_module_from_object (member->object) : NULL;
}
