/* Shares of senders, by process. Who has used up what it had is told whatever there is more for it, once after all that has
 * come in was looked at; others are told in large steps. Owns the shares. */
#include "resident_credit.h"
#include "base/limits.h"
#include "resident_say.h"

#include <stdlib.h>

typedef struct sender {
    session_t *session;
    far_share_t share;
} sender_t;

void resident_credit_init (resident_t *self, far_amount_t room, unsigned ahead)
{
    const far_allotment_rules_t rules = { .room = room,
                                          .first = { FAR_LIMIT_RESIDENT_FIRST, FAR_LIMIT_RESIDENT_FIRST },
                                          .most = { UINT64_MAX, UINT64_MAX },
                                          .ahead = ahead };
    far_allotment_init (&self->allotment, &rules);
}

void resident_credit_deinit (resident_t *self)
{
    size_t position = 0;
    uint64_t id;
    sender_t *sender;
    while ((sender = far_map_next (&self->senders, &position, &id)))
        free (sender);
    far_map_deinit (&self->senders);
}

static sender_t *find (resident_t *self, session_t *session)
{
    sender_t *sender = far_map_get (&self->senders, session->id.value);
    if (sender || !(sender = calloc (1, sizeof *sender)))
        return sender;
    if (!far_map_put (&self->senders, session->id.value, sender)) {
        free (sender);
        return NULL;
    }
    sender->session = session;
    far_allotment_enter (&self->allotment, &sender->share);
    return sender;
}

static bool waits (const sender_t *sender)
{
    const far_share_t *share = &sender->share;
    return share->arrived.messages >= share->told.messages || share->arrived.bytes >= share->told.bytes;
}

/* Other residents are refused, and come again. */
static void say (residents_t *all, resident_t *self, const sender_t *sender)
{
    if (sender->session->resident)
        return;
    static const uint8_t nothing;
    uint8_t fields[32];
    const far_field_t credit = { .tag = FAR_FIELD_CREDIT, .credit = sender->share.told };
    size_t size = far_field_write (&credit, fields);
    const far_message_t message = {
        .header = { .type = FAR_CREDIT, .party = self->session->id.value, .fields_size = (uint32_t)size },
        .fields = fields,
        .body = &nothing
    };
    resident_send (all, self, sender->session, &message);
}

static void tell (residents_t *all, resident_t *self, sender_t *sender)
{
    if (far_allotment_tell (&self->allotment, &sender->share))
        say (all, self, sender);
    self->starves = self->starves || waits (sender);
}

bool resident_credit_arrive (residents_t *all, resident_t *self, session_t *from, const far_message_t *message)
{
    sender_t *sender = find (self, from);
    if (!sender || !far_allotment_arrive (&self->allotment, &sender->share, resident_credit_size (message)))
        return false;
    tell (all, self, sender);
    return true;
}

void resident_credit_take (residents_t *all, resident_t *self, far_process_id_t from, far_amount_t amount)
{
    sender_t *sender = far_map_get (&self->senders, from.value);
    if (!sender)
        return; /* it is down */
    far_allotment_take (&self->allotment, &sender->share, amount);
    tell (all, self, sender);
}

void resident_credit_leave (resident_t *self, far_process_id_t id)
{
    sender_t *sender = far_map_remove (&self->senders, id.value);
    if (!sender)
        return;
    far_allotment_leave (&self->allotment, &sender->share);
    self->stirred = self->stirred || self->starves;
    free (sender);
}

void resident_credit_look (residents_t *all, resident_t *self, far_amount_t room)
{
    const far_amount_t *before = &self->allotment.rules.room;
    if (before->messages != room.messages || before->bytes != room.bytes)
        far_allotment_set_room (&self->allotment, room);
    if (!self->starves)
        return;
    size_t position = 0;
    uint64_t id;
    sender_t *sender;
    self->starves = false;
    while ((sender = far_map_next (&self->senders, &position, &id))) {
        if (!waits (sender))
            continue;
        if (far_allotment_tell_all (&self->allotment, &sender->share))
            say (all, self, sender);
        self->starves = self->starves || waits (sender);
    }
}
