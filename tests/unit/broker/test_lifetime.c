/* The lifetime of references, exhaustively: every interleaving of one owner O, two holders S and D, the broker, and
 * crashes, over links that keep their order. O is a real export table and the broker a real routing core, each put into
 * the state's facts before a step; only the holders are modelled. Two things hold in every state: nobody has, or is being
 * sent, a reference of an object that is gone; and once all is quiet O has counted what the holders received.
 *
 * Where a rule of docs/protocol.md, section 5, is taken out, the model finds what breaks, and after how few steps. */
#include "lifetime_broker.h"
#include "lifetime_owner.h"

/* What is taken out. */
typedef enum broken {
    NOTHING,
    NO_GRANT,           /* rule 3: the owner is not told of what is handed on */
    CLAIM_INSTEAD,      /* rule 3: who receives a reference announces itself to the owner */
    DEL_WITHOUT_COUNT,  /* rule 4: DEL gives back one receipt, however many there were */
    DEL_FREES,          /* rule 4: any DEL ends the object */
    NO_DOWN,            /* rule 6: the end of a process is told to nobody */
    NO_DOWN_AS_ANSWER,  /* rule 7: nor is who sends to it later; of no effect where all had met the owner */
    REFUSED_WITHOUT_DEL /* rule 7: what was not delivered is not given back */
} broken_t;

typedef struct limits {
    uint8_t exports, handoffs, crashes;
    uint8_t refusals;     /* how often a destination may have no room */
    uint8_t lies;         /* how often a holder may hand on to itself what it does not have */
    bool ids_begin_again; /* once nobody holds the object. Fewer states: those that the rules were made with */
    bool strangers;       /* O has exchanged no message with the holders before */
    bool in_batches;
    broken_t broken;
    uint32_t most_states;
} limits_t;

typedef struct explorer {
    limits_t limits;
    seen_t seen;
    brokers_t brokers;
    uint32_t from; /* the state that is being followed */
} explorer_t;

static void found (explorer_t *self, const state_t *state, const char *step, size_t party)
{
    seen_add (&self->seen, state, (origin_t){ self->from, step, (uint8_t)party });
}

static void owner_exports_to (explorer_t *self, state_t state, uint8_t to)
{
    owner_t owner;
    owner_init (&owner, &state.facts);
    uint8_t id = owner_export (&owner, &state.facts, to);
    owner_end (&owner, &state.facts, self->limits.ids_begin_again);
    push (&state.up[O], (message_t){ SENT, O, to, id, 0 });
    state.facts.exports++;
    state.facts.entitled[to] = self->limits.lies;
    found (self, &state, "is sent a reference by O", to);
}

static void owner_drops_its_own (explorer_t *self, state_t state)
{
    owner_t owner;
    owner_init (&owner, &state.facts);
    let_go (&owner.thing.base);
    state.facts.own = 0;
    owner_end (&owner, &state.facts, self->limits.ids_begin_again);
    found (self, &state, "lets go of the object", O);
}

static void owner_handles (explorer_t *self, state_t state)
{
    message_t message = shift (&state.down[O]);
    facts_t *facts = &state.facts;
    owner_t owner;
    owner_init (&owner, facts);
    if (message.kind == CLAIM) {
        if (exists (facts) && !facts->owner_knows_dead[message.b])
            owner_export (&owner, facts, message.b);
    } else if (message.kind == DEL && self->limits.broken == DEL_FREES) {
        owner_clear (&owner);
    } else {
        owner_take (&owner, facts, message);
    }
    owner_end (&owner, facts, self->limits.ids_begin_again);
    static const char *const steps[] = { [GRANT] = "is told of a grant",
                                         [DEL] = "is given back receipts",
                                         [DOWN] = "learns that a holder is down",
                                         [CLAIM] = "hears a claim" };
    found (self, &state, steps[message.kind], O);
}

/* Without a rule the broker does not send this, of what follows from that. */
static bool is_left_out (broken_t broken, const message_t *message, const message_t *from)
{
    switch (broken) {
    case NO_GRANT:
    case CLAIM_INSTEAD:
        return message->kind == GRANT;
    case NO_DOWN:
        return message->kind == DOWN && from->kind == END;
    case NO_DOWN_AS_ANSWER:
        return message->kind == DOWN && from->kind == SENT;
    case REFUSED_WITHOUT_DEL:
        return message->kind == DEL && from->kind == SENT;
    default:
        return false;
    }
}

/* Puts on their way what the broker has to say. DOWN changes nothing at a holder: it offers no objects. */
static void deliver (const explorer_t *self, const world_t *world, state_t *state, const message_t *from)
{
    message_t message;
    uint8_t to;
    for (size_t i = 0; broker_next (world, &i, &message, &to);) {
        if (is_left_out (self->limits.broken, &message, from) || (to != O && message.kind == DOWN))
            continue;
        if (state->facts.alive[to]) /* else the bytes vanish */
            push (&state->down[to], message);
    }
}

static void broker_handles (explorer_t *self, state_t state, uint8_t p, bool refuses)
{
    message_t message = shift (&state.up[p]);
    facts_t *facts = &state.facts;
    world_t *world = brokers_take (&self->brokers, facts);
    if (refuses)
        world_park (world, (char)('a' + message.b), PARKED);
    broker_step (world, p, message, self->limits.in_batches);
    deliver (self, world, &state, &message);
    if (refuses)
        parking_clear (&world->parking, &session_of (world, message.b)->parked);
    facts->refusals = (uint8_t)(facts->refusals + refuses);
    if (message.kind == END)
        facts->broker_knows_dead[p] = 1;
    brokers_give_back (&self->brokers, world, facts);
    found (self, &state,
           refuses               ? "is told that there is no room"
           : message.kind == END ? "is down for the broker"
           : message.kind == DEL ? "has its receipts passed on"
                                 : "has its reference passed on",
           p);
}

static void broker_passes_claim (explorer_t *self, state_t state, uint8_t p)
{
    push (&state.down[O], shift (&state.up[p]));
    found (self, &state, "has its claim passed on", p);
}

static void broker_takes (explorer_t *self, const state_t *state, uint8_t p)
{
    const message_t *next = &state->up[p].at[0];
    if (next->kind == CLAIM) {
        broker_passes_claim (self, *state, p);
        return;
    }
    broker_handles (self, *state, p, false);
    if (next->kind == SENT && !state->facts.broker_knows_dead[next->b] && state->facts.refusals < self->limits.refusals)
        broker_handles (self, *state, p, true);
}

static void holder_hands_on (explorer_t *self, state_t state, uint8_t p, uint8_t id)
{
    uint8_t to = p == S ? D : S;
    push (&state.up[p], (message_t){ SENT, p, to, id, 0 });
    state.facts.handoffs++;
    state.facts.entitled[to] = self->limits.lies;
    found (self, &state, "hands on", p);
}

static void holder_lies (explorer_t *self, state_t state, uint8_t p, uint8_t id)
{
    push (&state.up[p], (message_t){ SENT, p, p, id, 1 });
    state.facts.lies++;
    found (self, &state, "hands on to itself what it does not have", p);
}

static void holder_drops (explorer_t *self, state_t state, uint8_t p, uint8_t id)
{
    uint8_t receipts = self->limits.broken == DEL_WITHOUT_COUNT ? 1 : state.facts.received[p][id];
    push (&state.up[p], (message_t){ DEL, p, 0, id, receipts });
    state.facts.received[p][id] = 0;
    found (self, &state, "drops its proxy", p);
}

static void holder_receives (explorer_t *self, state_t state, uint8_t p)
{
    message_t message = shift (&state.down[p]);
    uint8_t *received = &state.facts.received[p][message.id];
    *received = (uint8_t)(*received + !message.n);
    if (self->limits.broken == CLAIM_INSTEAD && message.a != O)
        push (&state.up[p], (message_t){ CLAIM, message.a, p, message.id, 0 });
    found (self, &state, "receives", p);
}

/* The broker still sees the first few of what p has sent. */
static void holder_crashes (explorer_t *self, state_t state, uint8_t p, uint8_t seen)
{
    while (state.up[p].size > seen)
        memset (&state.up[p].at[--state.up[p].size], 0, sizeof (message_t));
    push (&state.up[p], (message_t){ END, p, 0, 0, 0 });
    memset (&state.down[p], 0, sizeof state.down[p]);
    memset (state.facts.received[p], 0, sizeof state.facts.received[p]);
    state.facts.alive[p] = 0;
    state.facts.crashes++;
    found (self, &state, "crashes", p);
}

static void follow_holder (explorer_t *self, const state_t *state, uint8_t p)
{
    const facts_t *facts = &state->facts;
    for (uint8_t id = 1; id < IDS; id++) {
        if (facts->received[p][id] && facts->handoffs < self->limits.handoffs)
            holder_hands_on (self, *state, p, id);
        if (!facts->received[p][id] && facts->lies < self->limits.lies)
            holder_lies (self, *state, p, id);
        if (facts->received[p][id])
            holder_drops (self, *state, p, id);
    }
    if (state->down[p].size)
        holder_receives (self, *state, p);
    for (uint8_t seen = 0; facts->crashes < self->limits.crashes && seen <= state->up[p].size; seen++)
        holder_crashes (self, *state, p, seen);
}

static void follow (explorer_t *self, const state_t *state)
{
    const facts_t *facts = &state->facts;
    if (exists (facts) && facts->exports < self->limits.exports)
        for (uint8_t p = S; p <= D; p++)
            if (!facts->owner_knows_dead[p])
                owner_exports_to (self, *state, p);
    if (facts->own)
        owner_drops_its_own (self, *state);
    if (state->down[O].size)
        owner_handles (self, *state);
    for (uint8_t p = O; p <= D; p++)
        if (state->up[p].size)
            broker_takes (self, state, p);
    for (uint8_t p = S; p <= D; p++)
        if (facts->alive[p])
            follow_holder (self, state, p);
}

static const char GONE[] = "somebody has, or is being sent, a reference of an object that is gone";
static const char TOO_FEW[] = "all is quiet, and the owner has counted too few";
static const char TOO_MANY[] = "all is quiet, and the owner has counted too many";
static const char NOT_ENTITLED[] = "somebody is counted who was never sent a reference";

static const char *violation (const state_t *state)
{
    const facts_t *facts = &state->facts;
    bool quiet = true;
    for (size_t p = O; p <= D; p++)
        quiet = quiet && !state->up[p].size && !state->down[p].size;
    for (size_t p = S; p <= D; p++) {
        if (facts->alive[p] && (held (facts->received[p]) || state->down[p].size) && !exists (facts))
            return GONE;
        for (size_t id = 1; quiet && id < IDS; id++)
            if (facts->counts[p][id] != facts->received[p][id])
                return facts->counts[p][id] < facts->received[p][id] ? TOO_FEW : TOO_MANY;
    }
    return NULL;
}

/* Who lies is not owed that its counts are right; but it gets at nothing. */
static const char *violation_by_liar (const state_t *state)
{
    for (size_t p = S; p <= D; p++)
        if (held (state->facts.counts[p]) && !state->facts.entitled[p])
            return NOT_ENTITLED;
    return NULL;
}

typedef struct outcome {
    uint32_t states;
    const char *violation; /* NULL: none */
    size_t steps;          /* to it */
} outcome_t;

static outcome_t explore (limits_t limits)
{
    explorer_t self = { .limits = limits };
    outcome_t outcome = { 0 };
    uint8_t met = !limits.strangers;
    state_t first = { .facts = { .own = 1, .alive = { 1, 1, 1 }, .met_owner = { 0, met, met } } };
    seen_init (&self.seen, limits.most_states);
    seen_add (&self.seen, &first, (origin_t){ .parent = NO_STATE });
    for (self.from = 0; self.from < self.seen.count && !outcome.violation; self.from++) {
        state_t state = seen_get (&self.seen, self.from);
        outcome.violation = limits.lies ? violation_by_liar (&state) : violation (&state);
        if (outcome.violation)
            outcome.steps = seen_steps (&self.seen, self.from, !limits.broken);
        else
            follow (&self, &state);
    }
    outcome.states = self.seen.count;
    if (outcome.violation && !limits.broken)
        print_error ("%s\n", outcome.violation);
    seen_deinit (&self.seen);
    brokers_deinit (&self.brokers);
    return outcome;
}

/* Every state of it is sound; gives how many there are. */
static uint32_t explore_sound (limits_t limits)
{
    outcome_t outcome = explore (limits);
    assert_null (outcome.violation);
    return outcome.states;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SIZES 2 /* of those below: the larger ones are slow under a sanitizer */
#else
#define SIZES 4
#endif

/* The states in which the rules were found to be sound before there was a line of C. */
static void test_states_of_the_rules (void **state)
{
    (void)state;
    static const struct size {
        uint8_t exports, handoffs, crashes;
        uint32_t states;
    } sizes[] = { { 2, 1, 1, 6888 }, { 2, 2, 1, 67298 }, { 2, 2, 2, 111242 }, { 3, 2, 1, 538632 } };
    for (size_t i = 0; i < SIZES; i++) {
        const struct size *size = &sizes[i];
        limits_t limits = { .exports = size->exports,
                            .handoffs = size->handoffs,
                            .crashes = size->crashes,
                            .ids_begin_again = true,
                            .most_states = size->states };
        assert_int_equal (explore_sound (limits), size->states);
    }
}

/* As it really is: no id is used twice. */
static void test_ids_that_go_on (void **state)
{
    (void)state;
    limits_t limits = { .exports = 2, .handoffs = 2, .crashes = 1, .most_states = 200000 };
    assert_true (explore_sound (limits) > 67298);
}

/* The broker tells only those of an end that have met the process: by a message, or by a grant. */
static void test_strangers (void **state)
{
    (void)state;
    limits_t limits = { .exports = 2, .handoffs = 2, .crashes = 1, .strangers = true, .most_states = 400000 };
    assert_true (explore_sound (limits) > 67298);
}

static void test_no_room (void **state)
{
    (void)state;
    limits_t limits = { .exports = 2, .handoffs = 1, .crashes = 1, .refusals = 1, .most_states = 200000 };
    assert_true (explore_sound (limits) > 6888);
}

static void test_batches (void **state)
{
    (void)state;
    limits_t limits = { .exports = 2, .handoffs = 1, .crashes = 1, .refusals = 1, .most_states = 200000 };
    uint32_t one_by_one = explore_sound (limits);
    limits.in_batches = true;
    assert_int_equal (explore_sound (limits), one_by_one);
}

static void test_a_liar_gets_at_nothing (void **state)
{
    (void)state;
    limits_t limits = { .exports = 2, .handoffs = 1, .lies = 1, .most_states = 200000 };
    assert_true (explore_sound (limits) > 1000);
}

/* Each rule is needed: without it something breaks, and this is the shortest way to it. */
static void test_rules_taken_out (void **state)
{
    (void)state;
    static const struct loss {
        broken_t broken;
        bool strangers;
        const char *violation;
        size_t steps;
    } losses[] = {
        { NO_GRANT, false, TOO_FEW, 6 },
        { CLAIM_INSTEAD, false, GONE, 9 },
        { DEL_WITHOUT_COUNT, false, TOO_MANY, 9 },
        { DEL_FREES, false, GONE, 9 },
        { NO_DOWN, false, TOO_MANY, 4 },
        { NO_DOWN_AS_ANSWER, true, TOO_MANY, 4 },
        { REFUSED_WITHOUT_DEL, false, TOO_MANY, 2 },
    };
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        const struct loss *loss = &losses[i];
        outcome_t outcome = explore ((limits_t){ .exports = 2,
                                                 .handoffs = 2,
                                                 .crashes = 1,
                                                 .refusals = loss->broken == REFUSED_WITHOUT_DEL,
                                                 .strangers = loss->strangers,
                                                 .broken = loss->broken,
                                                 .most_states = 200000 });
        assert_non_null (outcome.violation);
        assert_string_equal (outcome.violation, loss->violation);
        assert_int_equal (outcome.steps, loss->steps);
    }
}

/* Who had met the owner is told of by DOWN: the second one, as an answer, is one too many. */
static void test_a_second_down_changes_nothing (void **state)
{
    (void)state;
    limits_t limits = { .exports = 2,
                        .handoffs = 2,
                        .crashes = 1,
                        .ids_begin_again = true,
                        .broken = NO_DOWN_AS_ANSWER,
                        .most_states = 67298 };
    assert_int_equal (explore_sound (limits), 64914);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_states_of_the_rules),
        cmocka_unit_test (test_ids_that_go_on),
        cmocka_unit_test (test_strangers),
        cmocka_unit_test (test_no_room),
        cmocka_unit_test (test_batches),
        cmocka_unit_test (test_a_liar_gets_at_nothing),
        cmocka_unit_test (test_rules_taken_out),
        cmocka_unit_test (test_a_second_down_changes_nothing),
    };
    return cmocka_run_group_tests_name ("lifetime", tests, NULL, NULL);
}
