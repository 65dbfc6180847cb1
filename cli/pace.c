/* The steady clock, read and waited for. */
#include "pace.h"

#include <errno.h>
#include <time.h>

double pace_now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void pace_sleep_ms (int interval_ms)
{
    struct timespec left = { interval_ms / 1000, interval_ms % 1000 * 1000000L };
    while (clock_nanosleep (CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        ;
}
