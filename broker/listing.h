/* What the functions of the broker answer, as values. */
#ifndef BROKER_LISTING_H
#define BROKER_LISTING_H

#include "router.h"
#include <farcall/object.h>
#include <farcall/value.h>

typedef struct gauge {
    const char *name;
    uint64_t value;
} gauge_t;

/* NULL with the last error. */
far_value_t *listing_processes (const router_t *router);
far_value_t *listing_counters (const router_t *router, const gauge_t *gauges, size_t gauge_count);

/* Answers the call with a value, which it takes; with the last error if there is none. */
far_status_t listing_give (far_call_t *call, far_value_t *value);

/* The time of day at which the steady clock said so, to the millisecond. */
struct timespec listing_time (int64_t at_ns);

/* Does the process run? As the kernel says, where it has told its pid; else "ready". */
const char *listing_state (const session_t *session);

#endif
