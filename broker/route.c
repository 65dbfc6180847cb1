/* Routing: a message goes on to the process that it names, its source stamped over its destination. References that it
 * hands on are granted at their owners first. What can't be delivered is answered in the destination's place. */
#include "step.h"

/* Whose object is it, where somebody has to be told? NULL for the sender's and the destination's own, for the broker's,
 * for what lives in it, and where the owner is gone (*out_gone). */
static session_t *third_owner (const step_t *self, const session_t *to, const far_field_t *field, bool *out_gone)
{
    far_process_id_t owner = field->reference.owner;
    *out_gone = false;
    if (far_process_id_equals (owner, self->from->id) || far_process_id_equals (owner, to->id) ||
        router_is_broker (self->router, owner.value))
        return NULL;
    session_t *found = processes_find (self->router->processes, owner);
    if (found && found->resident)
        return NULL; /* it has modules only, which are not counted */
    *out_gone = !found && processes_were_given (self->router->processes, owner);
    return found;
}

static void grant (step_t *self, session_t *to, const far_field_t *field)
{
    bool gone;
    far_object_id_t object = field->reference.object;
    if (!object.value)
        return;
    if (router_is_broker (self->router, field->reference.owner.value)) {
        action_t *action = actions_add (self->actions, ACTION_GRANT, NULL);
        if (action)
            action->grant = (far_field_t){ .tag = FAR_FIELD_GRANT, .grant = { object, self->from->id, to->id } };
        return;
    }
    session_t *owner = third_owner (self, to, field, &gone);
    if (!owner)
        return;
    processes_meet (owner, self->from);
    processes_meet (owner, to);
    say_grant (self->actions, owner, object, self->from->id, to->id);
    step_count (self, COUNT_GRANTS);
}

void step_grant_references (step_t *self, session_t *to, const far_message_t *one)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, one->fields, one->header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_REFERENCE)
            grant (self, to, &field);
}

void step_tell_of_the_dead (step_t *self, session_t *to, const far_message_t *one)
{
    far_fields_t walk;
    far_field_t field;
    far_process_id_t told = { 0 };
    bool gone;
    far_fields_start (&walk, one->fields, one->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag != FAR_FIELD_REFERENCE || far_process_id_equals (field.reference.owner, told))
            continue;
        third_owner (self, to, &field, &gone);
        if (!gone)
            continue;
        told = field.reference.owner;
        say_down (self->actions, to, told, processes_ended_how (self->router->processes, told), NULL);
        step_count (self, COUNT_DOWNS);
    }
}

static void count (step_t *self, session_t *to, far_message_role_t role)
{
    if (role == FAR_ROLE_REQUEST) {
        step_count (self, COUNT_REQUESTS);
        to->requests++;
    } else {
        step_count (self, role == FAR_ROLE_ANSWER ? COUNT_ANSWERS : COUNT_NOTICES);
    }
}

/* Counts what goes from process to process, and follows a sample of it. On the way of every message. */
static inline __attribute__ ((always_inline)) void count_direct (step_t *self, session_t *to, far_message_role_t role,
                                                                 uint64_t request)
{
    sampler_t *sampler = &self->router->sampler;
    count (self, to, role);
    if (role == FAR_ROLE_ANSWER)
        sampler_pass (sampler, &self->from->sampling, to->id.value, request, self->now_ns);
    else if (role == FAR_ROLE_REQUEST && request && sampler_wants (&to->sampling, to->requests, self->now_ns))
        sampler_begin (sampler, &to->sampling, self->from->id.value, request, to->requests, self->now_ns);
}

/* Only the broker speaks in the place of others. */
static void clear_by_broker (step_t *self, const far_message_t *record)
{
    if (!(record->header.flags & FAR_FLAG_BY_BROKER))
        return;
    far_header_t header = record->header;
    header.flags &= (uint16_t)~FAR_FLAG_BY_BROKER;
    far_record_write (&header, self->frame + (record->fields - self->frame) - FAR_RECORD_SIZE);
}

static void forward (step_t *self, session_t *to)
{
    const far_header_t *header = &self->message.header;
    far_header_stamp_party (self->frame, self->from->id.value);
    if (header->flags & FAR_FLAG_BY_BROKER)
        far_header_stamp_flags (self->frame, header->flags & (uint16_t)~FAR_FLAG_BY_BROKER);
    actions_add (self->actions, ACTION_FORWARD, to);
}

static void pass_one (step_t *self, session_t *to)
{
    count_direct (self, to, self->role, self->message.header.request);
    if (!self->message.header.fields_size) {
        forward (self, to);
        return;
    }
    step_grant_references (self, to, &self->message);
    forward (self, to);
    step_tell_of_the_dead (self, to, &self->message);
}

static bool is_request (const far_message_t *one)
{
    return far_message_role (one->header.type) == FAR_ROLE_REQUEST;
}

static void pass_batch (step_t *self, session_t *to)
{
    far_messages_t walk;
    far_message_t one;
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one)) {
        count_direct (self, to, far_message_role (one.header.type), one.header.request);
        if (!is_request (&one)) /* one that holds its sender up stands in no batch */
            note_waiting (self, to, &one);
        clear_by_broker (self, &one);
        step_grant_references (self, to, &one);
    }
    forward (self, to);
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one))
        step_tell_of_the_dead (self, to, &one);
}

/* Of a batch for a destination with too much parked, the requests are refused, and the rest goes on as a batch. */
static void pass_rest (step_t *self, session_t *to)
{
    far_messages_t walk;
    far_message_t one;
    size_t rest = 0;
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one)) {
        if (is_request (&one)) {
            refuse (self, &one, FAR_E_OVERLOADED);
            continue;
        }
        rest++;
        count_direct (self, to, far_message_role (one.header.type), one.header.request);
        note_waiting (self, to, &one);
        clear_by_broker (self, &one);
        step_grant_references (self, to, &one);
    }
    if (!rest)
        return;
    saying_t saying;
    far_header_t header = { .flags = FAR_FLAG_BATCH, .party = self->from->id.value };
    say_begin (&saying, self->actions, to, &header);
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one))
        if (!is_request (&one))
            far_buffer_append (&self->actions->bytes, one.fields - FAR_RECORD_SIZE,
                               (size_t)FAR_RECORD_SIZE + one.header.fields_size + one.header.body_size);
    say_end (&saying);
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one))
        if (!is_request (&one))
            step_tell_of_the_dead (self, to, &one);
}

/* It is taken, or refused, by who lives inside the broker; the sender's references in it have arrived in any case. */
static void route_inside (step_t *self, session_t *to)
{
    far_messages_t walk;
    far_message_t one;
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one)) {
        count (self, to, far_message_role (one.header.type));
        step_grant_references (self, to, &one);
    }
    action_t *action = actions_add (self->actions, ACTION_RESIDE, to);
    if (action)
        action->sender = self->from;
}

static void route_nowhere (step_t *self, far_process_id_t party)
{
    const processes_t *processes = self->router->processes;
    if (!processes_were_given (processes, party)) {
        refuse_all (self, FAR_E_NO_SUCH_PROCESS);
        return;
    }
    say_down (self->actions, self->from, party, processes_ended_how (processes, party), NULL);
    step_count (self, COUNT_DOWNS);
    step_count (self, COUNT_TO_THE_DEAD);
}

static bool has_room (const step_t *self, const session_t *to)
{
    return !to->parked.count || to->parked.bytes + PARKED_COST (self->size) <= self->router->options.parked_bytes;
}

void route (step_t *self)
{
    far_process_id_t party = { self->message.header.party };
    session_t *from = self->from, *to = from->last_peer;
    if (!to || !far_process_id_equals (to->id, party)) {
        to = processes_find (self->router->processes, party);
        if (!to) {
            route_nowhere (self, party);
            return;
        }
        processes_meet (from, to);
        from->last_peer = to;
    }
    if (to->resident) {
        route_inside (self, to);
    } else if (step_is_batch (self)) {
        if (has_room (self, to))
            pass_batch (self, to);
        else
            pass_rest (self, to);
    } else if (!has_room (self, to) && self->role == FAR_ROLE_REQUEST) {
        refuse (self, &self->message, FAR_E_OVERLOADED);
    } else if (!note_waiting (self, to, &self->message)) {
        refuse (self, &self->message, FAR_E_DEADLOCK);
    } else {
        pass_one (self, to);
    }
}
