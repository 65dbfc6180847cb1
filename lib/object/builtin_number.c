/* Numbers: what kind they are, how kinds meet, comparing them exactly, and operators of one number. */
#include "object/builtin_number.h"

#include <math.h>

bool far_number_of (const far_value_t *value, far_number_t *out)
{
    *out = (far_number_t){ 0 };
    switch (far_value_type (value)) {
    case FAR_TYPE_BOOL:
        out->whole = far_value_bool (value);
        return true;
    case FAR_TYPE_INT:
        out->whole = far_value_int (value);
        return true;
    case FAR_TYPE_UINT:
        out->whole = far_value_uint (value);
        return true;
    case FAR_TYPE_FLOAT:
        out->is_real = true;
        out->real = far_value_float (value);
        return true;
    default:
        return false;
    }
}

static double as_real (const far_number_t *number)
{
    return number->is_real ? number->real : (double)number->whole;
}

static int order_of_wholes (far_wide_t a, far_wide_t b)
{
    return (a > b) - (a < b);
}

/* No integer is turned into a float on the way: that would round it. */
static bool compare_whole_with_real (far_wide_t a, double b, int *out)
{
    if (isnan (b))
        return false;
    if (fabs (b) >= 0x1p66) { /* past every integer */
        *out = b > 0 ? -1 : 1;
        return true;
    }
    double whole = trunc (b), fraction = b - whole;
    *out = order_of_wholes (a, (far_wide_t)whole);
    if (!*out)
        *out = (fraction < 0) - (fraction > 0);
    return true;
}

bool far_number_compare (const far_number_t *a, const far_number_t *b, int *out)
{
    if (a->is_real && b->is_real) {
        *out = (a->real > b->real) - (a->real < b->real);
        return !isnan (a->real) && !isnan (b->real);
    }
    if (!a->is_real && !b->is_real) {
        *out = order_of_wholes (a->whole, b->whole);
        return true;
    }
    if (!a->is_real)
        return compare_whole_with_real (a->whole, b->real, out);
    bool ordered = compare_whole_with_real (b->whole, a->real, out);
    *out = -*out;
    return ordered;
}

static bool is_bitwise (far_operator_t of)
{
    return of == FAR_AND || of == FAR_OR || of == FAR_XOR;
}

far_status_t far_number_binary (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out)
{
    far_number_t left, right;
    far_number_of (a, &left);
    far_number_of (b, &right);
    if (left.is_real || right.is_real)
        return far_real_operate (of, as_real (&left), as_real (&right), out);
    far_status_t status = far_whole_operate (of, left.whole, right.whole, out);
    if (status || !is_bitwise (of) || far_value_type (a) != FAR_TYPE_BOOL || far_value_type (b) != FAR_TYPE_BOOL)
        return status;
    bool result = far_value_int (*out); /* bool with bool stays bool */
    far_value_destroy (out);
    *out = far_value_from_bool (result);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t real_unary (far_operator_t of, double value, far_value_t **out)
{
    *out = far_value_from_float (of == FAR_NEG ? -value : of == FAR_ABS ? fabs (value) : value);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

far_status_t far_number_unary (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    far_number_t number;
    far_number_of (value, &number);
    if (number.is_real)
        return real_unary (of, number.real, out);
    far_wide_t whole = number.whole;
    bool negates = of == FAR_NEG || (of == FAR_ABS && whole < 0);
    return far_whole_value (negates ? -whole : of == FAR_INVERT ? ~whole : whole, out);
}

far_status_t far_whole_from_real (double real, far_value_t **out)
{
    if (isnan (real))
        return far_raise ("ValueError", "cannot convert float NaN to integer");
    if (fabs (real) >= 0x1p66)
        return far_raise ("OverflowError", "the float is too large for an integer of 64 bits");
    return far_whole_value ((far_wide_t)trunc (real), out);
}
