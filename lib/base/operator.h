/* The table of operators. The public part is <farcall/operator.h>. */
#ifndef FAR_BASE_OPERATOR_H
#define FAR_BASE_OPERATOR_H

#include <farcall/operator.h>

typedef enum far_operator_kind {
    FAR_OPERATOR_BINARY,    /* object op value */
    FAR_OPERATOR_REFLECTED, /* value op object */
    FAR_OPERATOR_IN_PLACE,  /* object op= value */
    FAR_OPERATOR_COMPARES,
    FAR_OPERATOR_UNARY,
    FAR_OPERATOR_ITEM /* items, attributes, calls: arguments of their own */
} far_operator_kind_t;

typedef struct far_operator_row {
    const char *name; /* "__iadd__" */
    far_operator_kind_t kind;
    far_operator_t of;  /* of reflected and in-place ones: the plain one; else itself */
    const char *symbol; /* as Python writes it, for messages: "+", "+=", "divmod()" */
} far_operator_row_t;

const far_operator_row_t *far_operator_row (far_operator_t of);
/* The operator of a reserved name, which is not NUL-terminated; FAR_OPERATOR_COUNT if it is none. */
far_operator_t far_operator_find (const char *name, size_t size);

#endif
