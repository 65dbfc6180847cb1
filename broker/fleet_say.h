/* What a fleet says to its workers, beside what all residents say. Only for the files of fleets. */
#ifndef BROKER_FLEET_SAY_H
#define BROKER_FLEET_SAY_H

#include "fleets.h"
#include "resident_say.h"

/* To the worker that the job was handed out to. */
void fleet_send_job (residents_t *self, fleet_process_t *fleet, const fleet_job_t *job);
void fleet_send_cancel (residents_t *self, fleet_process_t *fleet, fleet_job_t *job);
static inline void fleet_count (fleet_process_t *fleet, fleet_counter_t counter)
{
    fleet->counters[counter]++;
}

static inline far_message_t fleet_message_of (const fleet_job_t *job)
{
    far_message_t message = { 0 };
    far_message_read (job->frame, job->size, &message);
    return message;
}

/* A message for a fleet. */
void fleet_take_one (residents_t *self, resident_t *fleet, session_t *from, const far_message_t *message);

#endif
