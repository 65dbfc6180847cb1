/* Fleets through the death of their workers, of callers, and of the broker. */
#include "support/fleets.h"

#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* The caller is killed while its work runs and more of it waits: the one is told, the other taken out. */
static void work_of_a_dead_caller_is_cancelled (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *fleet = fleet_of (*state, me, "sums", 1);
    pid_t middle = world_host (*state, "middle");
    far_proxy_t *probe = far_import (fleet, "probe"), *there = world_probe (me, "middle");
    far_proxy_t *busy = far_attr (probe, "until_cancelled"), *echo = far_attr (probe, "echo");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *start = far_function (me, world_post, &started, "");
    far_request_t *requests[4] = { far_call_async (there, "call", "PO", busy, start) };
    sem_wait (&started);
    for (int i = 1; i < 4; i++)
        requests[i] = far_call_async (there, "call", "Pi", echo, i); /* it goes on serving while it waits */
    fleet_wait_until (me, "sums", "waiting", 3);
    world_signal (*state, middle, SIGKILL);
    int64_t cancelled = 0;
    assert_ok (far_call (probe, "cancelled", ">l", &cancelled));
    assert_int_equal (cancelled, 1);
    assert_int_equal (fleet_shown (me, "sums", "cancelled"), 4);
    assert_int_equal (fleet_shown (me, "sums", "waiting"), 0);
    for (int i = 0; i < 4; i++) {
        assert_status (far_request_result (requests[i], ""), FAR_E_PEER_DIED);
        far_request_destroy (&requests[i]);
    }
    far_object_destroy (&start);
    sem_destroy (&started);
    far_proxy_destroy (&busy);
    far_proxy_destroy (&echo);
    far_proxy_destroy (&probe);
    far_proxy_destroy (&there);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void death_of_a_worker_is_told (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    pid_t worker = world_worker (*state, "sums", 1);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import (fleet, "probe");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *start = far_function (me, world_post, &started, "");
    far_request_t *running = far_call_async (probe, "until_cancelled", "O", start);
    far_request_t *waiting = far_call_async (probe, "echo", "i", 5);
    sem_wait (&started);
    world_signal (*state, worker, SIGKILL);
    assert_status (far_request_result (running, ""), FAR_E_PEER_DIED);
    assert_non_null (strstr (far_error_message (far_last_error ()), "the outcome is unknown"));
    world_worker (*state, "sums", 1);
    int out = 0;
    assert_ok (far_request_result (waiting, "i", &out)); /* nobody had begun it */
    assert_int_equal (out, 5);
    far_request_destroy (&running);
    far_request_destroy (&waiting);
    far_object_destroy (&start);
    sem_destroy (&started);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

/* Workers are told to go while they are given work, and others come: no call fails, though none may be repeated. */
static void no_call_is_lost_when_workers_leave (void **state)
{
    enum { ROUNDS = 8, CALLS = 200 };
    far_actor_t *me = world_actor (*state, NULL);
    pid_t leaver = world_worker (*state, "sums", 3);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import (fleet, "probe");
    far_request_t *requests[CALLS];
    for (int round = 0; round < ROUNDS; round++) {
        pid_t next = world_worker (*state, "sums", 3);
        for (int i = 0; i < CALLS; i++)
            assert_made (requests[i] = far_call_async (probe, "echo", "i", i));
        world_signal (*state, leaver, SIGTERM);
        for (int i = 0; i < CALLS; i++) {
            int out = -1;
            assert_ok (far_request_result (requests[i], "i", &out));
            assert_int_equal (out, i);
            far_request_destroy (&requests[i]);
        }
        leaver = next;
    }
    assert_int_equal (fleet_shown (me, "sums", "lost"), 0);
    assert_int_equal (fleet_shown (me, "sums", "deaths"), 0);
    assert_status (far_process_close (fleet, true), FAR_E_DENIED); /* only workers are closed */
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void what_is_idempotent_is_done_again (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    fleet_set (me, "sums", "backoff_ms", 0);
    pid_t worker = world_worker (*state, "sums", 1);
    far_process_t *fleet = far_find (me, "sums");
    assert_ok (far_process_set (fleet, FAR_OPTION_IDEMPOTENT, 1));
    far_proxy_t *probe = far_import (fleet, "probe");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *start = far_function (me, world_post, &started, "");
    far_request_t *request = far_call_async (probe, "until_cancelled", "O", start);
    sem_wait (&started);
    world_signal (*state, worker, SIGKILL);
    world_worker (*state, "sums", 1);
    sem_wait (&started); /* once more, with the same reference */
    assert_false (far_request_done (request));
    assert_int_equal (fleet_shown (me, "sums", "retried"), 1);
    far_request_cancel (request);
    assert_status (far_request_result (request, ""), FAR_E_RAISED);
    far_request_destroy (&request);
    far_object_destroy (&start);
    sem_destroy (&started);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static void poison_goes_to_the_dead_list (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    fleet_set (me, "sums", "poison", 1);
    pid_t worker = world_worker (*state, "sums", 1);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *probe = far_import (fleet, "probe"), *fleets = fleets_of (me);
    far_request_t *request = far_call_async (probe, "busy", "i", 1000000);
    fleet_wait_until (me, "sums", "running", 1);
    world_signal (*state, worker, SIGKILL);
    assert_status (far_request_result (request, ""), FAR_E_PEER_DIED);
    assert_int_equal (fleet_shown (me, "sums", "dead"), 1);
    uint64_t number = 0, deaths = 0;
    char *text = NULL;
    assert_ok (
        far_call (fleets, "dead", "s>[{su su ss}]", "sums", "number", &number, "deaths", &deaths, "request", &text));
    assert_int_equal (deaths, 1);
    assert_string_equal (text, "probe.busy(1000000)");
    far_string_free (&text);
    assert_status (far_call (fleets, "retry", "su", "sums", number + 1), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_ok (far_call (fleets, "retry", "su", "sums", number));
    assert_int_equal (fleet_shown (me, "sums", "waiting"), 1);
    worker = world_worker (*state, "sums", 1);
    fleet_wait_until (me, "sums", "running", 1);
    world_signal (*state, worker, SIGKILL);
    fleet_wait_until (me, "sums", "dead", 1);
    assert_ok (far_call (fleets, "dead", "s>[{su}]", "sums", "number", &number));
    assert_ok (far_call (fleets, "drop", "su", "sums", number));
    assert_int_equal (fleet_shown (me, "sums", "dead"), 0);
    far_request_destroy (&request);
    far_proxy_destroy (&fleets);
    far_proxy_destroy (&probe);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
}

static far_status_t twice (far_call_t *call, void *self)
{
    (void)self;
    int64_t number;
    if (far_call_args (call, &number))
        return far_call_status (call);
    return far_call_return (call, "l", 2 * number);
}

static void fill_twice (far_module_t *module)
{
    far_module_function (module, "twice", twice, "number:l -> l", "Twice the number.");
}

/* A worker that loses the broker is one again as soon as there is another. */
static void workers_join_again (void **state)
{
    world_t *world = *state;
    const far_offer_t offers[] = { { "math", fill_twice }, { 0 } };
    far_actor_t *worker = far_actor_open (&(far_actor_options_t){ .address = world->endpoint, .offers = offers });
    far_actor_t *me = world_actor (world, NULL);
    assert_ok (far_join (worker, "sums", 1));
    far_proxy_t *fleets = fleets_of (me);
    assert_ok (far_call (fleets, "pause", "s", "sums"));
    far_process_t *before = far_find (me, "sums");
    far_proxy_t *stale = far_import_deferred (before, "math");
    far_request_t *lost = far_call_async (stale, "twice", "l", (int64_t)1);
    world_kill_broker (world);
    assert_status (far_request_result (lost, ""), FAR_E_BROKER_LOST);
    world_start_broker (world);
    far_process_t *fleet = far_find (me, "sums"); /* waits until all are back */
    assert_made (fleet);
    far_proxy_t *math = far_import (fleet, "math");
    int64_t out = 0;
    assert_ok (far_call (math, "twice", "l>l", (int64_t)21, &out));
    assert_int_equal (out, 42);
    far_request_destroy (&lost);
    far_proxy_destroy (&stale);
    far_proxy_destroy (&fleets);
    far_proxy_destroy (&math);
    far_process_destroy (&before);
    far_process_destroy (&fleet);
    far_actor_destroy (&worker);
    far_actor_destroy (&me);
}

static sem_t begun;

/* Until the program lets go of its actor. */
static far_status_t hold_on (far_call_t *call, void *self)
{
    (void)self;
    sem_post (&begun);
    while (!far_call_cancelled (call))
        nanosleep (&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    return far_call_return (call, "s", "as far as I came");
}

static far_status_t hold_not (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "s", "done");
}

static void fill_holding (far_module_t *module)
{
    far_module_function (module, "work", hold_on, "-> s", "Works for as long as the process is there.");
}

static void fill_swift (far_module_t *module)
{
    far_module_function (module, "work", hold_not, "-> s", "Is done.");
}

static far_actor_t *worker_with (world_t *world, far_module_fn *fill)
{
    const far_offer_t offers[] = { { "math", fill }, { 0 } };
    far_actor_t *worker = far_actor_open (&(far_actor_options_t){ .address = world->endpoint, .offers = offers });
    assert_made (worker);
    assert_ok (far_join (worker, "sums", 4));
    return worker;
}

/* A program that ends, with one request begun and three more in its hands: those go to another worker. */
static void a_worker_that_is_destroyed_loses_nothing (void **state)
{
    world_t *world = *state;
    far_actor_t *me = world_actor (world, NULL), *leaver = worker_with (world, fill_holding);
    sem_init (&begun, 0, 0);
    far_process_t *fleet = far_find (me, "sums");
    far_proxy_t *math = far_import (fleet, "math");
    far_request_t *requests[4];
    for (size_t i = 0; i < 4; i++)
        assert_made (requests[i] = far_call_async (math, "work", ""));
    sem_wait (&begun);
    fleet_wait_until (me, "sums", "running", 4);
    far_actor_destroy (&leaver);
    far_actor_t *other = worker_with (world, fill_swift);
    static const char *const expected[] = { "as far as I came", "done", "done", "done" };
    for (size_t i = 0; i < 4; i++) {
        char *text = NULL;
        assert_ok (far_request_result (requests[i], "s", &text));
        assert_string_equal (text, expected[i]);
        far_string_free (&text);
        far_request_destroy (&requests[i]);
    }
    assert_int_equal (fleet_shown (me, "sums", "lost"), 0);
    far_proxy_destroy (&math);
    far_process_destroy (&fleet);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
    sem_destroy (&begun);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST (work_of_a_dead_caller_is_cancelled),
        TEST (death_of_a_worker_is_told),
        TEST (no_call_is_lost_when_workers_leave),
        TEST (what_is_idempotent_is_done_again),
        TEST (poison_goes_to_the_dead_list),
        TEST (workers_join_again),
        TEST (a_worker_that_is_destroyed_loses_nothing),
    };
    return cmocka_run_group_tests_name ("fleet deaths", tests, NULL, NULL);
}
