/* The fleets of a broker: processes inside it. Towards callers each is the callee, towards its workers the caller. */
#ifndef BROKER_FLEETS_H
#define BROKER_FLEETS_H

#include "fleet.h"
#include "fleet_dead.h"
#include "pack.h"
#include "router.h"
#include "supervise.h"

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

struct resident {
    resident_t *next;
    session_t *session; /* its ID and name */
    fleet_t fleet;
    fleet_deads_t dead;
    uint64_t counters[FLEET_COUNTER_COUNT];
    bool stirred; /* something has changed: there may be work to hand out */
};

typedef struct fleets {
    router_t *router;
    resident_t *first;
    size_t count;
    resident_t *born; /* the newest, whose name nobody has been told of yet */
    pack_t pack;
    supervise_t *workers; /* those that the broker starts; borrowed; NULL where the configuration names no fleet */
    /* While something is done. */
    actions_t *actions;
    int64_t now_ns;
} fleets_t;

/* Borrows the router. NULL without memory. */
fleets_t *fleets_new (router_t *router);
/* All other processes have left. */
void fleets_destroy (fleets_t **self_p);

/* NULL if there is none of the name. */
resident_t *fleets_find (const fleets_t *self, const char *name);
/* The fleet of this name, made if need be. NULL with the last error: BadArguments, NameTaken, Overloaded, NoMemory. */
resident_t *fleets_open (fleets_t *self, const char *name);
/* A process becomes a worker. NoMemory. */
far_status_t fleets_join (resident_t *fleet, session_t *worker, unsigned slots);
/* Something of it was changed by hand. */
void fleets_stir (resident_t *fleet);
/* A request of the dead list has another try, now in the fleet's own name. NoSuchAttribute; Denied: its references are
 * gone; Overloaded, NoWorker, NoMemory. */
far_status_t fleets_retry (resident_t *fleet, uint64_t number);

/* A frame for a fleet that the router has looked at. */
void fleets_take (fleets_t *self, session_t *to, session_t *from, far_bytes_t frame, int64_t now_ns,
                  actions_t *actions);
/* The process is down: as a caller, and as a worker. cause is how it ended; NULL where that is not known. */
void fleets_left (fleets_t *self, far_process_id_t id, const char *cause, int64_t now_ns, actions_t *actions);
/* Hands out what can be, and ends what is late. After what has come in, before any session ends. */
void fleets_run (fleets_t *self, int64_t now_ns, actions_t *actions);
/* When fleets_run has something to do. */
far_deadline_t fleets_deadline (const fleets_t *self);

#endif
