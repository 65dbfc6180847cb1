/* Credit that an actor gives. A request takes some from its arrival until it is begun: so what waits here to be run is
 * bounded, whoever sends it. Owns the senders' records. */
#include "actor/shares.h"
#include "actor/loop.h"
#include "actor/outbox.h"
#include "base/error.h"
#include "base/log.h"
#include "wire/summary.h"

#include <stdlib.h>

void far_shares_init (far_actor_t *actor)
{
    static const far_allotment_rules_t rules = {
        .room = { FAR_LIMIT_ROOM_MESSAGES, FAR_LIMIT_ROOM_BYTES },
        .first = { FAR_LIMIT_FIRST_MESSAGES, FAR_LIMIT_FIRST_BYTES },
        .most = { FAR_LIMIT_WINDOW_MESSAGES, FAR_LIMIT_WINDOW_BYTES },
        .ahead = 1,
    };
    far_allotment_init (&actor->allotment, &rules);
}

/* One must be able to close what is full; and what the broker's own residents send is bounded by their settings. */
static bool takes_credit (const far_message_t *message)
{
    uint32_t serial = far_process_id_serial ((far_process_id_t){ message->header.party });
    return message->header.type != FAR_CLOSE && serial >= FAR_FIRST_SERIAL && serial < FAR_FIRST_RESIDENT;
}

static far_sender_t *find (far_actor_t *actor, uint64_t id)
{
    far_sender_t *sender = actor->last_sender;
    if (sender && sender->id.value == id)
        return sender;
    sender = far_map_get (&actor->senders, id);
    if (!sender && (sender = malloc (sizeof *sender))) {
        if (!far_map_put (&actor->senders, id, sender)) {
            free (sender);
            return NULL;
        }
        *sender = (far_sender_t){ .id = { id } };
        far_allotment_enter (&actor->allotment, &sender->share);
    }
    return actor->last_sender = sender;
}

static void tell (far_actor_t *actor, far_sender_t *sender)
{
    if (actor->stage != FAR_STAGE_READY || !far_allotment_tell (&actor->allotment, &sender->share))
        return;
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CREDIT, sender->id);
    far_field_append (&out.fields, &(far_field_t){ .tag = FAR_FIELD_CREDIT, .credit = sender->share.told });
    if (far_outbox_submit (actor, &out))
        far_log (FAR_LOG_ERROR, "credit was lost: %s", far_error_message (far_last_error ()));
    far_outgoing_deinit (&out);
    if (!far_loop_is_mine (actor))
        far_actor_wake (actor); /* nobody might send it before the method is over */
}

static uint64_t size_of (const far_message_t *message)
{
    return (uint64_t)message->header.fields_size + message->header.body_size;
}

/* Once: it may go on like that. */
static void report (far_sender_t *sender)
{
    char who[32];
    if (!sender->reported)
        far_log (FAR_LOG_WARNING, "process %s sends more than it was given credit for",
                 far_process_text (sender->id.value, who));
    sender->reported = true;
}

bool far_shares_arrive (far_actor_t *actor, const far_message_t *message, far_sender_t **out_sender)
{
    far_sender_t *sender = takes_credit (message) ? find (actor, message->header.party) : NULL;
    *out_sender = sender;
    if (!sender)
        return true;
    if (!far_allotment_arrive (&actor->allotment, &sender->share, size_of (message))) {
        report (sender);
        return false;
    }
    if (sender->share.told.messages == FAR_LIMIT_FIRST_MESSAGES)
        tell (actor, sender); /* later, what arrives gives no room */
    return true;
}

void far_shares_take (far_actor_t *actor, far_sender_t *sender, const far_message_t *message)
{
    if (!sender)
        return;
    far_allotment_take (&actor->allotment, &sender->share, (far_amount_t){ 1, size_of (message) });
    tell (actor, sender);
}

void far_shares_take_inbound (far_actor_t *actor, far_inbound_t *inbound)
{
    far_shares_take (actor, inbound->sender, &inbound->message);
    inbound->sender = NULL;
}

void far_shares_disown (far_inbound_t *first, far_process_id_t id)
{
    for (; first; first = first->next)
        if (!id.value || far_process_id_equals (first->source, id))
            first->sender = NULL;
}

void far_shares_leave (far_actor_t *actor, far_process_id_t id)
{
    far_sender_t *sender = far_map_remove (&actor->senders, id.value);
    if (!sender)
        return;
    far_shares_disown (actor->first_inbound, id);
    far_shares_disown (actor->first_aside, id);
    far_allotment_leave (&actor->allotment, &sender->share);
    if (actor->last_sender == sender)
        actor->last_sender = NULL;
    free (sender);
}

void far_shares_clear (far_actor_t *actor)
{
    size_t position = 0;
    uint64_t id;
    far_sender_t *sender;
    while ((sender = far_map_next (&actor->senders, &position, &id))) {
        far_allotment_leave (&actor->allotment, &sender->share);
        free (sender);
    }
    far_map_deinit (&actor->senders);
    actor->last_sender = NULL;
}
