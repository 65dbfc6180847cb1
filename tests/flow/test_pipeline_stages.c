/* What is set of the stages of a pipeline, and the sink for what fails in them. */
#include "support/pipelines.h"

#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What a sink in this program was told last. It gives the negative argument in the place of a result. */
static struct reported {
    sem_t told;
    uint64_t stage, input;
    int64_t argument;
    char kind[32], class_name[32], text[512];
} reported;

static void copy_entry (const far_value_t *map, const char *key, char *out, size_t size)
{
    snprintf (out, size, "%s", (const char *)far_value_bytes (far_value_lookup (map, key)).data);
}

static far_status_t note_failed (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *error, *arguments;
    if (far_call_args (call, &reported.stage, &reported.input, &error, &arguments))
        return far_call_status (call);
    copy_entry (error, "kind", reported.kind, sizeof reported.kind);
    copy_entry (error, "class", reported.class_name, sizeof reported.class_name);
    copy_entry (error, "text", reported.text, sizeof reported.text);
    reported.argument = far_value_int (far_value_item (arguments, 0));
    sem_post (&reported.told);
    return far_call_return (call, "l", -reported.argument);
}

FAR_MODULE (watch)
{
    far_module_function (module, "failed", note_failed, "stage:u, input:u, error:v, arguments:v -> l", "Notes it.");
}

static far_actor_t *open_watch (world_t *world)
{
    sem_init (&reported.told, 0, 0);
    far_actor_t *watch = world_actor (world, "watch");
    assert_ok (far_actor_register (watch, "watch", far_module_watch));
    return watch;
}

static void what_fails_goes_to_the_sink_and_the_rest_goes_on (void **state)
{
    far_actor_t *me = world_actor (*state, NULL), *watch = open_watch (*state);
    world_host_module (*state, "first", "stages");
    const far_pipeline_options_t options = { .stages =
                                                 "stages.twice @ first | stages.no_sevens @ first | probe.echo @ it",
                                             .name = "line",
                                             .errors = "watch.failed @ watch",
                                             .results = FAR_PIPELINE_IN_ORDER };
    world_host (*state, "it");
    far_pipeline_t *line = far_pipeline_open (me, &options);
    assert_made (line);
    for (int64_t i = 1; i <= 8; i++)
        assert_ok (far_pipeline_push (line, "l", i));
    for (int64_t i = 1; i <= 8; i++) {
        int64_t result;
        assert_ok (far_pipeline_next (line, "l", &result));
        assert_int_equal (result, i == 7 ? -14 : 2 * i);
    }
    assert_ok (far_pipeline_finish (line));
    sem_wait (&reported.told);
    assert_int_equal (reported.stage, 2);
    assert_int_equal (reported.input, 7);
    assert_int_equal (reported.argument, 14);
    assert_string_equal (reported.kind, "Raised");
    assert_string_equal (reported.class_name, "SevenError");
    assert_non_null (strstr (reported.text, "stage 2 (stages.no_sevens @ first), input 7"));
    assert_int_equal (pipeline_shown (me, "line", 0, "failed"), 1);
    assert_int_equal (pipeline_shown (me, "line", 0, "done"), 7);
    assert_int_equal (pipeline_shown (me, "line", 2, "failed"), 1);
    far_pipeline_destroy (&line);
    far_actor_destroy (&watch);
    far_actor_destroy (&me);
}

/* It is told of a death, of a run that takes too long, and not of a sink that does not do its part: then the pusher is. */
static void a_sink_is_told_of_all_that_a_stage_can_do (void **state)
{
    far_actor_t *me = world_actor (*state, NULL), *watch = open_watch (*state);
    const far_pipeline_stage_t table[] = { { .path = "stages.twice", .at = "host", .attempts = 1, .timeout_ms = 30 },
                                           { 0 } };
    far_pipeline_options_t options = { .table = table, .name = "line", .errors = "watch.failed @ watch" };
    far_pipeline_t *line = far_pipeline_open (me, &options);
    assert_made (line);
    pid_t host = world_host_module (*state, "host", "stages");
    far_process_t *process = far_find (me, "host");
    assert_made (process);
    far_process_destroy (&process);
    world_signal (*state, host, SIGSTOP);
    assert_ok (far_pipeline_push (line, "l", (int64_t)2));
    sem_wait (&reported.told);
    assert_string_equal (reported.kind, "Timeout");
    assert_non_null (strstr (reported.text, "it took more than the 30 ms of the stage"));
    assert_ok (far_pipeline_finish (line));
    far_pipeline_destroy (&line);
    pipeline_wait_gone (me, "line");
    options = (far_pipeline_options_t){ .stages = "stages.twice @ host attempts=1",
                                        .name = "line",
                                        .errors = options.errors };
    line = far_pipeline_open (me, &options);
    assert_made (line);
    assert_ok (far_pipeline_push (line, "l", (int64_t)3));
    pipeline_wait_until (me, "line", 1, "running", 1);
    world_signal (*state, host, SIGKILL);
    sem_wait (&reported.told);
    assert_string_equal (reported.kind, "PeerDied");
    assert_int_equal (reported.argument, 3);
    far_pipeline_destroy (&line);
    pipeline_wait_gone (me, "line");
    options.errors = "watch.nothing @ watch";
    options.stages = "watch.failed @ watch";
    line = far_pipeline_open (me, &options);
    assert_made (line);
    assert_ok (far_pipeline_push (line, "l", (int64_t)4));
    assert_status (far_pipeline_finish (line),
                   FAR_E_BAD_ARGUMENTS); /* of the stage, not that there is no such function */
    far_pipeline_destroy (&line);
    far_actor_destroy (&watch);
    far_actor_destroy (&me);
}

static void settings_of_a_stage_hold_and_are_shown (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    const far_pipeline_stage_t table[] = { { .path = "probe.busy", .at = "host", .attempts = 2, .most = 2 },
                                           { .path = "stages.plus", .at = "host", .pause_ms = 7, .timeout_ms = 60000 },
                                           { 0 } };
    const far_pipeline_options_t options = { .table = table, .name = "line" };
    far_pipeline_t *line = far_pipeline_open (me, &options);
    assert_made (line);
    assert_int_equal (pipeline_shown (me, "line", 1, "attempts"), 2);
    assert_int_equal (pipeline_shown (me, "line", 1, "pause_ms"), 20);
    assert_int_equal (pipeline_shown (me, "line", 2, "attempts"), 5);
    assert_int_equal (pipeline_shown (me, "line", 2, "pause_ms"), 7);
    assert_int_equal (pipeline_shown (me, "line", 2, "timeout_ms"), 60000);
    for (int i = 0; i < 5; i++)
        assert_ok (far_pipeline_push (line, "l", (int64_t)600000));
    for (unsigned running = 2; running; running--) { /* the second, and last, attempt is made alone */
        pid_t host = world_host (*state, "host");
        pipeline_wait_until (me, "line", 1, "running", running);
        assert_int_equal (pipeline_shown (me, "line", 1, "waiting"), 5 - running);
        world_signal (*state, host, SIGKILL);
        pipeline_wait_gone (me, "host");
    }
    pipeline_wait_until (me, "line", 1, "failed", 1);
    assert_int_equal (pipeline_shown (me, "line", 1, "waiting"), 4);
    far_pipeline_destroy (&line);
    far_actor_destroy (&me);
}

static void assert_refused (far_actor_t *me, far_pipeline_options_t options, const char *text)
{
    assert_null (far_pipeline_open (me, &options));
    assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
    if (!strstr (far_error_message (far_last_error ()), text))
        fail_msg ("%s", far_error_message (far_last_error ()));
}

static void what_is_wrong_with_a_stage_is_said (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    const far_pipeline_stage_t often[] = { { .path = "a", .at = "x" },
                                           { .path = "b", .at = "y", .attempts = 1001 },
                                           { 0 } };
    const far_pipeline_stage_t negative[] = { { .path = "a", .at = "x", .timeout_ms = -1 }, { 0 } };
    const far_pipeline_stage_t nowhere[] = { { .path = "a" }, { 0 } };
    const far_pipeline_options_t wrong[] = {
        { .table = often },
        { .table = negative },
        { .table = nowhere },
        { .stages = "a @ x", .table = often },
        { .stages = "a @ x | b @ y tries=3" },
        { .stages = "a @ x", .errors = "nobody" },
    };
    static const char *const said[] = {
        "stage 2: attempts = '1001': expected an integer from 1 to 1000",
        "stage 1: timeout_ms = '-1': expected an integer from 1 to 86400000",
        "stage 1: expected a path and the name of a process or fleet",
        "a pipeline has stages",
        "stage 2: 'tries=3' is no setting: expected attempts=, pause_ms=, most= or timeout_ms= and a number",
        "errors: expected `path @ name`, not 'nobody'",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused (me, wrong[i], said[i]);
    far_actor_destroy (&me);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, world_set_up, world_tear_down)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (what_fails_goes_to_the_sink_and_the_rest_goes_on),
        TEST (a_sink_is_told_of_all_that_a_stage_can_do),
        TEST (settings_of_a_stage_hold_and_are_shown),
        TEST (what_is_wrong_with_a_stage_is_said),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
