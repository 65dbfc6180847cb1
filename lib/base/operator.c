/* The table of operators: reserved names, kinds and symbols. */
#include "base/operator.h"

#include <string.h>

static const far_operator_row_t rows[FAR_OPERATOR_COUNT] = {
    [FAR_ADD] = { "__add__", FAR_OPERATOR_BINARY, FAR_ADD, "+" },
    [FAR_SUB] = { "__sub__", FAR_OPERATOR_BINARY, FAR_SUB, "-" },
    [FAR_MUL] = { "__mul__", FAR_OPERATOR_BINARY, FAR_MUL, "*" },
    [FAR_TRUEDIV] = { "__truediv__", FAR_OPERATOR_BINARY, FAR_TRUEDIV, "/" },
    [FAR_FLOORDIV] = { "__floordiv__", FAR_OPERATOR_BINARY, FAR_FLOORDIV, "//" },
    [FAR_MOD] = { "__mod__", FAR_OPERATOR_BINARY, FAR_MOD, "%" },
    [FAR_DIVMOD] = { "__divmod__", FAR_OPERATOR_BINARY, FAR_DIVMOD, "divmod()" },
    [FAR_POW] = { "__pow__", FAR_OPERATOR_BINARY, FAR_POW, "**" },
    [FAR_LSHIFT] = { "__lshift__", FAR_OPERATOR_BINARY, FAR_LSHIFT, "<<" },
    [FAR_RSHIFT] = { "__rshift__", FAR_OPERATOR_BINARY, FAR_RSHIFT, ">>" },
    [FAR_AND] = { "__and__", FAR_OPERATOR_BINARY, FAR_AND, "&" },
    [FAR_OR] = { "__or__", FAR_OPERATOR_BINARY, FAR_OR, "|" },
    [FAR_XOR] = { "__xor__", FAR_OPERATOR_BINARY, FAR_XOR, "^" },
    [FAR_RADD] = { "__radd__", FAR_OPERATOR_REFLECTED, FAR_ADD, "+" },
    [FAR_RSUB] = { "__rsub__", FAR_OPERATOR_REFLECTED, FAR_SUB, "-" },
    [FAR_RMUL] = { "__rmul__", FAR_OPERATOR_REFLECTED, FAR_MUL, "*" },
    [FAR_RTRUEDIV] = { "__rtruediv__", FAR_OPERATOR_REFLECTED, FAR_TRUEDIV, "/" },
    [FAR_RFLOORDIV] = { "__rfloordiv__", FAR_OPERATOR_REFLECTED, FAR_FLOORDIV, "//" },
    [FAR_RMOD] = { "__rmod__", FAR_OPERATOR_REFLECTED, FAR_MOD, "%" },
    [FAR_RDIVMOD] = { "__rdivmod__", FAR_OPERATOR_REFLECTED, FAR_DIVMOD, "divmod()" },
    [FAR_RPOW] = { "__rpow__", FAR_OPERATOR_REFLECTED, FAR_POW, "**" },
    [FAR_RLSHIFT] = { "__rlshift__", FAR_OPERATOR_REFLECTED, FAR_LSHIFT, "<<" },
    [FAR_RRSHIFT] = { "__rrshift__", FAR_OPERATOR_REFLECTED, FAR_RSHIFT, ">>" },
    [FAR_RAND] = { "__rand__", FAR_OPERATOR_REFLECTED, FAR_AND, "&" },
    [FAR_ROR] = { "__ror__", FAR_OPERATOR_REFLECTED, FAR_OR, "|" },
    [FAR_RXOR] = { "__rxor__", FAR_OPERATOR_REFLECTED, FAR_XOR, "^" },
    [FAR_IADD] = { "__iadd__", FAR_OPERATOR_IN_PLACE, FAR_ADD, "+=" },
    [FAR_ISUB] = { "__isub__", FAR_OPERATOR_IN_PLACE, FAR_SUB, "-=" },
    [FAR_IMUL] = { "__imul__", FAR_OPERATOR_IN_PLACE, FAR_MUL, "*=" },
    [FAR_ITRUEDIV] = { "__itruediv__", FAR_OPERATOR_IN_PLACE, FAR_TRUEDIV, "/=" },
    [FAR_IFLOORDIV] = { "__ifloordiv__", FAR_OPERATOR_IN_PLACE, FAR_FLOORDIV, "//=" },
    [FAR_IMOD] = { "__imod__", FAR_OPERATOR_IN_PLACE, FAR_MOD, "%=" },
    [FAR_IPOW] = { "__ipow__", FAR_OPERATOR_IN_PLACE, FAR_POW, "**=" },
    [FAR_ILSHIFT] = { "__ilshift__", FAR_OPERATOR_IN_PLACE, FAR_LSHIFT, "<<=" },
    [FAR_IRSHIFT] = { "__irshift__", FAR_OPERATOR_IN_PLACE, FAR_RSHIFT, ">>=" },
    [FAR_IAND] = { "__iand__", FAR_OPERATOR_IN_PLACE, FAR_AND, "&=" },
    [FAR_IOR] = { "__ior__", FAR_OPERATOR_IN_PLACE, FAR_OR, "|=" },
    [FAR_IXOR] = { "__ixor__", FAR_OPERATOR_IN_PLACE, FAR_XOR, "^=" },
    [FAR_EQ] = { "__eq__", FAR_OPERATOR_COMPARES, FAR_EQ, "==" },
    [FAR_NE] = { "__ne__", FAR_OPERATOR_COMPARES, FAR_NE, "!=" },
    [FAR_LT] = { "__lt__", FAR_OPERATOR_COMPARES, FAR_LT, "<" },
    [FAR_LE] = { "__le__", FAR_OPERATOR_COMPARES, FAR_LE, "<=" },
    [FAR_GT] = { "__gt__", FAR_OPERATOR_COMPARES, FAR_GT, ">" },
    [FAR_GE] = { "__ge__", FAR_OPERATOR_COMPARES, FAR_GE, ">=" },
    [FAR_NEG] = { "__neg__", FAR_OPERATOR_UNARY, FAR_NEG, "-" },
    [FAR_POS] = { "__pos__", FAR_OPERATOR_UNARY, FAR_POS, "+" },
    [FAR_ABS] = { "__abs__", FAR_OPERATOR_UNARY, FAR_ABS, "abs()" },
    [FAR_INVERT] = { "__invert__", FAR_OPERATOR_UNARY, FAR_INVERT, "~" },
    [FAR_BOOL] = { "__bool__", FAR_OPERATOR_UNARY, FAR_BOOL, "bool()" },
    [FAR_INT] = { "__int__", FAR_OPERATOR_UNARY, FAR_INT, "int()" },
    [FAR_FLOAT] = { "__float__", FAR_OPERATOR_UNARY, FAR_FLOAT, "float()" },
    [FAR_HASH] = { "__hash__", FAR_OPERATOR_UNARY, FAR_HASH, "hash()" },
    [FAR_STR] = { "__str__", FAR_OPERATOR_UNARY, FAR_STR, "str()" },
    [FAR_LEN] = { "__len__", FAR_OPERATOR_UNARY, FAR_LEN, "len()" },
    [FAR_ITER] = { "__iter__", FAR_OPERATOR_UNARY, FAR_ITER, "iter()" },
    [FAR_NEXT] = { "__next__", FAR_OPERATOR_UNARY, FAR_NEXT, "next()" },
    [FAR_GETITEM] = { "__getitem__", FAR_OPERATOR_ITEM, FAR_GETITEM, "[]" },
    [FAR_SETITEM] = { "__setitem__", FAR_OPERATOR_ITEM, FAR_SETITEM, "[]=" },
    [FAR_DELITEM] = { "__delitem__", FAR_OPERATOR_ITEM, FAR_DELITEM, "del []" },
    [FAR_CONTAINS] = { "__contains__", FAR_OPERATOR_ITEM, FAR_CONTAINS, "in" },
    [FAR_SETATTR] = { "__setattr__", FAR_OPERATOR_ITEM, FAR_SETATTR, ".=" },
    [FAR_DELATTR] = { "__delattr__", FAR_OPERATOR_ITEM, FAR_DELATTR, "del ." },
    [FAR_INVOKE] = { "__call__", FAR_OPERATOR_ITEM, FAR_INVOKE, "()" },
};

const far_operator_row_t *far_operator_row (far_operator_t of)
{
    return &rows[of];
}

const char *far_operator_name (far_operator_t of)
{
    return (unsigned)of < FAR_OPERATOR_COUNT ? rows[of].name : "";
}

far_operator_t far_operator_find (const char *name, size_t size)
{
    if (size < 5 || memcmp (name, "__", 2) != 0 || memcmp (name + size - 2, "__", 2) != 0)
        return FAR_OPERATOR_COUNT;
    for (unsigned i = 0; i < FAR_OPERATOR_COUNT; i++)
        if (strlen (rows[i].name) == size && !memcmp (rows[i].name, name, size))
            return (far_operator_t)i;
    return FAR_OPERATOR_COUNT;
}
