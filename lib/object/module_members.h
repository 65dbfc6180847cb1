/* What a far_module_t is: for the two files that make up modules, module.c and module_fill.c. */
#ifndef FAR_OBJECT_MODULE_MEMBERS_H
#define FAR_OBJECT_MODULE_MEMBERS_H

#include "base/map.h"
#include "object/module.h"

struct far_module {
    far_object_t base;
    char *name, *doc;
    far_host_t *host; /* borrowed; may be NULL */
    far_names_t *by_name;
    far_member_t **members;
    size_t count;
    void *data;
    void (*destroy) (void *data);
    far_error_t *error;  /* the first; kept in the outermost */
    far_module_t *outer; /* while it is being filled */
    bool sealed;
};

#endif
