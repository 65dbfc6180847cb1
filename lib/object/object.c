/* What all objects share: they are handles that count their owners, and carry a table of operations. Owns nothing but
 * the last step, calling the release operation once nobody refers to an object any more. Knows no kind of object. */
#include "object/object.h"
#include "object/operators.h"
#include "base/error.h"
#include <stdlib.h>

static const char *handle_class_name (const far_handle_t *handle)
{
    return far_object_class_name ((const far_object_t *)handle);
}

static const char *handle_path (const far_handle_t *handle)
{
    (void)handle;
    return "";
}

static const far_options_t *handle_options (const far_handle_t *handle)
{
    return atomic_load (&((const far_object_t *)handle)->options);
}

/* No table finds an object without owning it, so that there is no lock to take. */
static void handle_last (far_handle_t *handle)
{
    if (far_handle_drop (handle)) {
        far_object_t *self = (far_object_t *)handle;
        free (atomic_load (&self->options));
        self->ops->release (self);
    }
}

const far_handle_kind_t far_object_handle_kind = {
    .name = "object",
    .last = handle_last,
    .class_name = handle_class_name,
    .path = handle_path,
    .options = handle_options,
};

void far_object_init (far_object_t *self, const far_object_ops_t *ops)
{
    far_handle_init (&self->handle, &far_object_handle_kind);
    self->ops = ops;
    atomic_init (&self->options, NULL);
}

/* Made with the first one. */
static far_options_t *options_of (far_object_t *self)
{
    far_options_t *there = atomic_load (&self->options), *made = there ? NULL : malloc (sizeof *made);
    if (!made)
        return there;
    far_options_init (made);
    if (atomic_compare_exchange_strong (&self->options, &there, made))
        return made;
    free (made); /* another thread was faster */
    return there;
}

far_status_t far_object_set (far_object_t *object, far_option_t option, int64_t value)
{
    if (!object)
        return far_last_status () ? far_last_status () : far_fail (FAR_E_BAD_ARGUMENTS, "the object is NULL");
    far_options_t *options = options_of (object);
    return options ? far_options_set (options, option, value, FAR_LEVEL_OBJECT)
                   : far_fail (FAR_E_NO_MEMORY, "no memory for the options of an object");
}

far_object_t *far_object_from_handle (far_handle_t *handle)
{
    return handle && handle->kind == &far_object_handle_kind ? (far_object_t *)handle : NULL;
}

far_object_t *far_object_retain (far_object_t *object)
{
    if (object)
        far_handle_retain (&object->handle);
    return object;
}

void far_object_destroy (far_object_t **object_p)
{
    if (!object_p || !*object_p)
        return;
    far_object_t *self = *object_p;
    *object_p = NULL;
    far_handle_release (&self->handle);
}

const char *far_object_class_name (const far_object_t *self)
{
    return self->ops->class_name (self);
}

static far_status_t no_attribute (const far_object_t *self, far_text_t name)
{
    return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "%s has no attribute '%.*s'", far_object_class_name (self),
                     (int)name.size, name.data);
}

far_status_t far_object_getattr (far_object_t *self, far_text_t name, far_call_t *call, far_value_t **out)
{
    return self->ops->getattr ? self->ops->getattr (self, name, call, out) : no_attribute (self, name);
}

/* Where attributes can only be read, it is another error than where there is no such attribute. */
static far_status_t refuse_change (far_object_t *self, far_text_t name, far_call_t *call, const char *what)
{
    far_value_t *value = NULL;
    far_status_t status = far_object_getattr (self, name, call, &value);
    far_value_destroy (&value);
    return status ? status
                  : far_fail (FAR_E_BAD_ARGUMENTS, "%s.%.*s can't be %s", far_object_class_name (self), (int)name.size,
                              name.data, what);
}

far_status_t far_object_setattr (far_object_t *self, far_text_t name, far_reader_t value, far_call_t *call)
{
    return self->ops->setattr ? self->ops->setattr (self, name, value, call) : refuse_change (self, name, call, "set");
}

far_status_t far_object_delattr (far_object_t *self, far_text_t name, far_call_t *call)
{
    return self->ops->delattr ? self->ops->delattr (self, name, call) : refuse_change (self, name, call, "deleted");
}

far_status_t far_object_call (far_object_t *self, far_text_t name, far_call_t *call)
{
    far_operator_t of = far_operator_find (name.data, name.size);
    if (of == FAR_INVOKE)
        name = (far_text_t){ "", 0 };
    else if (of != FAR_OPERATOR_COUNT)
        return far_operators_call (self, of, call);
    return self->ops->call ? self->ops->call (self, name, call) : far_object_lacks (self, name);
}

bool far_object_has_value (const far_object_t *self)
{
    return self->ops->value && (!self->ops->has_value || self->ops->has_value (self));
}

far_status_t far_object_value (far_object_t *self, far_call_t *call)
{
    if (!far_object_has_value (self))
        return far_fail (FAR_E_NOT_SERIALIZABLE, "%s has no value form", far_object_class_name (self));
    return self->ops->value (self, call);
}

far_status_t far_object_lacks (const far_object_t *self, far_text_t name)
{
    if (!name.size)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s can't be called", far_object_class_name (self));
    return no_attribute (self, name);
}

far_value_t *far_object_as_value (far_object_t *self)
{
    return far_value_from_handle (far_handle_retain (&self->handle));
}
