/* Requests that refer to answers which are not there yet: they are set aside, and block nobody. */
#ifndef FAR_ACTOR_ASIDE_H
#define FAR_ACTOR_ASIDE_H

#include "actor/inbound.h"

/* All with the lock. A request that has arrived, its pins taken: into the queue, or aside. */
void far_aside_enter (far_actor_t *actor, far_inbound_t *inbound);
/* An answer that stays is there; takes the outcome. Who waited for nothing else goes into the queue. */
void far_aside_settle (far_actor_t *actor, far_kept_t *kept, far_outcome_t *outcome);
/* Takes this one out, if it is aside. */
bool far_aside_take_out (far_actor_t *actor, const far_inbound_t *inbound);
/* Those that have been cancelled go into the queue. */
void far_aside_look (far_actor_t *actor);
void far_aside_clear (far_actor_t *actor, far_leftovers_t *leftovers);

#endif
