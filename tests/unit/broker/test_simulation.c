/* The routing core under 200,000 random events from a seed, against a small model: every request ends in exactly one way,
 * every reference is granted or given back, the right ones learn of each end, and the tables are empty afterwards. The
 * seed is printed; FAR_SEED sets another. */
#include "fixture.h"

#define MOST   24
#define EVENTS 200000
#define NAMES  6

typedef struct world_model {
    world_t world; /* its actions and its clock; its letters are not used */
    session_t *sessions[MOST];
    far_process_id_t ids[MOST]; /* live: else 0 */
    bool met[MOST][MOST];
    far_process_id_t dead[64];
    size_t dead_count;
    uint64_t seed, requests;
    uint32_t connections;
    size_t outcomes[4]; /* forwarded, ERROR, DOWN, sender cut */
} model_t;

static uint32_t random_below (model_t *self, uint32_t limit)
{
    self->seed = self->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(self->seed >> 33) % limit;
}

static int index_of (const model_t *self, const session_t *session)
{
    for (int i = 0; i < MOST; i++)
        if (self->sessions[i] == session)
            return i;
    fail_msg ("an action for a session that is gone");
    return -1;
}

static int index_of_id (const model_t *self, uint64_t id)
{
    for (int i = 0; i < MOST; i++)
        if (id && self->ids[i].value == id)
            return i;
    return -1;
}

static bool is_dead (const model_t *self, uint64_t id)
{
    for (size_t i = 0; i < 64 && i < self->dead_count; i++)
        if (self->dead[i].value == id)
            return true;
    return false;
}

static void meet (model_t *self, int a, int b)
{
    self->met[a][b] = self->met[b][a] = true;
}

/* How often each thing was seen among the actions of one step. */
typedef struct seen {
    int downs_to[MOST]; /* of the sender, once it is down */
    int forwarded, errors,
        down;             /* of one request: to its destination; to the sender; DOWN(destination) to the sender */
    int grants, releases; /* of one reference */
    bool cut, left, before_forward; /* before_forward: its GRANT came first */
} seen_t;

typedef struct visit {
    const model_t *model;
    int from;
    far_process_id_t from_id;
    uint64_t party, request, object; /* what is looked for */
    seen_t *seen;
} visit_t;

static void visit_message (const visit_t *visit, int to, const far_message_t *one, bool passed_on)
{
    seen_t *seen = visit->seen;
    far_fields_t walk;
    far_field_t field;
    uint8_t type = one->header.type;
    if (passed_on) {
        assert_int_equal (one->header.party, visit->from_id.value);
        assert_false (one->header.flags & FAR_FLAG_BY_BROKER);
        seen->forwarded += visit->request && one->header.request == visit->request;
        return;
    }
    if (type == FAR_ERROR && to == visit->from)
        seen->errors += visit->request && one->header.request == visit->request;
    far_fields_start (&walk, one->fields, one->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (type == FAR_DOWN && to == visit->from)
            seen->down += field.down.process.value == visit->party;
        if (type == FAR_DOWN && field.down.process.value == visit->from_id.value)
            seen->downs_to[to]++;
        if (type == FAR_GRANT && field.grant.object.value == visit->object) {
            assert_int_equal (field.grant.giver.value, visit->from_id.value);
            assert_int_equal (field.grant.to.value, visit->party);
            seen->grants++;
            seen->before_forward = !seen->forwarded;
        }
        if (type == FAR_DEL && field.release.object.value == visit->object)
            seen->releases += (int)field.release.receipts;
    }
}

static void visit_frame (const visit_t *visit, const session_t *session, const uint8_t *frame, size_t size)
{
    far_message_t message, one;
    far_messages_t walk;
    int to = index_of (visit->model, session);
    assert_true (session->state == SESSION_LIVE || to == visit->from);
    assert_true (far_message_read (frame, size, &message));
    bool passed_on = message.header.party == visit->from_id.value && !(message.header.flags & FAR_FLAG_BY_BROKER) &&
                     message.header.party;
    far_messages_start (&walk, &message);
    while (far_messages_next (&walk, &one))
        visit_message (visit, to, &one, passed_on);
}

static seen_t look (model_t *self, int from, far_process_id_t from_id, uint64_t party, uint64_t request,
                    uint64_t object)
{
    seen_t seen = { 0 };
    visit_t visit = { self, from, from_id, party, request, object, &seen };
    const actions_t *actions = &self->world.actions;
    assert_false (actions->failed);
    for (size_t i = 0; i < actions->count; i++) {
        const action_t *action = &actions->items[i];
        if (action->kind == ACTION_FORWARD)
            visit_frame (&visit, action->session, self->world.frame.data, self->world.frame.size);
        else if (action->kind == ACTION_SEND)
            visit_frame (&visit, action->session, actions_data (actions, action), action->data.size);
        seen.cut |= action->kind == ACTION_CUT;
        seen.left |= action->kind == ACTION_LEFT;
    }
    return seen;
}

/* The sender is down now, if it was live: those and only those learn of it that it has met. */
static void check_left (model_t *self, int from, far_process_id_t id)
{
    seen_t seen = look (self, from, id, 0, 0, 0);
    assert_int_equal (seen.left, id.value != 0);
    for (int i = 0; i < MOST; i++) {
        assert_int_equal (seen.downs_to[i], id.value && self->met[from][i] && i != from);
        self->met[from][i] = self->met[i][from] = false;
    }
    if (id.value)
        self->dead[self->dead_count++ % 64] = id;
    self->ids[from].value = 0;
}

static void step_frame (model_t *self, int from)
{
    world_step (&self->world, &(event_t){ .kind = EVENT_FRAME,
                                          .session = self->sessions[from],
                                          .frame = self->world.frame.data,
                                          .size = self->world.frame.size });
}

static uint64_t any_party (model_t *self)
{
    switch (random_below (self, 8)) {
    case 0:
        return self->dead_count ? self->dead[random_below (self, 64) % self->dead_count].value : 0;
    case 1:
        return (uint64_t)INCARNATION << 32 | (0xf0000000u + random_below (self, 100));
    default:
        return self->ids[random_below (self, MOST)].value;
    }
}

static sending_t any_sending (model_t *self)
{
    static const uint8_t types[] = { FAR_CALL, FAR_CALL, FAR_GETATTR, FAR_RESULT, FAR_DEL, FAR_CANCEL };
    sending_t sending = { .type = types[random_below (self, sizeof types)],
                          .flags = random_below (self, 4) ? 0 : FAR_FLAG_BY_BROKER };
    if (far_message_role (sending.type) == FAR_ROLE_REQUEST)
        sending.request = random_below (self, 4) ? ++self->requests : 0;
    for (size_t i = 0; i < 3 && !random_below (self, 3); i++)
        sending.fields[i] = (far_field_t){ .tag = FAR_FIELD_REFERENCE,
                                           .reference = { { any_party (self) }, { ++self->requests << 20 } } };
    return sending;
}

/* One of the outcomes, for each request; and for each reference what goes with it. */
static void check_sending (model_t *self, int from, far_process_id_t id, uint64_t party, const sending_t *sending)
{
    int to = index_of_id (self, party);
    bool is_request = far_message_role (sending->type) == FAR_ROLE_REQUEST, refused = to < 0;
    if (sending->request) {
        seen_t seen = look (self, from, id, party, sending->request, 0);
        assert_int_equal (seen.forwarded + seen.errors + (seen.down > 0 && to < 0), 1);
        self->outcomes[seen.forwarded ? 0 : seen.errors ? 1 : 2]++;
        refused = !seen.forwarded;
    } else if (is_request && to >= 0) {
        refused = self->sessions[to]->parked.count > 0; /* as the test parks: all or nothing */
    }
    for (size_t i = 0; i < 4 && sending->fields[i].tag; i++) {
        uint64_t owner = sending->fields[i].reference.owner.value;
        int owner_index = index_of_id (self, owner);
        bool third = owner_index >= 0 && owner != id.value && owner != party;
        seen_t seen = look (self, from, id, party, sending->request, sending->fields[i].reference.object.value);
        assert_int_equal (seen.grants, !refused && third);
        assert_int_equal (seen.releases, refused && owner == id.value && !is_dead (self, party));
        if (seen.grants) {
            assert_true (!sending->request || seen.before_forward);
            meet (self, owner_index, from);
            meet (self, owner_index, to);
        }
    }
}

static void send_one (model_t *self, int from, uint64_t party)
{
    sending_t sending = any_sending (self);
    sending.party = party;
    self->world.frame.size = 0;
    append_sending (&self->world.frame, &sending, false);
    step_frame (self, from);
    check_sending (self, from, self->ids[from], party, &sending);
}

static void send_batch (model_t *self, int from, uint64_t party)
{
    sending_t sendings[8];
    size_t count = 1 + random_below (self, 8);
    far_buffer_t *frame = &self->world.frame;
    frame->size = 0;
    far_buffer_extend (frame, FAR_HEADER_SIZE);
    for (size_t i = 0; i < count; i++) {
        sendings[i] = any_sending (self);
        append_sending (frame, &sendings[i], true);
    }
    far_header_t header = { .flags = FAR_FLAG_BATCH,
                            .party = party,
                            .body_size = (uint32_t)frame->size - FAR_HEADER_SIZE };
    far_header_write (&header, frame->data);
    step_frame (self, from);
    for (size_t i = 0; i < count; i++)
        check_sending (self, from, self->ids[from], party, &sendings[i]);
}

static void on_send (model_t *self, int from)
{
    uint64_t party = any_party (self);
    int to = index_of_id (self, party);
    if (!party || !self->ids[from].value)
        return;
    if (to >= 0)
        meet (self, from, to);
    if (random_below (self, 3))
        send_one (self, from, party);
    else
        send_batch (self, from, party);
}

static void on_hello (model_t *self, int from)
{
    static const uint8_t start[] = "\x82\xa7version\x01\xa4name\xa1";
    uint8_t body[sizeof start];
    session_t *session = self->sessions[from];
    memcpy (body, start, sizeof start - 1);
    body[sizeof start - 1] = (uint8_t)('p' + random_below (self, NAMES));
    bool taken = processes_named (self->world.router->processes, (const char *)body + sizeof start - 1, 1);
    session_state_t was = session->state;
    self->world.frame.size = 0;
    far_message_begin (&self->world.frame);
    far_buffer_append (&self->world.frame, body, sizeof body);
    far_message_finish (&self->world.frame, &(far_header_t){ .type = FAR_HELLO, .request = 1 }, NULL, 0);
    step_frame (self, from);
    if (was == SESSION_NEW) {
        assert_int_equal (session->state, taken ? SESSION_NEW : SESSION_LIVE);
        self->ids[from] = session->id;
    } else {
        assert_int_equal (session->state, was);
    }
}

static void on_garbage (model_t *self, int from)
{
    far_process_id_t id = self->ids[from];
    session_state_t was = self->sessions[from]->state;
    uint8_t frame[200];
    for (size_t i = 0; i < sizeof frame; i++)
        frame[i] = (uint8_t)random_below (self, 256);
    self->world.frame.size = 0;
    far_buffer_append (&self->world.frame, frame, random_below (self, sizeof frame));
    step_frame (self, from);
    seen_t seen = look (self, from, id, 0, 0, 0);
    assert_int_equal (seen.cut, was != SESSION_CUT);
    self->outcomes[3] += seen.cut;
    check_left (self, from, id);
}

static void on_bye (model_t *self, int from)
{
    far_process_id_t id = self->ids[from];
    self->world.frame.size = 0;
    append_sending (&self->world.frame, &(sending_t){ .type = FAR_BYE, .request = 1 }, false);
    step_frame (self, from);
    check_left (self, from, id);
}

static void on_cut (model_t *self, int from)
{
    far_process_id_t id = self->ids[from];
    world_step (&self->world, &(event_t){ .kind = EVENT_CUT, .session = self->sessions[from], .why = "by chance" });
    check_left (self, from, id);
}

static void on_end (model_t *self, int from)
{
    far_process_id_t id = self->ids[from];
    parking_clear (&self->world.parking, &self->sessions[from]->parked);
    world_step (&self->world, &(event_t){ .kind = EVENT_ENDED, .session = self->sessions[from] });
    check_left (self, from, id);
    self->sessions[from] = NULL;
}

/* A destination that has all it may have waiting, or nothing. */
static void on_park (model_t *self, int from)
{
    static uint8_t nothing[PARKED];
    parked_queue_t *queue = &self->sessions[from]->parked;
    if (queue->count)
        parking_clear (&self->world.parking, queue);
    else
        assert_true (parking_copy (&self->world.parking, queue, nothing, sizeof nothing, self->world.now_ns));
}

static void one_event (model_t *self)
{
    int from = (int)random_below (self, MOST);
    self->world.now_ns += random_below (self, 10000000);
    if (!self->sessions[from]) {
        self->sessions[from] = processes_open (self->world.router->processes, self->connections++, &(peer_t){ 0 });
        return;
    }
    uint32_t chance = random_below (self, 1000);
    if (self->sessions[from]->state == SESSION_NEW)
        on_hello (self, from);
    else if (chance < 5)
        on_garbage (self, from);
    else if (chance < 10)
        on_bye (self, from);
    else if (chance < 12)
        on_cut (self, from);
    else if (chance < 30 || !self->ids[from].value)
        on_end (self, from);
    else if (chance < 60)
        on_park (self, from);
    else if (chance < 65)
        on_hello (self, from);
    else
        on_send (self, from);
}

static void random_events (void **state)
{
    (void)state;
    static model_t model;
    const char *seed = getenv ("FAR_SEED");
    model.seed = seed ? strtoull (seed, NULL, 0) : 42;
    printf ("FAR_SEED=%llu\n", (unsigned long long)model.seed);
    world_init (&model.world);
    for (int i = 0; i < EVENTS; i++)
        one_event (&model);
    for (size_t i = 0; i < sizeof model.outcomes / sizeof *model.outcomes; i++)
        assert_true (model.outcomes[i] > 100);
    for (int i = 0; i < MOST; i++)
        if (model.sessions[i])
            on_end (&model, i);
    assert_int_equal (processes_count (model.world.router->processes), 0);
    assert_int_equal (processes_sessions (model.world.router->processes), 0);
    world_deinit (&model.world);
}

int main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (random_events) };
    return cmocka_run_group_tests_name ("simulation", tests, NULL, NULL);
}
