/* Where a request is that the broker knows of: in a fleet, in a pipeline, among what is parked, or what a process waits
 * for. docs/protocol.md, section 9. */
#ifndef BROKER_WHERE_H
#define BROKER_WHERE_H

#include "resident.h"

/* A list of maps, from the outside in: a pipeline, the fleet of its stage, the worker that takes nothing. NULL with the last
 * error: NoSuchProcess, NoSuchAttribute, NoMemory. */
far_value_t *where_find (const residents_t *residents, const parking_t *parking, far_process_id_t caller,
                         uint64_t request);

/* Who has it, in the first of these places. The same errors. */
far_status_t where_place (const residents_t *residents, const parking_t *parking, far_process_id_t caller,
                          uint64_t request, far_process_id_t *out_place);

/* For those who describe a place. The beginning of a map: who has the request of the caller. NULL without memory. */
far_value_t *where_begin (const session_t *place, far_process_id_t caller, uint64_t request);
/* Says which process it is about, whether that runs, and for whom it waits in its turn. */
far_status_t where_add_process (far_value_t *map, const session_t *process);

#endif
