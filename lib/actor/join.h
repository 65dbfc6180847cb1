/* The fleets that an actor is a worker of: joined again in each session. */
#ifndef FAR_ACTOR_JOIN_H
#define FAR_ACTOR_JOIN_H

#include "actor/actor.h"

/* With the lock, at the beginning of a session: asks the broker, and does not wait for it. */
void far_join_again (far_actor_t *actor);
/* The actor's thread, no lock, of an actor that is closing: tells the fleets, once, so that they give it nothing more. */
void far_join_leave (far_actor_t *actor);
/* The actor's thread: has one of them not confirmed it yet, and may still, until then? */
bool far_join_is_leaving (const far_actor_t *actor, far_deadline_t *out_until);
/* The actor's thread: waits no more. */
void far_join_left (far_actor_t *actor);
/* Frees what is known of them. */
void far_join_forget (far_actor_t *actor);

#endif
