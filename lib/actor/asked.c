/* Where a request is, as far as this process knows: with the process that it was sent to, or running here.
 * Looked for in the tables that are there anyway. Owns nothing. */
#include "actor/asked.h"
#include "actor/inbound.h"
#include "proxy/request.h"

static bool is_it (const far_inbound_t *inbound, far_process_id_t caller, uint64_t request)
{
    return inbound->message.header.request == request && far_process_id_equals (inbound->source, caller);
}

static bool is_among (const far_inbound_t *first, far_process_id_t caller, uint64_t request)
{
    while (first && !is_it (first, caller, request))
        first = first->next;
    return first;
}

/* With the lock. */
static far_value_t *describe_own (const far_request_t *request)
{
    return far_value_new ("{ss su ss}", "state", "sent", "worker", request->process->id.value, "call", request->what);
}

/* With the lock. What waits in the queue is not told: it was begun before whoever asks for it, who stands behind it. */
static far_value_t *describe_asked (const far_actor_t *actor, far_process_id_t caller, uint64_t request)
{
    if (is_among (actor->running, caller, request))
        return far_value_new ("{ss}", "state", "running");
    if (is_among (actor->deferred, caller, request))
        return far_value_new ("{ss}", "state", "deferred");
    if (is_among (actor->first_aside, caller, request))
        return far_value_new ("{ss ss}", "state", "waiting", "why", "answer");
    return far_value_new ("n");
}

far_value_t *far_asked_where (far_host_t *host, far_process_id_t caller, uint64_t request)
{
    far_actor_t *actor = host->actor;
    pthread_mutex_lock (&actor->caller.lock);
    const far_request_t *own =
        far_process_id_equals (caller, actor->id) ? far_map_get (&actor->caller.requests, request) : NULL;
    bool elsewhere = own && !far_process_id_equals (own->process->id, caller);
    far_value_t *found = elsewhere ? describe_own (own) : describe_asked (actor, caller, request);
    pthread_mutex_unlock (&actor->caller.lock);
    return found;
}
