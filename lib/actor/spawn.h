/* The children of an actor. */
#ifndef FAR_ACTOR_SPAWN_H
#define FAR_ACTOR_SPAWN_H

#include "actor/actor.h"
#include <farcall/spawn.h>

/* From the actor's thread, without locks, when it leaves: stops all that still run. */
void far_children_stop (far_actor_t *actor);

#endif
