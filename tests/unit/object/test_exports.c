/* The rules of docs/protocol.md, section 5, one by one; then all of them at random beside the simplest model of them. */
#include "object/exports.h"
#include "thing.h"

enum { HELD_MOST = 50 };

static const far_process_id_t ann = { 0x100000002 }, bob = { 0x100000003 }, cat = { 0x100000004 };

typedef struct fixture {
    far_exports_t *exports;
    thing_t thing;
    far_object_id_t id;
} fixture_t;

/* The table with one thing that nobody but the table owns, held once by ann. */
static int setup (void **state)
{
    fixture_t *self = calloc (1, sizeof *self);
    assert_non_null (self);
    self->exports = far_exports_new (HELD_MOST);
    far_object_init (&self->thing.base, &thing_ops);
    assert_int_equal (far_exports_grant (self->exports, &self->thing.base, ann, &self->id), FAR_OK);
    far_object_t *own = &self->thing.base;
    far_object_destroy (&own);
    *state = self;
    return 0;
}

static int teardown (void **state)
{
    fixture_t *self = *state;
    for (far_object_t *object; (object = far_exports_clear (self->exports));)
        far_object_destroy (&object);
    assert_true (self->thing.released);
    far_exports_destroy (&self->exports);
    assert_null (self->exports);
    free (self);
    return 0;
}

static uint64_t count (const fixture_t *self, far_process_id_t holder)
{
    return far_exports_references (self->exports, self->id, holder);
}

/* Releases what a call gave back; was it anything? */
static bool let_go (far_object_t *object)
{
    bool any = object;
    far_object_destroy (&object);
    return any;
}

static void rule_1_export_counts (void **state)
{
    fixture_t *self = *state;
    far_object_id_t again;
    assert_int_equal (self->id.value, 1);
    assert_int_equal (far_exports_grant (self->exports, &self->thing.base, ann, &again), FAR_OK);
    assert_int_equal (again.value, self->id.value);
    assert_int_equal (count (self, ann), 2);
    assert_int_equal (count (self, bob), 0);
    assert_int_equal (far_exports_count (self->exports), 1);
}

static void rule_3_handing_on_counts_only_from_a_holder (void **state)
{
    fixture_t *self = *state;
    assert_int_equal (far_exports_hand_on (self->exports, self->id, bob, cat), FAR_OK);
    assert_int_equal (count (self, cat), 0);
    assert_int_equal (far_exports_hand_on (self->exports, self->id, ann, bob), FAR_OK);
    assert_int_equal (far_exports_hand_on (self->exports, self->id, bob, cat), FAR_OK);
    assert_int_equal (count (self, ann), 1);
    assert_int_equal (count (self, bob), 1);
    assert_int_equal (count (self, cat), 1);
    assert_int_equal (far_exports_hand_on (self->exports, (far_object_id_t){ 99 }, ann, bob), FAR_OK);
    assert_int_equal (far_exports_count (self->exports), 1);
}

static void rule_4_release_takes_receipts_off (void **state)
{
    fixture_t *self = *state;
    far_object_id_t id;
    far_exports_grant (self->exports, &self->thing.base, ann, &id);
    far_exports_grant (self->exports, &self->thing.base, bob, &id);
    assert_false (let_go (far_exports_release (self->exports, self->id, ann, 0)));
    assert_int_equal (count (self, ann), 2);
    assert_false (let_go (far_exports_release (self->exports, self->id, ann, 1)));
    assert_int_equal (count (self, ann), 1);
    assert_false (let_go (far_exports_release (self->exports, self->id, ann, 7)));
    assert_int_equal (count (self, ann), 0);
    assert_false (let_go (far_exports_release (self->exports, self->id, ann, 1)));
    assert_int_equal (count (self, bob), 1);
    assert_false (let_go (far_exports_release (self->exports, (far_object_id_t){ 99 }, bob, 1)));
    assert_false (let_go (far_exports_release (self->exports, self->id, cat, 1)));
    assert_false (self->thing.released);
    assert_true (let_go (far_exports_release (self->exports, self->id, bob, UINT64_MAX)));
    assert_true (self->thing.released);
    assert_int_equal (far_exports_count (self->exports), 0);
}

static void rule_5_only_holders_use (void **state)
{
    fixture_t *self = *state;
    far_object_t *used = far_exports_use (self->exports, self->id, ann);
    assert_ptr_equal (used, &self->thing.base);
    assert_null (far_exports_use (self->exports, self->id, bob));
    assert_null (far_exports_use (self->exports, (far_object_id_t){ 2 }, ann));
    assert_true (let_go (far_exports_release (self->exports, self->id, ann, 1)));
    assert_null (far_exports_use (self->exports, self->id, ann));
    assert_false (self->thing.released); /* pinned by the use */
    assert_true (let_go (used));
    assert_true (self->thing.released);
}

static void rule_6_down_drops_all_of_a_holder (void **state)
{
    fixture_t *self = *state;
    thing_t mine[40] = { 0 };
    far_object_id_t id;
    for (size_t i = 0; i < 40; i++) {
        far_object_init (&mine[i].base, &thing_ops);
        far_exports_grant (self->exports, &mine[i].base, bob, &id);
        if (i % 2)
            far_exports_grant (self->exports, &mine[i].base, cat, &id);
        far_object_t *own = &mine[i].base;
        far_object_destroy (&own);
    }
    far_exports_grant (self->exports, &self->thing.base, bob, &id);
    size_t taken = 0;
    while (let_go (far_exports_drop_holder (self->exports, bob)))
        taken++;
    assert_int_equal (taken, 20);
    for (size_t i = 0; i < 40; i++)
        assert_int_equal (mine[i].released, i % 2 == 0);
    assert_int_equal (count (self, ann), 1);
    assert_int_equal (count (self, bob), 0);
    assert_int_equal (far_exports_count (self->exports), 21);
    while (let_go (far_exports_drop_holder (self->exports, cat)))
        taken++;
    assert_int_equal (taken, 40);
    assert_null (far_exports_drop_holder (self->exports, cat));
}

static void rule_8_ids_are_never_used_again (void **state)
{
    fixture_t *self = *state;
    far_object_t *own = far_exports_home (self->exports, self->id);
    assert_ptr_equal (own, &self->thing.base);
    assert_true (let_go (far_exports_release (self->exports, self->id, ann, 1)));
    assert_null (far_exports_home (self->exports, self->id));
    far_object_id_t id;
    far_exports_grant (self->exports, own, ann, &id);
    assert_int_equal (id.value, 2);
    assert_true (let_go (far_exports_clear (self->exports)));
    assert_null (far_exports_clear (self->exports));
    far_exports_grant (self->exports, own, bob, &id);
    assert_int_equal (id.value, 3);
    assert_int_equal (far_exports_references (self->exports, id, ann), 0);
    far_object_destroy (&own);
}

static void a_holder_has_so_many_and_no_more (void **state)
{
    fixture_t *self = *state;
    thing_t mine[HELD_MOST] = { 0 };
    far_object_id_t ids[HELD_MOST], id = { 77 };
    for (size_t i = 0; i < HELD_MOST; i++) {
        far_object_init (&mine[i].base, &thing_ops);
        assert_int_equal (far_exports_grant (self->exports, &mine[i].base, bob, &ids[i]), FAR_OK);
    }
    assert_int_equal (far_exports_grant (self->exports, &self->thing.base, bob, &id), FAR_E_OVERLOADED);
    assert_int_equal (id.value, 77);
    assert_int_equal (far_exports_hand_on (self->exports, self->id, ann, bob), FAR_E_OVERLOADED);
    assert_int_equal (far_exports_references (self->exports, self->id, bob), 0);
    assert_int_equal (far_exports_grant (self->exports, &mine[0].base, bob, &id), FAR_OK); /* of one that it has */
    assert_int_equal (far_exports_grant (self->exports, &mine[0].base, cat, &id), FAR_OK); /* of others */
    assert_false (let_go (far_exports_release (self->exports, ids[0], bob, 2)));
    assert_int_equal (far_exports_hand_on (self->exports, self->id, ann, bob), FAR_OK);
    for (size_t i = 0; i < HELD_MOST; i++) {
        far_object_t *own = &mine[i].base;
        far_object_destroy (&own);
    }
    while (let_go (far_exports_drop_holder (self->exports, bob)))
        ;
    let_go (far_exports_drop_holder (self->exports, cat));
    for (size_t i = 0; i < HELD_MOST; i++)
        assert_true (mine[i].released);
}

#define THINGS  24
#define HOLDERS 9

/* The model: what everybody was told. */
typedef struct model {
    far_exports_t *exports;
    thing_t things[THINGS];
    uint64_t ids[THINGS]; /* 0: not exported */
    uint64_t counts[THINGS][HOLDERS];
    uint64_t last_id;
    uint64_t seed;
} model_t;

static size_t pick (model_t *self, size_t below)
{
    self->seed = self->seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(self->seed >> 33) % below;
}

static far_process_id_t process (size_t holder)
{
    return (far_process_id_t){ 0x700000002 + holder };
}

/* After the model's counts of a thing have sunk: should the table have let it go? */
static bool model_lets_go (model_t *self, size_t thing)
{
    for (size_t i = 0; i < HOLDERS; i++)
        if (self->counts[thing][i])
            return false;
    bool exported = self->ids[thing];
    self->ids[thing] = 0;
    return exported;
}

static void do_grant (model_t *self, size_t thing, size_t holder)
{
    far_object_id_t id;
    assert_int_equal (far_exports_grant (self->exports, &self->things[thing].base, process (holder), &id), FAR_OK);
    if (!self->ids[thing])
        self->ids[thing] = ++self->last_id;
    self->counts[thing][holder]++;
    assert_int_equal (id.value, self->ids[thing]);
}

static void do_hand_on (model_t *self, size_t thing, size_t giver, size_t to)
{
    far_object_id_t id = { self->ids[thing] };
    assert_int_equal (far_exports_hand_on (self->exports, id, process (giver), process (to)), FAR_OK);
    if (self->counts[thing][giver])
        self->counts[thing][to]++;
}

static void do_release (model_t *self, size_t thing, size_t holder)
{
    far_object_id_t id = { self->ids[thing] };
    uint64_t receipts = pick (self, 4), *left = &self->counts[thing][holder];
    far_object_t *gone = far_exports_release (self->exports, id, process (holder), receipts);
    *left -= receipts < *left ? receipts : *left;
    assert_int_equal (gone != NULL, model_lets_go (self, thing));
    assert_true (!gone || gone == &self->things[thing].base);
    far_object_destroy (&gone);
}

static void do_drop (model_t *self, size_t holder)
{
    size_t expected = 0, got = 0;
    for (size_t i = 0; i < THINGS; i++)
        if (self->counts[i][holder]) {
            self->counts[i][holder] = 0;
            expected += model_lets_go (self, i);
        }
    while (let_go (far_exports_drop_holder (self->exports, process (holder))))
        got++;
    assert_int_equal (got, expected);
}

static void do_clear (model_t *self)
{
    size_t expected = 0, got = 0;
    for (size_t i = 0; i < THINGS; i++) {
        expected += self->ids[i] != 0;
        self->ids[i] = 0;
        memset (self->counts[i], 0, sizeof self->counts[i]);
    }
    while (let_go (far_exports_clear (self->exports)))
        got++;
    assert_int_equal (got, expected);
}

static void check (model_t *self, size_t thing, size_t holder)
{
    far_object_id_t id = { self->ids[thing] };
    assert_int_equal (far_exports_references (self->exports, id, process (holder)), self->counts[thing][holder]);
    assert_int_equal (let_go (far_exports_use (self->exports, id, process (holder))), self->counts[thing][holder] > 0);
    assert_int_equal (let_go (far_exports_home (self->exports, id)), self->ids[thing] != 0);
}

static void all_rules_at_random (void **state)
{
    (void)state;
    model_t *self = calloc (1, sizeof *self);
    assert_non_null (self);
    self->exports = far_exports_new (HELD_MOST);
    self->seed = 20260518;
    for (size_t i = 0; i < THINGS; i++)
        far_object_init (&self->things[i].base, &thing_ops);
    for (int step = 0; step < 300000; step++) {
        size_t thing = pick (self, THINGS), holder = pick (self, HOLDERS), what = pick (self, 1000);
        if (what < 330)
            do_grant (self, thing, holder);
        else if (what < 550)
            do_hand_on (self, thing, holder, pick (self, HOLDERS));
        else if (what < 980)
            do_release (self, thing, holder);
        else if (what < 999)
            do_drop (self, holder);
        else if (pick (self, 8) == 0)
            do_clear (self);
        check (self, thing, pick (self, HOLDERS));
    }
    do_clear (self);
    assert_int_equal (far_exports_count (self->exports), 0);
    far_exports_destroy (&self->exports);
    for (size_t i = 0; i < THINGS; i++) {
        assert_int_equal (atomic_load (&self->things[i].base.handle.owners), 1);
        assert_false (self->things[i].released);
    }
    free (self);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (rule_1_export_counts, setup, teardown),
        cmocka_unit_test_setup_teardown (rule_3_handing_on_counts_only_from_a_holder, setup, teardown),
        cmocka_unit_test_setup_teardown (rule_4_release_takes_receipts_off, setup, teardown),
        cmocka_unit_test_setup_teardown (rule_5_only_holders_use, setup, teardown),
        cmocka_unit_test_setup_teardown (rule_6_down_drops_all_of_a_holder, setup, teardown),
        cmocka_unit_test_setup_teardown (rule_8_ids_are_never_used_again, setup, teardown),
        cmocka_unit_test_setup_teardown (a_holder_has_so_many_and_no_more, setup, teardown),
        cmocka_unit_test (all_rules_at_random),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
