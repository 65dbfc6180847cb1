/* Waiting for requests: a thread of the program sleeps on a semaphore of its own until one of them is done; a thread that
 * serves goes on serving. */
#include "base/error.h"
#include "proxy/request.h"

#include <stdlib.h>

enum { ON_STACK = 16, LOOK_NS = 1000000 };

static far_status_t timed_out (const far_request_t *one, size_t count)
{
    far_caller_t *caller = one->process->caller;
    if (far_deadline_passed (caller->ops->ends_at (caller)))
        return far_fail (FAR_E_TIMEOUT, "the call that is answered here is past its deadline");
    return far_fail (FAR_E_TIMEOUT, count == 1 ? "the request has no answer yet" : "no answer yet");
}

/* What a wait knows of the requests that are not done. */
typedef struct open_ones {
    size_t count;
    const far_request_t *one;  /* of them */
    far_deadline_t first_ends; /* the first of them that ends by itself */
} open_ones_t;

/* The index of one that is done; count if none is. */
static size_t find_done (far_request_t *const *requests, size_t count, open_ones_t *open)
{
    *open = (open_ones_t){ .first_ends = FAR_DEADLINE_NEVER };
    for (size_t i = 0; i < count; i++) {
        if (!requests[i])
            continue;
        if (far_request_is_over (requests[i]))
            return i;
        open->count++;
        open->one = requests[i];
        open->first_ends = far_deadline_first (open->first_ends, requests[i]->deadline);
    }
    return count;
}

/* Enters the waiter with each request. */
static void enlist (far_request_t *const *requests, size_t count, far_waiting_t *waiting, far_waiter_t *waiter)
{
    for (size_t i = 0; i < count; i++) {
        far_request_t *request = requests[i];
        waiting[i] = (far_waiting_t){ .waiter = waiter };
        if (!request)
            continue;
        pthread_mutex_lock (&request->process->caller->lock);
        waiting[i].next = request->waiters;
        request->waiters = &waiting[i];
        pthread_mutex_unlock (&request->process->caller->lock);
    }
}

/* Of a request that has ended the list is empty, unless it had ended before. */
static void remove_entry (far_waiting_t **list, const far_waiting_t *waiting)
{
    while (*list && *list != waiting)
        list = &(*list)->next;
    if (*list)
        *list = waiting->next;
}

static void delist (far_request_t *const *requests, size_t count, far_waiting_t *waiting)
{
    for (size_t i = 0; i < count; i++) {
        far_request_t *request = requests[i];
        if (!request)
            continue;
        pthread_mutex_lock (&request->process->caller->lock);
        remove_entry (&request->waiters, &waiting[i]);
        pthread_mutex_unlock (&request->process->caller->lock);
    }
}

/* Nothing wakes a thread that reads the socket when a request of another actor of the same program is done: it has to
 * look. */
static far_deadline_t look_again (far_request_t *const *requests, size_t count, far_caller_t *served,
                                  far_deadline_t deadline)
{
    far_deadline_t soon = far_clock_ns () + LOOK_NS;
    if (served->ops->moves (served))
        for (size_t i = 0; i < count; i++)
            if (requests[i] && requests[i]->process->caller != served)
                return soon < deadline ? soon : deadline;
    return deadline;
}

/* With the waiter entered. served is NULL where the calling thread serves nobody. */
static far_status_t sleep_or_serve (far_caller_t *served, far_request_t *const *requests, size_t count,
                                    far_waiter_t *waiter, far_deadline_t deadline, size_t *which)
{
    open_ones_t open;
    far_status_t status = FAR_OK;
    while (!status && (*which = find_done (requests, count, &open)) == count) {
        if (far_clock_ns () >= deadline)
            return timed_out (open.one, open.count);
        far_deadline_t until = far_deadline_first (deadline, open.first_ends);
        if (served)
            status = served->ops->serve (served, look_again (requests, count, served, until), waiter);
        else
            far_waiter_sleep (waiter, until);
    }
    return status;
}

static far_status_t wait_until_done (far_caller_t *served, far_request_t *const *requests, size_t count,
                                     far_deadline_t deadline, size_t *which)
{
    far_waiting_t few[ON_STACK];
    far_waiting_t *waiting = count <= ON_STACK ? few : malloc (count * sizeof *waiting);
    if (!waiting)
        return far_fail (FAR_E_NO_MEMORY, "no memory to wait for %zu requests", count);
    far_waiter_t waiter;
    sem_init (&waiter.wake, 0, 0);
    enlist (requests, count, waiting, &waiter);
    far_status_t status = sleep_or_serve (served, requests, count, &waiter, deadline, which);
    delist (requests, count, waiting);
    sem_destroy (&waiter.wake);
    if (waiting != few)
        free (waiting);
    return status;
}

/* false: the request has ended. */
static bool enlist_alone (far_request_t *request, far_waiting_t *waiting)
{
    pthread_mutex_lock (&request->process->caller->lock);
    bool open = !atomic_load (&request->done);
    if (open) {
        waiting->next = request->waiters;
        request->waiters = waiting;
    }
    pthread_mutex_unlock (&request->process->caller->lock);
    return open;
}

/* Without having been posted. If it is about to be, that is waited for. */
static void delist_alone (far_request_t *request, far_waiting_t *waiting)
{
    pthread_mutex_lock (&request->process->caller->lock);
    bool open = !atomic_load (&request->done);
    remove_entry (&request->waiters, waiting);
    pthread_mutex_unlock (&request->process->caller->lock);
    if (!open)
        far_waiter_sleep (waiting->waiter, FAR_DEADLINE_NEVER);
}

/* The usual way, for a thread that serves nobody. Who has been posted has been taken off the list, and needs no lock: the
 * thread that woke it may have it still. */
static far_status_t sleep_for_one (far_request_t *request, far_deadline_t deadline)
{
    far_waiter_t waiter;
    far_waiting_t waiting = { .waiter = &waiter, .alone = true };
    far_deadline_t until = far_deadline_first (deadline, request->deadline);
    far_status_t status = FAR_OK;
    sem_init (&waiter.wake, 0, 0);
    bool over = !enlist_alone (request, &waiting);
    while (!over && !status && !far_request_is_over (request)) {
        if (far_clock_ns () >= deadline)
            status = timed_out (request, 1);
        else
            over = !far_waiter_sleep (&waiter, until);
    }
    if (!over)
        delist_alone (request, &waiting);
    sem_destroy (&waiter.wake);
    return status;
}

/* What was left to be sent soon is sent before we sleep: once for each caller, and nearly always there is one. */
static void flush_once (far_request_t *const *requests, size_t index)
{
    far_caller_t *caller = requests[index]->process->caller;
    if (!index || !requests[index - 1] || requests[index - 1]->process->caller != caller)
        caller->ops->flush (caller);
}

/* A method does not wait longer than it may run. */
static far_deadline_t not_past_the_end (const far_request_t *one, far_deadline_t deadline)
{
    far_caller_t *caller = one->process->caller;
    return far_deadline_first (deadline, caller->ops->ends_at (caller));
}

static far_status_t wait_any (far_request_t *const *requests, size_t count, far_deadline_t deadline, size_t *which)
{
    open_ones_t open;
    size_t found = find_done (requests, count, &open);
    if (found < count) {
        *which = found;
        return FAR_OK;
    }
    if (!open.count)
        return far_fail (FAR_E_BAD_ARGUMENTS, "there is no request to wait for");
    far_caller_t *served = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!requests[i])
            continue;
        flush_once (requests, i);
        if (!served)
            served = requests[i]->process->caller->ops->served (requests[i]->process->caller);
    }
    deadline = not_past_the_end (open.one, deadline);
    bool alone = count == 1 && !served;
    far_status_t status =
        alone ? sleep_for_one (requests[0], deadline) : wait_until_done (served, requests, count, deadline, &found);
    if (!status)
        *which = alone ? 0 : found;
    else if (count == 1)
        far_request_hold_no_more (requests[0]);
    return status;
}

bool far_request_done (far_request_t *request)
{
    return !request || far_request_is_over (request);
}

far_status_t far_request_wait (far_request_t *request, int timeout_ms)
{
    size_t which;
    return wait_any (&request, 1, far_deadline_in (timeout_ms), &which);
}

far_status_t far_wait_any (far_request_t *const *requests, size_t count, int timeout_ms, size_t *which)
{
    return wait_any (requests, count, far_deadline_in (timeout_ms), which);
}

far_status_t far_wait_all (far_request_t *const *requests, size_t count, int timeout_ms)
{
    far_deadline_t deadline = far_deadline_in (timeout_ms);
    for (size_t i = 0; i < count; i++) {
        size_t which;
        far_status_t status = requests[i] ? wait_any (&requests[i], 1, deadline, &which) : FAR_OK;
        if (status)
            return status;
    }
    return FAR_OK;
}

far_status_t far_request_wait_or (far_request_t *self, far_waiter_t *waiter, bool (*is_ready) (void *context),
                                  void *context, far_deadline_t deadline)
{
    far_caller_t *caller = self->process->caller, *served = caller->ops->served (caller);
    far_waiting_t waiting;
    far_status_t status = FAR_OK;
    caller->ops->flush (caller);
    enlist (&self, 1, &waiting, waiter);
    deadline = not_past_the_end (self, deadline);
    far_deadline_t until = far_deadline_first (deadline, self->deadline);
    while (!status && !far_request_is_over (self) && !is_ready (context)) {
        if (far_clock_ns () >= deadline)
            status = timed_out (self, 1);
        else if (served)
            status = served->ops->serve (served, look_again (&self, 1, served, until), waiter);
        else
            far_waiter_sleep (waiter, until);
    }
    delist (&self, 1, &waiting);
    return status;
}
