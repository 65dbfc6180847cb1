/* What a fleet says: to callers, to workers, and to the owners of what its messages refer to. Only for the files of
 * fleets. */
#ifndef BROKER_FLEET_SAY_H
#define BROKER_FLEET_SAY_H

#include "fleets.h"

/* One message in the fleet's name: small ones without references wait to be packed. */
void fleet_send (fleets_t *self, resident_t *fleet, session_t *to, const far_message_t *message);
/* To the worker that the job was handed out to. */
void fleet_send_job (fleets_t *self, resident_t *fleet, const fleet_job_t *job);
void fleet_send_cancel (fleets_t *self, resident_t *fleet, fleet_job_t *job);
/* The fleet lets go of what a message that it got refers to. */
void fleet_release (fleets_t *self, resident_t *fleet, const far_message_t *message);
/* Ends a request with an error: answered, or, where no answer is wanted, logged. */
void fleet_fail (fleets_t *self, resident_t *fleet, session_t *caller, uint64_t request, far_status_t kind,
                 const char *format, ...) FAR_PRINTF (6, 7);
void fleet_log (fleets_t *self, resident_t *fleet, const char *format, ...) FAR_PRINTF (3, 4);

static inline void fleet_count (resident_t *fleet, fleet_counter_t counter)
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
void fleet_take_one (fleets_t *self, resident_t *fleet, session_t *from, const far_message_t *message);

#endif
