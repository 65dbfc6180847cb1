/* Methods of numbers and timestamps. */
#include "object/builtin_methods.h"
#include "object/builtin_number.h"
#include "object/hosted.h"

#include <math.h>

static far_number_t number_of (void *self)
{
    far_value_t *value = far_hosted_read (self);
    far_number_t number;
    far_number_of (value, &number);
    far_value_destroy (&value);
    return number;
}

static uint64_t magnitude (void *self)
{
    far_wide_t whole = number_of (self).whole;
    return (uint64_t)(whole < 0 ? -whole : whole);
}

static far_status_t bit_length (far_call_t *call, void *self)
{
    uint64_t value = magnitude (self);
    return far_call_return (call, "i", value ? 64 - __builtin_clzll (value) : 0);
}

static far_status_t bit_count (far_call_t *call, void *self)
{
    return far_call_return (call, "i", __builtin_popcountll (magnitude (self)));
}

static far_status_t is_integer (far_call_t *call, void *self)
{
    double value = number_of (self).real;
    return far_call_return (call, "b", isfinite (value) && floor (value) == value);
}

static far_status_t seconds (far_call_t *call, void *self)
{
    far_value_t *value = far_hosted_read (self);
    int64_t whole = far_value_time (value).tv_sec;
    far_value_destroy (&value);
    return far_call_return (call, "l", whole);
}

static far_status_t nanoseconds (far_call_t *call, void *self)
{
    far_value_t *value = far_hosted_read (self);
    int64_t rest = far_value_time (value).tv_nsec;
    far_value_destroy (&value);
    return far_call_return (call, "l", rest);
}

const far_method_t far_number_methods[] = {
    { "bit_length", bit_length, "-> i", "Bits of the magnitude." },
    { "bit_count", bit_count, "-> i", "Ones in the magnitude." },
    { 0 },
};

const far_method_t far_real_methods[] = {
    { "is_integer", is_integer, "-> b", "Is it finite and whole?" },
    { 0 },
};

const far_method_t far_time_methods[] = {
    { "seconds", seconds, "-> l", "Whole seconds since 1970." },
    { "nanoseconds", nanoseconds, "-> l", "Nanoseconds within the second." },
    { 0 },
};
