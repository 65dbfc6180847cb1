/* The table of operators of plain values: which types each is for, and what does it. What no row is for is a TypeError. */
#include "object/builtin.h"
#include "object/builtin_compare.h"
#include "object/builtin_map.h"
#include "object/builtin_number.h"
#include "object/builtin_repr.h"
#include "object/builtin_sequence.h"
#include "object/builtin_time.h"
#include "base/error.h"

#include <stdarg.h>

#define BIT(type) (1u << FAR_TYPE_##type)
#define WHOLE     (BIT (BOOL) | BIT (INT) | BIT (UINT))
#define NUMBER    (WHOLE | BIT (FLOAT))
#define TEXT      (BIT (STRING) | BIT (BINARY))
#define SEQUENCE  (TEXT | BIT (LIST))
#define ANY       (~0u)

far_status_t far_raise (const char *error_class, const char *format, ...)
{
    va_list args;
    va_start (args, format);
    far_error_t *error = far_error_vnew (FAR_E_RAISED, error_class, format, args);
    va_end (args);
    return far_fail_with (error);
}

const char *far_builtin_name (const far_value_t *value)
{
    far_type_t type = far_value_type (value);
    return far_type_name (type == FAR_TYPE_UINT ? FAR_TYPE_INT : type);
}

bool far_builtin_truth (const far_value_t *value)
{
    far_number_t number;
    if (far_number_of (value, &number))
        return number.is_real ? number.real != 0 : number.whole != 0;
    switch (far_value_type (value)) {
    case FAR_TYPE_NIL:
        return false;
    case FAR_TYPE_STRING:
    case FAR_TYPE_BINARY:
        return far_value_bytes (value).size;
    case FAR_TYPE_LIST:
    case FAR_TYPE_MAP:
        return far_value_count (value);
    default:
        return true;
    }
}

static far_status_t give_bool (bool value, far_value_t **out)
{
    *out = far_value_from_bool (value);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t equals (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out)
{
    return give_bool (far_builtin_equals (a, b) == (of == FAR_EQ), out);
}

static far_status_t order (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out)
{
    bool result = false;
    far_status_t status = far_builtin_order (of, a, b, &result);
    return status ? status : give_bool (result, out);
}

static far_status_t map_item (far_operator_t of, const far_value_t *map, const far_value_t *key, far_value_t **out)
{
    (void)of;
    far_keys_t keys = { 0 };
    return far_entries_get (&keys, map, key, out);
}

static far_status_t map_contains (far_operator_t of, const far_value_t *map, const far_value_t *key, far_value_t **out)
{
    (void)of;
    far_keys_t keys = { 0 };
    size_t at = SIZE_MAX;
    far_status_t status = far_keys_find (&keys, map, key, &at);
    return status ? status : give_bool (at != SIZE_MAX, out);
}

/* Operators of two values. */
static const struct binary_row {
    far_operator_t of;
    unsigned left, right;
    far_status_t (*does) (far_operator_t of, const far_value_t *left, const far_value_t *right, far_value_t **out);
} binary_rows[] = {
    { FAR_ADD, NUMBER, NUMBER, far_number_binary },
    { FAR_SUB, NUMBER, NUMBER, far_number_binary },
    { FAR_MUL, NUMBER, NUMBER, far_number_binary },
    { FAR_TRUEDIV, NUMBER, NUMBER, far_number_binary },
    { FAR_FLOORDIV, NUMBER, NUMBER, far_number_binary },
    { FAR_MOD, NUMBER, NUMBER, far_number_binary },
    { FAR_DIVMOD, NUMBER, NUMBER, far_number_binary },
    { FAR_POW, NUMBER, NUMBER, far_number_binary },
    { FAR_LSHIFT, WHOLE, WHOLE, far_number_binary },
    { FAR_RSHIFT, WHOLE, WHOLE, far_number_binary },
    { FAR_AND, WHOLE, WHOLE, far_number_binary },
    { FAR_OR, WHOLE, WHOLE, far_number_binary },
    { FAR_XOR, WHOLE, WHOLE, far_number_binary },
    { FAR_ADD, BIT (STRING), BIT (STRING), far_sequence_concat },
    { FAR_ADD, BIT (BINARY), BIT (BINARY), far_sequence_concat },
    { FAR_ADD, BIT (LIST), BIT (LIST), far_sequence_concat },
    { FAR_MUL, SEQUENCE, WHOLE, far_sequence_repeat },
    { FAR_MUL, WHOLE, SEQUENCE, far_sequence_repeat },
    { FAR_OR, BIT (MAP), BIT (MAP), far_entries_merge },
    { FAR_ADD, BIT (TIME), NUMBER, far_time_binary },
    { FAR_ADD, NUMBER, BIT (TIME), far_time_binary },
    { FAR_SUB, BIT (TIME), NUMBER | BIT (TIME), far_time_binary },
    { FAR_EQ, ANY, ANY, equals },
    { FAR_NE, ANY, ANY, equals },
    { FAR_LT, ANY, ANY, order },
    { FAR_LE, ANY, ANY, order },
    { FAR_GT, ANY, ANY, order },
    { FAR_GE, ANY, ANY, order },
    { FAR_GETITEM, SEQUENCE, ANY, far_sequence_item },
    { FAR_GETITEM, BIT (MAP), ANY, map_item },
    { FAR_CONTAINS, SEQUENCE, ANY, far_sequence_contains },
    { FAR_CONTAINS, BIT (MAP), ANY, map_contains },
};

static far_status_t truth (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    (void)of;
    return give_bool (far_builtin_truth (value), out);
}

static far_status_t length (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    (void)of;
    *out = far_value_from_uint (far_sequence_count (value));
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t hash (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    (void)of;
    int64_t result = 0;
    far_status_t status = far_builtin_hash (value, &result);
    if (status)
        return status;
    *out = far_value_from_int (result);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t str (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    (void)of;
    return far_builtin_text (value, true, out);
}

/* Operators of one. */
static const struct unary_row {
    far_operator_t of;
    unsigned types;
    far_status_t (*does) (far_operator_t of, const far_value_t *value, far_value_t **out);
} unary_rows[] = {
    { FAR_NEG, NUMBER, far_number_unary },
    { FAR_POS, NUMBER, far_number_unary },
    { FAR_ABS, NUMBER, far_number_unary },
    { FAR_INVERT, WHOLE, far_number_unary },
    { FAR_INT, NUMBER | TEXT, far_number_convert },
    { FAR_FLOAT, NUMBER | TEXT, far_number_convert },
    { FAR_INT, BIT (TIME), far_time_convert },
    { FAR_FLOAT, BIT (TIME), far_time_convert },
    { FAR_BOOL, ANY, truth },
    { FAR_HASH, ANY, hash },
    { FAR_STR, ANY, str },
    { FAR_LEN, SEQUENCE | BIT (MAP), length },
};

static far_status_t unsupported (far_operator_t of, const far_value_t *left, const far_value_t *right)
{
    if (of == FAR_GETITEM || of == FAR_CONTAINS)
        return far_raise ("TypeError", "'%s' has no items", far_builtin_name (left));
    return far_raise ("TypeError", "unsupported operand types for %s: '%s' and '%s'", far_operator_row (of)->symbol,
                      far_builtin_name (left), far_builtin_name (right));
}

static far_status_t binary (far_operator_t of, const far_value_t *left, const far_value_t *right, far_value_t **out)
{
    unsigned left_bit = 1u << far_value_type (left), right_bit = 1u << far_value_type (right);
    for (size_t i = 0; i < sizeof binary_rows / sizeof *binary_rows; i++) {
        const struct binary_row *row = &binary_rows[i];
        if (row->of == of && row->left & left_bit && row->right & right_bit)
            return row->does (of, left, right, out);
    }
    return unsupported (of, left, right);
}

static far_status_t unary (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    for (size_t i = 0; i < sizeof unary_rows / sizeof *unary_rows; i++)
        if (unary_rows[i].of == of && unary_rows[i].types & 1u << far_value_type (value))
            return unary_rows[i].does (of, value, out);
    return far_raise ("TypeError", "bad operand type for %s: '%s'", far_operator_row (of)->symbol,
                      far_builtin_name (value));
}

far_status_t far_builtin_operate (far_operator_t of, const far_value_t *self, const far_value_t *other,
                                  far_value_t **out)
{
    const far_operator_row_t *row = far_operator_row (of);
    far_value_t *result = NULL;
    far_status_t status;
    switch (row->kind) {
    case FAR_OPERATOR_UNARY:
        status = unary (of, self, &result);
        break;
    case FAR_OPERATOR_REFLECTED:
        status = binary (row->of, other, self, &result);
        break;
    default:
        status = binary (row->of, self, other, &result);
    }
    if (status)
        far_value_destroy (&result);
    else
        *out = result;
    return status;
}
