/* What comes in. Each message updates the tables at once, in the order of arrival: answers complete requests, references
 * are counted, targets are pinned. Requests are only put aside: methods run later, without the lock. */
#include "actor/inbox.h"
#include "actor/aside.h"
#include "actor/chain.h"
#include "actor/deadlines.h"
#include "actor/idle.h"
#include "actor/outbox.h"
#include "actor/session.h"
#include "actor/shares.h"
#include "base/error.h"
#include "base/log.h"
#include "proxy/reference.h"
#include "proxy/request.h"
#include "proxy/turn.h"
#include "wire/summary.h"

#include <stdlib.h>
#include <unistd.h>

/* An object of our own that came home from a process that holds it, or a proxy; else NULL. What we sent to ourselves was
 * counted for us, and is not any more once it is here. */
static far_handle_t *take_reference (far_actor_t *actor, const far_field_t *field, far_process_id_t from)
{
    far_object_id_t id = field->reference.object;
    if (!far_process_id_equals (field->reference.owner, actor->id)) {
        far_proxy_t *proxy = far_proxy_receive (&actor->caller, field->reference.owner, id);
        return proxy ? &proxy->handle : NULL;
    }
    far_object_t *object =
        id.value ? far_exports_use (actor->exports, id, from) : far_object_retain (far_registry_root (actor->registry));
    if (object && id.value && far_process_id_equals (from, actor->id)) {
        far_object_t *gone = far_exports_release (actor->exports, id, from, 1);
        if (gone) /* out of the table, but not the last owner: we have just become one */
            far_handle_drop (&gone->handle);
    }
    return object ? &object->handle : NULL;
}

/* Counts a receipt for each reference, whether or not anybody will look at it. */
static far_handle_t **take_references (far_actor_t *actor, const far_message_t *message, size_t *out_count)
{
    *out_count = 0;
    size_t count = far_fields_count (message->fields, message->header.fields_size, FAR_FIELD_REFERENCE);
    far_handle_t **references = count ? calloc (count, sizeof (far_handle_t *)) : NULL;
    if (!references)
        return NULL;
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_REFERENCE)
            references[(*out_count)++] = take_reference (actor, &field, (far_process_id_t){ message->header.party });
    return references;
}

static void drop_references (far_actor_t *actor, const far_message_t *message, far_leftovers_t *leftovers)
{
    size_t count;
    far_handle_t **references = take_references (actor, message, &count);
    for (size_t i = 0; i < count; i++)
        far_leftovers_add (leftovers, references[i]);
    free (references);
}

static void take_answer (far_actor_t *actor, const far_message_t *message, far_frame_t *frame,
                         far_leftovers_t *leftovers)
{
    far_request_t *request = far_map_get (&actor->caller.requests, message->header.request);
    if (!request || request->process->id.value != message->header.party) {
        actor->caller.late_answers++;
        drop_references (actor, message, leftovers);
        return;
    }
    size_t count;
    far_handle_t **references = take_references (actor, message, &count);
    far_request_complete (request, message, frame, references, count, &leftovers->ended);
}

void far_inbox_enqueue (far_actor_t *actor, far_inbound_t *inbound)
{
    inbound->place = actor->last_inbound;
    *actor->last_inbound = inbound;
    actor->last_inbound = &inbound->next;
    far_idle_call (actor, inbound);
}

/* Is its answer to stay? */
static bool is_kept (const far_message_t *message)
{
    return message->header.flags & FAR_FLAG_KEEP && message->header.request;
}

void far_inbox_take_out (far_actor_t *actor, far_inbound_t *inbound)
{
    *inbound->place = inbound->next;
    if (inbound->next)
        inbound->next->place = inbound->place;
    else
        actor->last_inbound = inbound->place;
    inbound->next = NULL;
    inbound->place = NULL;
}

static void take_request (far_actor_t *actor, const far_message_t *message, far_sender_t *sender, far_frame_t *frame,
                          far_leftovers_t *leftovers)
{
    if (message->header.type == FAR_CLOSE && message->header.flags & FAR_FLAG_NO_CLEANUP)
        _exit (0);
    far_inbound_t *inbound = far_inbound_new (actor);
    if (!inbound) {
        far_shares_take (actor, sender, message);
        far_log (FAR_LOG_ERROR, "no memory: a request was dropped");
        drop_references (actor, message, leftovers);
        return;
    }
    *inbound = (far_inbound_t){ .frame = far_frame_retain (frame),
                                .message = *message,
                                .source = { message->header.party },
                                .sender = sender,
                                .session = actor->session,
                                .cancelled_fd = -1,
                                .chain = far_chain_of (message) };
    inbound->references = take_references (actor, message, &inbound->reference_count);
    far_object_id_t target;
    if (far_dispatch_target (message, &target))
        inbound->object = far_exports_use (actor->exports, target, inbound->source);
    far_pins_take (&inbound->pins, &actor->keeps, message);
    if (is_kept (message))
        inbound->kept = far_keeps_add (&actor->keeps, inbound->source, message->header.request);
    far_deadlines_enter (actor, inbound);
    far_aside_enter (actor, inbound);
}

static void take_releases (far_actor_t *actor, const far_message_t *message, far_leftovers_t *leftovers)
{
    far_process_id_t from = { message->header.party };
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag == FAR_FIELD_FORGET)
            far_leftovers_add (leftovers, far_keeps_forget (&actor->keeps, from, field.forget));
        if (field.tag != FAR_FIELD_RELEASE)
            continue;
        far_object_t *gone = far_exports_release (actor->exports, field.release.object, from, field.release.receipts);
        far_leftovers_add (leftovers, gone ? &gone->handle : NULL);
    }
}

static bool is_asked (const far_inbound_t *inbound, uint64_t party, uint64_t request)
{
    return inbound->source.value == party && (!request || inbound->message.header.request == request);
}

static void cancel_among (far_actor_t *actor, far_inbound_t *first, uint64_t party, uint64_t request)
{
    for (; first; first = first->next)
        if (is_asked (first, party, request))
            far_inbound_cancel (actor, first);
}

/* Of one request, or (0) of all that the process has asked for. */
static void cancel (far_actor_t *actor, uint64_t party, uint64_t request)
{
    cancel_among (actor, actor->first_inbound, party, request);
    cancel_among (actor, actor->running, party, request);
    cancel_among (actor, actor->deferred, party, request);
    cancel_among (actor, actor->first_aside, party, request);
    far_aside_look (actor);
}

/* What waits is answered at once: it may be long before its turn comes. */
static void take_cancel (far_actor_t *actor, const far_message_t *message, far_leftovers_t *leftovers)
{
    uint64_t party = message->header.party, request = message->header.request;
    if (!request || message->header.flags & FAR_FLAG_HOLDS)
        return;
    cancel (actor, party, request);
    far_inbound_t *inbound = actor->first_inbound;
    while (inbound && !is_asked (inbound, party, request))
        inbound = inbound->next;
    if (!inbound)
        return;
    far_inbox_take_out (actor, inbound);
    far_inbox_refuse (actor, inbound, far_inbound_unwanted (actor, inbound), leftovers);
}

static far_error_t *error_of_down (const far_process_t *process, uint32_t how, const far_message_t *message)
{
    char who[256], text[200] = "";
    far_process_describe (process, who, sizeof who);
    far_reader_t reader = { message->body, message->body + message->header.body_size };
    far_item_t cause;
    if (far_read (&reader, &cause) && cause.type == FAR_TYPE_STRING)
        far_escape (cause.text.data, cause.text.size, text, sizeof text);
    if (how == FAR_DOWN_BYE)
        return far_error_new (FAR_E_CLOSED, "%s has left", who);
    return far_error_new (FAR_E_PEER_DIED, "%s is gone (%s); the outcome is unknown", who,
                          *text ? text : "its connection ended");
}

static void take_down (far_actor_t *actor, const far_message_t *message, far_leftovers_t *leftovers)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag != FAR_FIELD_DOWN)
            continue;
        far_process_id_t gone = field.down.process;
        far_process_t *process = far_map_get (&actor->caller.processes, gone.value);
        far_turn_forget (&actor->caller, gone);
        far_shares_leave (actor, gone);
        if (process)
            far_process_set_down (process, error_of_down (process, field.down.how, message), &leftovers->ended);
        far_object_t *object;
        while ((object = far_exports_drop_holder (actor->exports, gone)))
            far_leftovers_add (leftovers, &object->handle);
        far_handle_t *kept;
        while ((kept = far_keeps_drop_caller (&actor->keeps, gone)))
            far_leftovers_add (leftovers, kept);
        cancel (actor, gone.value, 0);
    }
}

static void take_grants (far_actor_t *actor, const far_message_t *message)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_GRANT)
            far_exports_hand_on (actor->exports, field.grant.object, field.grant.giver, field.grant.to);
}

/* Answers a message with an error instead of taking it. Takes error. */
static void answer (far_actor_t *actor, const far_message_t *message, far_error_t *error, far_leftovers_t *leftovers)
{
    drop_references (actor, message, leftovers);
    if (!message->header.request) {
        far_error_release (&error);
        return;
    }
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_ERROR, (far_process_id_t){ message->header.party });
    out.header.request = message->header.request;
    far_error_write (&out.writer, error);
    far_outbox_submit (actor, &out);
    far_error_release (&error);
    far_outgoing_deinit (&out);
}

static far_error_t *error_of_leaving (const far_actor_t *actor)
{
    return far_error_new (FAR_E_CLOSED, "%s is leaving", actor->process_name);
}

/* A type that this version does not know is an error to who sent it. */
static void refuse (far_actor_t *actor, const far_message_t *message, far_leftovers_t *leftovers)
{
    unsigned type = message->header.type;
    char who[32];
    far_log (FAR_LOG_WARNING, "process %s sent a message of unknown type %u",
             far_process_text (message->header.party, who), type);
    answer (actor, message, far_error_new (FAR_E_PROTOCOL_ERROR, "message type %u is not known here", type), leftovers);
}

static void take_credit (far_actor_t *actor, const far_message_t *message)
{
    far_process_id_t from = { message->header.party };
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag != FAR_FIELD_CREDIT)
            continue;
        if (message->header.flags & FAR_FLAG_BY_BROKER)
            far_turn_return (&actor->caller, from, field.credit);
        else
            far_turn_raise (&actor->caller, from, field.credit);
    }
}

/* Why a request can't be taken now; NULL if it can. */
static far_error_t *why_not (const far_actor_t *actor, const far_message_t *message)
{
    if (actor->stop || (actor->closing && !actor->running && !actor->server.nesting))
        return error_of_leaving (actor);
    if (is_kept (message) && far_keeps_full (&actor->keeps, (far_process_id_t){ message->header.party }))
        return far_error_new (FAR_E_OVERLOADED, "%s keeps too many answers for this process", actor->process_name);
    return NULL;
}

static void receive_request (far_actor_t *actor, const far_message_t *message, far_frame_t *frame,
                             far_leftovers_t *leftovers)
{
    far_sender_t *sender;
    if (!far_shares_arrive (actor, message, &sender)) {
        answer (actor, message,
                far_error_new (FAR_E_OVERLOADED, "%s gave no credit for another request", actor->process_name),
                leftovers);
        return;
    }
    far_error_t *error = why_not (actor, message);
    if (!error) {
        take_request (actor, message, sender, frame, leftovers);
        return;
    }
    far_shares_take (actor, sender, message);
    answer (actor, message, error, leftovers);
}

static void take_message (far_actor_t *actor, const far_message_t *message, far_frame_t *frame,
                          far_leftovers_t *leftovers)
{
    bool from_session = message->header.party == FAR_PARTY_SESSION;
    switch (far_message_role (message->header.type)) {
    case FAR_ROLE_BROKER:
    case FAR_ROLE_SESSION:
        if (!from_session)
            refuse (actor, message, leftovers);
        else if (message->header.type == FAR_GRANT)
            take_grants (actor, message);
        else if (message->header.type == FAR_DOWN)
            take_down (actor, message, leftovers);
        else
            far_session_take (actor, message, leftovers);
        break;
    case FAR_ROLE_ANSWER:
        if (from_session)
            far_session_take (actor, message, leftovers);
        else
            take_answer (actor, message, frame, leftovers);
        break;
    case FAR_ROLE_REQUEST:
        receive_request (actor, message, frame, leftovers);
        break;
    case FAR_ROLE_NOTICE:
        if (message->header.type == FAR_DEL)
            take_releases (actor, message, leftovers);
        else if (message->header.type == FAR_CREDIT)
            take_credit (actor, message);
        else if (message->header.type == FAR_CANCEL)
            take_cancel (actor, message, leftovers);
        break;
    case FAR_ROLE_UNKNOWN:
        refuse (actor, message, leftovers);
        break;
    }
}

void far_inbox_take (far_actor_t *actor, far_frame_t *frame, far_leftovers_t *leftovers)
{
    far_message_t whole, message;
    if (!far_message_read (frame->data, frame->size, &whole)) {
        far_log (FAR_LOG_ERROR, "the broker sent a malformed frame of %zu bytes", frame->size);
        return;
    }
    far_messages_t walk;
    far_messages_start (&walk, &whole);
    while (far_messages_next (&walk, &message))
        take_message (actor, &message, frame, leftovers);
}

void far_inbox_refuse (far_actor_t *actor, far_inbound_t *inbound, far_error_t *error, far_leftovers_t *leftovers)
{
    far_outgoing_t out;
    far_shares_take_inbound (actor, inbound);
    far_outgoing_init (&out, FAR_ERROR, inbound->source);
    out.header.request = inbound->message.header.request;
    far_error_write (&out.writer, error);
    far_outbox_submit (actor, &out);
    far_outgoing_deinit (&out);
    far_outcome_t outcome = { .error = error };
    if (inbound->kept)
        far_aside_settle (actor, inbound->kept, &outcome);
    else
        far_error_release (&error);
    far_deadlines_leave (actor, inbound);
    inbound->next = leftovers->inbounds;
    leftovers->inbounds = inbound;
}

void far_inbox_turn_away (far_actor_t *actor, far_leftovers_t *leftovers)
{
    if (!actor->stop)
        return;
    for (far_inbound_t *inbound = actor->first_aside, *next; inbound; inbound = next) {
        next = inbound->next;
        far_inbound_cancel (actor, inbound); /* an answer that is to stay and that others wait for would never come */
    }
    far_aside_look (actor);
    for (far_inbound_t *inbound = actor->first_inbound, *next; inbound; inbound = next) {
        next = inbound->next;
        if (!inbound->message.header.request)
            continue;
        far_inbox_take_out (actor, inbound);
        far_inbox_refuse (actor, inbound, error_of_leaving (actor), leftovers);
    }
}

void far_inbox_clear (far_actor_t *actor, far_leftovers_t *leftovers)
{
    far_shares_disown (actor->first_inbound, (far_process_id_t){ 0 });
    far_shares_disown (actor->first_aside, (far_process_id_t){ 0 });
    *actor->last_inbound = leftovers->inbounds;
    leftovers->inbounds = actor->first_inbound;
    actor->first_inbound = NULL;
    actor->last_inbound = &actor->first_inbound;
    far_aside_clear (actor, leftovers);
    for (far_inbound_t *inbound = leftovers->inbounds; inbound; inbound = inbound->next)
        far_deadlines_leave (actor, inbound);
}
