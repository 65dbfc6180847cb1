/* Supervision: the workers of the fleets that the configuration names, as processes. They are started, watched, drained
 * and ended as their crews (crew.h) say; what they write is logged, line by line. */
#ifndef BROKER_SUPERVISE_H
#define BROKER_SUPERVISE_H

#include "fleet_spec.h"
#include <poll.h>

typedef struct supervise supervise_t;

/* What is asked of the fleets, and told them. pid is a worker's. */
typedef struct supervise_ops {
    /* Requests that wait though no worker has room for them. */
    size_t (*waiting) (void *context, const char *fleet);
    /* Has the process joined the fleet? */
    bool (*is_there) (void *context, const char *fleet, pid_t pid);
    /* Hand the worker no more. */
    void (*drain) (void *context, const char *fleet, pid_t pid);
    /* Has it nothing left to do? True for one that has not joined. */
    bool (*is_idle) (void *context, const char *fleet, pid_t pid);
} supervise_ops_t;

/* endpoint is what workers find in FAR_BROKER. NULL with NoMemory. */
supervise_t *supervise_new (const char *endpoint, const supervise_ops_t *ops, void *context);
/* Kills who is left. */
void supervise_destroy (supervise_t **self_p);

/* The fleets from now on: takes them. New ones are begun; those that are not named any more are stopped; workers of those
 * that changed are relieved by new ones, one after the other. NoMemory: then some of them are not there. */
far_status_t supervise_set (supervise_t *self, fleet_specs_t *specs, int64_t now_ns);
/* All workers finish what they have, for at most so long, and end. Gives how long that may take. */
int64_t supervise_stop (supervise_t *self, int64_t drain_ns);
bool supervise_is_gone (const supervise_t *self);

/* Does what there is to do. Then the descriptors to poll for more, at most most of them, and when to come back anyway. */
void supervise_step (supervise_t *self, int64_t now_ns);
size_t supervise_fd_count (const supervise_t *self); /* at most so many */
size_t supervise_fds (const supervise_t *self, struct pollfd *out, size_t most);
far_deadline_t supervise_next_time (const supervise_t *self);

/* A process that has just lost its connection: is it a child that is ending? Reaps it if so, and gives the cause, as a
 * text; "" if it is not known. false where it is a child that has not ended yet: ask again. */
bool supervise_cause (supervise_t *self, pid_t pid, char *out, size_t out_size);
/* A worker is stuck: it is killed and replaced. Whose pid is not a child's is left alone: false. */
bool supervise_kill (supervise_t *self, pid_t pid, int64_t now_ns);

/* Other bounds for the number of a fleet's workers, until the configuration is read again. Denied: it is not one of ours,
 * or is being ended. */
far_status_t supervise_scale (supervise_t *self, const char *fleet, unsigned least, unsigned most, int64_t now_ns);

/* The workers of the fleet, if it is one of ours, finish what they have and end, until they are wanted again. */
void supervise_hold (supervise_t *self, const char *fleet, bool held, int64_t now_ns);

/* What an operator sees of a fleet. */
typedef struct supervise_view {
    const crew_t *crew;
    pid_t pids[CREW_MOST]; /* of its places in use; 0 for one that has no process */
} supervise_view_t;

/* false if it is not one of ours. What is in it is borrowed until the next step. */
bool supervise_view (const supervise_t *self, const char *fleet, supervise_view_t *out);

#endif
