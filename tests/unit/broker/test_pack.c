/* Messages that are put together: one alone travels as itself, several as a batch, each destination's in their order. */
#include "fixture.h"

#include "broker/pack.h"

static int set_up (void **state)
{
    world_t *world = malloc (sizeof *world);
    world_init (world);
    for (char who = 'a'; who <= 'c'; who++)
        world_join (world, who);
    actions_clear (&world->actions);
    *state = world;
    return 0;
}

static void add (world_t *world, pack_t *pack, char to, char party, uint64_t request)
{
    const far_message_t message = { .header = { .type = FAR_CALL,
                                                .flags = FAR_FLAG_IDEMPOTENT,
                                                .time_left_ms = 70,
                                                .party = world_id (world, party),
                                                .request = request,
                                                .body_size = 1 },
                                    .fields = (const uint8_t *)"",
                                    .body = (const uint8_t *)"\xc0" };
    pack_add (pack, &world->actions, world->sessions[to - 'a'], &message);
}

static void alone_it_is_a_message (void **state)
{
    world_t *world = *state;
    pack_t pack = { 0 };
    add (world, &pack, 'b', 'a', 7);
    assert_int_equal (world->actions.count, 0);
    pack_send_all (&pack, &world->actions);
    world_print_actions (world);
    assert_string_equal (world->text, "b<CALL 7 from a");
    far_message_t message;
    const action_t *action = &world->actions.items[0];
    assert_true (far_message_read (actions_data (&world->actions, action), action->data.size, &message));
    assert_int_equal (message.header.time_left_ms, 70);
    assert_int_equal (message.header.flags, FAR_FLAG_IDEMPOTENT);
    assert_null (world->sessions['b' - 'a']->packed);
    pack_deinit (&pack);
}

static void several_are_a_batch (void **state)
{
    world_t *world = *state;
    pack_t pack = { 0 };
    add (world, &pack, 'b', 'a', 1);
    add (world, &pack, 'c', 'a', 2);
    add (world, &pack, 'b', 'a', 3);
    pack_send (&pack, &world->actions, world->sessions[1]);
    world_print_actions (world);
    assert_string_equal (world->text, "b<[CALL 1 from a, CALL 3 from a]");
    actions_clear (&world->actions);
    pack_send (&pack, &world->actions, world->sessions[1]); /* nothing waits for it any more */
    pack_send_all (&pack, &world->actions);
    world_print_actions (world);
    assert_string_equal (world->text, "c<CALL 2 from a");
    pack_deinit (&pack);
}

static void another_party_begins_another_batch (void **state)
{
    world_t *world = *state;
    pack_t pack = { 0 };
    add (world, &pack, 'c', 'a', 1);
    add (world, &pack, 'c', 'b', 2);
    pack_send_all (&pack, &world->actions);
    world_print_actions (world);
    assert_string_equal (world->text, "c<CALL 1 from a; c<CALL 2 from b");
    pack_deinit (&pack);
}

static void large_ones_are_sent_before_they_grow_without_end (void **state)
{
    world_t *world = *state;
    pack_t pack = { 0 };
    for (uint64_t request = 1; !world->actions.count; request++) {
        assert_true (request < 10000);
        add (world, &pack, 'b', 'a', request);
    }
    pack_send_all (&pack, &world->actions);
    assert_int_equal (world->actions.count, 2);
    pack_deinit (&pack);
}

static void what_is_for_one_that_ends_goes_nowhere (void **state)
{
    world_t *world = *state;
    pack_t pack = { 0 };
    add (world, &pack, 'b', 'a', 1);
    add (world, &pack, 'c', 'a', 2);
    pack_drop (&pack, world->sessions['b' - 'a']);
    pack_drop (&pack, world->sessions['a' - 'a']); /* nothing waits for it */
    assert_null (world->sessions['b' - 'a']->packed);
    pack_send_all (&pack, &world->actions);
    world_print_actions (world);
    assert_string_equal (world->text, "c<CALL 2 from a");
    pack_deinit (&pack);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, world_tear_down)
    const struct CMUnitTest tests[] = { TEST (alone_it_is_a_message), TEST (several_are_a_batch),
                                        TEST (another_party_begins_another_batch),
                                        TEST (large_ones_are_sent_before_they_grow_without_end),
                                        TEST (what_is_for_one_that_ends_goes_nowhere) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
