/* The crew of a fleet: how many workers there should be, which are to be started, drained, ended, and when. A pure
 * machine: it is told what has happened and what time it is, and says what to do. Knows nothing of processes. */
#ifndef BROKER_CREW_H
#define BROKER_CREW_H

#include "base/clock.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CREW_MOST 256 /* workers */
#define CREW_WANTED_MOST \
    (CREW_MOST / 2) /* settings ask for at most so many: while they are relieved there are twice as many */

typedef struct crew_settings {
    unsigned least, most; /* workers; between them as many as the queue asks for */
    int64_t backoff_ns;   /* before a worker that ended early is started anew; twice as long each time */
    int64_t backoff_most_ns;
    int64_t early_ns;  /* a worker that ends sooner than this after its start has ended early */
    unsigned restarts; /* so many within a time, and the crew rests: 0 is no limit */
    int64_t within_ns, rest_ns;
    int64_t drain_ns; /* for what a worker has to finish, before it is told to end all the same */
    int64_t grace_ns; /* between being told to end and being killed */
    int64_t idle_ns;  /* so long without a queue, and a worker more than the least is let go */
} crew_settings_t;

typedef enum worker_state {
    WORKER_NONE,     /* the place is free */
    WORKER_WAITS,    /* to be started at a time */
    WORKER_STARTING, /* said to be started, not at work yet */
    WORKER_RUNS,
    WORKER_DRAINS, /* finishes what it has, takes no more */
    WORKER_ENDS,   /* was told to end, is killed at a time */
    WORKER_KILLED  /* was killed, is still to be reaped */
} worker_state_t;

typedef struct crew_worker {
    worker_state_t state;
    bool old;      /* of settings that have been replaced: to be relieved */
    bool unwanted; /* its place is not filled again */
    int64_t started_at;
    int64_t at;         /* when it is started, told to end, or killed */
    int64_t backoff_ns; /* its next one */
} crew_worker_t;

typedef struct crew {
    crew_settings_t settings;
    crew_worker_t workers[CREW_MOST];
    size_t used;           /* the places from here on are free */
    size_t wanted;         /* places to be filled */
    bool stopping;         /* none is started any more */
    bool held;             /* none is wanted for now */
    int64_t resting_until; /* after too many restarts; 0: it does not rest */
    int64_t restarts_since;
    unsigned restarts;
    int64_t queue_since, idle_since; /* since when there is a queue, or none; 0 */
} crew_t;

typedef enum crew_do {
    CREW_NOTHING,
    CREW_START, /* then crew_started once it is at work, or crew_ended */
    CREW_DRAIN, /* hand it no more; crew_drained once it has nothing left */
    CREW_TERM,  /* it has nothing left, or is not waited for */
    CREW_KILL,
    CREW_REST /* too many restarts: to be told to people */
} crew_do_t;

void crew_init (crew_t *self, const crew_settings_t *settings);
/* The next thing to be done now, if any; *worker is who. queue is how many requests wait that no worker has room for. Call
 * it until it gives CREW_NOTHING. */
crew_do_t crew_next (crew_t *self, size_t queue, int64_t now_ns, size_t *worker);
/* When crew_next may have something else to say though nothing has happened. */
far_deadline_t crew_next_time (const crew_t *self);

void crew_started (crew_t *self, size_t worker);
/* It has ended, or could not be started; or, for one that was to be started, is not there. */
void crew_ended (crew_t *self, size_t worker, int64_t now_ns);
/* What it had is finished. */
void crew_drained (crew_t *self, size_t worker, int64_t now_ns);
/* It is stuck: it is killed, and its place filled again. */
void crew_kill (crew_t *self, size_t worker, int64_t now_ns);

/* Other settings. changed: the workers are to be relieved by new ones, one after the other. */
void crew_set (crew_t *self, const crew_settings_t *settings, bool changed, int64_t now_ns);
/* All finish what they have and end, and none is started until they are wanted again. */
void crew_hold (crew_t *self, bool held);
/* All finish what they have, for at most so long, and end; none is started. */
void crew_stop (crew_t *self, int64_t drain_ns);
size_t crew_count (const crew_t *self, worker_state_t state);
/* Is nobody left? */
bool crew_is_gone (const crew_t *self);

#endif
