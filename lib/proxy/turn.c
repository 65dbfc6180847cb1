/* Whose turn it is to send a request. A thread of the program sleeps until it is; a thread that serves goes on serving, as it
 * does while it waits for an answer. Those that sleep for one process send in the order of their coming. One that serves is
 * in nobody's way, and stands behind nobody: what it runs meanwhile may last, or send to the same process. Owns the accounts,
 * which outlive handles of a process. */
#include "proxy/turn.h"
#include "base/error.h"
#include "base/limits.h"
#include "proxy/options.h"

#include <stdlib.h>

enum { LOOK_NS = 1000000 };

/* One must be able to close what is full; and what has to wait for an answer is not sent yet. */
static bool is_counted (const far_outgoing_t *out)
{
    return out->header.type != FAR_CLOSE && !out->about;
}

static far_amount_t first_limit (far_process_id_t id)
{
    if (far_process_id_is_resident (id))
        return (far_amount_t){ FAR_LIMIT_RESIDENT_FIRST, FAR_LIMIT_RESIDENT_FIRST };
    if (far_process_id_serial (id) < FAR_FIRST_SERIAL)
        return (far_amount_t){ UINT64_MAX, UINT64_MAX };
    return (far_amount_t){ FAR_LIMIT_FIRST_MESSAGES, FAR_LIMIT_FIRST_BYTES };
}

/* Its account, begun with the first request. NULL without memory. */
static far_credit_t *credit_of (far_process_t *process)
{
    far_caller_t *caller = process->caller;
    if (!process->credit)
        process->credit = far_map_get (&caller->credits, process->id.value);
    if (process->credit)
        return process->credit;
    far_credit_t *credit = calloc (1, sizeof *credit);
    if (!credit || !far_map_put (&caller->credits, process->id.value, credit)) {
        free (credit);
        return NULL;
    }
    credit->limit = first_limit (process->id);
    return process->credit = credit;
}

/* mine: the turn of the thread that asks; NULL if it has not waited. */
static bool may_go (const far_process_t *process, const far_turn_t *mine)
{
    if (!far_credit_left (process->credit))
        return false;
    if (mine && !mine->sleeps)
        return true;
    for (const far_turn_t *turn = process->turns; turn && turn != mine; turn = turn->next)
        if (turn->sleeps)
            return false;
    return true;
}

static void call_next (const far_process_t *process)
{
    far_turn_t *turn = process->turns;
    while (turn && !turn->sleeps)
        turn = turn->next;
    if (turn)
        sem_post (&turn->waiter.wake);
}

static void call_those_that_serve (const far_process_t *process)
{
    for (far_turn_t *turn = process->turns; turn; turn = turn->next) {
        if (turn->sleeps)
            continue;
        sem_post (&turn->waiter.wake);
        process->caller->called = true;
    }
}

/* There may be more credit than before. */
static void call (far_caller_t *caller, far_process_id_t id)
{
    const far_process_t *process = far_map_get (&caller->processes, id.value);
    if (!process || !process->turns)
        return;
    call_those_that_serve (process);
    call_next (process);
}

void far_turn_call_all (far_process_t *process)
{
    call_those_that_serve (process);
    for (far_turn_t *turn = process->turns; turn; turn = turn->next)
        if (turn->sleeps)
            sem_post (&turn->waiter.wake);
}

static void enter (far_process_t *process, far_turn_t *turn)
{
    far_turn_t **at = &process->turns;
    while (*at)
        at = &(*at)->next;
    *at = turn;
}

static void leave (far_process_t *process, const far_turn_t *turn)
{
    far_turn_t **at = &process->turns;
    while (*at != turn)
        at = &(*at)->next;
    *at = turn->next;
    if (!process->down && far_credit_left (process->credit))
        call_next (process);
}

/* Nothing wakes a thread that reads the socket of another actor of the same program: it has to look. */
static far_deadline_t look_again (const far_caller_t *caller, far_caller_t *served, far_deadline_t deadline)
{
    far_deadline_t soon = far_clock_ns () + LOOK_NS;
    return served != caller && served->ops->moves (served) && soon < deadline ? soon : deadline;
}

static far_status_t fail (const far_process_t *process, far_status_t kind, const char *how_long)
{
    char who[256];
    return far_fail (kind, "no room at %s%s: it has not begun enough of what it was sent",
                     far_process_describe (process, who, sizeof who), how_long);
}

/* With the lock, which is given up meanwhile. */
static far_status_t wait_for_credit (far_process_t *process, far_deadline_t deadline)
{
    far_caller_t *caller = process->caller, *served = caller->ops->served (caller);
    far_turn_t turn = { .sleeps = !served };
    far_status_t status = FAR_OK;
    sem_init (&turn.waiter.wake, 0, 0);
    enter (process, &turn);
    while (!status && !process->down && !may_go (process, &turn)) {
        pthread_mutex_unlock (&caller->lock);
        caller->ops->flush (caller); /* what it waits for to be begun may be with us still */
        if (far_clock_ns () >= deadline)
            status = fail (process, FAR_E_TIMEOUT, " within the time of the call");
        else if (served)
            status = served->ops->serve (served, look_again (caller, served, deadline), &turn.waiter);
        else
            far_waiter_sleep (&turn.waiter, deadline);
        pthread_mutex_lock (&caller->lock);
    }
    leave (process, &turn);
    sem_destroy (&turn.waiter.wake);
    return status;
}

static int option_of (const far_process_t *process, const far_outgoing_t *out, far_option_t option)
{
    return out->proxy ? far_call_option (out->settings, out->proxy, option) : far_process_option (process, option);
}

static far_deadline_t deadline_of (const far_process_t *process, const far_outgoing_t *out, int timeout_ms)
{
    far_caller_t *caller = process->caller;
    far_deadline_t end = far_deadline_first (out->deadline, caller->ops->ends_at (caller));
    return far_deadline_first (
        end, far_deadline_in (timeout_ms ? timeout_ms : option_of (process, out, FAR_OPTION_TIMEOUT_MS)));
}

/* With the lock, on failure too. */
static far_status_t wait_for_both (far_process_t *process, const far_outgoing_t *out, int timeout_ms)
{
    far_deadline_t deadline = deadline_of (process, out, timeout_ms);
    far_caller_t *caller = process->caller;
    bool waits = !option_of (process, out, FAR_OPTION_NO_WAIT);
    far_status_t status = FAR_OK;
    if (caller->ops->is_full (caller))
        status = waits ? far_caller_wait_for_room (caller, deadline)
                       : far_fail (FAR_E_OVERLOADED, "no room in the out-queue");
    if (status || process->down || !is_counted (out))
        return status;
    if (!credit_of (process))
        return far_fail (FAR_E_NO_MEMORY, "no memory for a process");
    if (may_go (process, NULL))
        return FAR_OK;
    return waits ? wait_for_credit (process, deadline) : fail (process, FAR_E_OVERLOADED, "");
}

far_status_t far_turn_begin (far_process_t *process, const far_outgoing_t *out, int timeout_ms)
{
    far_caller_t *caller = process->caller;
    pthread_mutex_lock (&caller->lock);
    const far_credit_t *credit = process->credit;
    if (credit && far_credit_left (credit) && !process->turns && !caller->ops->is_full (caller))
        return FAR_OK;
    far_status_t status = wait_for_both (process, out, timeout_ms);
    if (status)
        pthread_mutex_unlock (&caller->lock);
    return status;
}

void far_turn_count (far_process_t *process, const far_outgoing_t *out)
{
    if (process->credit && is_counted (out))
        far_credit_use (process->credit, (uint64_t)out->header.fields_size + out->header.body_size);
}

void far_turn_raise (far_caller_t *caller, far_process_id_t id, far_amount_t limit)
{
    far_credit_t *credit = far_map_get (&caller->credits, id.value);
    if (!credit)
        return; /* it was sent nothing that is counted */
    far_credit_raise (credit, limit);
    call (caller, id);
}

void far_turn_return (far_caller_t *caller, far_process_id_t id, far_amount_t undelivered)
{
    far_credit_t *credit = far_map_get (&caller->credits, id.value);
    if (!credit)
        return;
    far_credit_return (credit, undelivered);
    call (caller, id);
}

void far_turn_forget (far_caller_t *caller, far_process_id_t id)
{
    free (far_map_remove (&caller->credits, id.value));
}

void far_turn_forget_all (far_caller_t *caller)
{
    size_t position = 0;
    uint64_t id;
    far_credit_t *credit;
    while ((credit = far_map_next (&caller->credits, &position, &id)))
        free (credit);
    far_map_deinit (&caller->credits);
}
