/* The actor's thread: reading the socket, running methods, sleeping. */
#ifndef FAR_ACTOR_LOOP_H
#define FAR_ACTOR_LOOP_H

#include "actor/inbox.h"

/* The zactor's function. args is the actor. */
void far_loop_run (zsock_t *pipe, void *args);
/* Does the calling thread run the loop of this actor? */
bool far_loop_is_mine (const far_actor_t *actor);
/* From the actor's thread, also inside a method: one turn; sleeps at most until the deadline. */
far_status_t far_loop_turn (far_actor_t *actor, far_deadline_t until);
/* From the actor's thread, inside a method: reads what has come in, and ends what is over, without waiting. Is there more? */
bool far_loop_read (far_actor_t *actor);

#endif
