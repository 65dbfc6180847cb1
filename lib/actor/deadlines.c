/* Deadlines, as the actor's thread sees them. A request that was asked of us and still waits when its time is over is taken
 * out and answered; one that runs learns of it like of a CANCEL. An off call stays in its place, to be told of in its turn:
 * the error hook is the program's, and not called here. */
#include "actor/deadlines.h"
#include "actor/aside.h"
#include "base/error.h"

#include <stddef.h>

far_error_t *far_deadlines_error (const far_actor_t *actor)
{
    return far_error_new (FAR_E_TIMEOUT, "%s: its deadline had passed before it was run", actor->process_name);
}

void far_deadlines_enter (far_actor_t *actor, far_inbound_t *inbound)
{
    const far_header_t *header = &inbound->message.header;
    inbound->wanted.until = FAR_DEADLINE_NEVER;
    if (!header->time_left_ms || header->type == FAR_CLOSE)
        return;
    inbound->wanted.until = far_clock_ns () + (int64_t)header->time_left_ms * 1000000;
    far_timers_set (&actor->timers, &inbound->timer, inbound->wanted.until);
}

void far_deadlines_leave (far_actor_t *actor, far_inbound_t *inbound)
{
    far_timers_unset (&actor->timers, &inbound->timer);
}

static far_inbound_t *of_timer (far_timer_t *timer)
{
    return timer ? (far_inbound_t *)((char *)timer - offsetof (far_inbound_t, timer)) : NULL;
}

/* Is it one that waits? Then it is out. */
static bool take_out (far_actor_t *actor, far_inbound_t *inbound)
{
    if (!inbound->place)
        return far_aside_take_out (actor, inbound);
    far_inbox_take_out (actor, inbound);
    return true;
}

void far_deadlines_look (far_actor_t *actor, far_leftovers_t *leftovers)
{
    far_requests_expire (&actor->caller, &leftovers->ended);
    if (far_timers_next (&actor->timers) == FAR_DEADLINE_NEVER)
        return;
    int64_t now = far_clock_ns ();
    far_inbound_t *inbound;
    while ((inbound = of_timer (far_timers_due (&actor->timers, now)))) {
        far_inbound_cancel (actor, inbound);
        if (inbound->message.header.request && take_out (actor, inbound))
            far_inbox_refuse (actor, inbound, far_deadlines_error (actor), leftovers);
        else
            far_aside_look (actor);
    }
}

far_deadline_t far_deadlines_next (const far_actor_t *actor)
{
    return far_deadline_first (far_timers_next (&actor->caller.timers), far_timers_next (&actor->timers));
}
