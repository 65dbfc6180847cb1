/* What the router makes of processes that serve nothing while they wait: a request that closes a cycle is answered. */
#include "fixture.h"

static const char *tell (world_t *world, uint8_t type, char from, char to, uint64_t request)
{
    uint16_t flags = type == FAR_CALL ? FAR_FLAG_HOLDS : 0;
    return world_send (world, from, &(sending_t){ type, flags, world_id (world, to), request, { { 0 } } });
}

static const char *hold (world_t *world, char from, char to, uint64_t request)
{
    return tell (world, FAR_CALL, from, to, request);
}

static void S42_what_closes_a_cycle_is_answered_with_deadlock (void **state)
{
    world_t *world = *state;
    assert_string_equal (hold (world, 'a', 'b', 7), "b<CALL 7 from a");
    assert_string_equal (hold (world, 'b', 'c', 8), "c<CALL 8 from b");
    assert_string_equal (hold (world, 'c', 'a', 9),
                         "c<ERROR 9 from a Deadlock by broker; c<CREDIT from a 1/1 by broker");
    assert_string_equal (hold (world, 'c', 'c', 9),
                         "c<ERROR 9 from c Deadlock by broker; c<CREDIT from c 1/1 by broker");
    assert_int_equal (world->router->counters.value[COUNT_DEADLOCKS], 2);
}

static void what_holds_nothing_up_is_no_part_of_a_cycle (void **state)
{
    world_t *world = *state;
    assert_string_equal (hold (world, 'a', 'b', 7), "b<CALL 7 from a");
    sending_t call = { FAR_CALL, 0, world_id (world, 'a'), 8, { { 0 } } };
    assert_string_equal (world_send (world, 'b', &call), "a<CALL 8 from b");
    call = (sending_t){ FAR_CALL, FAR_FLAG_HOLDS, world_id (world, 'a'), 0, { { 0 } } };
    assert_string_equal (world_send (world, 'b', &call), "a<CALL from b");
    assert_string_equal (hold (world, 'b', 'd', 9), "d<CALL 9 from b");
    call = (sending_t){ FAR_CALL, FAR_FLAG_HOLDS, FAR_PARTY_BROKER, 10, { { 0 } } };
    assert_string_equal (world_send (world, 'd', &call), "serve d");
}

static void an_answer_that_passes_ends_the_wait (void **state)
{
    world_t *world = *state;
    hold (world, 'a', 'b', 7);
    assert_string_equal (tell (world, FAR_RESULT, 'b', 'a', 7), "a<RESULT 7 from b");
    assert_string_equal (hold (world, 'b', 'a', 8), "a<CALL 8 from b");
    assert_string_equal (tell (world, FAR_ERROR, 'a', 'b', 8), "b<ERROR 8 from a ProtocolError");
    assert_string_equal (hold (world, 'a', 'b', 9), "b<CALL 9 from a");
    sending_t answers[] = { { FAR_RESULT, 0, 0, 5, { { 0 } } }, { FAR_RESULT, 0, 0, 9, { { 0 } } } };
    world_send_batch (world, 'b', world_id (world, 'a'), answers, 2);
    assert_string_equal (hold (world, 'b', 'a', 10), "a<CALL 10 from b");
}

static void who_gives_up_does_not_wait (void **state)
{
    world_t *world = *state;
    for (uint16_t flags = 0; flags <= FAR_FLAG_HOLDS; flags += FAR_FLAG_HOLDS) {
        sending_t cancel = { FAR_CANCEL, flags, world_id (world, 'b'), 7, { { 0 } } };
        hold (world, 'a', 'b', 7);
        assert_string_equal (world_send (world, 'a', &cancel), "b<CANCEL 7 from a");
        assert_string_equal (hold (world, 'b', 'a', 8), "a<CALL 8 from b");
        tell (world, FAR_RESULT, 'a', 'b', 8);
    }
}

static void nobody_waits_for_the_dead (void **state)
{
    world_t *world = *state;
    hold (world, 'a', 'b', 7);
    hold (world, 'b', 'c', 8);
    world_end (world, 'b');
    assert_string_equal (hold (world, 'c', 'a', 9), "a<CALL 9 from c");
    assert_string_equal (hold (world, 'a', 'd', 10), "d<CALL 10 from a");
    assert_string_equal (hold (world, 'd', 'c', 11),
                         "d<ERROR 11 from c Deadlock by broker; d<CREDIT from c 1/1 by broker");
}

static void what_is_refused_is_not_waited_for (void **state)
{
    world_t *world = *state;
    world_park (world, 'b', PARKED);
    assert_string_equal (hold (world, 'a', 'b', 7),
                         "a<ERROR 7 from b Overloaded by broker; a<CREDIT from b 1/1 by broker");
    assert_string_equal (hold (world, 'b', 'a', 8), "a<CALL 8 from b");
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, world_set_up, world_tear_down)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (S42_what_closes_a_cycle_is_answered_with_deadlock),
        TEST (what_holds_nothing_up_is_no_part_of_a_cycle),
        TEST (an_answer_that_passes_ends_the_wait),
        TEST (who_gives_up_does_not_wait),
        TEST (nobody_waits_for_the_dead),
        TEST (what_is_refused_is_not_waited_for),
    };
    return cmocka_run_group_tests_name ("deadlock", tests, NULL, NULL);
}
