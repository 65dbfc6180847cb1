/* Floats: each operator by Python's rules, which are C's but for division, remainder, powers and what is an error. */
#include "object/builtin_number.h"

#include <math.h>

static far_status_t division_by_zero (void)
{
    return far_raise ("ZeroDivisionError", "float division by zero");
}

static far_status_t add (double a, double b, double *out)
{
    *out = a + b;
    return FAR_OK;
}

static far_status_t subtract (double a, double b, double *out)
{
    *out = a - b;
    return FAR_OK;
}

static far_status_t multiply (double a, double b, double *out)
{
    *out = a * b;
    return FAR_OK;
}

static far_status_t divide (double a, double b, double *out)
{
    if (b == 0)
        return division_by_zero ();
    *out = a / b;
    return FAR_OK;
}

/* The remainder is exact and has the sign of the divisor, also where it is 0. */
static far_status_t remainder_down (double a, double b, double *out)
{
    if (b == 0)
        return division_by_zero ();
    double rest = fmod (a, b);
    if (rest == 0)
        rest = copysign (0, b);
    else if ((rest < 0) != (b < 0))
        rest += b;
    *out = rest;
    return FAR_OK;
}

/* From the exact remainder, so that quotient * b + remainder comes as near to a as it can. */
static far_status_t divide_down (double a, double b, double *out)
{
    if (b == 0)
        return division_by_zero ();
    double rest = fmod (a, b), quotient = (a - rest) / b;
    if (rest != 0 && (rest < 0) != (b < 0))
        quotient -= 1;
    if (quotient == 0) {
        *out = copysign (0, a / b);
        return FAR_OK;
    }
    double whole = floor (quotient);
    *out = quotient - whole > 0.5 ? whole + 1 : whole;
    return FAR_OK;
}

static far_status_t power (double a, double b, double *out)
{
    if (a == 0 && b < 0 && isfinite (b))
        return far_raise ("ZeroDivisionError", "0.0 cannot be raised to a negative power");
    bool is_real = a >= 0 || !isfinite (a) || !isfinite (b) || b == floor (b);
    double result = pow (is_real ? a : -a, b);
    if (isinf (result) && isfinite (a) && isfinite (b))
        return far_raise ("OverflowError", "the result is too large for a float");
    if (!is_real)
        return far_raise ("ValueError", "a power of a negative number that is no real number");
    *out = result;
    return FAR_OK;
}

typedef far_status_t real_fn (double a, double b, double *out);

static real_fn *const operators[] = {
    [FAR_ADD] = add,        [FAR_SUB] = subtract,         [FAR_MUL] = multiply,
    [FAR_TRUEDIV] = divide, [FAR_FLOORDIV] = divide_down, [FAR_MOD] = remainder_down,
    [FAR_POW] = power,
};

static far_status_t divide_both (double a, double b, far_value_t **out)
{
    double quotient = 0, rest = 0;
    if (divide_down (a, b, &quotient) || remainder_down (a, b, &rest))
        return far_error_kind (far_last_error ());
    *out = far_value_new ("[ff]", quotient, rest);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

far_status_t far_real_operate (far_operator_t of, double a, double b, far_value_t **out)
{
    if (of == FAR_DIVMOD)
        return divide_both (a, b, out);
    double result = 0;
    far_status_t status = operators[of](a, b, &result);
    if (status)
        return status;
    *out = far_value_from_float (result);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}
