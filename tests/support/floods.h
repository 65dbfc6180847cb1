/* Processes with the module `flood` of tests/modules: they call each other faster than anybody takes it. */
#ifndef FAR_TESTS_FLOODS_H
#define FAR_TESTS_FLOODS_H

#include "support/world.h"

typedef struct flooder {
    far_process_t *process;
    far_proxy_t *flood; /* the module */
} flooder_t;

/* Starts one; sends it nothing yet. */
flooder_t flooder_new (world_t *world, far_actor_t *me, const char *name);
void flooder_end (flooder_t *self);
/* Calls of the other's `take`, off, as this sender, so many and so large; the request ends once all are sent. */
far_request_t *flooder_begin (const flooder_t *self, const flooder_t *to, int sender, int64_t count, int64_t size);
/* Waits until they have. */
void floods_end (far_request_t **requests, size_t count);
/* Asks until so many of this sender have come: none is missing, and none was overtaken. */
void flooder_assert_taken (const flooder_t *self, int sender, int64_t expected);

#endif
