/* A request that a fleet has taken: what was asked, how it wants to be treated, and how far it has come. */
#ifndef BROKER_FLEET_JOB_H
#define BROKER_FLEET_JOB_H

#include "base/clock.h"
#include "base/heap.h"
#include "session.h"
#include "wire/message.h"

typedef struct fleet_job fleet_job_t;
typedef struct fleet_worker fleet_worker_t;
typedef struct fleet_caller fleet_caller_t;

typedef enum job_state {
    JOB_NEW,     /* in no fleet */
    JOB_DELAYED, /* not before its time */
    JOB_QUEUED,
    JOB_RUNNING /* handed out, not answered */
} job_state_t;

/* What the caller says of a request. All zero is what it is without saying anything. */
typedef struct job_wishes {
    int32_t priority; /* greater first */
    bool idempotent;
    bool has_key;
    uint64_t key;     /* the same worker for the same key */
    int64_t delay_ns; /* not to be begun before */
} job_wishes_t;

struct fleet_job {
    job_wishes_t wishes;
    uint64_t request;       /* the caller's ID of it; 0: it wants no answer */
    far_process_id_t asker; /* whose ID that is, also when nobody waits for it any more */
    far_deadline_t deadline;
    bool takes_credit; /* of who asked: its bytes until it ends, and 1 until it is begun */
    bool begun;        /* it has been handed out, once at least */

    job_state_t state;
    uint64_t order; /* of its coming */
    int64_t came_at;
    int64_t not_before;           /* DELAYED */
    unsigned deaths;              /* of workers that had it */
    fleet_caller_t *caller;       /* NULL: nobody waits for it any more */
    fleet_worker_t *worker;       /* RUNNING: whose; QUEUED: the one of its key, if that is settled */
    int64_t given_at;             /* RUNNING: when it was handed out */
    int64_t given_up_at;          /* RUNNING: when its worker was asked to give it up; 0 if it was not */
    uint64_t attempt;             /* RUNNING: the fleet's own ID of it */
    far_heap_node_t waiting;      /* DELAYED, QUEUED: in the queue */
    far_heap_node_t timed;        /* while it has a deadline */
    fleet_job_t *next, *previous; /* RUNNING: of the same worker, the oldest first */
    fleet_job_t *sibling, *elder; /* of the same caller */

    size_t size;
    uint8_t frame[]; /* as it came from the caller, a plain message */
};

/* Copies the message; NULL without memory. */
fleet_job_t *job_new (const far_message_t *message);

/* Orders of heaps: by what is urgent; by not_before; by deadline. */
bool job_is_before (const far_heap_node_t *a, const far_heap_node_t *b);
bool job_starts_before (const far_heap_node_t *a, const far_heap_node_t *b);
bool job_ends_before (const far_heap_node_t *a, const far_heap_node_t *b);

fleet_job_t *job_of_waiting (const far_heap_node_t *node); /* NULL for NULL */
fleet_job_t *job_of_timed (const far_heap_node_t *node);   /* likewise */

#endif
