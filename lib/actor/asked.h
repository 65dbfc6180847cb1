/* What a process says of a request, to operators: one of its own, or one that it was asked. */
#ifndef FAR_ACTOR_ASKED_H
#define FAR_ACTOR_ASKED_H

#include "actor/actor.h"

/* A map, or nil where it knows nothing of it; NULL with the last error. docs/protocol.md, section 8. */
far_value_t *far_asked_where (far_host_t *host, far_process_id_t caller, uint64_t request);

#endif
