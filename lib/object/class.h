/* A table-driven class as it is used: checked, its names indexed, its signatures parsed, once for all who use it. */
#ifndef FAR_OBJECT_CLASS_H
#define FAR_OBJECT_CLASS_H

#include "object/call.h"

typedef enum far_class_member_kind {
    FAR_CLASS_METHOD,
    FAR_CLASS_OPERATOR, /* a method of a reserved name */
    FAR_CLASS_PROPERTY,
    FAR_CLASS_CONSTANT
} far_class_member_kind_t;

/* One thing that objects of a class have. Which fields count is said by kind. */
typedef struct far_class_member {
    far_class_member_kind_t kind;
    far_text_t name;                /* NUL-terminated */
    const far_class_t *of;          /* the class in whose table it stands */
    const char *signature, *doc;    /* signature: of methods and operators */
    far_callee_t callee;            /* method, operator, getter of a property (does is NULL: none) */
    const far_property_t *property; /* property */
    far_callee_t setter, deleter;   /* property; does is NULL: none */
    far_value_t *value;             /* constant */
} far_class_member_t;

typedef struct far_class_table far_class_table_t;
struct far_class_table {
    const far_class_t *of;
    size_t users;
    far_class_table_t *base;       /* one user of it; NULL if there is none */
    const far_class_table_t *init; /* of the class whose init runs: this one, or a base */
    far_callee_t own_init, own_value;
    const far_callee_t *value; /* its own, or a base's; does is NULL: there is none */
    far_class_member_t *own;   /* in the order of the tables */
    size_t own_count;
    const far_class_member_t **members; /* with those of the bases, sorted by name */
    size_t count;
};

/* The table of a class, with one user more: the caller. NULL with BadArguments that names the class, the member and the
 * place in its signature. Any thread. */
far_class_table_t *far_class_table_of (const far_class_t *of);
far_class_table_t *far_class_table_retain (far_class_table_t *self);
void far_class_table_release (far_class_table_t **self_p);
/* NULL if there is none. Borrowed. */
const far_class_member_t *far_class_table_find (const far_class_table_t *self, far_text_t name);
/* Has it this class, or one that has it as a base? */
bool far_class_table_is (const far_class_table_t *self, const far_class_t *of);

/* Letters, digits and `_`, not beginning with a digit. */
bool far_is_name (const char *name, size_t size);

/* Parts of far_class_table_of. Fills in all but users, from a class and the table of its base (NULL: none), which is
 * not consumed. On failure what is filled in so far is for far_class_table_clear. */
bool far_class_table_fill (far_class_table_t *self, const far_class_t *of, far_class_table_t *base);
void far_class_table_clear (far_class_table_t *self);

/* The class as an object: calling it constructs. NULL with the last error. */
far_object_t *far_class_object_new (const far_class_t *of);
/* Constructs with the arguments of the call. Not answered yet: the object is the caller's. NULL: *out_status says what
 * the call is to be settled with. */
far_object_t *far_instance_new (far_class_table_t *table, far_call_t *call, far_status_t *out_status);

#endif
