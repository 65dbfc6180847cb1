/* A module for far-actor, counter.so: a class, and a function beside it. No main: module.c shows how it is used. */
#include <farcall.h>
#include <inttypes.h>

typedef struct {
    int64_t total;
} counter_t;

static far_status_t counter_init (far_call_t *call, void *self)
{
    counter_t *counter = self;
    return far_call_args (call, &counter->total);
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

static const far_method_t counter_methods[] = {
    { "add", counter_add, "amount:l=1 -> l", "Add amount; the new total." },
    { 0 },
};

static const far_class_t counter_class = {
    .name = "Counter",
    .doc = "A number.",
    .size = sizeof (counter_t),
    .init = counter_init,
    .init_takes = "start:l=0",
    .methods = counter_methods,
};

static far_status_t sum (far_call_t *call, void *self)
{
    (void)self;
    int a, b;
    if (far_call_args (call, &a, &b))
        return far_call_status (call);
    return far_call_return (call, "l", (int64_t)a + b);
}

FAR_MODULE (counter)
{
    far_module_class (module, &counter_class);
    far_module_function (module, "sum", sum, "a:i, b:i -> l", "a + b");
}
