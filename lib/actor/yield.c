/* The callee's side of a stream. Each result is a call of the caller's report, whose answer is the credit for another
 * one: so many may be under way, and then the oldest is waited for. docs/protocol.md, section 3, "Streams". */
#include "actor/yield.h"
#include "actor/outbox.h"
#include "actor/server.h"
#include "base/error.h"
#include "object/call.h"
#include "proxy/reference.h"
#include "proxy/request.h"

#include <stdlib.h>

enum { WINDOW = 256 };

struct far_yielding {
    far_request_t *under_way[WINDOW]; /* a ring */
    size_t first, count;
};

static bool is_unwanted (void *call)
{
    return !far_wanted_still (((far_call_t *)call)->wanted);
}

/* FAR_OK, or why nobody takes more results. */
static far_status_t check_wanted (far_call_t *call)
{
    const char *method = call->callee ? call->callee->method : "the method";
    if (!is_unwanted (call))
        return FAR_OK;
    if (far_deadline_passed (call->wanted->until))
        return far_fail (FAR_E_TIMEOUT, "%s: the deadline of the call has passed", method);
    return far_fail (FAR_E_CANCELLED, "%s: the caller has given up", method);
}

/* A CANCEL wakes it from now on; or (NULL) not any more. */
static void set_waiter (far_host_t *host, far_call_t *call, far_waiter_t *waiter)
{
    pthread_mutex_lock (&host->actor->caller.lock);
    far_inbound_t *inbound = far_server_inbound_of (call);
    if (inbound)
        inbound->waiter = waiter;
    pthread_mutex_unlock (&host->actor->caller.lock);
}

/* Until it has been answered, or nobody wants the results any more. */
static far_status_t wait_for (far_request_t *request, far_host_t *host, far_call_t *call)
{
    if (far_request_done (request))
        return FAR_OK;
    far_waiter_t waiter;
    sem_init (&waiter.wake, 0, 0);
    set_waiter (host, call, &waiter);
    far_status_t status = far_request_wait_or (request, &waiter, is_unwanted, call, FAR_DEADLINE_NEVER);
    set_waiter (host, call, NULL);
    sem_destroy (&waiter.wake);
    return status && status != FAR_E_TIMEOUT ? status : check_wanted (call);
}

/* Waits for the answer of the oldest. */
static far_status_t settle_one (far_yielding_t *self, far_host_t *host, far_call_t *call)
{
    far_request_t **oldest = &self->under_way[self->first];
    far_status_t status = wait_for (*oldest, host, call);
    if (!status)
        status = far_request_result (*oldest, NULL);
    if (status == FAR_E_RAISED)
        status = far_fail (FAR_E_CANCELLED, "%s: the caller wants no more results",
                           call->callee ? call->callee->method : "the method");
    far_error_t *error = status ? far_error_retain (far_last_error ()) : NULL;
    far_request_destroy (oldest);
    self->first = (self->first + 1) % WINDOW;
    self->count--;
    return error ? far_fail_with (error) : FAR_OK;
}

/* Those that have been answered already, and at least one if the ring is full. */
static far_status_t settle (far_yielding_t *self, far_host_t *host, far_call_t *call)
{
    far_status_t status = check_wanted (call);
    while (self->count && !status && (self->count == WINDOW || far_request_done (self->under_way[self->first])))
        status = settle_one (self, host, call);
    return status;
}

/* Of a caller that is this process itself it came as the object. Yours; NULL with BrokerLost or NoMemory. */
static far_proxy_t *report_of (const far_host_t *host, const far_call_t *call)
{
    far_proxy_t *report = far_proxy_from_handle (call->report);
    if (report)
        return far_proxy_retain (report);
    return far_proxy_from_handle (far_outbox_own_proxy (host->actor, far_object_from_handle (call->report)));
}

far_status_t far_yield (far_host_t *host, far_call_t *call, const far_value_t *value)
{
    if (!call->yielding)
        call->yielding = calloc (1, sizeof *call->yielding);
    far_yielding_t *self = call->yielding;
    if (!self)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a stream");
    far_status_t status = settle (self, host, call);
    if (status)
        return status;
    far_proxy_t *report = report_of (host, call);
    if (!report)
        return far_last_status ();
    far_value_t *arguments = far_value_list (), *item = far_value_retain (value);
    far_request_t *request = NULL;
    if (!far_value_append (arguments, &item))
        request = far_call_values (report, "yield", arguments, NULL);
    far_value_destroy (&arguments);
    far_proxy_destroy (&report);
    if (!request)
        return far_last_status ();
    self->under_way[(self->first + self->count++) % WINDOW] = request;
    return FAR_OK;
}

void far_yield_progress (far_host_t *host, far_call_t *call, double done, double total, const char *text)
{
    far_proxy_t *report = report_of (host, call);
    if (report)
        far_send (report, "progress", "ffs", done, total, text);
    far_proxy_destroy (&report);
}

/* An answer that is not waited for would be given up, and its result with it; where nobody wants them it is. */
void far_yield_end (far_host_t *host, far_call_t *call)
{
    far_error_t *before = far_last_error_take ();
    while (call->yielding->count)
        settle_one (call->yielding, host, call);
    far_last_error_put (&before);
    free (call->yielding);
    call->yielding = NULL;
}
