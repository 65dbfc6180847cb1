/* The voice of fleets. A message with references goes as one from any process: the owners are told first that the
 * receiver holds them too, and later, in a message behind that, that the fleet does not any more. Owns nothing. */
#include "fleet_say.h"
#include "base/error.h"
#include "say.h"
#include "step.h"

#include <stdio.h>
#include <string.h>

#define PACKED_BYTES 8192 /* a larger one travels alone */

static step_t step_from (fleets_t *self, resident_t *fleet)
{
    return (step_t){ .router = self->router, .from = fleet->session, .now_ns = self->now_ns, .actions = self->actions };
}

void fleet_send (fleets_t *self, resident_t *fleet, session_t *to, const far_message_t *message)
{
    const far_header_t *header = &message->header;
    bool refers = header->fields_size && far_fields_count (message->fields, header->fields_size, FAR_FIELD_REFERENCE);
    if (!refers && header->body_size + header->fields_size <= PACKED_BYTES) {
        pack_add (&self->pack, self->actions, to, message);
        return;
    }
    step_t step = step_from (self, fleet);
    pack_send (&self->pack, self->actions, to);
    if (refers)
        step_grant_references (&step, to, message);
    say_message (self->actions, to, message);
    if (refers)
        step_tell_of_the_dead (&step, to, message);
}

static uint32_t time_left_ms (far_deadline_t deadline, int64_t now_ns)
{
    if (deadline == FAR_DEADLINE_NEVER)
        return 0;
    int64_t left_ms = (deadline - now_ns + 999999) / 1000000;
    return left_ms < 1 ? 1 : left_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)left_ms;
}

void fleet_send_job (fleets_t *self, resident_t *fleet, const fleet_job_t *job)
{
    far_message_t message = fleet_message_of (job);
    message.header.flags &= FAR_FLAG_IDEMPOTENT;
    message.header.party = fleet->session->id.value;
    message.header.request = job->attempt;
    message.header.time_left_ms = time_left_ms (job->deadline, self->now_ns);
    job->worker->session->requests++;
    fleet_send (self, fleet, job->worker->session, &message);
}

void fleet_send_cancel (fleets_t *self, resident_t *fleet, fleet_job_t *job)
{
    if (!job->given_up_at)
        job->given_up_at = self->now_ns;
    static const uint8_t nothing;
    const far_message_t cancel = {
        .header = { .type = FAR_CANCEL, .party = fleet->session->id.value, .request = job->attempt },
        .fields = &nothing,
        .body = &nothing
    };
    fleet_send (self, fleet, job->worker->session, &cancel);
}

static void release (fleets_t *self, resident_t *fleet, const far_field_t *reference)
{
    far_process_id_t owner = reference->reference.owner;
    far_object_id_t object = reference->reference.object;
    if (!object.value)
        return;
    if (router_is_broker (self->router, owner.value)) {
        action_t *action = actions_add (self->actions, ACTION_RELEASE, NULL);
        if (action)
            action->release.object = object, action->release.holder = fleet->session->id;
        return;
    }
    session_t *session = processes_find (self->router->processes, owner);
    if (session && !session->resident)
        say_release_one (self->actions, session, fleet->session->id.value, object);
}

void fleet_release (fleets_t *self, resident_t *fleet, const far_message_t *message)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_REFERENCE)
            release (self, fleet, &field);
}

static void log_line (fleets_t *self, resident_t *fleet, const char *text)
{
    uint64_t suppressed;
    if (limiter_allows (&fleet->session->log, self->now_ns, &suppressed))
        actions_log (self->actions, "fleet %s: %s", fleet->session->hello.name, text);
    else
        self->router->counters.value[COUNT_LOG_LINES_SUPPRESSED]++;
}

void fleet_log (fleets_t *self, resident_t *fleet, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start (args, format);
    vsnprintf (text, sizeof text, format, args);
    va_end (args);
    log_line (self, fleet, text);
}

void fleet_fail (fleets_t *self, resident_t *fleet, session_t *caller, uint64_t request, far_status_t kind,
                 const char *format, ...)
{
    char text[512], line[640];
    va_list args;
    va_start (args, format);
    vsnprintf (text, sizeof text, format, args);
    va_end (args);
    if (request) {
        say_failure (self->actions, caller, fleet->session->id.value, request, kind, "%s", text);
        return;
    }
    snprintf (line, sizeof line, "a call that wants no answer failed: %s", text);
    log_line (self, fleet, line);
}
