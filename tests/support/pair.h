/* Two processes: far-actor as "host" with a module, and this program as its caller. */
#ifndef FAR_TESTS_PAIR_H
#define FAR_TESTS_PAIR_H

#include "support/world.h"

typedef struct pair {
    world_t *world;
    pid_t pid; /* of host */
    far_actor_t *me;
    far_process_t *host;
    far_proxy_t *module;
} pair_t;

/* For a cmocka setup: host has that one of tests/modules, and calls wait as long as is said; 0: as they do by default. */
int pair_set_up (void **state, const char *module, int timeout_ms);
int pair_tear_down (void **state);

#endif
