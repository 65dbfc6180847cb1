/* Which request runs next, and on which thread. Requests run in the order of their arrival, but for those that a server
 * must not run yet: here, and nowhere else, is said which those are. */
#include "actor/server.h"
#include "actor/chain.h"
#include "actor/shares.h"
#include "actor/stream.h"
#include "proxy/options.h"

#include <assert.h>

static _Thread_local far_server_t *mine;

void far_server_begin (far_server_t *self, far_actor_t *actor)
{
    assert (!mine);
    *self = (far_server_t){ .actor = actor };
    mine = self;
}

void far_server_end (far_server_t *self)
{
    assert (mine == self && !self->running);
    mine = NULL;
}

far_server_t *far_server_mine (void)
{
    return mine;
}

bool far_server_may_run (const far_server_t *self, const far_inbound_t *inbound, bool waits)
{
    if (waits && inbound->object && far_stream_is_report (inbound->object))
        return true;
    const far_chain_t *chain = self->running ? &self->running->chain : &self->chain;
    switch (waits ? far_caller_option (&self->actor->caller, FAR_OPTION_REENTRANCY) : FAR_REENTRANCY_INTERLEAVE) {
    case FAR_REENTRANCY_CHAIN:
        return far_chain_equals (chain, &inbound->chain);
    case FAR_REENTRANCY_QUEUE:
        return false;
    default:
        return true;
    }
}

far_inbound_t **far_server_next (const far_server_t *self, bool waits)
{
    far_actor_t *actor = self->actor;
    if (actor->stop) /* nobody waits for more of it then */
        return NULL;
    for (far_inbound_t **at = &actor->first_inbound; *at; at = &(*at)->next)
        if (far_server_may_run (self, *at, waits))
            return at;
    return NULL;
}

far_inbound_t *far_server_take (far_server_t *self, bool waits)
{
    far_actor_t *actor = self->actor;
    far_inbound_t **at = far_server_next (self, waits);
    if (!at)
        return NULL;
    far_inbound_t *inbound = *at;
    far_inbox_take_out (actor, inbound);
    far_shares_take_inbound (actor, inbound);
    inbound->next = actor->running;
    actor->running = inbound;
    inbound->outer = self->running;
    self->running = inbound;
    return inbound;
}

far_inbound_t *far_server_step_aside (far_server_t *self)
{
    far_inbound_t *before = self->aside_of;
    self->aside_of = self->running;
    return before;
}

void far_server_step_back (far_server_t *self, far_inbound_t *before)
{
    self->aside_of = before;
}

far_inbound_t *far_server_inbound_of (const far_call_t *call)
{
    far_inbound_t *running = mine ? mine->running : NULL;
    return running && &running->wanted == call->wanted ? running : NULL;
}

far_deadline_t far_server_ends_at (void)
{
    bool runs = mine && mine->running && mine->running != mine->aside_of;
    return runs ? mine->running->wanted.until : FAR_DEADLINE_NEVER;
}

void far_server_leave (far_server_t *self, far_inbound_t *inbound)
{
    far_inbound_t **at = &self->actor->running;
    while (*at != inbound) /* few run at once */
        at = &(*at)->next;
    *at = inbound->next;
    self->running = inbound->outer;
}
