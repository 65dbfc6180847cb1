/* Pipelines as the broker shows them. */
#include "support/pipelines.h"

#include <time.h>

static void a_moment (void)
{
    struct timespec moment = { .tv_nsec = 1000000 };
    nanosleep (&moment, NULL);
}

uint64_t pipeline_shown (far_actor_t *actor, const char *name, unsigned stage, const char *key)
{
    far_proxy_t *show = world_at_broker (actor, "broker.pipelines.show");
    far_value_t *map, *stages;
    uint64_t number;
    assert_ok (far_call (show, NULL, "s>v", name, &map));
    assert_ok (far_value_get (map, "{sv}", "stages", &stages));
    assert_ok (far_value_get (stage ? far_value_item (stages, stage - 1) : map, "{su}", key, &number));
    far_value_destroy (&stages);
    far_value_destroy (&map);
    far_proxy_destroy (&show);
    return number;
}

void pipeline_wait_until (far_actor_t *actor, const char *name, unsigned stage, const char *key, uint64_t value)
{
    while (pipeline_shown (actor, name, stage, key) != value)
        a_moment ();
}

void pipeline_wait_gone (far_actor_t *actor, const char *name)
{
    far_proxy_t *find = world_at_broker (actor, "broker.find");
    while (!far_call (find, NULL, "s", name))
        a_moment ();
    far_proxy_destroy (&find);
}
