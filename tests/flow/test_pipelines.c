/* Pipelines over real processes: values travel, errors say where, and the death of a process in the middle loses none. */
#include "support/fleets.h"
#include "support/pipelines.h"

#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void a_moment (void)
{
    struct timespec moment = { .tv_nsec = 1000000 };
    nanosleep (&moment, NULL);
}

static far_pipeline_t *open_line (far_actor_t *actor, const char *stages, far_pipeline_results_t results, int window)
{
    const far_pipeline_options_t options = { .stages = stages, .name = "line", .results = results, .window = window };
    far_pipeline_t *line = far_pipeline_open (actor, &options);
    assert_made (line);
    return line;
}

static void values_travel_from_stage_to_stage (void **state)
{
    enum { INPUTS = 200, WINDOW = 16 };
    far_actor_t *me = world_actor (*state, NULL);
    world_host_module (*state, "first", "stages");
    world_host_module (*state, "last", "stages");
    world_worker (*state, "middle", 1);
    world_worker (*state, "middle", 1);
    far_pipeline_t *line =
        open_line (me, "stages.plus @ first | probe.echo@middle | stages.twice @ last", FAR_PIPELINE_IN_ORDER, WINDOW);
    for (int64_t i = 0; i < INPUTS; i++)
        assert_ok (far_pipeline_push (line, "ll", i, (int64_t)3));
    assert_int_equal (far_pipeline_left (line), INPUTS);
    for (int64_t i = 0; i < INPUTS; i++) {
        int64_t result;
        assert_ok (far_pipeline_next (line, "l", &result));
        assert_int_equal (result, 2 * (i + 3));
    }
    assert_int_equal (far_pipeline_left (line), 0);
    assert_status (far_pipeline_next (line, NULL), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_ok (far_pipeline_finish (line));
    for (unsigned stage = 1; stage <= 3; stage++) {
        assert_int_equal (pipeline_shown (me, "line", stage, "entered"), INPUTS);
        assert_int_equal (pipeline_shown (me, "line", stage, "done"), INPUTS);
        assert_int_equal (pipeline_shown (me, "line", stage, "failed"), 0);
    }
    assert_int_equal (pipeline_shown (me, "line", 0, "done"), INPUTS);
    assert_int_equal (pipeline_shown (me, "line", 0, "inside"), 0);
    far_pipeline_destroy (&line);
    pipeline_wait_gone (me, "line");
    far_actor_destroy (&me);
}

static void results_come_as_they_are_done (void **state)
{
    enum { INPUTS = 100 };
    far_actor_t *me = world_actor (*state, NULL);
    world_host_module (*state, "first", "stages");
    far_pipeline_t *line = open_line (me, "stages.twice @ first | stages.plus @ first", FAR_PIPELINE_AS_DONE, 8);
    int64_t sum = 0;
    for (int64_t i = 0; i < INPUTS; i++)
        assert_ok (far_pipeline_push (line, "l", i));
    while (far_pipeline_left (line)) {
        int64_t result;
        assert_ok (far_pipeline_next (line, "l", &result));
        sum += result;
    }
    assert_int_equal (sum, INPUTS * (INPUTS - 1) + INPUTS);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

static far_value_t *stage_shown (far_actor_t *actor, const char *name, unsigned stage)
{
    far_proxy_t *show = world_at_broker (actor, "broker.pipelines.show");
    far_value_t *stages;
    assert_ok (far_call (show, NULL, "s>{sv}", name, "stages", &stages));
    far_value_t *map = far_value_new ("v", far_value_item (stages, stage - 1));
    assert_made (map);
    far_value_destroy (&stages);
    far_proxy_destroy (&show);
    return map;
}

/* The two maps of latencies are about the inputs that there were, and each figure is no less than the one before. */
static void figures_say_how_it_goes (void **state)
{
    enum { INPUTS = 50 };
    far_actor_t *me = world_actor (*state, NULL);
    world_host_module (*state, "first", "stages");
    world_host (*state, "slow");
    far_pipeline_t *line = open_line (me, "stages.twice @ first | probe.busy @ slow", FAR_PIPELINE_NO_RESULTS, 0);
    for (int i = 0; i < INPUTS; i++)
        assert_ok (far_pipeline_push (line, "l", (int64_t)1)); /* 2 ms of work */
    assert_ok (far_pipeline_finish (line));
    for (unsigned stage = 1; stage <= 2; stage++) {
        far_value_t *map = stage_shown (me, "line", stage);
        double rate, p50, p90, p99, worst;
        uint64_t count;
        assert_ok (far_value_get (map, "{sf s{su sf sf sf sf}}", "rate", &rate, "waited", "count", &count, "p50_ms",
                                  &p50, "p90_ms", &p90, "p99_ms", &p99, "worst_ms", &worst));
        assert_true (rate > 0 && rate <= INPUTS);
        assert_int_equal (count, INPUTS);
        assert_true (p50 <= p90 && p90 <= p99 && p99 <= worst);
        assert_ok (far_value_get (map, "{s{su sf sf sf sf}}", "worked", "count", &count, "p50_ms", &p50, "p90_ms", &p90,
                                  "p99_ms", &p99, "worst_ms", &worst));
        assert_int_equal (count, INPUTS);
        assert_true (p50 > (stage == 2 ? 2 : 0) && p50 <= p90 && p90 <= p99 && p99 <= worst);
        far_value_destroy (&map);
    }
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

/* A process is stopped with inputs in it, killed, and started again. */
static void a_killed_process_loses_no_input (void **state)
{
    enum { ROUNDS = 3, INPUTS = 40, WINDOW = 20 };
    far_actor_t *me = world_actor (*state, NULL);
    world_host_module (*state, "first", "stages");
    world_host_module (*state, "last", "stages");
    pid_t middle = world_host_module (*state, "middle", "stages");
    far_pipeline_t *line = open_line (me, "stages.twice @ first | stages.plus @ middle | stages.twice @ last",
                                      FAR_PIPELINE_IN_ORDER, WINDOW);
    int64_t pushed = 0, taken = 0, result;
    for (int round = 0; round < ROUNDS; round++) {
        while (pushed < taken + INPUTS / 2)
            assert_ok (far_pipeline_push (line, "l", pushed++));
        assert_ok (far_pipeline_next (line, "l", &result));
        assert_int_equal (result, 2 * (2 * taken++ + 1));
        assert_ok (far_pipeline_finish (line));
        world_signal (*state, middle, SIGSTOP);
        for (int i = 0; i < WINDOW; i++)
            assert_ok (far_pipeline_push (line, "l", pushed++));
        pipeline_wait_until (me, "line", 2, "running", WINDOW);
        world_signal (*state, middle, SIGKILL);
        pipeline_wait_gone (me, "middle");
        pipeline_wait_until (me, "line", 2, "waiting", WINDOW);
        middle = world_host_module (*state, "middle", "stages");
    }
    while (far_pipeline_left (line)) {
        assert_ok (far_pipeline_next (line, "l", &result));
        assert_int_equal (result, 2 * (2 * taken++ + 1));
    }
    assert_int_equal (taken, pushed);
    assert_int_equal (pipeline_shown (me, "line", 2, "repeated"), ROUNDS * WINDOW);
    assert_int_equal (pipeline_shown (me, "line", 0, "failed"), 0);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

static void an_input_that_kills_is_given_up (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_pipeline_t *line = open_line (me, "probe.busy @ middle", FAR_PIPELINE_NO_RESULTS, 0);
    assert_ok (far_pipeline_push (line, "l", (int64_t)600000));
    for (int deaths = 0; deaths < 5; deaths++) {
        pid_t middle = world_host (*state, "middle");
        pipeline_wait_until (me, "line", 1, "running", 1);
        world_signal (*state, middle, SIGKILL);
        pipeline_wait_gone (me, "middle");
    }
    assert_status (far_pipeline_finish (line), FAR_E_PEER_DIED);
    assert_int_equal (pipeline_shown (me, "line", 1, "failed"), 1);
    assert_int_equal (pipeline_shown (me, "line", 1, "repeated"), 4);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

/* All that the process had is asked again with it, but none of that is taken for what it died of. */
static void an_input_that_kills_takes_no_other_with_it (void **state)
{
    enum { INPUTS = 40, DEADLY = 13, ATTEMPTS = 3 };
    far_actor_t *me = world_actor (*state, NULL);
    far_pipeline_t *line = open_line (me, "stages.deadly @ middle attempts=3", FAR_PIPELINE_IN_ORDER, 0);
    for (int64_t i = 0; i < INPUTS; i++)
        assert_ok (far_pipeline_push (line, "l", i));
    for (int deaths = 0; deaths < ATTEMPTS; deaths++) {
        world_wait (*state, world_host_module (*state, "middle", "stages"));
        pipeline_wait_gone (me, "middle");
    }
    world_host_module (*state, "middle", "stages");
    for (int64_t i = 0; i < INPUTS; i++) {
        int64_t result = i;
        assert_status (far_pipeline_next (line, "l", &result), i == DEADLY ? FAR_E_PEER_DIED : FAR_OK);
        assert_int_equal (result, i);
    }
    assert_int_equal (pipeline_shown (me, "line", 0, "failed"), 1);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

/* A fleet that takes one at a time, and has nobody to give it to at first. */
static void what_a_stage_refuses_is_asked_again (void **state)
{
    enum { INPUTS = 20 };
    far_actor_t *me = world_actor (*state, NULL);
    fleet_set (me, "middle", "queue_requests", 1);
    far_pipeline_t *line = open_line (me, "probe.echo @ middle pause_ms=1", FAR_PIPELINE_IN_ORDER, 0);
    for (int64_t i = 0; i < INPUTS; i++)
        assert_ok (far_pipeline_push (line, "l", i));
    while (pipeline_shown (me, "line", 1, "repeated") < 2 * INPUTS)
        a_moment ();
    world_worker (*state, "middle", 1);
    for (int64_t i = 0; i < INPUTS; i++) {
        int64_t result;
        assert_ok (far_pipeline_next (line, "l", &result));
        assert_int_equal (result, i);
    }
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

static void a_killed_worker_of_a_fleet_loses_no_input (void **state)
{
    enum { INPUTS = 20 };
    far_actor_t *me = world_actor (*state, NULL);
    world_host_module (*state, "first", "stages");
    pid_t worker = world_worker (*state, "middle", 1);
    far_pipeline_t *line = open_line (me, "stages.plus @ first | probe.echo @ middle", FAR_PIPELINE_IN_ORDER, INPUTS);
    int64_t result;
    assert_ok (far_pipeline_push (line, "l", (int64_t)0));
    assert_ok (far_pipeline_next (line, "l", &result));
    world_signal (*state, worker, SIGSTOP);
    for (int64_t i = 0; i < INPUTS; i++)
        assert_ok (far_pipeline_push (line, "l", i));
    pipeline_wait_until (me, "line", 2, "running",
                         INPUTS); /* at the fleet: one in its worker, the others in its queue */
    world_signal (*state, worker, SIGKILL);
    world_worker (*state, "middle", 1);
    for (int64_t i = 0; i < INPUTS; i++) {
        assert_ok (far_pipeline_next (line, "l", &result));
        assert_int_equal (result, i + 1);
    }
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

typedef struct sink {
    unsigned count;
    uint64_t last;
    char where[128], class_name[32];
} sink_t;

static void note_error (void *context, uint64_t input, const far_error_t *error)
{
    sink_t *sink = context;
    sink->count++;
    sink->last = input;
    const far_hop_t *outermost = far_error_hop (error, far_error_hop_count (error) - 1);
    snprintf (sink->where, sizeof sink->where, "%s", outermost->method);
    snprintf (sink->class_name, sizeof sink->class_name, "%s", far_error_class (error));
}

static void an_error_says_where_and_the_rest_goes_on (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    world_host_module (*state, "first", "stages");
    sink_t sink = { 0 };
    far_pipeline_options_t options = { .stages =
                                           "stages.twice @ first | stages.no_sevens @ first | stages.plus @ first",
                                       .name = "line",
                                       .on_error = note_error,
                                       .context = &sink };
    far_pipeline_t *line = far_pipeline_open (me, &options);
    assert_made (line);
    for (int64_t i = 1; i <= 14; i++)
        assert_ok (far_pipeline_push (line, "l", i));
    assert_ok (far_pipeline_finish (line));
    assert_int_equal (sink.count, 2);
    assert_int_equal (sink.last, 14);
    assert_string_equal (sink.class_name, "SevenError");
    assert_string_equal (sink.where, "stage 2 (stages.no_sevens @ first), input 14");
    assert_int_equal (pipeline_shown (me, "line", 2, "failed"), 2);
    assert_int_equal (pipeline_shown (me, "line", 3, "done"), 12);
    far_pipeline_destroy (&line);
    pipeline_wait_gone (me, "line");
    line = open_line (me, "stages.no_sevens @ first", FAR_PIPELINE_IN_ORDER, 0);
    assert_ok (far_pipeline_push (line, "l", (int64_t)7));
    assert_ok (far_pipeline_push (line, "l", (int64_t)8));
    assert_status (far_pipeline_finish (line), FAR_E_RAISED);
    assert_string_equal (far_error_message (far_last_error ()), "7");
    assert_status (far_pipeline_next (line, NULL), FAR_E_RAISED);
    assert_ok (far_pipeline_next (line, NULL));
    assert_ok (far_pipeline_finish (line));
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

/* A stage that nobody runs yet fills it: who pushes waits, unless it asked not to. */
static void no_more_are_inside_than_the_window (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_pipeline_t *line = open_line (me, "stages.twice @ first", FAR_PIPELINE_IN_ORDER, 2);
    assert_ok (far_pipeline_push (line, "l", (int64_t)1));
    assert_ok (far_pipeline_push (line, "l", (int64_t)2));
    pipeline_wait_until (me, "line", 1, "waiting", 2);
    far_process_t *process = far_find (me, "line");
    assert_made (process);
    far_proxy_t *entry = far_import_deferred (process, "push");
    static const far_setting_t at_once[] = { { FAR_OPTION_NO_WAIT, 1 }, { 0 } };
    assert_status (far_call_with (entry, at_once, NULL, NULL, "l", (int64_t)3), FAR_E_OVERLOADED);
    world_host_module (*state, "first", "stages");
    int64_t result;
    assert_ok (far_pipeline_push (line, "l", (int64_t)3));
    for (int64_t i = 1; i <= 3; i++) {
        assert_ok (far_pipeline_next (line, "l", &result));
        assert_int_equal (result, 2 * i);
    }
    assert_ok (far_call (entry, NULL, "l>l", (int64_t)4, &result)); /* others may push, too */
    assert_int_equal (result, 8);
    assert_null (far_import (process, "stages"));
    assert_int_equal (far_last_status (), FAR_E_DENIED);
    far_proxy_destroy (&entry);
    far_process_destroy (&process);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

static void wait_cancelled (far_proxy_t *probe, int64_t count)
{
    int64_t cancelled = -1;
    while (cancelled != count) {
        a_moment ();
        assert_ok (far_call (probe, "cancelled", ">l", &cancelled));
    }
}

/* By who pushed it, by the end of the pipeline. */
static void what_is_given_up_is_cancelled_where_it_runs (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    world_host_with (*state, "host", "--threads", "2");
    far_proxy_t *probe = world_probe (me, "host");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *report = far_function (me, world_post, &started, "");
    far_pipeline_t *line = open_line (me, "probe.until_cancelled @ host", FAR_PIPELINE_NO_RESULTS, 0);
    far_process_t *process = far_find (me, "line");
    far_proxy_t *entry = far_import_deferred (process, "push");
    far_request_t *request = far_call_async (entry, NULL, "O", report);
    sem_wait (&started);
    far_request_cancel (request);
    assert_status (far_request_result (request, NULL), FAR_E_CANCELLED);
    wait_cancelled (probe, 1);
    far_request_destroy (&request);

    assert_ok (far_pipeline_push (line, "O", report));
    sem_wait (&started);
    far_pipeline_destroy (&line);
    wait_cancelled (probe, 2);
    pipeline_wait_gone (me, "line");
    assert_status (far_call (entry, NULL, "O", report), FAR_E_CLOSED);
    far_proxy_destroy (&entry);
    far_process_destroy (&process);
    far_object_destroy (&report);
    far_proxy_destroy (&probe);
    sem_destroy (&started);
    far_actor_destroy (&me);
}

static void an_input_that_takes_too_long_is_given_up (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    const far_pipeline_options_t options = { .stages = "stages.twice @ nobody", .deadline_ms = 20 };
    far_pipeline_t *line = far_pipeline_open (me, &options);
    assert_made (line);
    assert_ok (far_pipeline_push (line, "l", (int64_t)1));
    assert_status (far_pipeline_finish (line), FAR_E_TIMEOUT);
    const far_hop_t *hop = far_error_hop (far_last_error (), 0);
    assert_non_null (hop);
    assert_string_equal (hop->process, "pipeline.1");
    assert_string_equal (hop->method, "stage 1 (stages.twice @ nobody), input 1");
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

static void references_travel_and_are_given_back (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    world_host (*state, "owner");
    world_host (*state, "other");
    world_worker (*state, "fleet", 1);
    far_proxy_t *owner = world_probe (me, "owner");
    far_pipeline_t *line =
        open_line (me, "probe.Counter @ owner | probe.echo @ other | probe.echo @ fleet", FAR_PIPELINE_IN_ORDER, 0);
    far_proxy_t *counter;
    int64_t total, alive;
    assert_ok (far_pipeline_push (line, "l", (int64_t)40));
    assert_ok (far_pipeline_next (line, "P", &counter));
    assert_ok (far_call (counter, "add", "l>l", (int64_t)2, &total));
    assert_int_equal (total, 42);
    assert_ok (far_pipeline_push (line, "l", (int64_t)1));
    assert_ok (far_pipeline_finish (line));
    far_proxy_destroy (&counter);
    far_pipeline_destroy (&line); /* with a result that nobody took */
    do {
        a_moment ();
        assert_ok (far_call (owner, "alive", ">l", &alive));
    } while (alive);
    far_proxy_destroy (&owner);
    far_actor_destroy (&me);
}

/* A pipeline ends with the process that opened it. */
static void it_ends_with_its_owner (void **state)
{
    far_actor_t *me = world_actor (*state, NULL), *opener = world_actor (*state, NULL);
    far_pipeline_t *line = open_line (opener, "stages.twice @ nobody", FAR_PIPELINE_NO_RESULTS, 0);
    far_process_t *process = far_find (me, "line");
    far_proxy_t *entry = far_import_deferred (process, "push");
    far_request_t *request = far_call_async (entry, NULL, "l", (int64_t)1);
    pipeline_wait_until (me, "line", 1, "waiting", 1);
    far_actor_destroy (&opener);
    assert_status (far_request_result (request, NULL), FAR_E_CLOSED);
    pipeline_wait_gone (me, "line");
    far_proxy_t *list = world_at_broker (me, "broker.pipelines.list");
    far_value_t *pipelines;
    assert_ok (far_call (list, NULL, ">v", &pipelines));
    assert_int_equal (far_value_count (pipelines), 0);
    far_value_destroy (&pipelines);
    far_proxy_destroy (&list);
    far_request_destroy (&request);
    far_proxy_destroy (&entry);
    far_process_destroy (&process);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

static void what_is_no_pipeline_is_refused (void **state)
{
    static const char *const wrong[] = { "", "a.b", "a.b @", "@ name", "a.b @ x | ", "a b @ x", "a.b @ no name" };
    far_actor_t *me = world_actor (*state, "me");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null (far_pipeline_new (me, wrong[i]));
        assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
    }
    assert_null (far_pipeline_open (me, &(far_pipeline_options_t){ .stages = "a.b @ x", .name = "me" }));
    assert_int_equal (far_last_status (), FAR_E_NAME_TAKEN);
    assert_null (far_pipeline_open (me, &(far_pipeline_options_t){ .stages = "a.b @ x", .window = 5000 }));
    assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
    far_pipeline_t *line = far_pipeline_new (me, "a.b @ x");
    assert_made (line);
    assert_status (far_pipeline_next (line, NULL), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_status (far_pipeline_push (line, "?"), FAR_E_BAD_ARGUMENTS);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, world_set_up, world_tear_down)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (values_travel_from_stage_to_stage),
        TEST (results_come_as_they_are_done),
        TEST (figures_say_how_it_goes),
        TEST (a_killed_process_loses_no_input),
        TEST (an_input_that_kills_is_given_up),
        TEST (an_input_that_kills_takes_no_other_with_it),
        TEST (what_a_stage_refuses_is_asked_again),
        TEST (a_killed_worker_of_a_fleet_loses_no_input),
        TEST (an_error_says_where_and_the_rest_goes_on),
        TEST (no_more_are_inside_than_the_window),
        TEST (what_is_given_up_is_cancelled_where_it_runs),
        TEST (an_input_that_takes_too_long_is_given_up),
        TEST (references_travel_and_are_given_back),
        TEST (it_ends_with_its_owner),
        TEST (what_is_no_pipeline_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
