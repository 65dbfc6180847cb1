/* Fleets as the broker shows them. */
#include "support/fleets.h"

#include <time.h>

far_proxy_t *fleets_of (far_actor_t *actor)
{
    return world_at_broker (actor, "broker.fleets");
}

uint64_t fleet_shown (far_actor_t *actor, const char *fleet, const char *key)
{
    far_proxy_t *fleets = fleets_of (actor);
    uint64_t value;
    assert_ok (far_call (fleets, "show", "s>{su}", fleet, key, &value));
    far_proxy_destroy (&fleets);
    return value;
}

void fleet_wait_until (far_actor_t *actor, const char *fleet, const char *key, uint64_t value)
{
    while (fleet_shown (actor, fleet, key) != value) {
        struct timespec moment = { .tv_nsec = 1000000 };
        nanosleep (&moment, NULL);
    }
}

void fleet_set (far_actor_t *actor, const char *fleet, const char *setting, uint64_t value)
{
    far_proxy_t *fleets = fleets_of (actor);
    assert_ok (far_call (fleets, "set", "s{su}", fleet, setting, value));
    far_proxy_destroy (&fleets);
}

far_process_t *fleet_of (world_t *world, far_actor_t *actor, const char *name, unsigned workers)
{
    for (unsigned i = 0; i < workers; i++)
        world_worker (world, name, 1);
    far_process_t *fleet = far_find (actor, name);
    assert_made (fleet);
    fleet_wait_until (actor, name, "workers", workers);
    return fleet;
}
