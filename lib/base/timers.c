/* Timers in a heap. Owns nothing, and knows nothing of the clock but what it is told. */
#include "base/timers.h"

static const far_timer_t *of_node (const far_heap_node_t *node)
{
    return (const far_timer_t *)node;
}

static bool is_before (const far_heap_node_t *a, const far_heap_node_t *b)
{
    return of_node (a)->at < of_node (b)->at;
}

void far_timers_init (far_timers_t *self)
{
    *self = (far_timers_t){ .heap = { .before = is_before } };
}

void far_timers_set (far_timers_t *self, far_timer_t *timer, far_deadline_t at)
{
    if (at == FAR_DEADLINE_NEVER)
        return;
    timer->at = at;
    far_heap_put (&self->heap, &timer->node);
}

void far_timers_unset (far_timers_t *self, far_timer_t *timer)
{
    if (!timer->at)
        return;
    far_heap_remove (&self->heap, &timer->node);
    timer->at = 0;
}

far_timer_t *far_timers_due (far_timers_t *self, int64_t now_ns)
{
    far_timer_t *first = (far_timer_t *)self->heap.first;
    if (!first || first->at > now_ns)
        return NULL;
    far_timers_unset (self, first);
    return first;
}

far_deadline_t far_timers_next (const far_timers_t *self)
{
    return self->heap.first ? of_node (self->heap.first)->at : FAR_DEADLINE_NEVER;
}
