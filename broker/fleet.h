/* The core of a fleet: its queue, its workers, and which request goes to which worker when. Knows nothing of frames,
 * and of time but what it is told. Sessions are names of processes to it. */
#ifndef BROKER_FLEET_H
#define BROKER_FLEET_H

#include "fleet_keys.h"
#include <farcall/base.h>

typedef struct fleet_settings {
    size_t queue_requests; /* at most so many wait */
    size_t queue_bytes;    /* of the requests that are kept, those that run too; a single one may be larger */
    unsigned prefetch;     /* idempotent requests that a worker is given beyond its slots */
    unsigned attempts;     /* workers that one idempotent request may be given to, if each of them dies */
    unsigned poison;       /* deaths that make a request one for the dead list; 0: none does */
    int64_t
        kill_ns; /* after a request was given up, before a worker of the broker's that still runs it is killed; 0: never */
    int64_t backoff_ns; /* before an attempt that follows a death; twice as long before each further one */
    bool queue_without_worker;
} fleet_settings_t;

struct fleet_worker {
    fleet_worker_t *next;
    session_t *session; /* for whoever sends to it; not looked into here */
    far_process_id_t id;
    char label[96]; /* for people */
    unsigned slots;
    bool leaving;              /* gets nothing more */
    far_heap_t queue;          /* of the jobs that only it may have */
    size_t running;            /* jobs that it has */
    fleet_job_t *first, *last; /* of them, the oldest first */
    uint64_t given;            /* when it was last given one, counted */
    uint64_t done;             /* answers that it gave */
};

struct fleet_caller {
    session_t *session;
    far_process_id_t id;
    far_map_t requests; /* job by the caller's request ID */
    fleet_job_t *jobs;  /* all of it, those that want no answer too */
};

typedef enum fleet_mode {
    FLEET_RUNS,
    FLEET_PAUSES, /* hands nothing out */
    FLEET_DRAINS  /* the same, and what waits does not wait for a worker that there is: nobody is to work for it */
} fleet_mode_t;

/* All but the settings and the mode is to be read only. */
typedef struct fleet {
    fleet_settings_t settings;
    fleet_mode_t mode;
    far_heap_t ready, delayed;
    far_heap_t timed;  /* all that have a deadline */
    size_t keyed;      /* in the queues of workers */
    far_map_t running; /* job by attempt */
    far_map_t callers; /* by process ID */
    fleet_worker_t *workers;
    size_t worker_count; /* that are not leaving */
    fleet_keys_t keys;
    size_t bytes;
    uint64_t orders, attempts, givings; /* counted up */
} fleet_t;

void fleet_init (fleet_t *self, const fleet_settings_t *settings);
/* Frees what is left in it. */
void fleet_deinit (fleet_t *self);

static inline size_t fleet_waiting (const fleet_t *self)
{
    return self->ready.count + self->delayed.count + self->keyed;
}

/* Is there a worker that what waits will come to? */
static inline bool fleet_is_served (const fleet_t *self)
{
    return self->worker_count && self->mode != FLEET_DRAINS;
}

/* A worker more; or other slots for one that is there, and it takes more again. NULL without memory. */
fleet_worker_t *fleet_join (fleet_t *self, session_t *session, unsigned slots);
fleet_worker_t *fleet_worker (const fleet_t *self, far_process_id_t id);
/* It takes no more: what only it might have had may go to others. */
void fleet_turn_away (fleet_t *self, fleet_worker_t *worker);
/* It is gone. Gives one after the other of the jobs that end with it, each to be taken out before the next call, then
 * NULL: the worker is freed. What may be tried again is queued. */
fleet_job_t *fleet_lose (fleet_t *self, fleet_worker_t *worker, int64_t now_ns);

/* Are requests taken, whatever room there is? */
bool fleet_is_open (const fleet_t *self);
/* Would one with a frame of this size be taken that takes nobody's credit? Overloaded, NoWorker; no error is set. */
far_status_t fleet_room (const fleet_t *self, size_t size);
/* Takes the job, a new one, of this caller. NoMemory; ProtocolError: its request ID is in use. Then it is still the
 * caller's, and no error is set. */
far_status_t fleet_add (fleet_t *self, session_t *caller, fleet_job_t *job, int64_t now_ns);
/* The next one that a worker can have now, handed out: its worker and attempt say to whom and as what. NULL: none. */
fleet_job_t *fleet_next (fleet_t *self, int64_t now_ns);
/* One that waits though there is no worker to wait for. NULL: none, or waiting is right. */
fleet_job_t *fleet_unserved (fleet_t *self);

/* Not taken out; NULL if there is none such. */
fleet_job_t *fleet_find (const fleet_t *self, far_process_id_t caller, uint64_t request);
fleet_job_t *fleet_attempt (const fleet_t *self, far_process_id_t worker, uint64_t attempt);
/* Any one of those that the caller waits for. */
fleet_job_t *fleet_of_caller (const fleet_t *self, far_process_id_t caller);
/* One whose deadline has passed; it has none any more. */
fleet_job_t *fleet_expired (fleet_t *self, int64_t now_ns);

/* Out of the fleet, whatever its state: it is yours, to free. */
void fleet_take (fleet_t *self, fleet_job_t *job);
/* Nobody waits for it any more. One that waits is still to be taken out; one that runs stays with its worker. */
void fleet_abandon (fleet_t *self, fleet_job_t *job);
/* One that runs goes back into the queue. */
void fleet_again (fleet_t *self, fleet_job_t *job, int64_t not_before);

/* When fleet_expired or fleet_next may have something that they had not before. */
far_deadline_t fleet_next_time (const fleet_t *self);

#endif
