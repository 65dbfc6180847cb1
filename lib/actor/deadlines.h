/* What the passing of time ends: requests that others were asked, and those that were asked of us. */
#ifndef FAR_ACTOR_DEADLINES_H
#define FAR_ACTOR_DEADLINES_H

#include "actor/inbox.h"

/* What a request is answered with that comes too late to be run. */
far_error_t *far_deadlines_error (const far_actor_t *actor);

/* All that follow: with the lock. */

/* A request that has come in is wanted for as long as it says. */
void far_deadlines_enter (far_actor_t *actor, far_inbound_t *inbound);
/* It has been answered, and nothing can end it any more. */
void far_deadlines_leave (far_actor_t *actor, far_inbound_t *inbound);
/* By the actor's thread: ends what is over. */
void far_deadlines_look (far_actor_t *actor, far_leftovers_t *leftovers);
/* When there will be something to look at. */
far_deadline_t far_deadlines_next (const far_actor_t *actor);

#endif
