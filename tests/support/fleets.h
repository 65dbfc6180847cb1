/* Fleets as the broker shows them. */
#ifndef FAR_TESTS_FLEETS_H
#define FAR_TESTS_FLEETS_H

#include "support/world.h"

/* broker.fleets. */
far_proxy_t *fleets_of (far_actor_t *actor);
/* What broker.fleets.show says of the fleet under this key; a number. */
uint64_t fleet_shown (far_actor_t *actor, const char *fleet, const char *key);
/* Asks until it is so: there is no event for it. */
void fleet_wait_until (far_actor_t *actor, const char *fleet, const char *key, uint64_t value);
/* Makes the fleet if there is none. */
void fleet_set (far_actor_t *actor, const char *fleet, const char *setting, uint64_t value);
/* A fleet once as many workers as are asked for, of one slot each, have joined it. */
far_process_t *fleet_of (world_t *world, far_actor_t *actor, const char *name, unsigned workers);

#endif
