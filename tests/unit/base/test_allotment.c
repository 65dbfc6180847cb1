/* Both accounts of credit together: senders that send whatever they may, a receiver that takes when it likes, and messages
 * that take their time in between. Nothing is stuck, and nothing goes beyond the room. */
#include "support/cm.h"

#include "base/allotment.h"
#include "base/credit.h"

#include <stdlib.h>
#include <string.h>

enum { SENDERS = 40, STEPS = 200000, LARGEST = 5000 };

typedef struct pair {
    bool there;
    far_credit_t credit;
    far_share_t share;
    uint32_t sizes[1 << 16]; /* of what was sent, a ring */
    uint64_t arrived, taken; /* of them */
    far_amount_t told;       /* on its way to the sender */
    bool is_told;
} pair_t;

typedef struct model {
    far_allotment_t allotment;
    pair_t *pairs;
    unsigned random;
} model_t;

static unsigned random_below (model_t *self, unsigned limit)
{
    self->random = self->random * 1103515245 + 12345;
    return (self->random >> 16) % limit;
}

static void begin (model_t *self, pair_t *pair)
{
    *pair = (pair_t){ .there = true, .credit.limit = self->allotment.rules.first };
    far_allotment_enter (&self->allotment, &pair->share);
}

static void tell (model_t *self, pair_t *pair)
{
    far_amount_t before = pair->share.told;
    if (!far_allotment_tell (&self->allotment, &pair->share))
        return;
    pair->told = pair->share.told;
    pair->is_told = true;
    assert_true (pair->told.messages >= before.messages && pair->told.bytes >= before.bytes);
    assert_true (pair->told.messages > before.messages || pair->told.bytes > before.bytes);
}

static bool send_one (model_t *self, pair_t *pair)
{
    if (!far_credit_left (&pair->credit))
        return false;
    uint32_t size = random_below (self, 20) ? random_below (self, 200) : random_below (self, LARGEST);
    pair->sizes[pair->credit.sent.messages % (1 << 16)] = size;
    far_credit_use (&pair->credit, size);
    return true;
}

static bool arrive_one (model_t *self, pair_t *pair)
{
    if (pair->arrived == pair->credit.sent.messages)
        return false;
    assert_true (far_allotment_arrive (&self->allotment, &pair->share, pair->sizes[pair->arrived++ % (1 << 16)]));
    tell (self, pair);
    return true;
}

static bool take_one (model_t *self, pair_t *pair)
{
    if (pair->taken == pair->arrived)
        return false;
    uint32_t size = pair->sizes[pair->taken++ % (1 << 16)];
    far_allotment_take (&self->allotment, &pair->share, (far_amount_t){ 1, size });
    tell (self, pair);
    return true;
}

static bool deliver_credit (pair_t *pair)
{
    bool was = pair->is_told;
    if (was)
        far_credit_raise (&pair->credit, pair->told);
    pair->is_told = false;
    return was;
}

/* What could be here now, if everybody sent what they may. */
static void assert_within_room (const model_t *self)
{
    const far_allotment_rules_t *rules = &self->allotment.rules;
    uint64_t messages = 0, bytes = 0, senders = 0;
    for (int i = 0; i < SENDERS; i++) {
        const pair_t *pair = &self->pairs[i];
        if (!pair->there)
            continue;
        const far_share_t *share = &pair->share;
        messages += share->told.messages - share->taken.messages;
        bytes +=
            (share->told.bytes > share->arrived.bytes ? share->told.bytes : share->arrived.bytes) - share->taken.bytes;
        senders++;
    }
    assert_true (messages <= rules->room.messages + senders * rules->first.messages);
    assert_true (bytes <= rules->room.bytes + senders * (rules->first.bytes + LARGEST));
}

/* Nothing is under way any more, and all is taken: then all may send. */
static void settle (model_t *self)
{
    for (int i = 0; i < SENDERS; i++) {
        pair_t *pair = &self->pairs[i];
        if (!pair->there)
            continue;
        while (arrive_one (self, pair) || take_one (self, pair) || deliver_credit (pair))
            ;
        assert_true (far_credit_left (&pair->credit));
    }
}

static void step (model_t *self)
{
    pair_t *pair = &self->pairs[random_below (self, SENDERS)];
    unsigned what = random_below (self, 1000);
    if (!pair->there) {
        if (what < 100)
            begin (self, pair);
    } else if (what == 0) {
        far_allotment_leave (&self->allotment, &pair->share);
        pair->there = false;
    } else if (what < 400) {
        for (unsigned count = random_below (self, 300); count && send_one (self, pair); count--)
            ;
    } else if (what < 600) {
        for (unsigned count = random_below (self, 300); count && arrive_one (self, pair); count--)
            ;
    } else if (what < 900) {
        for (unsigned count = random_below (self, 200); count && take_one (self, pair); count--)
            ;
    } else {
        deliver_credit (pair);
    }
}

static void run (const far_allotment_rules_t *rules, unsigned seed)
{
    model_t model = { .random = seed, .pairs = calloc (SENDERS, sizeof (pair_t)) };
    far_allotment_init (&model.allotment, rules);
    for (int i = 0; i < STEPS; i++) {
        step (&model);
        if (i % 100 == 0)
            assert_within_room (&model);
        if (i % 5000 == 0)
            settle (&model);
    }
    settle (&model);
    for (int i = 0; i < SENDERS; i++)
        if (model.pairs[i].there)
            far_allotment_leave (&model.allotment, &model.pairs[i].share);
    assert_int_equal (model.allotment.senders, 0);
    assert_int_equal (model.allotment.held.messages, 0);
    assert_int_equal (model.allotment.held.bytes, 0);
    free (model.pairs);
}

static void nothing_is_stuck_and_nothing_goes_beyond (void **state)
{
    (void)state;
    static const far_allotment_rules_t rules[] = {
        { { 65536, 32 << 20 }, { 64, 65536 }, { 8192, 8 << 20 }, 1 }, /* a process */
        { { 3000, 100000 }, { 64, 2000 }, { 1024, 50000 }, 1 },       /* with hardly any room */
        { { 65536, 64 << 20 }, { 1, 1 }, { UINT64_MAX, UINT64_MAX }, 16 },
        { { 10, 10000 }, { 1, 1 }, { UINT64_MAX, UINT64_MAX }, 16 },
        { { 1, 1 }, { 1, 1 }, { UINT64_MAX, UINT64_MAX }, 1 },
    };
    for (unsigned i = 0; i < sizeof rules / sizeof *rules; i++)
        run (&rules[i], i + 1);
}

/* Whoever sends only a few is not told anything. */
static void who_passes_by_costs_no_message (void **state)
{
    (void)state;
    far_allotment_t allotment;
    far_share_t share;
    far_allotment_init (&allotment, &(far_allotment_rules_t){ { 65536, 1 << 20 }, { 64, 65536 }, { 1024, 65536 }, 1 });
    far_allotment_enter (&allotment, &share);
    for (int i = 1; i <= 32; i++) {
        assert_true (far_allotment_arrive (&allotment, &share, 10));
        assert_int_equal (far_allotment_tell (&allotment, &share), i == 32);
        far_allotment_take (&allotment, &share, (far_amount_t){ 1, 10 });
        assert_false (far_allotment_tell (&allotment, &share));
    }
    assert_int_equal (share.told.messages, 31 + 1024);
}

/* In a steady flow there is one message for half a window. */
static void credit_comes_in_large_steps (void **state)
{
    (void)state;
    far_allotment_t allotment;
    far_share_t share;
    unsigned told = 0;
    far_allotment_init (&allotment,
                        &(far_allotment_rules_t){ { 65536, 1 << 30 }, { 64, 65536 }, { 1024, 8 << 20 }, 1 });
    far_allotment_enter (&allotment, &share);
    for (int i = 0; i < 100 * 512; i++) {
        assert_true (far_allotment_arrive (&allotment, &share, 10));
        told += far_allotment_tell (&allotment, &share);
        far_allotment_take (&allotment, &share, (far_amount_t){ 1, 10 });
        told += far_allotment_tell (&allotment, &share);
    }
    assert_in_range (told, 95, 105);
}

static void what_is_beyond_the_limit_is_not_counted (void **state)
{
    (void)state;
    far_allotment_t allotment;
    far_share_t share;
    far_allotment_init (&allotment, &(far_allotment_rules_t){ { 4, 1000 }, { 2, 100 }, { 4, 1000 }, 1 });
    far_allotment_enter (&allotment, &share);
    assert_true (far_allotment_arrive (&allotment, &share, 5000)); /* may be of any size */
    assert_false (far_allotment_arrive (&allotment, &share, 0));
    assert_int_equal (share.arrived.messages, 1);
    far_allotment_tell (&allotment, &share);
    assert_false (far_allotment_arrive (&allotment, &share, 0)); /* what it has here is more than its window */
    far_allotment_take (&allotment, &share, (far_amount_t){ 1, 5000 });
    assert_true (far_allotment_tell (&allotment, &share));
    assert_true (share.told.bytes > 5000);
    far_allotment_leave (&allotment, &share);
    assert_int_equal (allotment.held.bytes, 0);
}

static void limits_are_never_taken_back (void **state)
{
    (void)state;
    far_credit_t credit = { .limit = { 64, 1000 } };
    far_credit_raise (&credit, (far_amount_t){ 70, 10 });
    assert_int_equal (credit.limit.messages, 70);
    assert_int_equal (credit.limit.bytes, 1000);
    far_credit_use (&credit, 999);
    assert_true (far_credit_left (&credit));
    far_credit_use (&credit, 5000);
    assert_false (far_credit_left (&credit));
    far_credit_return (&credit, (far_amount_t){ 1, 5000 });
    assert_true (far_credit_left (&credit));
    far_credit_return (&credit, (far_amount_t){ 100, 100000 });
    assert_int_equal (credit.sent.messages, 0);
    assert_int_equal (credit.sent.bytes, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (nothing_is_stuck_and_nothing_goes_beyond),
        cmocka_unit_test (who_passes_by_costs_no_message),
        cmocka_unit_test (credit_comes_in_large_steps),
        cmocka_unit_test (what_is_beyond_the_limit_is_not_counted),
        cmocka_unit_test (limits_are_never_taken_back),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
