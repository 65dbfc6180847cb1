/* Sleeping servers, and who of them is woken. No request stays in the queue while a server sleeps that may run it: a
 * server looks at the queue before it enters the list, with the lock held, and each request that comes calls one that is
 * in it. One that was called while its answer came goes its way, and passes the call on. */
#include "actor/idle.h"
#include "actor/serve.h"

/* Those that wait for an answer are left alone where another one can do it: what they wait for would have to wait. */
static far_sleeper_t *find (const far_actor_t *actor, const far_inbound_t *inbound)
{
    far_sleeper_t *found = NULL;
    for (far_sleeper_t *sleeper = actor->sleepers; sleeper; sleeper = sleeper->next)
        if (!sleeper->called && far_server_may_run (sleeper->server, inbound, sleeper->waits) &&
            (!found || sleeper->server->nesting < found->server->nesting))
            found = sleeper;
    return found;
}

void far_idle_call (far_actor_t *actor, const far_inbound_t *inbound)
{
    far_sleeper_t *sleeper = find (actor, inbound);
    if (sleeper) {
        sleeper->called = true;
        sem_post (&sleeper->waiter->wake);
    }
    if (actor->serving == FAR_SERVED_BY_CALLER)
        far_by_caller_tell (&actor->by_caller);
}

void far_idle_call_for_all (far_actor_t *actor)
{
    for (far_inbound_t *inbound = actor->first_inbound; inbound; inbound = inbound->next)
        far_idle_call (actor, inbound);
}

/* With the lock. */
static void enter (far_actor_t *actor, far_sleeper_t *sleeper)
{
    sleeper->next = actor->sleepers;
    actor->sleepers = sleeper;
}

static void leave (far_actor_t *actor, far_sleeper_t *sleeper)
{
    far_sleeper_t **at = &actor->sleepers;
    while (*at != sleeper)
        at = &(*at)->next;
    *at = sleeper->next;
    if (sleeper->called && sleeper->waits)
        far_idle_call_for_all (actor);
}

void far_idle_turn (far_server_t *server, bool waits, far_deadline_t until, far_waiter_t *waiter)
{
    far_actor_t *actor = server->actor;
    far_sleeper_t sleeper = { .server = server, .waits = waits, .waiter = waiter };
    if (actor->serving == FAR_SERVED_BY_CALLER)
        far_by_caller_let_go (actor);
    pthread_mutex_lock (&actor->caller.lock);
    far_inbound_t *inbound = far_server_take (server, waits);
    bool sleeps = !inbound && (waits || !actor->pool.is_over);
    if (sleeps)
        enter (actor, &sleeper);
    pthread_mutex_unlock (&actor->caller.lock);
    if (inbound)
        far_serve_and_send (server, inbound);
    if (!sleeps)
        return;
    far_waiter_sleep (waiter, until);
    pthread_mutex_lock (&actor->caller.lock);
    leave (actor, &sleeper);
    pthread_mutex_unlock (&actor->caller.lock);
}

far_status_t far_idle_wait (far_actor_t *actor, far_deadline_t until, far_waiter_t *waiter)
{
    far_server_t own, *server = far_server_mine ();
    if (server) {
        far_idle_turn (server, true, until, waiter);
        return FAR_OK;
    }
    far_server_begin (&own, actor);
    pthread_mutex_lock (&actor->caller.lock);
    own.chain = actor->by_caller.chain;
    pthread_mutex_unlock (&actor->caller.lock);
    far_idle_turn (&own, true, until, waiter);
    far_server_end (&own);
    return FAR_OK;
}
