/* Where a request is in a fleet: behind what, or in which worker. */
#ifndef BROKER_FLEET_WHERE_H
#define BROKER_FLEET_WHERE_H

#include "fleets.h"

bool fleet_where (const residents_t *all, const resident_t *fleet, far_process_id_t caller, uint64_t request,
                  where_t *out);

#endif
