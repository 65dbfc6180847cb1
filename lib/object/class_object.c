/* A class as an object: calling it constructs, its constants are its attributes. A user of the class's table. */
#include "object/class.h"
#include <stdlib.h>

typedef struct far_class_object {
    far_object_t base;
    far_class_table_t *table;
} far_class_object_t;

static const char *class_object_class_name (const far_object_t *object)
{
    (void)object;
    return "class";
}

/* Constants are the only attributes that a class has without an object. */
static far_status_t class_object_getattr (far_object_t *object, far_text_t name, far_call_t *call, far_value_t **out)
{
    (void)call;
    const far_class_table_t *table = ((const far_class_object_t *)object)->table;
    const far_class_member_t *member = far_class_table_find (table, name);
    if (!member || member->kind != FAR_CLASS_CONSTANT)
        return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "class %s has no constant '%.*s'", table->of->name, (int)name.size,
                         name.data);
    *out = far_value_retain (member->value);
    return FAR_OK;
}

static far_status_t class_object_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    if (name.size)
        return far_object_lacks (object, name);
    far_status_t status;
    far_object_t *instance = far_instance_new (((far_class_object_t *)object)->table, call, &status);
    if (!instance)
        return status;
    status = far_call_answer_object (call, instance);
    far_object_destroy (&instance);
    return status;
}

static void class_object_release (far_object_t *object)
{
    far_class_object_t *self = (far_class_object_t *)object;
    far_class_table_release (&self->table);
    free (self);
}

static const far_object_ops_t class_object_ops = {
    .class_name = class_object_class_name,
    .getattr = class_object_getattr,
    .call = class_object_call,
    .release = class_object_release,
};

far_object_t *far_class_object_new (const far_class_t *of)
{
    far_class_table_t *table = far_class_table_of (of);
    if (!table)
        return NULL;
    far_class_object_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_class_table_release (&table);
        far_fail (FAR_E_NO_MEMORY, "no memory for class %s", of->name);
        return NULL;
    }
    far_object_init (&self->base, &class_object_ops);
    self->table = table;
    return &self->base;
}
