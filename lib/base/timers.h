/* What ends at a point of time, and which of it is next: timers that lie in the things that end. */
#ifndef FAR_BASE_TIMERS_H
#define FAR_BASE_TIMERS_H

#include "base/clock.h"
#include "base/heap.h"

/* All zero: not set. */
typedef struct far_timer {
    far_heap_node_t node; /* the first member */
    far_deadline_t at;    /* 0: not set */
} far_timer_t;

typedef struct far_timers {
    far_heap_t heap;
} far_timers_t;

void far_timers_init (far_timers_t *self);
/* Sets a timer that is not set; at FAR_DEADLINE_NEVER it stays so. */
void far_timers_set (far_timers_t *self, far_timer_t *timer, far_deadline_t at);
/* Unsets it. Accepts one that is not set. */
void far_timers_unset (far_timers_t *self, far_timer_t *timer);
/* Unsets the next timer whose time has come, and gives it; NULL if there is none. */
far_timer_t *far_timers_due (far_timers_t *self, int64_t now_ns);
/* When the next one is due; FAR_DEADLINE_NEVER if none is set. */
far_deadline_t far_timers_next (const far_timers_t *self);

#endif
