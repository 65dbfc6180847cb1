/* Serving: running the methods of requests that have come in. */
#ifndef FAR_ACTOR_SERVE_H
#define FAR_ACTOR_SERVE_H

#include "actor/server.h"

/* Without locks, from the server's thread, not the actor's: runs a request that it has taken, and sends the answer.
 * Consumes inbound. */
void far_serve_and_send (far_server_t *server, far_inbound_t *inbound);
/* Without locks: sends the answer to a request, whose body begins at start, or which is this error (borrowed), and keeps
 * what is to stay of it; an error that nobody waits for is told. The caller flushes. */
void far_serve_answer (far_actor_t *actor, far_inbound_t *inbound, far_outgoing_t *answer, size_t start,
                       const far_error_t *error);
/* From the actor's thread, without locks: runs requests, if they are that thread's to run, until none waits or a while has
 * passed. Were there any? */
bool far_serve (far_actor_t *actor);

#endif
