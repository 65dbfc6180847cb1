/* far_module_t: what a process offers under a name. The public part is in <farcall/object.h>. */
#ifndef FAR_OBJECT_MODULE_H
#define FAR_OBJECT_MODULE_H

#include "object/class.h"

typedef enum far_member_kind {
    FAR_MEMBER_CLASS,
    FAR_MEMBER_FUNCTION,
    FAR_MEMBER_CONSTANT,
    FAR_MEMBER_OBJECT,
    FAR_MEMBER_MODULE
} far_member_kind_t;

/* One thing that a module offers. Which fields count is said by kind. */
typedef struct far_member {
    far_member_kind_t kind;
    char *name;
    far_object_t *object;        /* all but functions and constants: one owner */
    const far_class_t *of;       /* class */
    far_callee_t callee;         /* function */
    const char *signature, *doc; /* function */
    far_value_t *value;          /* constant */
} far_member_t;

/* An empty module; the caller owns it. NULL with BadArguments (no name), or NoMemory. */
far_module_t *far_module_new (const char *name, far_host_t *host);
/* Filling has ended: nothing changes any more, and any thread may read. The first error that there was. */
far_status_t far_module_seal (far_module_t *self);
far_object_t *far_module_object_of (far_module_t *self);
/* NULL unless the object is a module. Borrowed. */
far_module_t *far_module_from_object (far_object_t *object);

/* The name from the outermost module on, "a.b". Borrowed. */
const char *far_module_name (const far_module_t *self);
const char *far_module_doc (const far_module_t *self);
/* In the order in which they were added; NULL past the end. Borrowed. */
const far_member_t *far_module_member (const far_module_t *self, size_t index);
/* The module inside it; NULL if there is none of this name. Borrowed. */
far_module_t *far_module_inner (const far_module_t *self, far_text_t name);

#endif
