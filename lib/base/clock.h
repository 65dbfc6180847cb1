/* Time: monotonic for everything that waits, wall clock for people. */
#ifndef FAR_BASE_CLOCK_H
#define FAR_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Monotonic nanoseconds. */
int64_t far_clock_ns (void);

/* A point of time to wait until; FAR_DEADLINE_NEVER for no end. Monotonic nanoseconds. */
typedef int64_t far_deadline_t;
#define FAR_DEADLINE_NEVER INT64_MAX

/* timeout_ms from now; negative: never. */
far_deadline_t far_deadline_in (int timeout_ms);
far_deadline_t far_deadline_first (far_deadline_t a, far_deadline_t b);
/* Has it passed? Reads the clock only where it may have. */
bool far_deadline_passed (far_deadline_t deadline);
/* Milliseconds left, rounded up, as poll(2) takes them: 0 once it has passed, -1 for never. */
int far_deadline_left_ms (far_deadline_t deadline);

#endif
