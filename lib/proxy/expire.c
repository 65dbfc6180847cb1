/* Requests that end by themselves: at their deadline, whatever the callee does. The thread that serves looks when the next
 * one is due; a thread that waits for one, or asks whether it is done, does not depend on that one being free. */
#include "base/error.h"
#include "proxy/request.h"

/* What is asked of a fleet or a pipeline is ended by the broker, which says more of it than we can; that answer is given
 * time to come. */
enum { BROKER_MS = 250 };

void far_request_set_timer (far_request_t *self)
{
    far_caller_t *caller = self->process->caller;
    if (self->deadline != FAR_DEADLINE_NEVER && !self->follows && far_process_id_is_resident (self->process->id))
        self->deadline += (int64_t)BROKER_MS * 1000000;
    far_timers_set (&caller->timers, &self->timer, self->deadline);
    if (self->deadline < caller->looks_at) {
        caller->looks_at = self->deadline;
        caller->ops->wake (caller);
    }
}

/* With the lock. The callee knows by itself, unless it has been stopped: it must not begin with it when it goes on. */
static void expire (far_request_t *self, far_request_t **ended)
{
    char owner[256];
    if (!atomic_load (&self->used))
        far_request_submit_cancel (self, 0);
    far_request_end (self,
                     far_error_new (FAR_E_TIMEOUT,
                                    "no answer from %s to %s before its deadline, %u ms after it was asked",
                                    far_process_describe (self->process, owner, sizeof owner), self->what,
                                    (unsigned)self->time_left_ms),
                     ended);
}

static far_request_t *of_timer (far_timer_t *timer)
{
    return timer ? (far_request_t *)((char *)timer - offsetof (far_request_t, timer)) : NULL;
}

void far_requests_expire (far_caller_t *caller, far_request_t **ended)
{
    far_request_t **last = ended, *request;
    while (*last)
        last = &(*last)->next;
    *last = caller->ended;
    caller->ended = NULL;
    if (far_timers_next (&caller->timers) == FAR_DEADLINE_NEVER)
        return;
    int64_t now = far_clock_ns ();
    while ((request = of_timer (far_timers_due (&caller->timers, now))))
        expire (request, ended);
}

bool far_request_is_over (far_request_t *self)
{
    if (atomic_load_explicit (&self->done, memory_order_acquire))
        return true;
    if (!far_deadline_passed (self->deadline))
        return false;
    far_caller_t *caller = self->process->caller;
    pthread_mutex_lock (&caller->lock);
    bool open = !atomic_load (&self->done);
    if (open) {
        expire (self, &caller->ended);
        far_requests_wake (self, self->next);
    }
    pthread_mutex_unlock (&caller->lock);
    if (open) {
        caller->ops->flush (caller);
        caller->ops->wake (caller); /* its callback is called there */
    }
    return true;
}
