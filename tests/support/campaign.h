/* The log that the workers of the campaign keep: a file that all of them and the test have mapped, so that what was
 * written stays when its writer is killed. */
#ifndef FAR_TESTS_CAMPAIGN_H
#define FAR_TESTS_CAMPAIGN_H

#include <stdatomic.h>
#include <stdint.h>

#define CAMPAIGN_LOG "FAR_CAMPAIGN_LOG" /* in the environment: its path */

enum { CAMPAIGN_WORKERS = 1 << 16, CAMPAIGN_RUNS = 1 << 20 };

/* A worker has begun to do something; it has ended once there is a token, which is the result. */
typedef struct campaign_run {
    atomic_uint id; /* of the request; 0: its worker was killed before it could say */
    atomic_int pid;
    _Atomic uint64_t token;
} campaign_run_t;

/* In a file of this size, all zero at first. */
typedef struct campaign_log {
    atomic_uint worker_count, run_count;
    atomic_int workers[CAMPAIGN_WORKERS]; /* their pids, in the order of their starts */
    campaign_run_t runs[CAMPAIGN_RUNS];
} campaign_log_t;

#endif
