/* What several modules of tests offer: a class whose objects are counted, one without a value form, and an echo. */
#ifndef FAR_TESTS_COUNTER_H
#define FAR_TESTS_COUNTER_H

#include <farcall.h>
#include <inttypes.h>

typedef struct counter {
    int64_t total;
} counter_t;

static int64_t live_counters;

static far_status_t counter_init (far_call_t *call, void *self)
{
    live_counters++;
    return far_call_args (call, &((counter_t *)self)->total);
}

static void counter_fini (void *self)
{
    (void)self;
    live_counters--;
}

static far_status_t counter_add (far_call_t *call, void *self)
{
    counter_t *counter = self;
    int64_t amount, sum;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    if (__builtin_add_overflow (counter->total, amount, &sum))
        return far_call_fail (call, "OverflowError", "%" PRId64 " + %" PRId64, counter->total, amount);
    return far_call_return (call, "l", counter->total = sum);
}

static far_status_t counter_scale (far_call_t *call, void *self)
{
    counter_t *counter = self;
    int64_t by, offset;
    if (far_call_args (call, &by, &offset))
        return far_call_status (call);
    return far_call_return (call, "l", counter->total = counter->total * by + offset);
}

static far_status_t counter_value (far_call_t *call, void *self)
{
    return far_call_return (call, "l", ((counter_t *)self)->total);
}

static const far_method_t counter_methods[] = {
    { "add", counter_add, "amount:l=1 -> l", "Adds; the new total." },
    { "scale", counter_scale, "by:l, offset:l=0 -> l", "Multiplies, then adds; the new total." },
    { 0 },
};

static const far_class_t counter_class = {
    .name = "Counter",
    .doc = "A number whose objects are counted.",
    .size = sizeof (counter_t),
    .init = counter_init,
    .init_takes = "start:l=0",
    .fini = counter_fini,
    .methods = counter_methods,
    .value = counter_value,
};

static const far_class_t opaque_class = { .name = "Opaque", .doc = "Has no value form.", .size = 1 };

static far_status_t counters_alive (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "l", live_counters);
}

static far_status_t echo_value (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    return far_call_return (call, "v", value);
}

#endif
