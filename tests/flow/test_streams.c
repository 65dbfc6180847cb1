/* Streams: results that come one by one, in order, no faster than they are taken, and no longer than they are wanted; and
 * answers that are given later than their methods end. */
#include "support/world.h"

#include "support/cm.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int set_up (void **state)
{
    world_t *world = world_new ();
    world_host_module (world, "a", "flowing");
    world_host_module_with (world, "pool", "flowing", "--threads", "3");
    world_host_module_with (world, "queue", "flowing", "--reentrancy", "queue");
    *state = world;
    return 0;
}

static far_proxy_t *module_of (far_actor_t *me, const char *name)
{
    far_process_t *process = far_find (me, name);
    assert_made (process);
    far_proxy_t *module = far_import (process, "flowing");
    assert_made (module);
    far_process_destroy (&process);
    return module;
}

static void take_all (far_proxy_t *module, int64_t most)
{
    int64_t item = -1, expected = 0, returned;
    far_stream_t *stream = far_stream (module, "count", "l", most);
    assert_made (stream);
    while (far_stream_next (stream, "l", &item)) {
        assert_int_equal (item, expected);
        expected++;
    }
    assert_ok (far_stream_status (stream));
    assert_int_equal (expected, most);
    assert_ok (far_stream_result (stream, "l", &returned));
    assert_int_equal (returned, most);
    assert_false (far_stream_next (stream, "l", &item));
    far_stream_destroy (&stream);
    assert_null (stream);
    far_stream_destroy (&stream);
}

static void results_come_in_order (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    static const char *const names[] = { "a", "pool", "queue" };
    for (size_t i = 0; i < 3; i++) {
        far_proxy_t *module = module_of (me, names[i]);
        take_all (module, 0);
        take_all (module, 1);
        take_all (module, 5000);
        far_proxy_destroy (&module);
    }
    far_actor_destroy (&me);
}

/* The report comes home as what it is: the caller's own object. */
static void a_process_streams_to_itself (void **state)
{
    far_actor_t *me = world_actor (*state, "self");
    assert_ok (far_actor_load (me, FAR_BUILD_DIR "/tests/modules/flowing.so"));
    far_proxy_t *module = module_of (me, "self");
    take_all (module, 1000);
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

static void without_a_stream_they_are_gathered (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *module = module_of (me, "a");
    far_value_t *all = NULL;
    assert_ok (far_call (module, "gather", "l>v", (int64_t)3, &all));
    assert_int_equal (far_value_count (all), 3);
    assert_int_equal (far_value_int (far_value_item (far_value_item (all, 2), 0)), 2);
    far_value_destroy (&all);
    int64_t returned;
    assert_ok (far_call (module, "count", "l>l", (int64_t)3, &returned));
    assert_int_equal (returned, 3);
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

static void read_state (far_proxy_t *module, int64_t *given, int64_t *ended)
{
    assert_ok (far_call (module, "state", ">[ll]", given, ended));
}

/* Waits until endless has given so many, or ended so often. */
static void wait_state (far_proxy_t *module, int64_t given_least, int64_t ended_least)
{
    int64_t given = -1, ended = -1;
    while (given < given_least || ended < ended_least) {
        read_state (module, &given, &ended);
        poll (NULL, 0, 1);
    }
}

/* What is under way: 256 that wait here, answered, and 256 that are not; and the one that is being given. */
static void who_is_fast_waits_and_hears_of_the_end (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *module = module_of (me, "a");
    int64_t given, ended, before, ended_before;
    read_state (module, &before, &ended_before);
    far_stream_t *stream = far_stream (module, "endless", "");
    uint64_t first = 0, item;
    assert_true (far_stream_next (stream, "u", &first));
    wait_state (module, before + 512, ended_before);
    for (int i = 0; i < 20; i++)
        read_state (module, &given, &ended);
    assert_true (given <= before + 520);
    for (uint64_t i = 1; i <= 100; i++) {
        assert_true (far_stream_next (stream, "u", &item));
        assert_int_equal (item, first + i);
    }
    wait_state (module, before + 600, ended_before);
    far_stream_destroy (&stream);
    wait_state (module, 0, ended_before + 1);
    read_state (module, &before, &ended);
    read_state (module, &given, &ended);
    assert_int_equal (given, before);
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

/* Nobody takes them, and it waits for room when its time is over. */
static void who_waits_for_room_hears_of_the_deadline (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    static const char *const names[] = { "a", "pool", "queue" };
    for (size_t i = 0; i < 3; i++) {
        far_proxy_t *module = module_of (me, names[i]);
        int64_t given, ended;
        read_state (module, &given, &ended);
        assert_ok (far_proxy_set (module, FAR_OPTION_DEADLINE_MS, 300));
        far_stream_t *stream = far_stream (module, "endless", "");
        assert_ok (far_proxy_set (module, FAR_OPTION_DEADLINE_MS, FAR_UNSET));
        assert_ok (far_proxy_set (module, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER));
        wait_state (module, 0, ended + 1);
        uint64_t item;
        while (far_stream_next (stream, "u", &item))
            ;
        assert_status (far_stream_status (stream), FAR_E_TIMEOUT);
        far_stream_destroy (&stream);
        far_proxy_destroy (&module);
    }
    far_actor_destroy (&me);
}

static void an_error_comes_behind_the_results (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *module = module_of (me, "a");
    far_stream_t *stream = far_stream (module, "fails", "");
    int item, count = 0;
    char *text = NULL;
    assert_false (far_stream_next (stream, "s", &text)); /* not what the picture says: it stays */
    assert_status (far_stream_status (stream), FAR_E_BAD_ARGUMENTS);
    while (far_stream_next (stream, "i", &item))
        count++;
    assert_int_equal (count, 3);
    assert_status (far_stream_status (stream), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "Broken");
    far_stream_destroy (&stream);
    stream = far_stream (module, "no_such_method", "");
    assert_false (far_stream_next (stream, "i", &item));
    assert_status (far_stream_status (stream), FAR_E_NO_SUCH_ATTRIBUTE);
    far_stream_destroy (&stream);
    assert_null (far_stream (NULL, "x", ""));
    assert_false (far_stream_next (NULL, "i", &item));
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

typedef struct progress {
    pthread_mutex_t lock;
    int calls;
    double done, total;
    char text[32];
} progress_t;

static void note (void *context, double done, double total, const char *text)
{
    progress_t *self = context;
    pthread_mutex_lock (&self->lock);
    self->calls++;
    self->done = done;
    self->total = total;
    snprintf (self->text, sizeof self->text, "%s", text);
    pthread_mutex_unlock (&self->lock);
}

static void progress_is_told (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *module = module_of (me, "a");
    progress_t progress = { .lock = PTHREAD_MUTEX_INITIALIZER };
    far_stream_t *stream = far_stream (module, "count", "l", (int64_t)600);
    far_stream_on_progress (stream, note, &progress);
    int64_t item;
    while (far_stream_next (stream, "l", &item))
        ;
    assert_ok (far_stream_status (stream));
    far_stream_on_progress (stream, NULL, NULL);
    assert_true (progress.calls > 0);
    assert_true (progress.done == 599 && progress.total == 600);
    assert_string_equal (progress.text, "going on");
    far_stream_destroy (&stream);
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

/* Also in a process that serves nothing else while it waits, and on a pool. */
static void a_method_takes_a_stream (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *source = module_of (me, "a");
    static const char *const names[] = { "queue", "pool" };
    for (size_t i = 0; i < 2; i++) {
        far_proxy_t *module = module_of (me, names[i]);
        int64_t sum;
        assert_ok (far_call (module, "sum_of", "Pl>l", source, (int64_t)2000, &sum));
        assert_int_equal (sum, 2000 * 1999 / 2);
        far_proxy_destroy (&module);
    }
    far_proxy_destroy (&source);
    far_actor_destroy (&me);
}

/* What the test starts as the caller that is killed: takes one result and stays. */
static int run_caller (const char *endpoint)
{
    far_actor_t *me = far_actor_new (endpoint, NULL);
    far_process_t *process = me ? far_find (me, "a") : NULL;
    far_proxy_t *module = process ? far_import (process, "flowing") : NULL;
    far_stream_t *stream = far_stream (module, "endless", "");
    uint64_t item;
    if (!far_stream_next (stream, "u", &item))
        return far_print_error ("caller");
    printf ("ready\n");
    fflush (stdout);
    for (;;)
        pause ();
}

static void a_caller_that_is_killed_ends_the_method (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *module = module_of (me, "a");
    int64_t given, ended;
    read_state (module, &given, &ended);
    int fds[2];
    assert_int_equal (pipe (fds), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, fds[1], 1);
    char program[] = FAR_BUILD_DIR "/tests/flow-streams", word[] = "caller";
    char *const arguments[] = { program, word, ((world_t *)*state)->endpoint, NULL };
    pid_t caller;
    assert_int_equal (posix_spawn (&caller, program, &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy (&actions);
    close (fds[1]);
    char text[16];
    assert_true (read (fds[0], text, sizeof text) > 0);
    close (fds[0]);
    kill (caller, SIGKILL);
    assert_int_equal (waitpid (caller, NULL, 0), caller);
    wait_state (module, 0, ended + 1);
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

static void a_reply_comes_later_from_another_thread (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *module = module_of (me, "a");
    far_request_t *request = far_call_async (module, "later", "");
    bool was_there = false, yes = false;
    assert_ok (far_call (module, "settle", ">b", &was_there));
    assert_true (was_there);
    char *text = NULL;
    assert_ok (far_request_result (request, "s", &text));
    assert_string_equal (text, "at last");
    far_string_free (&text);
    far_request_destroy (&request);
    request = far_call_async (module, "later", "");
    assert_ok (far_call (module, "settle", "b>b", true, &was_there));
    assert_status (far_request_result (request, NULL), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "Refused");
    assert_string_equal (far_error_hop (far_last_error (), 0)->method, "later");
    assert_string_equal (far_error_hop (far_last_error (), 0)->process, "a");
    far_request_destroy (&request);
    assert_ok (far_call (module, "at_once", ">b", &yes));
    assert_true (yes);
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

static void a_reply_that_is_let_go_is_an_error_and_one_may_be_cancelled (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *module = module_of (me, "a");
    bool cancelled = true;
    far_request_t *request = far_call_async (module, "later", "");
    assert_ok (far_call (module, "forget", ">b", &cancelled));
    assert_false (cancelled);
    assert_status (far_request_result (request, NULL), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "NoAnswer");
    far_request_destroy (&request);
    request = far_call_async (module, "later", "");
    far_request_cancel (request);
    assert_ok (far_call (module, "forget", ">b", &cancelled));
    assert_true (cancelled);
    far_request_destroy (&request);
    far_proxy_destroy (&module);
    far_actor_destroy (&me);
}

int main (int argc, char **argv)
{
    if (argc == 3 && !strcmp (argv[1], "caller"))
        return run_caller (argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (results_come_in_order),
        cmocka_unit_test (a_process_streams_to_itself),
        cmocka_unit_test (without_a_stream_they_are_gathered),
        cmocka_unit_test (who_is_fast_waits_and_hears_of_the_end),
        cmocka_unit_test (who_waits_for_room_hears_of_the_deadline),
        cmocka_unit_test (an_error_comes_behind_the_results),
        cmocka_unit_test (progress_is_told),
        cmocka_unit_test (a_method_takes_a_stream),
        cmocka_unit_test (a_caller_that_is_killed_ends_the_method),
        cmocka_unit_test (a_reply_comes_later_from_another_thread),
        cmocka_unit_test (a_reply_that_is_let_go_is_an_error_and_one_may_be_cancelled),
    };
    return cmocka_run_group_tests (tests, set_up, world_tear_down);
}
