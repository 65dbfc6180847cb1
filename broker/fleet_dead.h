/* The dead list of a fleet: requests that killed their workers, kept for people to look at. */
#ifndef BROKER_FLEET_DEAD_H
#define BROKER_FLEET_DEAD_H

#include "fleet_job.h"

#include <time.h>

typedef struct fleet_dead {
    struct fleet_dead *next;
    uint64_t number; /* in the list; never used twice */
    fleet_job_t *job;
    struct timespec since;
    char why[192];
} fleet_dead_t;

/* All zero is empty and valid. Bounded by count and bytes: the oldest make room for one more. */
typedef struct fleet_deads {
    fleet_dead_t *oldest, *newest;
    size_t count, bytes; /* of the frames */
    uint64_t last;
} fleet_deads_t;

void deads_deinit (fleet_deads_t *self);
/* Takes the job, which is in no fleet. Gives its number; 0 without memory: the job is freed then. */
uint64_t deads_bury (fleet_deads_t *self, fleet_job_t *job, const char *why);
/* NULL if there is none such. */
const fleet_dead_t *deads_find (const fleet_deads_t *self, uint64_t number);
/* Gives the job, taken out of the list; NULL if there is none such. */
fleet_job_t *deads_take (fleet_deads_t *self, uint64_t number);

#endif
