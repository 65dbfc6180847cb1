/* The broker of the lifetime model as it really is: routers, each in one of the states that a broker can be in, and every
 * message a frame. */
#ifndef FAR_TESTS_BROKER_LIFETIME_BROKER_H
#define FAR_TESTS_BROKER_LIFETIME_BROKER_H

#include "fixture.h"
#include "lifetime_state.h"

/* By who is down, and who has exchanged messages with O: a bit for S and one for D in each. */
typedef struct brokers {
    world_t *worlds[4][4];
} brokers_t;

static inline uint8_t bits (const uint8_t of[PARTIES])
{
    return (uint8_t)((of[S] ? 1 : 0) | (of[D] ? 2 : 0));
}

static inline session_t *session_of (const world_t *world, size_t party)
{
    return world->sessions[party];
}

static inline world_t *broker_new (const facts_t *facts)
{
    world_t *world = resized (NULL, sizeof *world);
    world_init (world);
    for (char who = 'a'; who <= 'c'; who++)
        world_join (world, who);
    processes_meet (session_of (world, S), session_of (world, D));
    for (size_t p = S; p <= D; p++) {
        if (facts->met_owner[p])
            processes_meet (session_of (world, O), session_of (world, p));
        if (facts->broker_knows_dead[p])
            world_end (world, (char)('a' + p));
    }
    return world;
}

static inline void broker_destroy (world_t *world)
{
    world_deinit (world);
    free (world);
}

/* A router in the state of these facts. The caller owns it until it gives it back. */
static inline world_t *brokers_take (brokers_t *self, const facts_t *facts)
{
    world_t **place = &self->worlds[bits (facts->broker_knows_dead)][bits (facts->met_owner)];
    world_t *world = *place ? *place : broker_new (facts);
    *place = NULL;
    return world;
}

/* Reads back who has met, and keeps the router for the next time. */
static inline void brokers_give_back (brokers_t *self, world_t *world, facts_t *facts)
{
    for (size_t p = S; p <= D; p++)
        facts->met_owner[p] =
            session_of (world, p) && processes_have_met (session_of (world, O), session_of (world, p));
    world_t **place = &self->worlds[bits (facts->broker_knows_dead)][bits (facts->met_owner)];
    if (*place)
        broker_destroy (world);
    else
        *place = world;
}

static inline void brokers_deinit (brokers_t *self)
{
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            if (self->worlds[i][j])
                broker_destroy (self->worlds[i][j]);
}

static inline sending_t as_sending (const world_t *world, message_t message)
{
    if (message.kind == DEL)
        return (sending_t){ .type = FAR_DEL,
                            .party = world->ids[O].value,
                            .fields = { { .tag = FAR_FIELD_RELEASE, .release = { { message.id }, message.n } } } };
    return (sending_t){ .type = FAR_CALL,
                        .party = world->ids[message.b].value,
                        .fields = { { .tag = FAR_FIELD_REFERENCE, .reference = { world->ids[O], { message.id } } } } };
}

/* p's connection has ended, or the message is what came from it. Leaves what follows in the world's actions. */
static inline void broker_step (world_t *world, size_t p, message_t message, bool in_batch)
{
    event_t event = { .kind = EVENT_ENDED, .session = session_of (world, p) };
    if (message.kind == END) {
        world_step (world, &event);
        world->sessions[p] = NULL;
        return;
    }
    sending_t sending = as_sending (world, message);
    far_buffer_t *frame = &world->frame;
    frame->size = 0;
    if (in_batch)
        far_buffer_extend (frame, FAR_HEADER_SIZE);
    append_sending (frame, &sending, in_batch);
    far_header_t batch = { .flags = FAR_FLAG_BATCH,
                           .party = sending.party,
                           .body_size = (uint32_t)frame->size - FAR_HEADER_SIZE };
    if (in_batch)
        far_header_write (&batch, frame->data);
    event = (event_t){ EVENT_FRAME, event.session, frame->data, frame->size, NULL };
    world_step (world, &event);
}

static inline uint8_t party_of (const world_t *world, uint64_t id)
{
    for (uint8_t p = O; p <= D; p++)
        if (world->ids[p].value == id)
            return p;
    fail_msg ("a message speaks of nobody in the model");
    return O;
}

/* What a message says that the broker sends to a party. */
static inline message_t as_message (const world_t *world, const far_message_t *one, uint8_t to)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, one->fields, one->header.fields_size);
    assert_true (far_fields_next (&walk, &field));
    switch (field.tag) {
    case FAR_FIELD_REFERENCE: {
        uint8_t from = party_of (world, one->header.party);
        assert_int_equal (one->header.type, FAR_CALL);
        return (message_t){ SENT, from, to, (uint8_t)field.reference.object.value, from == to };
    }
    case FAR_FIELD_RELEASE:
        assert_int_equal (one->header.type, FAR_DEL);
        return (message_t){ DEL, party_of (world, one->header.party), 0, (uint8_t)field.release.object.value,
                            (uint8_t)field.release.receipts };
    case FAR_FIELD_GRANT:
        return (message_t){ GRANT, party_of (world, field.grant.giver.value), party_of (world, field.grant.to.value),
                            (uint8_t)field.grant.object.value, 0 };
    default:
        assert_int_equal (field.tag, FAR_FIELD_DOWN);
        return (message_t){ DOWN, party_of (world, field.down.process.value), 0, 0, 0 };
    }
}

/* Of the world's actions, the i-th that is a message: what it says, and to whom. false: there are no more. */
static inline bool broker_next (const world_t *world, size_t *i, message_t *out, uint8_t *out_to)
{
    const actions_t *actions = &world->actions;
    assert_false (actions->failed);
    while (*i < actions->count) {
        const action_t *action = &actions->items[(*i)++];
        if (action->kind == ACTION_LEFT || action->kind == ACTION_LOG)
            continue;
        assert_true (action->kind == ACTION_FORWARD || action->kind == ACTION_SEND);
        bool forward = action->kind == ACTION_FORWARD;
        far_message_t whole, one;
        far_messages_t walk;
        assert_true (far_message_read (forward ? world->frame.data : actions_data (actions, action),
                                       forward ? world->frame.size : action->data.size, &whole));
        far_messages_start (&walk, &whole);
        assert_true (far_messages_next (&walk, &one));
        if (one.header.type == FAR_CREDIT) /* says nothing of objects */
            continue;
        *out_to = party_of (world, action->session->id.value);
        *out = as_message (world, &one, *out_to);
        return true;
    }
    return false;
}

#endif
