/* What goes out: submitting messages, and sending what was submitted. */
#ifndef FAR_ACTOR_OUTBOX_H
#define FAR_ACTOR_OUTBOX_H

#include "actor/actor.h"

/* With the lock: puts a message into the out-queue. docs/protocol.md, section 5, rule 1. */
far_status_t far_outbox_submit (far_actor_t *actor, far_outgoing_t *out);
/* With the lock: a message of the session itself, which may go out before there is a process id. */
far_status_t far_outbox_submit_session (far_actor_t *actor, far_outgoing_t *out);
/* Without a lock: a proxy to an object of the actor's own, which calls it by way of the broker, as everybody else does. */
far_handle_t *far_outbox_own_proxy (far_actor_t *actor, far_object_t *object);
/* Without a lock: sends, unless another thread is at the socket (it will). */
void far_outbox_flush (far_actor_t *actor);
/* The same for a thread that goes on: in a burst, the actor's thread sends. */
void far_outbox_flush_soon (far_actor_t *actor);
/* Without a lock, after giving the socket lock up: sends what came in meanwhile from threads that did not get it. */
void far_outbox_flush_rest (far_actor_t *actor);
/* With the socket lock: sends until the queue is empty or the socket is full. */
void far_outbox_drain (far_actor_t *actor);
/* The same by the actor's thread, which has been left messages in a burst. */
void far_outbox_take_left (far_actor_t *actor);

#endif
