/* The fleets that an actor is a worker of: joined again in each session. */
#ifndef FAR_ACTOR_JOIN_H
#define FAR_ACTOR_JOIN_H

#include "actor/actor.h"

/* With the lock, at the beginning of a session: asks the broker, and does not wait for it. */
void far_join_again (far_actor_t *actor);
/* Frees what is known of them. */
void far_join_forget (far_actor_t *actor);

#endif
