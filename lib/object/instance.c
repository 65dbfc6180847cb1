/* Objects of table-driven classes, and the class as an object that constructs them. An instance owns its data and is a
 * user of its class's table. Knows nothing of where its calls come from. */
#include "object/class.h"
#include "object/method.h"
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

static far_status_t instance_getattr (far_object_t *object, far_text_t name, far_call_t *call, far_value_t **out)
{
    (void)call;
    far_instance_t *self = (far_instance_t *)object;
    const far_class_method_t *method = far_class_table_find (self->table, name);
    return method ? far_bound_method_value (object, &method->callee, self->data, out) : far_object_lacks (object, name);
}

static far_status_t instance_run (far_instance_t *self, const far_class_method_t *method, far_call_t *call)
{
    return far_call_run (call, &method->callee, self->data);
}

static far_status_t instance_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    static const far_text_t itself = { "__call__", 8 };
    far_instance_t *self = (far_instance_t *)object;
    const far_class_method_t *method = far_class_table_find (self->table, name.size ? name : itself);
    return method ? instance_run (self, method, call) : far_object_lacks (object, name);
}

static const far_class_method_t *find_operator (const far_object_t *object, far_operator_t of)
{
    const char *name = far_operator_name (of);
    return far_class_table_find (((const far_instance_t *)object)->table, (far_text_t){ name, strlen (name) });
}

static bool instance_has_operator (const far_object_t *object, far_operator_t of)
{
    return find_operator (object, of);
}

static far_status_t instance_operate (far_object_t *object, far_operator_t of, far_call_t *call)
{
    return instance_run ((far_instance_t *)object, find_operator (object, of), call);
}

static far_status_t instance_value (far_object_t *object, far_call_t *call)
{
    far_instance_t *self = (far_instance_t *)object;
    far_request_body_t request = call->request; /* the arguments of the call that led here are not for this one */
    call->request = (far_request_body_t){ 0 };
    far_status_t status = far_call_run (call, &self->table->value, self->data);
    call->request = request;
    return status;
}

static bool instance_has_value (const far_object_t *object)
{
    return ((const far_instance_t *)object)->table->of->value;
}

static void instance_free (far_instance_t *self)
{
    far_class_table_release (&self->table);
    free (self);
}

static void instance_release (far_object_t *object)
{
    far_instance_t *self = (far_instance_t *)object;
    if (self->table->of->fini)
        self->table->of->fini (self->data);
    instance_free (self);
}

static const far_object_ops_t instance_ops = {
    .class_name = instance_class_name,
    .getattr = instance_getattr,
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
    *out_status = far_call_run (call, &table->init, self->data);
    if (!*out_status)
        return &self->base;
    instance_free (self);
    return NULL;
}

void *far_object_data (far_object_t *object)
{
    return object && object->ops == &instance_ops ? ((far_instance_t *)object)->data : NULL;
}

typedef struct far_class_object {
    far_object_t base;
    far_class_table_t *table;
} far_class_object_t;

static const char *class_object_class_name (const far_object_t *object)
{
    (void)object;
    return "class";
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
