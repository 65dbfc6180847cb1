/* Integers: each operator by Python's rules. Results are exact; one that does not fit 64 bits, signed or unsigned, is an
 * OverflowError (Python's integers have no such end). */
#include "object/builtin_number.h"

#define WHOLE_LEAST (-((far_wide_t)1 << 63))
#define WHOLE_MOST  (((far_wide_t)1 << 64) - 1)

static far_status_t overflow (void)
{
    return far_raise ("OverflowError", "the result does not fit 64 bits");
}

static far_status_t division_by_zero (void)
{
    return far_raise ("ZeroDivisionError", "division by zero");
}

far_status_t far_whole_value (far_wide_t whole, far_value_t **out)
{
    if (whole < WHOLE_LEAST || whole > WHOLE_MOST)
        return overflow ();
    *out = whole < 0 ? far_value_from_int ((int64_t)whole) : far_value_from_uint ((uint64_t)whole);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t add (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    *out = a + b; /* both have 65 bits at most */
    return FAR_OK;
}

static far_status_t subtract (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    *out = a - b;
    return FAR_OK;
}

static far_status_t multiply (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    return __builtin_mul_overflow (a, b, out) ? overflow () : FAR_OK;
}

/* C rounds to zero, Python down. */
static far_status_t divide_down (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    if (!b)
        return division_by_zero ();
    *out = a / b - (a % b && (a < 0) != (b < 0));
    return FAR_OK;
}

/* The remainder has the sign of the divisor. */
static far_status_t remainder_down (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    if (!b)
        return division_by_zero ();
    *out = a % b;
    if (*out && (*out < 0) != (b < 0))
        *out += b;
    return FAR_OK;
}

static far_status_t power (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    if (a >= -1 && a <= 1)
        b = b ? 2 - b % 2 : 0; /* 0, 1 and -1 repeat; others end after 64 steps, by overflow */
    far_wide_t result = 1;
    for (; b > 0; b--)
        if (__builtin_mul_overflow (result, a, &result) || result < WHOLE_LEAST || result > WHOLE_MOST)
            return overflow ();
    *out = result;
    return FAR_OK;
}

static far_status_t shift_left (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    if (b < 0)
        return far_raise ("ValueError", "negative shift count");
    *out = 0;
    if (!a)
        return FAR_OK;
    return b > 64 || __builtin_mul_overflow (a, (far_wide_t)1 << b, out) ? overflow () : FAR_OK;
}

static far_status_t shift_right (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    if (b < 0)
        return far_raise ("ValueError", "negative shift count");
    *out = a >> (b > 64 ? 65 : (int)b);
    return FAR_OK;
}

static far_status_t bits_and (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    *out = a & b;
    return FAR_OK;
}

static far_status_t bits_or (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    *out = a | b;
    return FAR_OK;
}

static far_status_t bits_xor (far_wide_t a, far_wide_t b, far_wide_t *out)
{
    *out = a ^ b;
    return FAR_OK;
}

typedef far_status_t whole_fn (far_wide_t a, far_wide_t b, far_wide_t *out);

static whole_fn *const operators[] = {
    [FAR_ADD] = add,
    [FAR_SUB] = subtract,
    [FAR_MUL] = multiply,
    [FAR_FLOORDIV] = divide_down,
    [FAR_MOD] = remainder_down,
    [FAR_POW] = power,
    [FAR_LSHIFT] = shift_left,
    [FAR_RSHIFT] = shift_right,
    [FAR_AND] = bits_and,
    [FAR_OR] = bits_or,
    [FAR_XOR] = bits_xor,
};

static int bits_of (far_natural_t value)
{
    uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;
    return high ? 128 - __builtin_clzll (high) : low ? 64 - __builtin_clzll (low) : 0;
}

/* The float nearest to the quotient: with 63 bits or more of it, and one bit for all that comes behind them, rounding
 * happens once, when it becomes a float. */
static far_status_t divide_exactly (far_wide_t a, far_wide_t b, far_value_t **out)
{
    if (!b)
        return division_by_zero ();
    far_natural_t dividend = (far_natural_t)(a < 0 ? -a : a), divisor = (far_natural_t)(b < 0 ? -b : b);
    int shift = 127 - bits_of (dividend);
    dividend <<= shift;
    far_natural_t quotient = dividend / divisor;
    quotient |= dividend % divisor != 0;
    double result = (double)quotient;
    for (; shift >= 32; shift -= 32) /* exact: nowhere near the least float */
        result /= (double)((uint64_t)1 << 32);
    result /= (double)((uint64_t)1 << shift);
    *out = far_value_from_float ((a < 0) == (b < 0) ? result : -result);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t divide_both (far_wide_t a, far_wide_t b, far_value_t **out)
{
    if (!b)
        return division_by_zero ();
    far_value_t *quotient = NULL, *rest = NULL, *pair = NULL;
    far_status_t status = far_whole_operate (FAR_FLOORDIV, a, b, &quotient);
    if (!status)
        status = far_whole_operate (FAR_MOD, a, b, &rest);
    if (!status) {
        pair = far_value_list ();
        far_value_append (pair, &quotient);
        status = far_value_append (pair, &rest);
    }
    far_value_destroy (&quotient);
    far_value_destroy (&rest);
    if (!status)
        *out = pair;
    return status;
}

far_status_t far_whole_operate (far_operator_t of, far_wide_t a, far_wide_t b, far_value_t **out)
{
    if (of == FAR_TRUEDIV)
        return divide_exactly (a, b, out);
    if (of == FAR_DIVMOD)
        return divide_both (a, b, out);
    if (of == FAR_POW && b < 0)
        return far_real_operate (of, (double)a, (double)b, out);
    far_wide_t result = 0;
    far_status_t status = operators[of](a, b, &result);
    return status ? status : far_whole_value (result, out);
}
