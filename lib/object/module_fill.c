/* Filling a module: the far_module_ functions of the public header. The first error is kept in the outermost module,
 * and nothing is added after it, so that whoever fills needs no checks. */
#include "object/module_members.h"
#include "base/log.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static far_module_t *outermost (far_module_t *self)
{
    while (self->outer)
        self = self->outer;
    return self;
}

/* Keeps the thread's last error, with the module's name in front, if it is the first. */
static void keep_failure (far_module_t *self)
{
    far_module_t *root = outermost (self);
    const far_error_t *last = far_last_error ();
    if (!root->error)
        root->error = far_error_new (far_error_kind (last), "module %s: %s", self->name, far_error_message (last));
}

static bool may_add (far_module_t *self)
{
    if (!self)
        return false;
    if (self->sealed) {
        far_log (FAR_LOG_ERROR, "module %s was changed after it had been filled: ignored", self->name);
        return false;
    }
    return !outermost (self)->error;
}

/* Adds a member, empty but for its name and kind. NULL after keeping the error. */
static far_member_t *add (far_module_t *self, far_member_kind_t kind, const char *name)
{
    size_t size = name ? strlen (name) : 0;
    if (!far_is_name (name, size)) {
        far_fail (FAR_E_BAD_ARGUMENTS, "'%s' is no name", name ? name : "");
        keep_failure (self);
        return NULL;
    }
    if (far_names_get (self->by_name, name, size)) {
        far_fail (FAR_E_BAD_ARGUMENTS, "%s is there twice", name);
        keep_failure (self);
        return NULL;
    }
    far_member_t **members = realloc (self->members, (self->count + 1) * sizeof *members);
    if (members)
        self->members = members;
    far_member_t *member = members ? calloc (1, sizeof *member) : NULL;
    if (member)
        *member = (far_member_t){ .kind = kind, .name = strdup (name) };
    if (member && member->name && far_names_add (self->by_name, name, size, member))
        return self->members[self->count++] = member;
    if (member)
        free (member->name);
    free (member);
    far_fail (FAR_E_NO_MEMORY, "no memory for %s", name);
    keep_failure (self);
    return NULL;
}

void far_module_class (far_module_t *module, const far_class_t *offered)
{
    if (!may_add (module))
        return;
    far_object_t *object = far_class_object_new (offered);
    if (!object) {
        keep_failure (module);
        return;
    }
    far_member_t *member = add (module, FAR_MEMBER_CLASS, offered->name);
    if (!member) {
        far_object_destroy (&object);
        return;
    }
    member->of = offered;
    member->object = object;
}

void far_module_function (far_module_t *module, const char *name, far_method_fn *does, const char *signature,
                          const char *doc)
{
    if (!may_add (module))
        return;
    far_signature_t *parsed = does ? far_signature_new (signature) : NULL;
    if (!parsed) {
        far_fail (does ? far_error_kind (far_last_error ()) : FAR_E_BAD_ARGUMENTS, "function %s: %s", name ? name : "",
                  does ? far_error_message (far_last_error ()) : "there is no function");
        keep_failure (module);
        return;
    }
    far_member_t *member = add (module, FAR_MEMBER_FUNCTION, name);
    if (!member) {
        far_signature_destroy (&parsed);
        return;
    }
    member->callee =
        (far_callee_t){ .object = module->name, .method = member->name, .does = does, .signature = parsed };
    member->signature = signature;
    member->doc = doc;
}

void far_module_constant (far_module_t *module, const char *name, const char *picture, ...)
{
    if (!may_add (module))
        return;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_value_t *value = far_value_from_picture (picture, &arguments);
    va_end (arguments.list);
    if (!value) {
        far_fail (far_error_kind (far_last_error ()), "constant %s: %s", name ? name : "",
                  far_error_message (far_last_error ()));
        keep_failure (module);
        return;
    }
    far_member_t *member = add (module, FAR_MEMBER_CONSTANT, name);
    if (member)
        member->value = value;
    else
        far_value_destroy (&value);
}

void far_module_object (far_module_t *module, const char *name, far_object_t **object_p)
{
    far_object_t *object = *object_p;
    *object_p = NULL;
    far_member_t *member = NULL;
    if (may_add (module)) {
        if (object) {
            member = add (module, FAR_MEMBER_OBJECT, name);
        } else {
            far_fail (FAR_E_BAD_ARGUMENTS, "object %s: there is none (%s)", name ? name : "",
                      far_error_message (far_last_error ()));
            keep_failure (module);
        }
    }
    if (member)
        member->object = object;
    else
        far_object_destroy (&object);
}

far_module_t *far_module_submodule (far_module_t *module, const char *name, const char *doc)
{
    if (!may_add (module))
        return NULL;
    far_member_t *member = add (module, FAR_MEMBER_MODULE, name);
    if (!member)
        return NULL;
    char *whole = NULL;
    far_module_t *inner = NULL;
    if (asprintf (&whole, "%s.%s", module->name, name) >= 0) {
        inner = far_module_new (whole, module->host);
        free (whole);
    } else {
        far_fail (FAR_E_NO_MEMORY, "no memory for %s", name);
    }
    if (!inner) {
        keep_failure (module);
        return NULL;
    }
    inner->outer = module;
    member->object = &inner->base;
    far_module_set_doc (inner, doc);
    return inner;
}

void far_module_set_data (far_module_t *module, void *data, void (*destroy) (void *data))
{
    if (!may_add (module)) {
        if (destroy)
            destroy (data);
        return;
    }
    if (module->destroy)
        module->destroy (module->data);
    module->data = data;
    module->destroy = destroy;
}

void far_module_set_doc (far_module_t *module, const char *doc)
{
    if (!may_add (module))
        return;
    free (module->doc);
    module->doc = doc ? strdup (doc) : NULL;
    if (doc && !module->doc) {
        far_fail (FAR_E_NO_MEMORY, "no memory for its text");
        keep_failure (module);
    }
}

far_actor_t *far_module_actor (const far_module_t *module)
{
    return module && module->host ? module->host->actor : NULL;
}
