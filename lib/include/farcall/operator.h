/* Operators: what a program may do to a far object beside calling its methods, with the meaning that Python gives them.
 * On the wire each is a CALL of its reserved name (docs/protocol.md, section 3). */
#ifndef FARCALL_OPERATOR_H
#define FARCALL_OPERATOR_H

#include <farcall/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum far_operator {
    /* object op value */
    FAR_ADD,
    FAR_SUB,
    FAR_MUL,
    FAR_TRUEDIV,
    FAR_FLOORDIV,
    FAR_MOD,
    FAR_DIVMOD,
    FAR_POW,
    FAR_LSHIFT,
    FAR_RSHIFT,
    FAR_AND,
    FAR_OR,
    FAR_XOR,
    /* value op object */
    FAR_RADD,
    FAR_RSUB,
    FAR_RMUL,
    FAR_RTRUEDIV,
    FAR_RFLOORDIV,
    FAR_RMOD,
    FAR_RDIVMOD,
    FAR_RPOW,
    FAR_RLSHIFT,
    FAR_RRSHIFT,
    FAR_RAND,
    FAR_ROR,
    FAR_RXOR,
    /* object op= value; there is none of divmod */
    FAR_IADD,
    FAR_ISUB,
    FAR_IMUL,
    FAR_ITRUEDIV,
    FAR_IFLOORDIV,
    FAR_IMOD,
    FAR_IPOW,
    FAR_ILSHIFT,
    FAR_IRSHIFT,
    FAR_IAND,
    FAR_IOR,
    FAR_IXOR,
    /* comparisons */
    FAR_EQ,
    FAR_NE,
    FAR_LT,
    FAR_LE,
    FAR_GT,
    FAR_GE,
    /* of the object alone */
    FAR_NEG,
    FAR_POS,
    FAR_ABS,
    FAR_INVERT,
    FAR_BOOL,
    FAR_INT,
    FAR_FLOAT,
    FAR_HASH,
    FAR_STR,
    FAR_LEN,
    FAR_ITER,
    FAR_NEXT,
    /* items and attributes */
    FAR_GETITEM,
    FAR_SETITEM,
    FAR_DELITEM,
    FAR_CONTAINS,
    FAR_SETATTR,
    FAR_DELATTR,
    FAR_INVOKE, /* the object is called */
    FAR_OPERATOR_COUNT
} far_operator_t;

/* Its reserved name: "__add__", "__call__" for FAR_INVOKE. Static text; "" for a number that is none. */
FAR_EXPORT const char *far_operator_name (far_operator_t of);

#ifdef __cplusplus
}
#endif

#endif
