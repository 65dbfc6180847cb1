/* A list, the oldest first. Owns its entries and their jobs. */
#include "fleet_dead.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t deads_bury (fleet_deads_t *self, fleet_job_t *job, const char *why)
{
    fleet_dead_t *dead = malloc (sizeof *dead);
    if (!dead) {
        free (job);
        return 0;
    }
    while (self->count && (self->count == FAR_LIMIT_DEAD || self->bytes + job->size > FAR_LIMIT_DEAD_BYTES))
        free (deads_take (self, self->oldest->number));
    *dead = (fleet_dead_t){ .number = ++self->last, .job = job };
    clock_gettime (CLOCK_REALTIME, &dead->since);
    snprintf (dead->why, sizeof dead->why, "%s", why);
    *(self->newest ? &self->newest->next : &self->oldest) = dead;
    self->newest = dead;
    self->count++;
    self->bytes += job->size;
    return dead->number;
}

const fleet_dead_t *deads_find (const fleet_deads_t *self, uint64_t number)
{
    const fleet_dead_t *dead = self->oldest;
    while (dead && dead->number != number)
        dead = dead->next;
    return dead;
}

fleet_job_t *deads_take (fleet_deads_t *self, uint64_t number)
{
    fleet_dead_t *before = NULL, *dead = self->oldest;
    for (; dead && dead->number != number; dead = dead->next)
        before = dead;
    if (!dead)
        return NULL;
    fleet_job_t *job = dead->job;
    *(before ? &before->next : &self->oldest) = dead->next;
    if (!dead->next)
        self->newest = before;
    self->count--;
    self->bytes -= job->size;
    free (dead);
    return job;
}

void deads_deinit (fleet_deads_t *self)
{
    while (self->oldest)
        free (deads_take (self, self->oldest->number));
}
