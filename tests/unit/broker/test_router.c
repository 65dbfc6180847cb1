/* The routing core, step by step: what follows from each thing that a process may say, and from its end. */
#include "fixture.h"

#define REFERENCE(of, id) \
    { \
        .tag = FAR_FIELD_REFERENCE, .reference = { { of }, { id } } \
    }

static uint64_t counted (const world_t *world, counter_t counter)
{
    return world->router->counters.value[counter];
}

static const char *call (world_t *world, char from, char to, uint64_t request)
{
    return world_send (world, from, &(sending_t){ FAR_CALL, 0, world_id (world, to), request, { { 0 } } });
}

static void hello_gives_ids_in_order (void **state)
{
    world_t *world = *state;
    for (int i = 0; i < 4; i++)
        assert_int_equal (world->ids[i].value, (uint64_t)INCARNATION << 32 | (uint64_t)(i + 2));
    world_open (world, 'e');
    assert_string_equal (world_hello (world, 'e', "eve"), "e<WELCOME 1; joined e");
}

static void name_has_one_live_holder (void **state)
{
    world_t *world = *state;
    world_open (world, 'e');
    world_open (world, 'f');
    world_hello (world, 'e', "eve");
    assert_string_equal (world_hello (world, 'f', "eve"), "f<ERROR 1 NameTaken by broker");
    assert_string_equal (world_end (world, 'e'), "left e");
    assert_string_equal (world_hello (world, 'f', "eve"), "f<WELCOME 1; joined f");
}

static void names_are_checked (void **state)
{
    world_t *world = *state;
    char name[130];
    memset (name, 'x', sizeof name);
    name[129] = 0;
    world_open (world, 'e');
    assert_string_equal (world_hello (world, 'e', ""), "e<ERROR 1 BadArguments by broker");
    assert_string_equal (world_hello (world, 'e', "a b"), "e<ERROR 1 BadArguments by broker");
    assert_string_equal (world_hello (world, 'e', name), "e<ERROR 1 BadArguments by broker");
    name[128] = 0;
    assert_string_equal (world_hello (world, 'e', name), "e<WELCOME 1; joined e");
}

static void hello_bodies_are_checked (void **state)
{
    static const struct {
        const char *body;
        const char *kind;
    } rows[] = {
        { "\xc0", "BadArguments" }, /* no map */
        { "\x80", "BadArguments" }, /* no version */
        { "\x81\xa7version\xa1"
          "1",
          "BadArguments" },                                    /* version "1" */
        { "\x81\xa7version\x02", "ProtocolError" },            /* another version */
        { "\x82\xa7version\x01\xa4name\x05", "BadArguments" }, /* name 5 */
        { "\x82\xa7version\x01\xa3pid\xa1x", "BadArguments" }, /* pid "x" */
        { "\x82\xa7version\x01\xa4host\xc0", "BadArguments" }, /* host nil */
        { "\x81\xa7version\x01\x01", "BadArguments" },         /* something behind it */
        { "\x82\xa7version\x01", "BadArguments" },             /* an entry is missing */
        { "", "BadArguments" },
    };
    world_t *world = *state;
    char expected[64];
    world_open (world, 'e');
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t frame[128];
        size_t size = strlen (rows[i].body);
        far_header_t header = { .type = FAR_HELLO, .request = 3, .body_size = (uint32_t)size };
        far_header_write (&header, frame);
        memcpy (frame + FAR_HEADER_SIZE, rows[i].body, size);
        snprintf (expected, sizeof expected, "e<ERROR 3 %s by broker", rows[i].kind);
        assert_string_equal (world_send_frame (world, 'e', frame, FAR_HEADER_SIZE + size), expected);
    }
    assert_string_equal (world_hello (world, 'e', "eve"), "e<WELCOME 1; joined e");
    assert_int_equal (counted (world, COUNT_HELLOS_REFUSED), sizeof rows / sizeof *rows);
}

static void second_hello_is_refused (void **state)
{
    world_t *world = *state;
    assert_string_equal (world_hello (world, 'a', NULL), "a<ERROR 1 ProtocolError by broker");
}

static void hello_that_cannot_be_answered_is_cut (void **state)
{
    world_t *world = *state;
    world_open (world, 'e');
    assert_string_equal (world_send (world, 'e', &(sending_t){ .type = FAR_HELLO }), "cut e");
}

static void before_hello_there_is_reset (void **state)
{
    world_t *world = *state;
    world_open (world, 'e');
    assert_string_equal (call (world, 'e', 'a', 7), "e<RESET");
    assert_string_equal (world_send (world, 'e', &(sending_t){ .type = FAR_BYE }), "e<RESET");
    assert_string_equal (world_send (world, 'e', &(sending_t){ .type = 99 }), "e<RESET");
    assert_string_equal (world_hello (world, 'e', NULL), "e<WELCOME 1; joined e");
    world_open (world, 'f');
    sending_t one = { FAR_CALL, 0, 0, 7, { { 0 } } };
    assert_string_equal (world_send_batch (world, 'f', world_id (world, 'a'), &one, 1), "cut f");
}

static void source_is_stamped (void **state)
{
    world_t *world = *state;
    assert_string_equal (call (world, 'a', 'b', 7), "b<CALL 7 from a");
    assert_string_equal (world_send (world, 'b', &(sending_t){ FAR_RESULT, 0, world_id (world, 'a'), 7, { { 0 } } }),
                         "a<RESULT 7 from b");
    assert_string_equal (call (world, 'a', 'a', 8), "a<CALL 8 from a");
    assert_int_equal (counted (world, COUNT_REQUESTS), 2);
    assert_int_equal (counted (world, COUNT_ANSWERS), 1);
    assert_int_equal (world->sessions[1]->requests, 1);
}

static void nobody_speaks_as_the_broker (void **state)
{
    world_t *world = *state;
    sending_t error = { FAR_ERROR, FAR_FLAG_BY_BROKER, world_id (world, 'b'), 7, { { 0 } } };
    assert_null (strstr (world_send (world, 'a', &error), "by broker"));
    sending_t two[] = { error, { FAR_DEL, FAR_FLAG_BY_BROKER, 0, 0, { { 0 } } } };
    assert_null (strstr (world_send_batch (world, 'a', world_id (world, 'b'), two, 2), "by broker"));
    static const uint8_t types[] = { FAR_WELCOME, FAR_RESET, FAR_GRANT, FAR_DOWN };
    for (size_t i = 0; i < sizeof types; i++) {
        char who = (char)('e' + i), expected[32];
        world_join (world, who);
        snprintf (expected, sizeof expected, "left %c; cut %c", who, who);
        assert_string_equal (world_send (world, who, &(sending_t){ types[i], 0, world_id (world, 'a'), 0, { { 0 } } }),
                             expected);
    }
}

static void unknown_types_are_answered_where_that_is_possible (void **state)
{
    world_t *world = *state;
    sending_t unknown = { 25, 0, world_id (world, 'b'), 7, { { 0 } } };
    assert_string_equal (world_send (world, 'a', &unknown), "a<ERROR 7 from b ProtocolError by broker");
    unknown.request = 0;
    assert_string_equal (world_send (world, 'a', &unknown), "");
    assert_int_equal (counted (world, COUNT_DROPPED), 1);
    assert_string_equal (world_send_batch (world, 'a', world_id (world, 'b'), &unknown, 1), "left a; cut a");
}

static void the_session_takes_no_calls (void **state)
{
    world_t *world = *state;
    assert_string_equal (world_send (world, 'a', &(sending_t){ FAR_CALL, 0, 0, 7, { { 0 } } }),
                         "a<ERROR 7 ProtocolError by broker");
    assert_string_equal (world_send (world, 'a', &(sending_t){ FAR_RESULT, 0, 0, 7, { { 0 } } }), "");
    assert_string_equal (world_send (world, 'a', &(sending_t){ FAR_BYE, 0, world_id (world, 'b'), 7, { { 0 } } }),
                         "a<ERROR 7 from b ProtocolError by broker");
}

static void the_broker_is_served_under_both_ids (void **state)
{
    world_t *world = *state;
    uint64_t broker = (uint64_t)INCARNATION << 32 | 1;
    assert_string_equal (world_send (world, 'a', &(sending_t){ FAR_CALL, 0, 1, 7, { { 0 } } }), "serve a");
    assert_string_equal (world_send (world, 'a', &(sending_t){ FAR_CALL, 0, broker, 7, { { 0 } } }), "serve a");
}

static void malformed_frames_are_cut (void **state)
{
    world_t *world = *state;
    uint8_t frame[FAR_HEADER_SIZE];
    call (world, 'a', 'b', 7);
    far_header_write (&(far_header_t){ .type = FAR_CALL, .body_size = 1 }, frame);
    assert_string_equal (world_send_frame (world, 'a', frame, sizeof frame), "b<DOWN a cut; left a; cut a");
    /* What it goes on to say is not looked at. */
    assert_string_equal (world_send_frame (world, 'a', frame, sizeof frame), "");
    assert_string_equal (call (world, 'a', 'b', 8), "");
    assert_string_equal (world_end (world, 'a'), "");
}

static void grant_comes_before_the_message (void **state)
{
    world_t *world = *state;
    sending_t handed = { FAR_CALL, 0, world_id (world, 'c'), 7, { REFERENCE (world_id (world, 'b'), 5) } };
    assert_string_equal (world_send (world, 'a', &handed), "b<GRANT 5 a>c; c<CALL 7 from a");
    /* Whoever was named in a GRANT is mourned by who got it. */
    assert_string_equal (world_end (world, 'c'), "a<DOWN c died; b<DOWN c died; left c");
    assert_string_equal (world_end (world, 'a'), "b<DOWN a died; left a");
}

static void own_references_need_no_grant (void **state)
{
    world_t *world = *state;
    sending_t own = { FAR_CALL,
                      0,
                      world_id (world, 'b'),
                      7,
                      { REFERENCE (world_id (world, 'a'), 5), REFERENCE (world_id (world, 'b'), 6),
                        REFERENCE (world_id (world, 'c'), 0) } };
    assert_string_equal (world_send (world, 'a', &own), "b<CALL 7 from a");
    sending_t ours = { FAR_CALL,
                       0,
                       world_id (world, 'b'),
                       7,
                       { REFERENCE ((uint64_t)INCARNATION << 32 | 1, 5), REFERENCE (FAR_PARTY_BROKER, 6) } };
    assert_string_equal (world_send (world, 'a', &ours), "grant 5 a>b; grant 6 a>b; b<CALL 7 from a");
}

static void references_of_the_dead_are_told (void **state)
{
    world_t *world = *state;
    uint64_t dead = world_id (world, 'c'), never = (uint64_t)INCARNATION << 32 | 99;
    world_end (world, 'c');
    sending_t handed = {
        FAR_RESULT, 0, world_id (world, 'b'), 7, { REFERENCE (dead, 5), REFERENCE (dead, 6), REFERENCE (never, 7) }
    };
    assert_string_equal (world_send (world, 'a', &handed), "b<RESULT 7 from a; b<DOWN c died");
}

static void ids_never_given_out (void **state)
{
    world_t *world = *state;
    uint64_t nobody[] = { (uint64_t)INCARNATION << 32 | 99,
                          (uint64_t)INCARNATION << 32,
                          2,
                          3u,
                          (uint64_t)(INCARNATION + 1) << 32 | 2,
                          UINT64_MAX };
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
        sending_t sending = { FAR_CALL, 0, nobody[i], 7, { REFERENCE (world_id (world, 'a'), 5) } };
        assert_string_equal (world_send (world, 'a', &sending),
                             "a<ERROR 7 from ? NoSuchProcess by broker; a<DEL from ? 5*1 by broker");
        sending.type = FAR_RESULT;
        assert_string_equal (world_send (world, 'a', &sending), "a<DEL from ? 5*1 by broker");
        sending = (sending_t){ FAR_DEL, 0, nobody[i], 0, { { 0 } } };
        assert_string_equal (world_send (world, 'a', &sending), "");
    }
    assert_int_equal (counted (world, COUNT_NO_SUCH_PROCESS), 3 * sizeof nobody / sizeof *nobody);
}

static void down_answers_and_is_told_once (void **state)
{
    world_t *world = *state;
    call (world, 'a', 'b', 7);
    call (world, 'c', 'b', 7);
    assert_string_equal (world_end (world, 'b'), "a<DOWN b died; c<DOWN b died; left b");
    assert_string_equal (call (world, 'a', 'b', 8), "a<DOWN b died");
    assert_string_equal (world_send (world, 'd', &(sending_t){ FAR_DEL, 0, world_id (world, 'b'), 0, { { 0 } } }),
                         "d<DOWN b died");
    sending_t two[] = { { FAR_CALL, 0, 0, 9, { { 0 } } }, { FAR_CALL, 0, 0, 10, { { 0 } } } };
    assert_string_equal (world_send_batch (world, 'd', world_id (world, 'b'), two, 2), "d<DOWN b died");
    assert_int_equal (counted (world, COUNT_TO_THE_DEAD), 3);
}

static void last_peer_is_forgotten_when_it_goes (void **state)
{
    world_t *world = *state;
    call (world, 'a', 'b', 7);
    world_end (world, 'b');
    world_join (world, 'e'); /* takes the slot of b */
    assert_string_equal (call (world, 'a', 'b', 8), "a<DOWN b died");
    assert_string_equal (world_end (world, 'e'), "left e");
}

static void bye_is_the_end_though_the_connection_stands (void **state)
{
    world_t *world = *state;
    call (world, 'a', 'b', 7);
    assert_string_equal (world_send (world, 'b', &(sending_t){ FAR_BYE, 0, 0, 9, { { 0 } } }),
                         "a<DOWN b bye; left b; b<BYE 9");
    assert_string_equal (call (world, 'a', 'b', 8), "a<DOWN b bye");
    assert_string_equal (call (world, 'b', 'a', 8), "");
    assert_string_equal (world_hello (world, 'b', NULL), "b<ERROR 1 ProtocolError by broker");
    assert_string_equal (world_send (world, 'b', &(sending_t){ FAR_BYE, 0, 0, 10, { { 0 } } }), "");
    assert_string_equal (world_end (world, 'b'), "");
}

static void overload_refuses_requests_only (void **state)
{
    world_t *world = *state;
    uint64_t b = world_id (world, 'b');
    world_park (world, 'b', PARKED);
    sending_t sending = {
        FAR_CALL, 0, b, 7, { REFERENCE (world_id (world, 'a'), 5), REFERENCE (world_id (world, 'c'), 6) }
    };
    assert_string_equal (world_send (world, 'a', &sending),
                         "a<ERROR 7 from b Overloaded by broker; a<CREDIT from b 1/41 by broker; "
                         "a<DEL from b 5*1 by broker");
    sending.request = 0;
    assert_string_equal (world_send (world, 'a', &sending),
                         "a<CREDIT from b 1/41 by broker; a<DEL from b 5*1 by broker");
    sending.type = FAR_RESULT;
    assert_string_equal (world_send (world, 'a', &sending), "c<GRANT 6 a>b; b<RESULT from a");
    assert_string_equal (world_send (world, 'a', &(sending_t){ FAR_DEL, 0, b, 0, { { 0 } } }), "b<DEL from a");
    assert_string_equal (world_send (world, 'a', &(sending_t){ FAR_CANCEL, 0, b, 7, { { 0 } } }), "b<CANCEL 7 from a");
    assert_int_equal (counted (world, COUNT_REFUSED_OVERLOADED), 1);
    assert_int_equal (counted (world, COUNT_REFUSED_OFF), 1);
}

static void one_large_message_may_go_alone (void **state)
{
    world_t *world = *state;
    static uint8_t frame[FAR_HEADER_SIZE + 3 * PARKED];
    far_header_t header = { .type = FAR_CALL, .party = world_id (world, 'b'), .request = 7, .body_size = 3 * PARKED };
    far_header_write (&header, frame);
    assert_string_equal (world_send_frame (world, 'a', frame, sizeof frame), "b<CALL 7 from a");
    world_park (world, 'b', 1);
    assert_string_equal (world_send_frame (world, 'a', frame, sizeof frame),
                         "a<ERROR 7 from b Overloaded by broker; a<CREDIT from b 1/300000 by broker");
}

static void batches_are_routed_as_one (void **state)
{
    world_t *world = *state;
    sending_t three[] = { { FAR_CALL, 0, 0, 7, { REFERENCE (world_id (world, 'c'), 5) } },
                          { FAR_RESULT, 0, 0, 9, { REFERENCE (world_id (world, 'd'), 6) } },
                          { FAR_DEL, 0, 0, 0, { { 0 } } } };
    assert_string_equal (world_send_batch (world, 'a', world_id (world, 'b'), three, 3),
                         "c<GRANT 5 a>b; d<GRANT 6 a>b; b<[CALL 7 from a, RESULT 9 from a, DEL from a]");
    assert_string_equal (world_send_batch (world, 'a', (uint64_t)INCARNATION << 32 | 99, three, 3),
                         "a<ERROR 7 from ? NoSuchProcess by broker");
}

static void overloaded_batch_loses_its_requests_only (void **state)
{
    world_t *world = *state;
    sending_t four[] = { { FAR_CALL, 0, 0, 7, { REFERENCE (world_id (world, 'c'), 5) } },
                         { FAR_RESULT, 0, 0, 9, { REFERENCE (world_id (world, 'd'), 6) } },
                         { FAR_CALL, 0, 0, 8, { REFERENCE (world_id (world, 'a'), 4) } },
                         { FAR_DEL, FAR_FLAG_BY_BROKER, 0, 0, { { 0 } } } };
    world_park (world, 'b', PARKED);
    assert_string_equal (world_send_batch (world, 'a', world_id (world, 'b'), four, 4),
                         "a<ERROR 7 from b Overloaded by broker; a<CREDIT from b 1/21 by broker; d<GRANT 6 a>b; "
                         "a<ERROR 8 from b Overloaded by broker; a<CREDIT from b 1/21 by broker; "
                         "a<DEL from b 4*1 by broker; b<[RESULT 9 from a, DEL from a]");
    assert_string_equal (world_send_batch (world, 'a', world_id (world, 'b'), four, 1),
                         "a<ERROR 7 from b Overloaded by broker; a<CREDIT from b 1/21 by broker");
}

static void being_cut_is_told_with_its_cause (void **state)
{
    world_t *world = *state;
    call (world, 'a', 'b', 7);
    world_step (world, &(event_t){ .kind = EVENT_CUT, .session = world->sessions[1], .why = "for a reason" });
    world_print_actions (world);
    assert_string_equal (world->text, "a<DOWN b cut; left b; cut b");
    assert_string_equal (call (world, 'a', 'b', 8), "a<DOWN b cut");
}

static void log_lines_about_one_peer_are_few (void **state)
{
    world_t *world = *state;
    size_t lines = 0;
    for (int i = 0; i < 1000; i++) {
        world_send (world, 'a', &(sending_t){ .type = 25, .party = world_id (world, 'b') });
        lines += world->actions.count;
    }
    assert_int_equal (lines, LIMITER_LINES_PER_SECOND);
    world->now_ns += 1000000000;
    world_send (world, 'a', &(sending_t){ .type = 25, .party = world_id (world, 'b') });
    assert_int_equal (world->actions.count, 1);
    assert_non_null (strstr ((const char *)actions_data (&world->actions, world->actions.items), "and 990 lines more"));
    assert_int_equal (counted (world, COUNT_LOG_LINES_SUPPRESSED), 990);
}

static void many_processes_may_meet (void **state)
{
    world_t *world = *state;
    session_t *sessions[200];
    router_t *router = world->router;
    for (uint32_t i = 0; i < 200; i++) {
        hello_t hello = { .host = strdup (""), .program = strdup ("") };
        sessions[i] = processes_open (router->processes, i, &(peer_t){ 0 });
        assert_true (processes_admit (router->processes, sessions[i], &hello));
        for (uint32_t j = 0; j < i; j += 3)
            processes_meet (sessions[i], sessions[j]);
    }
    for (uint32_t i = 0; i < 200; i++)
        for (uint32_t j = 0; j < i; j++) {
            assert_int_equal (processes_have_met (sessions[i], sessions[j]), j % 3 == 0);
            assert_int_equal (processes_have_met (sessions[j], sessions[i]), j % 3 == 0);
        }
    for (uint32_t i = 0; i < 200; i++)
        world_step (world, &(event_t){ .kind = EVENT_ENDED, .session = sessions[i] });
    assert_int_equal (counted (world, COUNT_DOWNS), 67 * 199 - 3 * 66 * 67 / 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, world_set_up, world_tear_down)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (hello_gives_ids_in_order),
        TEST (name_has_one_live_holder),
        TEST (names_are_checked),
        TEST (hello_bodies_are_checked),
        TEST (second_hello_is_refused),
        TEST (hello_that_cannot_be_answered_is_cut),
        TEST (before_hello_there_is_reset),
        TEST (source_is_stamped),
        TEST (nobody_speaks_as_the_broker),
        TEST (unknown_types_are_answered_where_that_is_possible),
        TEST (the_session_takes_no_calls),
        TEST (the_broker_is_served_under_both_ids),
        TEST (malformed_frames_are_cut),
        TEST (grant_comes_before_the_message),
        TEST (own_references_need_no_grant),
        TEST (references_of_the_dead_are_told),
        TEST (ids_never_given_out),
        TEST (down_answers_and_is_told_once),
        TEST (last_peer_is_forgotten_when_it_goes),
        TEST (bye_is_the_end_though_the_connection_stands),
        TEST (overload_refuses_requests_only),
        TEST (one_large_message_may_go_alone),
        TEST (batches_are_routed_as_one),
        TEST (overloaded_batch_loses_its_requests_only),
        TEST (being_cut_is_told_with_its_cause),
        TEST (log_lines_about_one_peer_are_few),
        TEST (many_processes_may_meet),
    };
    return cmocka_run_group_tests_name ("router", tests, NULL, NULL);
}
