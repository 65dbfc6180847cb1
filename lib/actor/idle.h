/* Servers that have nothing to run: they sleep until there is a request for them. The actor's thread is not among them:
 * it sleeps on its sockets. */
#ifndef FAR_ACTOR_IDLE_H
#define FAR_ACTOR_IDLE_H

#include "actor/server.h"

/* One server that sleeps; lies in the memory of its thread. */
struct far_sleeper {
    far_sleeper_t *next;
    const far_server_t *server;
    bool waits; /* for an answer */
    far_waiter_t *waiter;
    bool called;
};

/* Runs one request, or else sleeps until there may be one, the waiter is posted, or the deadline. */
void far_idle_turn (far_server_t *server, bool waits, far_deadline_t until, far_waiter_t *waiter);
/* The same for a thread that waits, a server or the one that serves by far_actor_process_requests. */
far_status_t far_idle_wait (far_actor_t *actor, far_deadline_t until, far_waiter_t *waiter);
/* With the lock: this request has come into the queue, or may be run from now on. Wakes a server that may run it, if one
 * sleeps. */
void far_idle_call (far_actor_t *actor, const far_inbound_t *inbound);

/* With the lock: the rules of who may run what have changed. */
void far_idle_call_for_all (far_actor_t *actor);

#endif
