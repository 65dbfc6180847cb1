/* What a request that goes out says of the thread that sends it: the chain of calls that it continues, and whether nothing
 * is served here until its answer has come. */
#include "actor/chain.h"
#include "base/error.h"
#include "proxy/options.h"

far_chain_t far_chain_of (const far_message_t *message)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_CHAIN)
            return field.chain;
    if (!message->header.request)
        return (far_chain_t){ 0 };
    return (far_chain_t){ { message->header.party }, message->header.request };
}

bool far_chain_equals (const far_chain_t *a, const far_chain_t *b)
{
    return far_process_id_equals (a->process, b->process) && a->request == b->request;
}

/* The chain that the calling thread is in; NULL for a thread that begins one with each call. */
static far_chain_t *chain_here (far_actor_t *actor)
{
    far_server_t *server = far_server_mine ();
    if (server)
        return server->running ? &server->running->chain : &server->chain;
    return far_by_caller_is_mine (&actor->by_caller) ? &actor->by_caller.chain : NULL;
}

/* Is the calling thread the only one that could serve, and won't while it waits? */
static bool holds_all (far_actor_t *actor)
{
    const far_server_t *server = far_server_mine ();
    if (server ? server->actor != actor : !far_by_caller_is_mine (&actor->by_caller))
        return false;
    return actor->pool.count <= 1 && far_caller_option (&actor->caller, FAR_OPTION_REENTRANCY) == FAR_REENTRANCY_QUEUE;
}

/* What it asks must end with what it does; but a process that is to leave shall leave, late or not. */
static far_status_t mark_time (far_outgoing_t *out)
{
    if (out->header.type == FAR_CLOSE)
        return FAR_OK;
    out->deadline = far_deadline_first (out->deadline, far_server_ends_at ());
    if (out->deadline == FAR_DEADLINE_NEVER)
        return FAR_OK;
    out->header.time_left_ms = (uint32_t)far_deadline_left_ms (out->deadline);
    return out->header.time_left_ms ? FAR_OK : far_fail (FAR_E_TIMEOUT, "its deadline had passed before it was sent");
}

far_status_t far_chain_mark (far_actor_t *actor, far_outgoing_t *out)
{
    if (mark_time (out))
        return FAR_E_TIMEOUT;
    if (out->marked)
        return FAR_OK;
    out->marked = true;
    if (out->waits && holds_all (actor))
        out->header.flags |= FAR_FLAG_HOLDS;
    far_chain_t *chain = chain_here (actor);
    if (!chain)
        return FAR_OK;
    if (!chain->process.value) /* an ID that no request will have: it stands for what the thread does */
        *chain = (far_chain_t){ actor->id, ++actor->caller.last_request };
    far_field_append (&out->fields, &(far_field_t){ .tag = FAR_FIELD_CHAIN, .chain = *chain });
    return FAR_OK;
}
