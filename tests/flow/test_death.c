/* What callers see when somebody goes: a process killed in the middle, one that says goodbye, one that is stopped, and
 * the broker itself. Every request ends. */
#include "support/world.h"

#include "proxy/caller.h"

#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static double now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Kill -9 of a process: its callers have PeerDied. How soon is printed, and not judged: what is judged is that it comes
 * by the event and not by the timeout, which is endless here. */
static void S33_a_killed_process_ends_what_waits_for_it (void **state)
{
    enum { KILLS = 20 };
    double worst = 0, sum = 0;
    far_actor_options_t options = { .address = ((world_t *)*state)->endpoint, .timeout_ms = FAR_FOREVER };
    far_actor_t *me = far_actor_open (&options);
    for (int i = 0; i < KILLS; i++) {
        pid_t pid = world_host (*state, "mortal");
        far_proxy_t *probe = world_probe (me, "mortal");
        far_request_t *requests[8];
        requests[0] = far_call_async (probe, "busy", "i", 1000000);
        for (int j = 1; j < 8; j++)
            requests[j] = far_call_async (probe, "echo", "i", j);
        double start = now_ms ();
        world_signal (*state, pid, SIGKILL);
        for (int j = 0; j < 8; j++) {
            assert_status (far_request_result (requests[j], ""), FAR_E_PEER_DIED);
            far_request_destroy (&requests[j]);
        }
        double took = now_ms () - start;
        sum += took;
        worst = took > worst ? took : worst;
        assert_status (far_call (probe, "echo", "i", 1), FAR_E_PEER_DIED);
        far_proxy_destroy (&probe);
    }
    print_message ("from kill -9 to PeerDied at all 8 callers: mean %.2f ms, worst %.2f ms of %d\n", sum / KILLS, worst,
                   KILLS);
    far_actor_destroy (&me);
}

static void test_close (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    world_host (*state, "leaver");
    far_process_t *leaver = far_find (me, "leaver");
    far_proxy_t *probe = far_import (leaver, "probe");
    far_request_t *before = far_call_async (probe, "busy", "i", 20);
    assert_ok (far_process_close (leaver, true));
    int64_t out = 0;
    assert_ok (far_request_result (before, "l", &out)); /* it finished what it was doing */
    assert_int_equal (out, 20);
    far_request_destroy (&before);
    far_status_t status;
    while (!(status = far_call (probe, "echo", "i", 1)))
        ;
    assert_int_equal (status, FAR_E_CLOSED);
    far_proxy_destroy (&probe);
    far_process_destroy (&leaver);
    far_actor_destroy (&me);
}

static void S33_an_actor_that_is_gone_is_closed_to_calls (void **state)
{
    far_actor_t *host = world_actor (*state, "short");
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *process = far_find (me, "short");
    far_proxy_t *module = far_import (process, "process");
    far_actor_destroy (&host);
    far_status_t status;
    while (!(status = far_call (module, "ping", "")))
        ;
    assert_int_equal (status, FAR_E_CLOSED);
    far_actor_destroy (&me);
    assert_status (far_call (module, "ping", ""), FAR_E_CLOSED); /* handles stay valid to use and to destroy */
    far_proxy_destroy (&module);
    far_process_destroy (&process);
}

/* Another process of the same name, with an object of the same number: an old proxy does not reach it. */
static void S33_a_stale_id_never_reaches_a_new_process (void **state)
{
    far_actor_options_t options = { .address = ((world_t *)*state)->endpoint, .timeout_ms = FAR_FOREVER };
    far_actor_t *me = far_actor_open (&options);
    pid_t pid = world_host (*state, "mortal");
    far_process_t *process = far_find (me, "mortal");
    far_proxy_t *old = far_new (process, "probe.Counter", "");
    assert_made (old);
    far_process_id_t id = far_process_get_id (process);
    world_signal (*state, pid, SIGKILL);
    assert_status (far_call (old, "add", ""), FAR_E_PEER_DIED);
    world_host (*state, "mortal");
    far_process_t *heir = far_find (me, "mortal"), *dead = far_process (me, id);
    far_proxy_t *young = far_new (heir, "probe.Counter", "");
    assert_made (young);
    assert_int_not_equal (far_process_get_id (heir).value, id.value);
    assert_false (far_proxy_equals (old, young));
    assert_status (far_call (old, "add", ""), FAR_E_PEER_DIED);
    assert_null (far_new (dead, "probe.Counter", ""));
    assert_int_equal (far_last_status (), FAR_E_PEER_DIED);
    /* Nor does it for somebody who never spoke to the dead one. */
    far_actor_t *stranger = far_actor_open (&options);
    far_process_t *never_met = far_process (stranger, id);
    assert_null (far_new (never_met, "probe.Counter", ""));
    assert_int_equal (far_last_status (), FAR_E_PEER_DIED);
    int64_t total = -1;
    assert_ok (far_get_value (young, "l", &total));
    assert_int_equal (total, 0);
    far_process_destroy (&never_met);
    far_actor_destroy (&stranger);
    far_proxy_destroy (&young);
    far_proxy_destroy (&old);
    far_process_destroy (&dead);
    far_process_destroy (&heir);
    far_process_destroy (&process);
    far_actor_destroy (&me);
}

static size_t known_processes (far_actor_t *actor)
{
    far_caller_t *caller = (far_caller_t *)actor; /* its first member */
    pthread_mutex_lock (&caller->lock);
    size_t count = caller->processes.count;
    pthread_mutex_unlock (&caller->lock);
    return count;
}

static void S47_one_entry_per_process_for_as_long_as_it_lasts (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    size_t before = known_processes (me);
    for (int i = 0; i < 20; i++) {
        far_actor_t *other = world_actor (*state, "other");
        far_process_t *found = far_find (me, "other"), *same = far_process (me, far_actor_id (other));
        far_proxy_t *module = far_import (found, "process"), *again = far_import (same, "process");
        assert_made (module);
        assert_made (again);
        assert_true (far_proxy_equals (module, again));
        assert_int_equal (known_processes (me), before + 1);
        far_actor_destroy (&other);
        while (!far_call (module, "ping", ""))
            ;
        far_proxy_destroy (&again);
        far_proxy_destroy (&module);
        far_process_destroy (&same);
        far_process_destroy (&found);
        while (known_processes (me) != before) /* the last request lets go of it in the actor's thread */
            sched_yield ();
    }
    far_process_t *never = far_process (me, (far_process_id_t){ 0x1234567800000009 });
    assert_null (far_import (never, "process"));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_PROCESS);
    assert_non_null (strstr (far_error_message (far_last_error ()), "12345678:9"));
    far_process_destroy (&never);
    assert_null (far_find_within (me, "nobody", 0));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_PROCESS);
    far_actor_destroy (&me);
}

static void test_stopped_is_not_dead (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    pid_t pid = world_host (*state, "stopped");
    world_host (*state, "other");
    far_proxy_t *probe = world_probe (me, "stopped"), *other = world_probe (me, "other");
    world_signal (*state, pid, SIGSTOP);
    far_request_t *request = far_call_async (probe, "echo", "i", 7);
    assert_status (far_request_wait (request, 30), FAR_E_TIMEOUT);
    int out = 0;
    assert_ok (far_call (other, "echo", "i>i", 5, &out)); /* nobody else notices */
    world_signal (*state, pid, SIGCONT);
    assert_ok (far_request_result (request, "i", &out));
    assert_int_equal (out, 7);
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_proxy_destroy (&other);
    far_actor_destroy (&me);
}

static void test_broker_lost_and_back (void **state)
{
    world_t *world = *state;
    world_host (world, "host");
    far_actor_t *me = world_actor (world, "me");
    far_proxy_t *probe = world_probe (me, "host");
    far_process_id_t before = far_actor_id (me);
    far_request_t *request = far_call_async (probe, "busy", "i", 100);
    world_kill_broker (world);
    assert_status (far_request_result (request, ""), FAR_E_BROKER_LOST);
    assert_status (far_call (probe, "echo", "i", 1), FAR_E_BROKER_LOST);
    world_start_broker (world);
    far_process_t *again = far_find (me, "host"); /* waits until we and it are back */
    assert_made (again);
    assert_true (far_actor_id (me).value != before.value);
    far_proxy_t *anew = far_import (again, "probe");
    int out = 0;
    assert_ok (far_call (anew, "echo", "i>i", 9, &out));
    assert_int_equal (out, 9);
    assert_status (far_call (probe, "echo", "i", 1), FAR_E_BROKER_LOST); /* an old proxy never reaches a stranger */
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_proxy_destroy (&anew);
    far_process_destroy (&again);
    far_actor_destroy (&me);
}

static void test_no_broker (void **state)
{
    (void)state;
    far_actor_options_t options = { .address = "ipc:///nowhere/at/all", .connect_timeout_ms = 50 };
    assert_null (far_actor_open (&options));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_SYSTEM);
    assert_non_null (strstr (far_error_message (far_last_error ()), "/nowhere/at/all"));
}

static void test_destroy_ends_what_is_under_way (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    world_host (*state, "busy");
    far_proxy_t *probe = world_probe (me, "busy");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *start = far_function (me, world_post, &started, "");
    far_request_t *request = far_call_async (probe, "until_cancelled", "O", start);
    sem_wait (&started);
    far_actor_destroy (&me);
    assert_status (far_request_result (request, ""), FAR_E_CLOSED);
    far_request_destroy (&request);
    far_object_destroy (&start);
    sem_destroy (&started);
    far_proxy_destroy (&probe);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S33_a_killed_process_ends_what_waits_for_it, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (test_close, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (S33_an_actor_that_is_gone_is_closed_to_calls, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (S33_a_stale_id_never_reaches_a_new_process, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (S47_one_entry_per_process_for_as_long_as_it_lasts, world_set_up,
                                         world_tear_down),
        cmocka_unit_test_setup_teardown (test_stopped_is_not_dead, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (test_broker_lost_and_back, world_set_up, world_tear_down),
        cmocka_unit_test (test_no_broker),
        cmocka_unit_test_setup_teardown (test_destroy_ends_what_is_under_way, world_set_up, world_tear_down),
    };
    return cmocka_run_group_tests_name ("death", tests, NULL, NULL);
}
