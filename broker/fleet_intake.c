/* What comes to a fleet: requests of callers, answers of workers, and callers that give up. Owns nothing. */
#include "fleet_import.h"
#include "fleet_say.h"
#include "base/error.h"
#include "object/dispatch.h"
#include "resident_credit.h"
#include "wire/bodies.h"
#include "wire/summary.h"

#include <stdlib.h>

static void refuse (residents_t *self, fleet_process_t *fleet, session_t *from, const far_message_t *message,
                    far_status_t kind, const char *why)
{
    fleet_count (fleet, FLEET_REFUSED);
    resident_fail (self, &fleet->resident, from, message->header.request, kind, "fleet %s %s",
                   fleet->resident.session->hello.name, why);
    resident_release (self, &fleet->resident, message);
}

static void read_wishes (const far_message_t *message, job_wishes_t *out)
{
    far_fields_t walk;
    far_field_t field;
    const far_header_t *header = &message->header;
    out->idempotent = header->flags & FAR_FLAG_IDEMPOTENT || header->type == FAR_IMPORT;
    far_fields_start (&walk, message->fields, header->fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag == FAR_FIELD_PRIORITY)
            out->priority = field.priority;
        else if (field.tag == FAR_FIELD_DELAY)
            out->delay_ns = (int64_t)field.delay_ms * 1000000;
        else if (field.tag == FAR_FIELD_KEY)
            out->has_key = true, out->key = field.key;
    }
}

/* What no worker could do in the fleet's name; NULL if it is none of it. */
static const char *unfit (const far_message_t *message, far_status_t *out_kind)
{
    far_object_id_t object;
    *out_kind = message->header.type == FAR_CLOSE ? FAR_E_DENIED : FAR_E_STALE;
    if (message->header.type == FAR_CLOSE)
        return "can't be closed: its workers can, each by its ID";
    return far_dispatch_target (message, &object) ? "has no objects of its own" : NULL;
}

static const char *why_not (const fleet_t *fleet, far_status_t kind)
{
    switch (kind) {
    case FAR_E_NO_WORKER:
        return fleet->mode == FLEET_DRAINS ? "is drained" : "has no worker";
    case FAR_E_OVERLOADED:
        return "has too much waiting already";
    case FAR_E_PROTOCOL_ERROR:
        return "has a request with this ID already";
    default:
        return "has no memory for the request";
    }
}

/* FAR_OK once it is in the queue, or why it can't be. */
static far_status_t enqueue (residents_t *self, fleet_process_t *fleet, session_t *from, const far_message_t *message)
{
    fleet_job_t *job = fleet_is_open (&fleet->fleet) ? job_new (message) : NULL;
    if (!job)
        return fleet_is_open (&fleet->fleet) ? FAR_E_NO_MEMORY : FAR_E_NO_WORKER;
    read_wishes (message, &job->wishes);
    if (message->header.time_left_ms)
        job->deadline = self->now_ns + (int64_t)message->header.time_left_ms * 1000000;
    job->takes_credit = true;
    far_status_t status = fleet_add (&fleet->fleet, from, job, self->now_ns);
    if (status)
        free (job);
    return status;
}

static void take_request (residents_t *self, fleet_process_t *fleet, session_t *from, const far_message_t *message)
{
    far_status_t status;
    bool is_close = message->header.type == FAR_CLOSE; /* which takes no credit */
    const char *problem = unfit (message, &status);
    if (!is_close && !resident_credit_arrive (self, &fleet->resident, from, message)) {
        refuse (self, fleet, from, message, FAR_E_OVERLOADED, why_not (&fleet->fleet, FAR_E_OVERLOADED));
        return;
    }
    if (!problem && (status = enqueue (self, fleet, from, message)))
        problem = why_not (&fleet->fleet, status);
    if (!problem) {
        fleet_count (fleet, FLEET_REQUESTS);
        fleets_stir (fleet);
        return;
    }
    if (!is_close)
        resident_credit_take (self, &fleet->resident, from->id, (far_amount_t){ 1, resident_credit_size (message) });
    refuse (self, fleet, from, message, status, problem);
}

static void pass_answer (residents_t *self, fleet_process_t *fleet, const fleet_job_t *job, const far_message_t *answer)
{
    far_buffer_t rewritten = { 0 };
    far_message_t request = fleet_message_of (job), passed = *answer;
    if (request.header.type == FAR_IMPORT && answer->header.type == FAR_RESULT)
        import_rewrite (&request, answer, fleet->resident.session->id, &rewritten, &passed);
    passed.header.flags = 0;
    passed.header.party = fleet->resident.session->id.value;
    passed.header.request = job->request;
    self->router->counters.value[COUNT_ANSWERS]++;
    resident_send (self, &fleet->resident, job->caller->session, &passed);
    far_buffer_deinit (&rewritten);
}

/* Of a request that wants no answer, an error is told to the log. */
static void log_error (residents_t *self, fleet_process_t *fleet, const far_message_t *answer)
{
    far_error_t *error = far_error_read (answer->body, answer->header.body_size);
    if (answer->header.type == FAR_ERROR)
        resident_log (self, &fleet->resident, "a call that wants no answer failed: %s (%s): %s",
                      far_status_name (far_error_kind (error)), far_error_class (error), far_error_message (error));
    far_error_release (&error);
}

static void take_answer (residents_t *self, fleet_process_t *fleet, session_t *from, const far_message_t *answer)
{
    fleet_job_t *job = fleet_attempt (&fleet->fleet, from->id, answer->header.request);
    if (!job) {
        self->router->counters.value[COUNT_DROPPED]++;
        resident_release (self, &fleet->resident, answer);
        return;
    }
    fleets_stir (fleet);
    if (resident_is_refused (answer, FAR_E_CLOSED)) { /* a worker that leaves says so to what it has not begun */
        fleet_turn_away (&fleet->fleet, job->worker);
        resident_release (self, &fleet->resident, answer);
        if (job->caller) {
            fleet_again (&fleet->fleet, job, 0);
            return;
        }
    } else {
        job->worker->done++;
        fleet_count (fleet, FLEET_ANSWERED);
        latency_note (&fleet->worked, self->now_ns - job->given_at, self->now_ns);
        if (job->caller && job->request)
            pass_answer (self, fleet, job, answer);
        else if (job->caller)
            log_error (self, fleet, answer);
        resident_release (self, &fleet->resident, answer);
    }
    fleets_take_out (self, fleet, job);
    free (job);
}

static void take_cancel (residents_t *self, fleet_process_t *fleet, session_t *from, const far_message_t *message)
{
    bool gives_up = !(message->header.flags & FAR_FLAG_HOLDS); /* with HOLDS it only does not wait any more */
    fleet_job_t *job = gives_up ? fleet_find (&fleet->fleet, from->id, message->header.request) : NULL;
    if (!job)
        return;
    if (job->state == JOB_RUNNING) {
        fleet_send_cancel (self, fleet, job);
        return;
    }
    fleet_count (fleet, FLEET_CANCELLED);
    resident_fail (self, &fleet->resident, from, job->request, FAR_E_CANCELLED, "cancelled while it waited in fleet %s",
                   fleet->resident.session->hello.name);
    fleets_take_out (self, fleet, job);
    free (job);
}

void fleet_take_one (residents_t *self, resident_t *resident, session_t *from, const far_message_t *message)
{
    fleet_process_t *fleet = fleets_as_fleet (resident);
    far_message_role_t role = far_message_role (message->header.type);
    if (role == FAR_ROLE_REQUEST)
        take_request (self, fleet, from, message);
    else if (role == FAR_ROLE_ANSWER)
        take_answer (self, fleet, from, message);
    else if (message->header.type == FAR_CANCEL)
        take_cancel (self, fleet, from, message);
    /* It has no objects that DEL could be about. */
}
