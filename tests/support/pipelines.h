/* Pipelines as the broker shows them. */
#ifndef FAR_TESTS_PIPELINES_H
#define FAR_TESTS_PIPELINES_H

#include "support/world.h"

/* What broker.pipelines.show says of the pipeline (stage 0) or of a stage of it under this key; a number. */
uint64_t pipeline_shown (far_actor_t *actor, const char *name, unsigned stage, const char *key);
/* Asks until it is so: there is no event for it. */
void pipeline_wait_until (far_actor_t *actor, const char *name, unsigned stage, const char *key, uint64_t value);
/* Until nobody has the name of a pipeline or a process. */
void pipeline_wait_gone (far_actor_t *actor, const char *name);

#endif
