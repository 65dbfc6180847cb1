/* The callee's side of a stream: results on their way to the caller's report. */
#ifndef FAR_ACTOR_YIELD_H
#define FAR_ACTOR_YIELD_H

#include "object/host.h"

/* For far_host_t. */
far_status_t far_yield (far_host_t *host, far_call_t *call, const far_value_t *value);
void far_yield_progress (far_host_t *host, far_call_t *call, double done, double total, const char *text);
void far_yield_end (far_host_t *host, far_call_t *call);

#endif
