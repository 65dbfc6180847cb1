/* What comes in: tables are updated in the order of arrival, requests are put aside to be run. */
#ifndef FAR_ACTOR_INBOX_H
#define FAR_ACTOR_INBOX_H

#include "actor/inbound.h"
#include "actor/leftovers.h"

/* With the lock: handles a frame that has come in. Retains the frame if need be. */
void far_inbox_take (far_actor_t *actor, far_frame_t *frame, far_leftovers_t *leftovers);
/* With the lock: a request can be run. */
void far_inbox_enqueue (far_actor_t *actor, far_inbound_t *inbound);
/* With the lock: takes one that is in the queue out of it. */
void far_inbox_take_out (far_actor_t *actor, far_inbound_t *inbound);
/* With the lock: ends one that waits, and is out of where it did, with this error, of which one owner is taken. It wants an
 * answer. */
void far_inbox_refuse (far_actor_t *actor, far_inbound_t *inbound, far_error_t *error, far_leftovers_t *leftovers);
/* With the lock: does so with all that wait and want an answer, if the program has let go of the actor: nothing more is
 * run. */
void far_inbox_turn_away (far_actor_t *actor, far_leftovers_t *leftovers);
/* With the lock: takes all requests that wait out of the queue, and those set aside. */
void far_inbox_clear (far_actor_t *actor, far_leftovers_t *leftovers);

#endif
