/* What a fleet says of its jobs. Owns nothing. */
#include "fleet_say.h"

void fleet_send_job (residents_t *self, fleet_process_t *fleet, const fleet_job_t *job)
{
    far_message_t message = fleet_message_of (job);
    message.header.flags &= FAR_FLAG_IDEMPOTENT;
    message.header.party = fleet->resident.session->id.value;
    message.header.request = job->attempt;
    message.header.time_left_ms = resident_time_left_ms (job->deadline, self->now_ns);
    job->worker->session->requests++;
    resident_send (self, &fleet->resident, job->worker->session, &message);
}

void fleet_send_cancel (residents_t *self, fleet_process_t *fleet, fleet_job_t *job)
{
    if (!job->given_up_at)
        job->given_up_at = self->now_ns;
    resident_send_cancel (self, &fleet->resident, job->worker->session, job->attempt);
}
