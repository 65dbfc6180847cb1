/* Stages of the pipelines in flow tests. */
#include <farcall.h>

#include <inttypes.h>
#include <signal.h>
#include <time.h>

static far_status_t plus (far_call_t *call, void *self)
{
    (void)self;
    int64_t a, b;
    if (far_call_args (call, &a, &b))
        return far_call_status (call);
    return far_call_return (call, "l", a + b);
}

static far_status_t twice (far_call_t *call, void *self)
{
    (void)self;
    int64_t x;
    if (far_call_args (call, &x))
        return far_call_status (call);
    return far_call_return (call, "l", 2 * x);
}

static far_status_t no_sevens (far_call_t *call, void *self)
{
    (void)self;
    int64_t x;
    if (far_call_args (call, &x))
        return far_call_status (call);
    if (x % 7 == 0)
        return far_call_fail (call, "SevenError", "%" PRId64, x);
    return far_call_return (call, "l", x);
}

static far_status_t slowly (far_call_t *call, void *self)
{
    (void)self;
    int64_t x;
    const struct timespec time = { .tv_nsec = 200000 };
    if (far_call_args (call, &x))
        return far_call_status (call);
    nanosleep (&time, NULL);
    return far_call_return (call, "l", x + 1);
}

static far_status_t deadly (far_call_t *call, void *self)
{
    (void)self;
    int64_t x;
    if (far_call_args (call, &x))
        return far_call_status (call);
    if (x == 13)
        raise (SIGKILL);
    return far_call_return (call, "l", x);
}

FAR_MODULE (stages)
{
    far_module_function (module, "plus", plus, "a:l, b:l=1 -> l", "a + b.");
    far_module_function (module, "twice", twice, "x:l -> l", "2 * x.");
    far_module_function (module, "no_sevens", no_sevens, "x:l -> l", "x, unless 7 divides it.");
    far_module_function (module, "slowly", slowly, "x:l -> l", "x + 1, after a moment.");
    far_module_function (module, "deadly", deadly, "x:l -> l", "x, unless the process dies of it.");
}
