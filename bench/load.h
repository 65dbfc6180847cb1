/* The loads, written once for both systems, so that windows, checks and clocks are the same for both. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdbool.h>
#include <stdint.h>

typedef enum bench_load {
    BENCH_ONE_AT_A_TIME, /* W1: each call waits for the answer to the one before */
    BENCH_IN_FLIGHT,     /* W2: BENCH_WINDOW calls under way */
    BENCH_ONE_WAY, /* W3: no answers wanted; BENCH_BLOCKS blocks of BENCH_BLOCK messages, each confirmed by a call */
    BENCH_FLEET,   /* F: as many clients as workers, BENCH_FLEET_WINDOW calls of each client under way */
    BENCH_LOADS
} bench_load_t;

enum { BENCH_WINDOW = 1000, BENCH_BLOCK = 10000, BENCH_BLOCKS = 2, BENCH_FLEET_WINDOW = 100 };

typedef struct bench_load_info {
    const char *name; /* "W1", "F" */
    const char *text;
    bool is_pinned; /* to one core, all processes and threads of it */
} bench_load_info_t;

const bench_load_info_t *bench_load_info (bench_load_t load);
/* The load of this name; BENCH_LOADS if there is none. */
bench_load_t bench_load_find (const char *name);

/* How a system calls `add (amount) -> total` of a counter elsewhere; of a fleet, whose workers have no total in common,
 * `next (amount) -> amount + 1`, by start and finish alone, and finish may take the answers in any order. Each returns false, with a line on stderr, when it
 * could not. */
typedef struct bench_caller {
    void *context;
    bool (*call) (void *context, int64_t amount, int64_t *total);
    bool (*start) (void *context, int64_t amount);  /* a call whose answer is taken later, */
    bool (*finish) (void *context, int64_t *total); /* the oldest one first */
    bool (*send) (void *context, int64_t amount);   /* no answer wanted */
} bench_caller_t;

/* Runs the load against a counter that begins at 0: first to warm up, then for seconds of measurement. Each answer is
 * checked. *out_rate is in calls (W3: messages) a second, counted up to the last answer. */
bool bench_load_run (const bench_caller_t *caller, bench_load_t load, double seconds, double *out_rate);

#endif
