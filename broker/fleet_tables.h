/* Tables of fleets for people and programs that ask, as plain values. Each is the caller's; NULL with the last error. */
#ifndef BROKER_FLEET_TABLES_H
#define BROKER_FLEET_TABLES_H

#include "fleets.h"
#include <farcall/value.h>

/* A map: its state, its numbers, its counters. */
far_value_t *fleet_table_summary (const residents_t *residents, const fleet_process_t *fleet);
/* The same with its settings, its workers, and those that the broker starts for it. */
far_value_t *fleet_table_full (const residents_t *residents, const fleet_process_t *fleet);
/* A map for each request that a worker has. */
far_value_t *fleet_table_running (const fleet_process_t *fleet);
/* A map for each request of the dead list. */
far_value_t *fleet_table_dead (const fleet_process_t *fleet);

#endif
