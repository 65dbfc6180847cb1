/* Servers: threads that run methods, and which request each of them runs next. */
#ifndef FAR_ACTOR_SERVER_H
#define FAR_ACTOR_SERVER_H

#include "actor/inbox.h"

/* The calling thread begins, and ends, to be a server of the actor. It is none so far. */
void far_server_begin (far_server_t *self, far_actor_t *actor);
void far_server_end (far_server_t *self);
/* What the calling thread is; NULL if it runs no methods. */
far_server_t *far_server_mine (void);

/* With the lock: may the server run this request now? waits: it does so while it waits for an answer. */
bool far_server_may_run (const far_server_t *self, const far_inbound_t *inbound, bool waits);
/* With the lock: the place in the queue of the request that the server runs next; NULL if there is none for it. */
far_inbound_t **far_server_next (const far_server_t *self, bool waits);
/* With the lock: takes that request out of the queue, and enters it among the running. */
far_inbound_t *far_server_take (far_server_t *self, bool waits);
/* What the server runs from here on, callbacks and ends of objects, is no part of the method that waits on it meanwhile,
 * which is given; until that is given back. */
far_inbound_t *far_server_step_aside (far_server_t *self);
void far_server_step_back (far_server_t *self, far_inbound_t *before);
/* With the lock: the request that the calling thread runs for this call; NULL if it does not. */
far_inbound_t *far_server_inbound_of (const far_call_t *call);
/* When what the calling thread runs must have ended. */
far_deadline_t far_server_ends_at (void);
/* With the lock: it does not run any more. */
void far_server_leave (far_server_t *self, far_inbound_t *inbound);

#endif
