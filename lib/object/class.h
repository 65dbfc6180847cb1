/* A table-driven class as it is used: its names indexed, its signatures parsed, once for all who use it. */
#ifndef FAR_OBJECT_CLASS_H
#define FAR_OBJECT_CLASS_H

#include "object/call.h"

typedef struct far_class_method {
    far_text_t name;
    far_callee_t callee;
} far_class_method_t;

typedef struct far_class_table {
    const far_class_t *of;
    size_t users;
    far_callee_t init, value;
    far_class_method_t *methods; /* sorted by name */
    size_t count;
} far_class_table_t;

/* The table of a class, with one user more: the caller. NULL with BadArguments that names the class, the method and the
 * place in its signature. Any thread. */
far_class_table_t *far_class_table_of (const far_class_t *of);
far_class_table_t *far_class_table_retain (far_class_table_t *self);
void far_class_table_release (far_class_table_t **self_p);
/* NULL if there is none. Borrowed. */
const far_class_method_t *far_class_table_find (const far_class_table_t *self, far_text_t name);

/* Letters, digits and `_`, not beginning with a digit. */
bool far_is_name (const char *name, size_t size);

/* The class as an object: calling it constructs. NULL with the last error. */
far_object_t *far_class_object_new (const far_class_t *of);
/* Constructs with the arguments of the call. Not answered yet: the object is the caller's. NULL: *out_status says what
 * the call is to be settled with. */
far_object_t *far_instance_new (far_class_table_t *table, far_call_t *call, far_status_t *out_status);

#endif
