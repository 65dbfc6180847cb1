/* The lifetime of references, exhaustively: every interleaving of one owner O, two holders S and D, the broker, and
 * crashes, over links that keep their order. What O does is done by a real export table, put into the state's counts
 * before each step; the others are modelled. Two things hold in every state: nobody has, or is being sent, a reference
 * of an object that is gone; and once all is quiet O has counted what the holders received.
 *
 * The model knows references by the ids that the table gives out. It is run with ids that begin again once nobody holds
 * the object (this makes fewer states: those of the model that the rules were made with); with ids that are never used
 * again, as they are; and with a holder who may lie once, and hand on to itself what it does not hold. */
#include "object/exports.h"
#include "support.h"

enum { O, S, D, PARTIES };

#define MAX_EXPORTS 2
#define IDS         (MAX_EXPORTS + 1)
#define QUEUE       10

typedef enum kind { SENT = 1, DEL, END, GRANT, DOWN } kind_t;

/* SENT: a reference from a to b (n: a lie). DEL: a gives back n. END: the connection of a. GRANT: from a to b. DOWN: of a. */
typedef struct message {
    uint8_t kind, a, b, id, n;
} message_t;

typedef struct queue {
    uint8_t size;
    message_t at[QUEUE];
} queue_t;

/* All bytes, and unused ones zero: states are compared by memcmp. */
typedef struct state {
    uint8_t own; /* O's program holds the object itself */
    uint8_t last_id;
    uint8_t counts[PARTIES][IDS];   /* O's table */
    uint8_t received[PARTIES][IDS]; /* by S and D, and not given back */
    uint8_t alive[PARTIES];
    uint8_t broker_knows_dead[PARTIES], owner_knows_dead[PARTIES];
    uint8_t exports, handoffs, crashes, lies;
    uint8_t entitled[PARTIES];          /* with a liar: who was ever sent a reference by one who had it */
    queue_t up[PARTIES], down[PARTIES]; /* to the broker, and from it */
} state_t;

typedef struct explorer {
    bool ids_begin_again;
    uint8_t max_handoffs, max_crashes, max_lies;
    state_t *states;
    size_t count, capacity;
    uint32_t *slots; /* index + 1 into states */
    size_t slot_count;
} explorer_t;

static uint64_t hash (const state_t *state)
{
    uint64_t sum = 14695981039346656037u;
    const uint8_t *bytes = (const uint8_t *)state;
    for (size_t i = 0; i < sizeof *state; i++)
        sum = (sum ^ bytes[i]) * 1099511628211u;
    return sum ^ sum >> 29;
}

static void explorer_add (explorer_t *self, const state_t *state)
{
    size_t slot = (size_t)hash (state) & (self->slot_count - 1);
    for (; self->slots[slot]; slot = (slot + 1) & (self->slot_count - 1))
        if (!memcmp (&self->states[self->slots[slot] - 1], state, sizeof *state))
            return;
    assert_true (self->count < self->capacity);
    self->states[self->count++] = *state;
    self->slots[slot] = (uint32_t)self->count;
}

static void push (queue_t *queue, message_t message)
{
    assert_true (queue->size < QUEUE);
    queue->at[queue->size++] = message;
}

static message_t shift (queue_t *queue)
{
    message_t first = queue->at[0];
    memmove (queue->at, queue->at + 1, sizeof *queue->at * (QUEUE - 1));
    memset (&queue->at[--queue->size], 0, sizeof *queue->at);
    memset (&queue->at[QUEUE - 1], 0, sizeof *queue->at);
    return first;
}

static bool exists (const state_t *state)
{
    for (size_t p = S; p <= D; p++)
        for (size_t id = 1; id < IDS; id++)
            if (state->counts[p][id])
                return true;
    return state->own;
}

static size_t held (const uint8_t counts[IDS])
{
    size_t sum = 0;
    for (size_t id = 1; id < IDS; id++)
        sum += counts[id];
    return sum;
}

/* The owner as it really is. */

typedef struct thing {
    far_object_t base;
    bool released;
} thing_t;

static const char *thing_class_name (const far_object_t *object)
{
    (void)object;
    return "Thing";
}

static void thing_release (far_object_t *object)
{
    ((thing_t *)object)->released = true;
}

static const far_object_ops_t thing_ops = { .class_name = thing_class_name, .release = thing_release };

typedef struct owner {
    far_exports_t *exports;
    thing_t thing;
} owner_t;

static far_process_id_t process (size_t party)
{
    return (far_process_id_t){ 0x500000000 + 2 + party };
}

static void let_go (far_object_t *object)
{
    far_object_destroy (&object);
}

/* A table that has given out state->last_id ids, and has the state's counts. */
static void owner_init (owner_t *self, const state_t *state)
{
    self->exports = far_exports_new ();
    self->thing.released = false;
    far_object_init (&self->thing.base, &thing_ops);
    far_object_id_t id;
    for (uint8_t i = 1; i <= state->last_id; i++) {
        assert_int_equal (far_exports_grant (self->exports, &self->thing.base, process (O), &id), FAR_OK);
        for (size_t p = S; p <= D; p++)
            for (size_t n = 0; n < state->counts[p][i]; n++)
                assert_int_equal (far_exports_grant (self->exports, &self->thing.base, process (p), &id), FAR_OK);
        assert_int_equal (id.value, i);
        let_go (far_exports_release (self->exports, id, process (O), 1));
    }
    if (!state->own)
        let_go (&self->thing.base);
}

/* Reads the counts back, and ends the table. */
static void owner_end (owner_t *self, state_t *state, bool ids_begin_again)
{
    for (size_t p = S; p <= D; p++)
        for (uint8_t id = 1; id < IDS; id++)
            state->counts[p][id] =
                (uint8_t)far_exports_references (self->exports, (far_object_id_t){ id }, process (p));
    assert_int_equal (self->thing.released, !exists (state));
    if (ids_begin_again && !far_exports_count (self->exports))
        state->last_id = 0;
    for (far_object_t *object; (object = far_exports_clear (self->exports));)
        let_go (object);
    if (state->own)
        let_go (&self->thing.base);
    assert_true (self->thing.released);
    far_exports_destroy (&self->exports);
}

static void owner_exports_to (explorer_t *self, state_t state, uint8_t to)
{
    owner_t owner;
    far_object_id_t id;
    owner_init (&owner, &state);
    assert_int_equal (far_exports_grant (owner.exports, &owner.thing.base, process (to), &id), FAR_OK);
    assert_true (id.value < IDS);
    if (id.value > state.last_id)
        state.last_id = (uint8_t)id.value;
    owner_end (&owner, &state, self->ids_begin_again);
    push (&state.up[O], (message_t){ SENT, O, to, (uint8_t)id.value, 0 });
    state.exports++;
    state.entitled[to] = self->max_lies;
    explorer_add (self, &state);
}

static void owner_drops_its_own (explorer_t *self, state_t state)
{
    owner_t owner;
    owner_init (&owner, &state);
    let_go (&owner.thing.base);
    state.own = 0;
    owner_end (&owner, &state, self->ids_begin_again);
    explorer_add (self, &state);
}

static void owner_handles (explorer_t *self, state_t state)
{
    message_t message = shift (&state.down[O]);
    far_object_id_t id = { message.id };
    owner_t owner;
    owner_init (&owner, &state);
    if (message.kind == GRANT)
        assert_int_equal (far_exports_hand_on (owner.exports, id, process (message.a), process (message.b)), FAR_OK);
    else if (message.kind == DEL)
        let_go (far_exports_release (owner.exports, id, process (message.a), message.n));
    else
        for (far_object_t *object; (object = far_exports_drop_holder (owner.exports, process (message.a)));)
            let_go (object);
    if (message.kind == DOWN)
        state.owner_knows_dead[message.a] = 1;
    owner_end (&owner, &state, self->ids_begin_again);
    explorer_add (self, &state);
}

/* The others, modelled. */

static void holder_hands_on (explorer_t *self, state_t state, uint8_t p, uint8_t id)
{
    uint8_t to = p == S ? D : S;
    push (&state.up[p], (message_t){ SENT, p, to, id, 0 });
    state.handoffs++;
    state.entitled[to] = self->max_lies;
    explorer_add (self, &state);
}

static void holder_lies (explorer_t *self, state_t state, uint8_t p, uint8_t id)
{
    push (&state.up[p], (message_t){ SENT, p, p, id, 1 });
    state.lies++;
    explorer_add (self, &state);
}

static void holder_drops (explorer_t *self, state_t state, uint8_t p, uint8_t id)
{
    push (&state.up[p], (message_t){ DEL, p, 0, id, state.received[p][id] });
    state.received[p][id] = 0;
    explorer_add (self, &state);
}

static void holder_receives (explorer_t *self, state_t state, uint8_t p)
{
    message_t message = shift (&state.down[p]);
    state.received[p][message.id] = (uint8_t)(state.received[p][message.id] + !message.n);
    explorer_add (self, &state);
}

/* The broker still sees the first seen of what p has sent. */
static void holder_crashes (explorer_t *self, state_t state, uint8_t p, uint8_t seen)
{
    while (state.up[p].size > seen)
        memset (&state.up[p].at[--state.up[p].size], 0, sizeof (message_t));
    push (&state.up[p], (message_t){ END, p, 0, 0, 0 });
    memset (&state.down[p], 0, sizeof state.down[p]);
    memset (state.received[p], 0, sizeof state.received[p]);
    state.alive[p] = 0;
    state.crashes++;
    explorer_add (self, &state);
}

static void broker_handles (explorer_t *self, state_t state, uint8_t p)
{
    message_t message = shift (&state.up[p]);
    if (message.kind == DEL) {
        push (&state.down[O], message);
    } else if (message.kind == END) {
        state.broker_knows_dead[p] = 1;
        push (&state.down[O], (message_t){ DOWN, p, 0, 0, 0 });
    } else if (!state.broker_knows_dead[message.b]) {
        if (message.a != O)
            push (&state.down[O], (message_t){ GRANT, message.a, message.b, message.id, 0 });
        if (state.alive[message.b]) /* else the bytes vanish */
            push (&state.down[message.b], message);
    } else if (message.a == O) {
        push (&state.down[O], (message_t){ DEL, message.b, 0, message.id, 1 });
    }
    explorer_add (self, &state);
}

static void follow (explorer_t *self, const state_t *state)
{
    if (exists (state) && state->exports < MAX_EXPORTS)
        for (uint8_t p = S; p <= D; p++)
            if (!state->owner_knows_dead[p])
                owner_exports_to (self, *state, p);
    if (state->own)
        owner_drops_its_own (self, *state);
    if (state->down[O].size)
        owner_handles (self, *state);
    for (uint8_t p = O; p <= D; p++)
        if (state->up[p].size)
            broker_handles (self, *state, p);
    for (uint8_t p = S; p <= D; p++) {
        if (!state->alive[p])
            continue;
        for (uint8_t id = 1; id < IDS; id++) {
            if (state->received[p][id] && state->handoffs < self->max_handoffs)
                holder_hands_on (self, *state, p, id);
            if (!state->received[p][id] && state->lies < self->max_lies)
                holder_lies (self, *state, p, id);
            if (state->received[p][id])
                holder_drops (self, *state, p, id);
        }
        if (state->down[p].size)
            holder_receives (self, *state, p);
        for (uint8_t seen = 0; state->crashes < self->max_crashes && seen <= state->up[p].size; seen++)
            holder_crashes (self, *state, p, seen);
    }
}

static void check (const state_t *state)
{
    bool quiet = true;
    for (size_t p = O; p <= D; p++)
        quiet = quiet && !state->up[p].size && !state->down[p].size;
    for (size_t p = S; p <= D; p++) {
        if (state->alive[p] && (held (state->received[p]) || state->down[p].size) && !exists (state))
            fail_msg ("somebody has a reference of an object that is gone");
        for (size_t id = 1; quiet && id < IDS; id++)
            if (state->counts[p][id] != state->received[p][id])
                fail_msg ("all is quiet, and the owner has counted %d where the holder received %d",
                          state->counts[p][id], state->received[p][id]);
    }
}

/* Who lies is not owed that its counts are right; but it gets at nothing. */
static void check_entitlement (const state_t *state)
{
    for (size_t p = S; p <= D; p++)
        if (held (state->counts[p]) && !state->entitled[p])
            fail_msg ("somebody is counted who was never sent a reference");
}

static size_t explore (explorer_t self)
{
    self.capacity = 200000;
    self.slot_count = 1 << 19;
    self.states = malloc (self.capacity * sizeof *self.states);
    self.slots = calloc (self.slot_count, sizeof *self.slots);
    assert_true (self.states && self.slots);
    state_t first = { .own = 1, .alive = { 1, 1, 1 } };
    explorer_add (&self, &first);
    for (size_t i = 0; i < self.count; i++) {
        if (self.max_lies)
            check_entitlement (&self.states[i]);
        else
            check (&self.states[i]);
        follow (&self, &self.states[i]);
    }
    free (self.states);
    free (self.slots);
    return self.count;
}

static void nothing_breaks_with_ids_that_begin_again (void **state)
{
    (void)state;
    explorer_t limits = { .ids_begin_again = true, .max_handoffs = 2, .max_crashes = 1 };
    assert_int_equal (explore (limits), 67298);
}

static void nothing_breaks (void **state)
{
    (void)state;
    explorer_t limits = { .max_handoffs = 2, .max_crashes = 1 };
    assert_true (explore (limits) > 67298);
}

static void a_liar_gets_at_nothing (void **state)
{
    (void)state;
    explorer_t limits = { .max_handoffs = 1, .max_lies = 1 };
    assert_true (explore (limits) > 1000);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (nothing_breaks_with_ids_that_begin_again),
        cmocka_unit_test (nothing_breaks),
        cmocka_unit_test (a_liar_gets_at_nothing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
