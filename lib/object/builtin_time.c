/* Timestamps are counted in nanoseconds, exactly; seconds may be an integer or a float. */
#include "object/builtin_time.h"
#include "object/builtin_number.h"

#include <math.h>

#define NANOSECONDS 1000000000

static far_wide_t nanoseconds_of (const far_value_t *value)
{
    struct timespec time = far_value_time (value);
    return (far_wide_t)time.tv_sec * NANOSECONDS + time.tv_nsec;
}

static far_status_t make_time (far_wide_t nanoseconds, far_value_t **out)
{
    far_wide_t seconds = nanoseconds / NANOSECONDS, rest = nanoseconds % NANOSECONDS;
    if (rest < 0) {
        rest += NANOSECONDS;
        seconds--;
    }
    if (seconds < INT64_MIN || seconds > INT64_MAX)
        return far_raise ("OverflowError", "the result is no timestamp of 64 bits");
    *out = far_value_from_time ((struct timespec){ .tv_sec = (time_t)seconds, .tv_nsec = (long)rest });
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

/* A float is rounded to the nearest nanosecond. */
static far_status_t duration_of (const far_value_t *seconds, far_wide_t *out)
{
    far_number_t number;
    far_number_of (seconds, &number);
    if (!number.is_real) {
        *out = number.whole * NANOSECONDS;
        return FAR_OK;
    }
    if (isnan (number.real))
        return far_raise ("ValueError", "a time of NaN seconds");
    if (fabs (number.real) >= 0x1p64)
        return far_raise ("OverflowError", "the result is no timestamp of 64 bits");
    double whole = floor (number.real);
    *out = (far_wide_t)whole * NANOSECONDS + (far_wide_t)rint ((number.real - whole) * NANOSECONDS);
    return FAR_OK;
}

far_status_t far_time_binary (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out)
{
    if (far_value_type (a) == far_value_type (b)) {
        *out = far_value_from_float ((double)(nanoseconds_of (a) - nanoseconds_of (b)) / NANOSECONDS);
        return *out ? FAR_OK : FAR_E_NO_MEMORY;
    }
    bool swapped = far_value_type (a) != FAR_TYPE_TIME;
    far_wide_t duration = 0;
    far_status_t status = duration_of (swapped ? a : b, &duration);
    if (status)
        return status;
    far_wide_t from = nanoseconds_of (swapped ? b : a);
    return make_time (of == FAR_SUB ? from - duration : from + duration, out);
}

far_status_t far_time_convert (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    struct timespec time = far_value_time (value);
    *out = of == FAR_INT ? far_value_from_int (time.tv_sec)
                         : far_value_from_float ((double)nanoseconds_of (value) / NANOSECONDS);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}
