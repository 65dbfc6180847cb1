/* The session with the broker: connecting, HELLO and WELCOME, losing it and beginning again, BYE. */
#ifndef FAR_ACTOR_SESSION_H
#define FAR_ACTOR_SESSION_H

#include "actor/inbox.h"

/* All functions: with the lock, from the actor's thread (or whoever reads the socket for it). */

/* A message of the session itself (party 0): WELCOME, ERROR to a HELLO, RESET, BYE. */
void far_session_take (far_actor_t *actor, const far_message_t *message, far_leftovers_t *leftovers);

/* From the actor's thread, with both locks: opens the link when it is time, and gives up what takes too long. */
void far_session_step (far_actor_t *actor, far_leftovers_t *leftovers);
/* With both locks: the connection has ended. */
void far_session_lost (far_actor_t *actor, const char *why, far_leftovers_t *leftovers);
/* With both locks: the end; stops calls with Closed, and says BYE if there is anybody to say it to. */
void far_session_leave (far_actor_t *actor, far_leftovers_t *leftovers);
/* With both locks: closes the link and lets go of everything, after leaving. */
void far_session_end (far_actor_t *actor, far_leftovers_t *leftovers);
/* When step has something to do next. */
far_deadline_t far_session_next (const far_actor_t *actor);

#endif
