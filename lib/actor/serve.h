/* Serving: running the methods of requests that have come in. */
#ifndef FAR_ACTOR_SERVE_H
#define FAR_ACTOR_SERVE_H

#include "actor/inbox.h"

/* From the actor's thread, without locks: runs requests until none waits or a while has passed. Were there any? */
bool far_serve (far_actor_t *actor);

#endif
