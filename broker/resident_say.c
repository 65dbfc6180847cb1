/* The voice of residents. A message with references goes as one from any process: the owners are told first that the
 * receiver holds them too, and later, in a message behind that, that the resident does not any more. Owns nothing. */
#include "resident_say.h"
#include "base/error.h"
#include "say.h"
#include "step.h"

#include <stdio.h>
#include <string.h>

#define PACKED_BYTES 8192 /* a larger one travels alone */

static step_t step_from (residents_t *all, resident_t *self)
{
    return (step_t){ .router = all->router, .from = self->session, .now_ns = all->now_ns, .actions = all->actions };
}

void resident_send (residents_t *all, resident_t *self, session_t *to, const far_message_t *message)
{
    const far_header_t *header = &message->header;
    bool refers = header->fields_size && far_fields_count (message->fields, header->fields_size, FAR_FIELD_REFERENCE);
    if (!refers && header->body_size + header->fields_size <= PACKED_BYTES) {
        pack_add (&all->pack, all->actions, to, message);
        return;
    }
    step_t step = step_from (all, self);
    pack_send (&all->pack, all->actions, to);
    if (refers)
        step_grant_references (&step, to, message);
    say_message (all->actions, to, message);
    if (refers)
        step_tell_of_the_dead (&step, to, message);
}

void resident_send_cancel (residents_t *all, resident_t *self, session_t *to, uint64_t request)
{
    static const uint8_t nothing;
    const far_message_t cancel = {
        .header = { .type = FAR_CANCEL, .party = self->session->id.value, .request = request },
        .fields = &nothing,
        .body = &nothing
    };
    resident_send (all, self, to, &cancel);
}

uint32_t resident_time_left_ms (far_deadline_t deadline, int64_t now_ns)
{
    if (deadline == FAR_DEADLINE_NEVER)
        return 0;
    int64_t left_ms = (deadline - now_ns + 999999) / 1000000;
    return left_ms < 1 ? 1 : left_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)left_ms;
}

static void release (residents_t *all, resident_t *self, const far_field_t *reference)
{
    far_process_id_t owner = reference->reference.owner;
    far_object_id_t object = reference->reference.object;
    if (!object.value)
        return;
    if (router_is_broker (all->router, owner.value)) {
        action_t *action = actions_add (all->actions, ACTION_RELEASE, NULL);
        if (action)
            action->release.object = object, action->release.holder = self->session->id;
        return;
    }
    session_t *session = processes_find (all->router->processes, owner);
    if (session && !session->resident)
        say_release_one (all->actions, session, self->session->id.value, object);
}

void resident_release (residents_t *all, resident_t *self, const far_message_t *message)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_REFERENCE)
            release (all, self, &field);
}

void resident_log (residents_t *all, resident_t *self, const char *format, ...)
{
    char text[512];
    uint64_t suppressed;
    if (!limiter_allows (&self->session->log, all->now_ns, &suppressed)) {
        all->router->counters.value[COUNT_LOG_LINES_SUPPRESSED]++;
        return;
    }
    va_list args;
    va_start (args, format);
    vsnprintf (text, sizeof text, format, args);
    va_end (args);
    actions_log (all->actions, "%s %s: %s", self->kind->name, self->session->hello.name, text);
}

void resident_fail (residents_t *all, resident_t *self, session_t *caller, uint64_t request, far_status_t kind,
                    const char *format, ...)
{
    char text[640];
    va_list args;
    va_start (args, format);
    vsnprintf (text, sizeof text, format, args);
    va_end (args);
    if (request)
        say_failure (all->actions, caller, self->session->id.value, request, kind, "%s", text);
    else
        resident_log (all, self, "a call that wants no answer failed: %s", text);
}
