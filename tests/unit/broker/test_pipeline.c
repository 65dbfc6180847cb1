/* The core of a pipeline: what waits where, what runs, and what becomes of it. */
#include "support/cm.h"

#include "base/error.h"
#include "broker/pipeline.h"

#include <stdlib.h>
#include <string.h>

static session_t pusher = { .id = { 7 } };
static const far_process_id_t A = { 100 }, B = { 101 };

static void open_with (pipeline_t *line, const char *text, size_t window)
{
    assert_int_equal (pipeline_init (line, text, "", window), FAR_OK);
}

static pipeline_item_t *push (pipeline_t *line, uint64_t request, far_deadline_t deadline)
{
    pipeline_item_t like = { .pusher = &pusher,
                             .pusher_id = pusher.id,
                             .request = request,
                             .deadline = deadline,
                             .input = calloc (1, 8),
                             .fields_size = 2,
                             .body_size = 6 };
    pipeline_item_t *item = pipeline_enter (line, &like);
    if (!item)
        free (like.input);
    return item;
}

/* The next of the stage is handed out. */
static pipeline_item_t *start (pipeline_t *line, unsigned stage, far_process_id_t where)
{
    pipeline_item_t *item = pipeline_next (line, stage, 0);
    assert_non_null (item);
    assert_true (pipeline_start (line, item, where, 0));
    return item;
}

static void inputs_go_from_stage_to_stage_in_their_order (void **state)
{
    (void)state;
    pipeline_t line;
    open_with (&line, "a @ x | b @ y", 2);
    pipeline_item_t *one = push (&line, 1, FAR_DEADLINE_NEVER), *two = push (&line, 2, FAR_DEADLINE_NEVER);
    assert_int_equal (one->number, 1);
    assert_ptr_equal (start (&line, 0, A), one);
    assert_ptr_equal (start (&line, 0, A), two);
    assert_null (pipeline_next (&line, 0, 0));
    assert_null (pipeline_next (&line, 1, 0));
    assert_ptr_equal (pipeline_attempt (&line, A, two->attempt), two);
    assert_null (pipeline_attempt (&line, B, two->attempt)); /* another one's answer */
    pipeline_pass (&line, two, calloc (1, 3), 1, 2, 0);
    assert_null (pipeline_attempt (&line, A, 2)); /* a second answer */
    assert_ptr_equal (start (&line, 1, B), two);
    pipeline_remove (&line, two, PIPELINE_DONE, 0);
    assert_int_equal (line.inside, 1);
    pipeline_remove (&line, one, PIPELINE_FAILED, 0);
    assert_int_equal (line.inside, 0);
    assert_int_equal (line.stages[0].entered, 2);
    assert_int_equal (line.stages[0].done, 1);
    assert_int_equal (line.stages[0].failed, 1);
    assert_int_equal (line.stages[1].entered, 1);
    assert_int_equal (line.stages[1].done, 1);
    assert_int_equal (line.stages[0].bytes + line.stages[1].bytes, 0);
    assert_non_null (push (&line, 3, FAR_DEADLINE_NEVER));
    pipeline_deinit (&line);
}

/* What ran in a process that died waits before all others, in the old order. */
static void what_was_lost_is_repeated_first (void **state)
{
    (void)state;
    pipeline_t line;
    pipeline_item_t *items[4], *lost;
    open_with (&line, "a @ x", 10);
    for (uint64_t i = 0; i < 4; i++)
        items[i] = push (&line, i + 1, FAR_DEADLINE_NEVER);
    start (&line, 0, A);
    start (&line, 0, A);
    start (&line, 0, B);
    uint64_t attempt = items[0]->attempt;
    while ((lost = pipeline_running_at (&line, A)))
        pipeline_repeat (&line, lost, true, 0);
    assert_null (pipeline_attempt (&line, A, attempt));
    for (unsigned i = 0; i < 2; i++) {
        assert_ptr_equal (start (&line, 0, B), items[i]);
        assert_int_equal (items[i]->deaths, 1);
        assert_true (items[i]->attempt != attempt);
    }
    assert_ptr_equal (start (&line, 0, B), items[3]);
    assert_int_equal (items[2]->deaths, 0);
    assert_int_equal (line.stages[0].repeated, 2);
    assert_int_equal (line.stages[0].entered, 4);
    pipeline_repeat (&line, items[2], false, 0);
    assert_int_equal (items[2]->deaths, 0);
    pipeline_deinit (&line); /* whatever is inside */
}

static void what_was_refused_keeps_its_order (void **state)
{
    (void)state;
    pipeline_t line;
    pipeline_item_t *items[4];
    open_with (&line, "a @ x", 10);
    for (uint64_t i = 0; i < 4; i++)
        items[i] = push (&line, i + 1, FAR_DEADLINE_NEVER);
    for (unsigned i = 0; i < 3; i++)
        start (&line, 0, A);
    for (unsigned i = 0; i < 3; i++)
        pipeline_repeat (&line, items[i], false, 0);
    assert_ptr_equal (start (&line, 0, A), items[0]);
    pipeline_repeat (&line, items[0], false, 0);
    pipeline_remove (&line, items[0], PIPELINE_DROPPED, 0); /* the last that was put back */
    for (unsigned i = 1; i < 4; i++)
        assert_ptr_equal (start (&line, 0, A), items[i]);
    pipeline_deinit (&line);
}

/* The process dies three times of one of two; the third time it had only the one that it was given. */
static void the_last_attempt_is_made_alone (void **state)
{
    (void)state;
    pipeline_t line;
    pipeline_item_t *items[3], *lost;
    open_with (&line, "a @ x attempts=3 | b @ y", 10);
    for (uint64_t i = 0; i < 3; i++)
        items[i] = push (&line, i + 1, FAR_DEADLINE_NEVER);
    for (unsigned deaths = 0; deaths < 2; deaths++) {
        start (&line, 0, A);
        start (&line, 0, A);
        while ((lost = pipeline_running_at (&line, A)))
            pipeline_repeat (&line, lost, true, 0);
    }
    assert_ptr_equal (start (&line, 0, A), items[0]);
    assert_null (pipeline_next (&line, 0, 0));
    pipeline_pass (&line, items[0], calloc (1, 3), 1, 2, 0); /* it was not the one */
    assert_ptr_equal (start (&line, 0, A), items[1]);
    assert_null (pipeline_next (&line, 0, 0));
    pipeline_remove (&line, items[1], PIPELINE_FAILED, 0); /* it was */
    assert_ptr_equal (start (&line, 0, A), items[2]);
    push (&line, 4, FAR_DEADLINE_NEVER);
    assert_non_null (pipeline_next (&line, 0, 0));
    pipeline_deinit (&line);
}

/* One that must run alone waits until the others are done. */
static void who_runs_alone_waits_for_that (void **state)
{
    (void)state;
    pipeline_t line;
    open_with (&line, "a @ x attempts=2", 10);
    pipeline_item_t *one = push (&line, 1, FAR_DEADLINE_NEVER), *other = push (&line, 2, FAR_DEADLINE_NEVER);
    start (&line, 0, A);
    start (&line, 0, B);
    pipeline_repeat (&line, one, true, 0);
    assert_null (pipeline_next (&line, 0, 0));
    pipeline_remove (&line, other, PIPELINE_DONE, 0);
    assert_ptr_equal (start (&line, 0, B), one);
    pipeline_deinit (&line);
}

static void a_stage_pauses_and_goes_on (void **state)
{
    (void)state;
    pipeline_t line;
    open_with (&line, "a @ x", 10);
    pipeline_item_t *item = push (&line, 1, FAR_DEADLINE_NEVER);
    assert_true (pipeline_next_time (&line) == FAR_DEADLINE_NEVER);
    pipeline_pause (&line, item, 50 - line.stages[0].pause_ns);
    assert_null (pipeline_next (&line, 0, 49));
    assert_int_equal (pipeline_next_time (&line), 50);
    assert_non_null (pipeline_next (&line, 0, 50));
    assert_true (pipeline_next_time (&line) == FAR_DEADLINE_NEVER); /* nobody there is nothing to wake up for */
    pipeline_deinit (&line);
}

/* A stage is handed no more bytes than it may have; a single input always. */
static void a_stage_takes_so_many_bytes (void **state)
{
    (void)state;
    pipeline_t line;
    open_with (&line, "a @ x", 10);
    for (uint64_t i = 1; i <= 2; i++) {
        pipeline_item_t like = { .request = i, .deadline = FAR_DEADLINE_NEVER, .body_size = (size_t)64 << 20 };
        assert_non_null (pipeline_enter (&line, &like));
    }
    pipeline_item_t *first = start (&line, 0, A);
    assert_null (pipeline_next (&line, 0, 0));
    pipeline_remove (&line, first, PIPELINE_DONE, 0);
    assert_non_null (pipeline_next (&line, 0, 0));
    pipeline_deinit (&line);
}

static void no_more_run_than_a_stage_says (void **state)
{
    (void)state;
    pipeline_t line;
    open_with (&line, "a @ x most=2 | b @ y", 10);
    for (uint64_t i = 1; i <= 3; i++)
        push (&line, i, FAR_DEADLINE_NEVER);
    pipeline_item_t *first = start (&line, 0, A);
    start (&line, 0, B);
    assert_null (pipeline_next (&line, 0, 0));
    pipeline_pass (&line, first, calloc (1, 3), 1, 2, 0);
    start (&line, 0, A);
    assert_null (pipeline_next (&line, 0, 0));
    pipeline_deinit (&line);
}

/* The end of a run counts only while it runs, and only if the deadline is not nearer. */
static void a_run_ends_in_time (void **state)
{
    (void)state;
    const int64_t ms = 1000000;
    pipeline_t line;
    open_with (&line, "a @ x timeout_ms=10 | b @ y", 10);
    pipeline_item_t *item = push (&line, 1, 25 * ms), *endless = push (&line, 2, FAR_DEADLINE_NEVER);
    assert_int_equal (pipeline_next_time (&line), 25 * ms);
    assert_true (pipeline_start (&line, item, A, 5 * ms));
    assert_int_equal (pipeline_next_time (&line), 15 * ms);
    assert_null (pipeline_expired (&line, 15 * ms - 1));
    assert_ptr_equal (pipeline_expired (&line, 15 * ms), item);
    pipeline_repeat (&line, item, true, 15 * ms);
    assert_null (pipeline_expired (&line, 15 * ms));
    assert_true (pipeline_start (&line, item, A, 20 * ms));
    assert_int_equal (pipeline_next_time (&line), 25 * ms);
    assert_true (pipeline_start (&line, endless, A, 20 * ms));
    pipeline_pass (&line, endless, calloc (1, 3), 1, 2, 21 * ms);
    pipeline_remove (&line, item, PIPELINE_FAILED, 25 * ms);
    assert_true (pipeline_next_time (&line) == FAR_DEADLINE_NEVER);
    pipeline_deinit (&line);
}

/* It goes behind the last stage, with the error, and is an input like any other there. */
static void what_fails_goes_to_the_sink (void **state)
{
    (void)state;
    pipeline_t line;
    assert_int_equal (pipeline_init (&line, "a @ x | b @ y", "failed @ log attempts=2", 10), FAR_OK);
    assert_int_equal (line.place_count, 3);
    pipeline_item_t *item = push (&line, 1, FAR_DEADLINE_NEVER);
    start (&line, 0, A);
    pipeline_divert (&line, item, calloc (1, 9), 7, far_error_new (FAR_E_LIMIT, "no"), 0);
    assert_null (pipeline_next (&line, 1, 0));
    assert_ptr_equal (start (&line, 2, B), item);
    assert_int_equal (far_error_kind (item->error), FAR_E_LIMIT);
    assert_int_equal (item->fields_size + item->body_size, 9);
    assert_int_equal (line.stages[0].failed, 1);
    assert_int_equal (line.stages[2].entered, 1);
    assert_int_equal (line.stages[2].attempts, 2);
    assert_ptr_equal (pipeline_of_pusher (&line, pusher.id, 1), item);
    pipeline_repeat (&line, item, true, 0);
    assert_ptr_equal (pipeline_any (&line), item);
    assert_ptr_equal (start (&line, 2, A), item);
    pipeline_remove (&line, item, PIPELINE_DONE, 0);
    assert_int_equal (line.stages[2].done, 1);
    assert_int_equal (line.inside, 0);
    pipeline_deinit (&line);
    assert_int_equal (pipeline_init (&line, "a @ x", "failed", 10), FAR_E_BAD_ARGUMENTS);
    assert_non_null (strstr (far_error_message (far_last_error ()), "errors: expected `path @ name`"));
    pipeline_deinit (&line);
}

static void deadlines_come_in_order (void **state)
{
    (void)state;
    pipeline_t line;
    open_with (&line, "a @ x | b @ y", 10);
    pipeline_item_t *late = push (&line, 1, 30), *early = push (&line, 2, 20);
    push (&line, 3, FAR_DEADLINE_NEVER);
    start (&line, 0, A);
    assert_int_equal (pipeline_next_time (&line), 20);
    assert_null (pipeline_expired (&line, 19));
    assert_ptr_equal (pipeline_expired (&line, 30), early);
    pipeline_remove (&line, early, PIPELINE_FAILED, 0);
    assert_ptr_equal (pipeline_expired (&line, 30), late);
    pipeline_remove (&line, late, PIPELINE_FAILED, 0);
    assert_null (pipeline_expired (&line, 1000));
    pipeline_deinit (&line);
}

static void is_found_by_who_pushed_it (void **state)
{
    (void)state;
    pipeline_t line;
    open_with (&line, "a @ x | b @ y", 10);
    push (&line, 1, FAR_DEADLINE_NEVER);
    pipeline_item_t *running = start (&line, 0, A), *waiting = push (&line, 2, FAR_DEADLINE_NEVER);
    assert_ptr_equal (pipeline_of_pusher (&line, pusher.id, 1), running);
    assert_ptr_equal (pipeline_of_pusher (&line, pusher.id, 2), waiting);
    assert_null (pipeline_of_pusher (&line, pusher.id, 3));
    assert_null (pipeline_of_pusher (&line, A, 0));
    pipeline_item_t *item;
    while ((item = pipeline_of_pusher (&line, pusher.id, 0)))
        pipeline_remove (&line, item, PIPELINE_DROPPED, 0);
    assert_null (pipeline_any (&line));
    assert_int_equal (line.stages[0].failed + line.stages[0].done, 0);
    pipeline_deinit (&line);
}

/* The time in which it waits is told apart from that in which it is worked on, also if it has to wait again. */
static void figures_say_how_long_it_waited_and_ran (void **state)
{
    (void)state;
    const int64_t ms = 1000000;
    pipeline_t line;
    latency_figures_t waited, worked;
    open_with (&line, "a @ x | b @ y", 10);
    pipeline_item_t *item = push (&line, 1, FAR_DEADLINE_NEVER);
    assert_true (pipeline_start (&line, item, A, 30 * ms));
    pipeline_repeat (&line, item, true, 35 * ms);
    assert_true (pipeline_start (&line, item, B, 40 * ms));
    pipeline_pass (&line, item, calloc (1, 3), 1, 2, 60 * ms);
    latency_read (line.stages[0].waited, 60 * ms, &waited);
    latency_read (line.stages[0].worked, 60 * ms, &worked);
    assert_int_equal (waited.count, 2);
    assert_int_equal (waited.worst_ns, 30 * ms);
    assert_int_equal (worked.count, 1);
    assert_int_equal (worked.worst_ns, 20 * ms);
    assert_int_equal ((int)rate_read (&line.stages[0].rate, 60 * ms), 1);
    assert_null (line.stages[1].waited);
    assert_true (pipeline_start (&line, item, B, 61 * ms));
    pipeline_remove (&line, item, PIPELINE_FAILED, 99 * ms);
    assert_int_equal ((int)rate_read (&line.stages[1].rate, 99 * ms), 1);
    assert_null (line.stages[1].worked);
    pipeline_deinit (&line);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (inputs_go_from_stage_to_stage_in_their_order),
        cmocka_unit_test (what_was_lost_is_repeated_first),
        cmocka_unit_test (what_was_refused_keeps_its_order),
        cmocka_unit_test (the_last_attempt_is_made_alone),
        cmocka_unit_test (who_runs_alone_waits_for_that),
        cmocka_unit_test (a_stage_pauses_and_goes_on),
        cmocka_unit_test (a_stage_takes_so_many_bytes),
        cmocka_unit_test (no_more_run_than_a_stage_says),
        cmocka_unit_test (a_run_ends_in_time),
        cmocka_unit_test (what_fails_goes_to_the_sink),
        cmocka_unit_test (deadlines_come_in_order),
        cmocka_unit_test (is_found_by_who_pushed_it),
        cmocka_unit_test (figures_say_how_long_it_waited_and_ran),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
