/* Time, from the monotonic clock of the kernel. */
#include "base/clock.h"

#include <limits.h>
#include <time.h>

#define NS_PER_MS 1000000

int64_t far_clock_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 * NS_PER_MS + now.tv_nsec;
}

far_deadline_t far_deadline_in (int timeout_ms)
{
    return timeout_ms < 0 ? FAR_DEADLINE_NEVER : far_clock_ns () + (int64_t)timeout_ms * NS_PER_MS;
}

far_deadline_t far_deadline_first (far_deadline_t a, far_deadline_t b)
{
    return a < b ? a : b;
}

bool far_deadline_passed (far_deadline_t deadline)
{
    return deadline != FAR_DEADLINE_NEVER && far_clock_ns () >= deadline;
}

int far_deadline_left_ms (far_deadline_t deadline)
{
    if (deadline == FAR_DEADLINE_NEVER)
        return -1;
    int64_t now = far_clock_ns ();
    if (deadline <= now)
        return 0;
    int64_t left = (deadline - now - 1) / NS_PER_MS + 1;
    return left > INT_MAX ? INT_MAX : (int)left;
}
