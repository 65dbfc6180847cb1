/* The figures of latency.h as a plain value. */
#ifndef BROKER_LATENCY_TABLE_H
#define BROKER_LATENCY_TABLE_H

#include "latency.h"
#include <farcall/value.h>

/* A map: "count", and in milliseconds "p50_ms", "p90_ms", "p99_ms", "worst_ms". NULL without memory. */
far_value_t *latency_table (const latency_t *latency, int64_t now_ns);
/* The same as an entry of a map, which may be NULL: NoMemory. */
far_status_t latency_table_set (far_value_t *map, const char *key, const latency_t *latency, int64_t now_ns);

#endif
