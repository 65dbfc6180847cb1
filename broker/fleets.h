/* The fleets of a broker: processes inside it. Towards callers each is the callee, towards its workers the caller. */
#ifndef BROKER_FLEETS_H
#define BROKER_FLEETS_H

#include "fleet.h"
#include "fleet_dead.h"
#include "latency.h"
#include "resident.h"

#define FLEET_COUNTERS(ROW) \
    ROW (REQUESTS, "requests")   /* taken */ \
    ROW (REFUSED, "refused")     /* for want of room or of workers, or because they make no sense here */ \
    ROW (ANSWERED, "answered")   /* by a worker */ \
    ROW (CANCELLED, "cancelled") /* before they were handed out, or by the end of the caller */ \
    ROW (EXPIRED, "expired")     /* their deadlines passed */ \
    ROW (RETRIED, "retried")     /* attempts after a first one */ \
    ROW (LOST, "lost")           /* ended because a worker was gone: the outcome is unknown */ \
    ROW (BURIED, "buried")       /* of them, those that went to the dead list */ \
    ROW (DEATHS, "deaths")       /* of workers that did not say goodbye */

typedef enum fleet_counter {
#define FLEET_COUNTER_ENUM(name, text) FLEET_##name,
    FLEET_COUNTERS (FLEET_COUNTER_ENUM)
#undef FLEET_COUNTER_ENUM
        FLEET_COUNTER_COUNT
} fleet_counter_t;

extern const char *const fleet_counter_names[FLEET_COUNTER_COUNT];

typedef struct fleet_process {
    resident_t resident;
    fleet_t fleet;
    fleet_deads_t dead;
    bool was_set; /* somebody has given it settings */
    uint64_t counters[FLEET_COUNTER_COUNT];
    latency_t *waited, *worked; /* until handed out, each time; from then until answered. NULL: none yet */
} fleet_process_t;

/* NULL if it is none. */
fleet_process_t *fleets_as_fleet (const resident_t *resident);
/* NULL if there is none of the name. */
fleet_process_t *fleets_find (const residents_t *self, const char *name);
/* The fleet of this name, made if need be, for this process. NULL with the last error: BadArguments, NameTaken,
 * Overloaded, NoMemory. */
fleet_process_t *fleets_open (residents_t *self, const char *name, far_process_id_t maker);
/* A process becomes a worker. NoMemory. */
far_status_t fleets_join (fleet_process_t *fleet, session_t *worker, unsigned slots);
/* Takes a job out for good: what it refers to is let go of, and what credit it took. It is yours, to free. */
void fleets_take_out (residents_t *self, fleet_process_t *fleet, fleet_job_t *job);
/* Something of it was changed by hand. */
void fleets_stir (fleet_process_t *fleet);
/* A request of the dead list has another try, now in the fleet's own name. NoSuchAttribute; Denied: its references are
 * gone; Overloaded, NoWorker, NoMemory. */
far_status_t fleets_retry (fleet_process_t *fleet, uint64_t number);

#endif
