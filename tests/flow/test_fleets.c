/* Fleets with real workers: found and called like a process. */
#include "support/fleets.h"

#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void is_found_and_called_like_a_process (void **state)
{
    enum { WORKERS = 3, CALLS = 12 };
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *fleet = fleet_of (*state, me, "sums", WORKERS);
    far_proxy_t *probe = far_import (fleet, "probe");
    assert_made (probe);
    int64_t pids[WORKERS], sum = 0;
    for (int i = 0; i < WORKERS; i++)
        assert_ok (far_call (probe, "pid", ">l", &pids[i])); /* the one that was given nothing for the longest time */
    assert_true (pids[0] != pids[1] && pids[1] != pids[2] && pids[0] != pids[2]);
    far_request_t *requests[CALLS];
    for (int i = 0; i < CALLS; i++)
        assert_made (requests[i] = far_call_async (probe, "echo", "i", i));
    for (int i = 0; i < CALLS; i++) {
        int64_t value;
        assert_ok (far_request_result (requests[i], "l", &value));
        assert_int_equal (value, i);
        sum += value;
        far_request_destroy (&requests[i]);
    }
    assert_int_equal (sum, CALLS * (CALLS - 1) / 2);
    assert_status (far_call (probe, "fail", "ss", "Sorry", "no"), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "Sorry");
    assert_status (far_call (probe, "nothing", ""), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_null (far_import (fleet, "nothing"));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_MODULE);
    assert_ok (far_send (probe, "fail", "ss", "Sorry", "nobody hears this"));
    while (!world_log_lines (*state, "nobody hears this")) /* but the log */
        assert_ok (far_call (probe, "echo", "i", 1));
    assert_status (far_process_close (fleet, true), FAR_E_DENIED);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void what_is_imported_is_a_name (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    pid_t first = world_worker (*state, "sums", 1);
    far_process_t *fleet = far_find (me, "sums");
    assert_made (fleet);
    far_proxy_t *probe = far_import (fleet, "probe");
    assert_made (probe);
    assert_int_equal (far_proxy_owner (probe).value, far_process_get_id (fleet).value);
    world_signal (*state, first, SIGKILL);
    fleet_wait_until (me, "sums", "workers", 0);
    world_worker (*state, "sums", 1); /* it does not matter which worker has answered the import */
    int out = 0;
    assert_ok (far_call (probe, "echo", "i>i", 7, &out));
    assert_int_equal (out, 7);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void what_a_call_returned_belongs_to_its_worker (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *fleet = fleet_of (*state, me, "sums", 3);
    far_proxy_t *counter = far_new (fleet, "probe.Counter", "l", (int64_t)40);
    assert_made (counter);
    assert_true (far_proxy_owner (counter).value != far_process_get_id (fleet).value);
    int64_t total = 0;
    for (int i = 0; i < 5; i++)
        assert_ok (far_call (counter, "add", "l>l", (int64_t)1, &total));
    assert_int_equal (total, 45);
    far_process_t *worker = far_process (me, far_proxy_owner (counter));
    far_proxy_t *there = far_import (worker, "probe");
    int64_t alive = 1;
    assert_ok (far_call (there, "alive", ">l", &alive));
    assert_int_equal (alive, 1);
    far_proxy_destroy (&counter);
    assert_ok (far_call (there, "alive", ">l", &alive)); /* the fleet holds it no more, nor do we */
    assert_int_equal (alive, 0);
    far_proxy_destroy (&there);
    far_process_destroy (&worker);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static int64_t alive_at (far_proxy_t *probe)
{
    int64_t alive;
    assert_ok (far_call (probe, "alive", ">l", &alive));
    return alive;
}

/* A reference waits in the queue, is used by a worker, and given back by all. */
static void references_wait_in_the_queue (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    world_host (*state, "owner");
    far_proxy_t *owner = world_probe (me, "owner");
    far_process_t *process = far_find (me, "owner");
    far_proxy_t *counter = far_new (process, "probe.Counter", "l", (int64_t)10), *add = far_attr (counter, "add");
    fleet_set (me, "sums", "prefetch", 0); /* makes the fleet, without workers yet */
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import_deferred (fleet, "probe");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *mine = far_function (me, world_post, &started, "x:v");
    far_request_t *theirs = far_call_async (probe, "call", "Pi", add, 5);
    far_request_t *ours = far_call_async (probe, "call", "Oi", mine, 1);
    far_proxy_destroy (&add);
    far_proxy_destroy (&counter); /* only the queue holds it now */
    far_object_destroy (&mine);
    fleet_wait_until (me, "sums", "waiting", 2);
    assert_int_equal (alive_at (owner), 1);
    world_worker (*state, "sums", 1);
    int64_t total = 0;
    assert_ok (far_request_result (theirs, "l", &total));
    assert_int_equal (total, 15);
    assert_ok (far_request_result (ours, "n"));
    sem_wait (&started);
    far_request_destroy (&theirs);
    far_request_destroy (&ours);
    while (alive_at (owner)) /* until the worker and the fleet have both let go */
        ;
    sem_destroy (&started);
    far_proxy_destroy (&probe);
    far_proxy_destroy (&owner);
    far_process_destroy (&process);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

/* A request of the queue that is given up gives back what it refers to. */
static void what_is_cancelled_lets_go (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    world_host (*state, "owner");
    far_proxy_t *owner = world_probe (me, "owner");
    far_process_t *process = far_find (me, "owner");
    far_proxy_t *counter = far_new (process, "probe.Counter", "");
    fleet_set (me, "sums", "prefetch", 0);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import_deferred (fleet, "probe");
    far_request_t *request = far_call_async (probe, "hold", "P", counter);
    far_proxy_destroy (&counter);
    fleet_wait_until (me, "sums", "waiting", 1);
    far_request_cancel (request);
    assert_status (far_request_result (request, ""), FAR_E_CANCELLED);
    assert_int_equal (fleet_shown (me, "sums", "waiting"), 0);
    while (alive_at (owner))
        ;
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_proxy_destroy (&owner);
    far_process_destroy (&process);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void running_work_sees_that_it_is_cancelled (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *fleet = fleet_of (*state, me, "sums", 1);
    far_proxy_t *probe = far_import (fleet, "probe");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *start = far_function (me, world_post, &started, "");
    far_request_t *request = far_call_async (probe, "until_cancelled", "O", start);
    sem_wait (&started);
    far_request_cancel (request);
    assert_status (far_request_result (request, ""), FAR_E_RAISED); /* what the method says of it */
    int64_t cancelled = 0;
    assert_ok (far_call (probe, "cancelled", ">l", &cancelled)); /* the slot is free again */
    assert_int_equal (cancelled, 1);
    far_request_destroy (&request);
    far_object_destroy (&start);
    sem_destroy (&started);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

/* The worker is stopped, not dead: its request ends by its deadline, and the other worker goes on. */
static void deadline_ends_what_runs (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    pid_t worker = world_worker (*state, "sums", 1);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import (fleet, "probe");
    const far_setting_t soon[] = { { FAR_OPTION_DEADLINE_MS, 50 }, { FAR_OPTION_TIMEOUT_MS, FAR_FOREVER }, { 0 } };
    world_signal (*state, worker, SIGSTOP);
    int out = 0;
    assert_status (far_call_with (probe, soon, NULL, "echo", "i>i", 1, &out), FAR_E_TIMEOUT);
    assert_non_null (strstr (far_error_message (far_last_error ()), "while process"));
    assert_status (far_call_with (probe, soon, NULL, "echo", "i>i", 2, &out), FAR_E_TIMEOUT); /* it had to wait */
    assert_int_equal (fleet_shown (me, "sums", "expired"), 2);
    world_worker (*state, "sums", 1);
    assert_ok (far_call (probe, "echo", "i>i", 3, &out));
    assert_int_equal (out, 3);
    world_signal (*state, worker, SIGCONT);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void wishes_go_with_the_call (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *fleet = fleet_of (*state, me, "sums", 3);
    far_proxy_t *probe = far_import (fleet, "probe");
    const far_setting_t keyed[] = {
        { FAR_OPTION_KEY, 7 }, { FAR_OPTION_PRIORITY, -3 }, { FAR_OPTION_DELAY_MS, 1 }, { 0 }
    };
    int64_t pid = 0, first = 0;
    for (int i = 0; i < 6; i++) {
        assert_ok (far_call_with (probe, keyed, NULL, "pid", ">l", &pid));
        first = first ? first : pid;
        assert_int_equal (pid, first);
    }
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void without_workers_as_the_policy_says (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    fleet_set (me, "sums", "queue_without_worker", 0);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import_deferred (fleet, "probe");
    assert_status (far_call (probe, "echo", "i", 1), FAR_E_NO_WORKER);
    fleet_set (me, "sums", "queue_without_worker", 1);
    far_request_t *request = far_call_async (probe, "echo", "i", 1);
    fleet_wait_until (me, "sums", "waiting", 1);
    fleet_set (me, "sums", "queue_without_worker", 0);
    assert_status (far_request_result (request, ""), FAR_E_NO_WORKER);
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

/* Who calls a fleet with a full queue waits, unless it asked not to. */
static void full_is_overloaded (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    fleet_set (me, "sums", "queue_requests", 1);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import_deferred (fleet, "probe");
    far_request_t *request = far_call_async (probe, "echo", "i", 1);
    assert_ok (far_proxy_set (probe, FAR_OPTION_NO_WAIT, 1));
    assert_status (far_call (probe, "echo", "i", 2), FAR_E_OVERLOADED);
    assert_ok (far_proxy_set (probe, FAR_OPTION_NO_WAIT, FAR_UNSET));
    world_worker (*state, "sums", 1);
    assert_ok (far_request_result (request, ""));
    assert_ok (far_call (probe, "echo", "i", 2));
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void fill (far_proxy_t *probe, far_request_t **requests, int count)
{
    for (int i = 0; i < count; i++)
        assert_made (requests[i] = far_call_async (probe, "echo", "i", i));
}

/* A queue much smaller than what is asked of it: callers share it, each waits for its turn, and nothing is refused. */
static void callers_share_a_small_queue (void **state)
{
    enum { CALLERS = 3, CALLS = 300 };
    far_actor_t *callers[CALLERS];
    far_process_t *fleets[CALLERS];
    far_proxy_t *probes[CALLERS];
    far_request_t *requests[CALLERS][CALLS];
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = world_actor (*state, NULL);
        if (i == 0)
            fleet_set (callers[0], "sums", "queue_requests", 4);
        assert_made (fleets[i] = far_find (callers[i], "sums"));
        assert_made (probes[i] = far_import_deferred (fleets[i], "probe"));
    }
    world_worker (*state, "sums", 2);
    for (int i = 0; i < CALLERS; i++)
        fill (probes[i], requests[i], CALLS);
    for (int i = 0; i < CALLERS; i++) {
        for (int j = 0; j < CALLS; j++) {
            assert_ok (far_request_result (requests[i][j], ""));
            far_request_destroy (&requests[i][j]);
        }
    }
    assert_int_equal (fleet_shown (callers[0], "sums", "refused"), 0);
    assert_int_equal (fleet_shown (callers[0], "sums", "answered"), CALLERS * CALLS);
    for (int i = 0; i < CALLERS; i++) {
        far_proxy_destroy (&probes[i]);
        far_process_destroy (&fleets[i]);
        far_actor_destroy (&callers[i]);
    }
}

/* More room, and who waits for it is told, though nothing has left the queue. */
static void a_larger_queue_lets_callers_go_on (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    fleet_set (me, "sums", "queue_requests", 2);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import_deferred (fleet, "probe");
    far_request_t *requests[100];
    fill (probe, requests, 2);
    assert_ok (far_proxy_set (probe, FAR_OPTION_NO_WAIT, 1));
    assert_null (far_call_async (probe, "echo", "i", 2));
    assert_ok (far_proxy_set (probe, FAR_OPTION_NO_WAIT, FAR_UNSET));
    fleet_set (me, "sums", "queue_requests", 100);
    fill (probe, requests + 2, 98);
    fleet_wait_until (me, "sums", "waiting", 100);
    for (int i = 0; i < 100; i++)
        far_request_destroy (&requests[i]);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void paused_waits (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *fleet = fleet_of (*state, me, "sums", 1);
    far_proxy_t *probe = far_import (fleet, "probe"), *fleets = fleets_of (me);
    assert_ok (far_call (fleets, "pause", "s", "sums"));
    far_request_t *request = far_call_async (probe, "echo", "i", 1);
    fleet_wait_until (me, "sums", "waiting", 1);
    assert_ok (far_call (fleets, "resume", "s", "sums"));
    assert_ok (far_request_result (request, ""));
    far_request_destroy (&request);
    far_proxy_destroy (&fleets);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void names_are_shared_with_processes (void **state)
{
    world_t *world = *state;
    far_actor_t *me = world_actor (world, "me");
    assert_status (far_join (me, "me", 1), FAR_E_NAME_TAKEN);
    assert_status (far_join (me, "not a name", 1), FAR_E_BAD_ARGUMENTS);
    assert_status (far_join (me, "sums", 0), FAR_E_BAD_ARGUMENTS);
    assert_ok (far_join (me, "sums", 1));
    assert_null (far_actor_new (world->endpoint, "sums"));
    assert_int_equal (far_last_status (), FAR_E_NAME_TAKEN);
    far_actor_destroy (&me);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST (is_found_and_called_like_a_process),
        TEST (what_is_imported_is_a_name),
        TEST (what_a_call_returned_belongs_to_its_worker),
        TEST (references_wait_in_the_queue),
        TEST (what_is_cancelled_lets_go),
        TEST (running_work_sees_that_it_is_cancelled),
        TEST (deadline_ends_what_runs),
        TEST (wishes_go_with_the_call),
        TEST (without_workers_as_the_policy_says),
        TEST (full_is_overloaded),
        TEST (callers_share_a_small_queue),
        TEST (a_larger_queue_lets_callers_go_on),
        TEST (paused_waits),
        TEST (names_are_shared_with_processes),
    };
    return cmocka_run_group_tests_name ("fleets", tests, NULL, NULL);
}
