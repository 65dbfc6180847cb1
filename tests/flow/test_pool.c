/* A pool of threads runs the methods: at once, answered as they are ready, and also when all of them wait. */
#include "support/world.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { LONG_MS = 60000 }; /* a backstop */

static int set_up (void **state)
{
    world_t *world = world_new ();
    world_host (world, "a");
    world_host_with (world, "pool", "--threads", "2");
    *state = world;
    return 0;
}

/* What methods on a pool meet at. */
typedef struct meeting {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int here, expected;
    bool open;
} meeting_t;

static struct timespec long_from_now (void)
{
    struct timespec until;
    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += LONG_MS / 1000;
    return until;
}

static void arrive (meeting_t *meeting)
{
    pthread_mutex_lock (&meeting->lock);
    meeting->here++;
    pthread_cond_broadcast (&meeting->changed);
    pthread_mutex_unlock (&meeting->lock);
}

static bool wait_for_others (meeting_t *meeting, int expected)
{
    struct timespec until = long_from_now ();
    int failed = 0;
    pthread_mutex_lock (&meeting->lock);
    while (!failed && meeting->here < expected)
        failed = pthread_cond_timedwait (&meeting->changed, &meeting->lock, &until);
    pthread_mutex_unlock (&meeting->lock);
    return !failed;
}

/* Waits until as many are here as are expected. */
static far_status_t meet (far_call_t *call, void *context)
{
    meeting_t *meeting = context;
    arrive (meeting);
    return wait_for_others (meeting, meeting->expected) ? FAR_OK
                                                        : far_call_fail (call, "Alone", "the others did not come");
}

/* Waits until it is opened. */
static far_status_t pass_gate (far_call_t *call, void *context)
{
    meeting_t *meeting = context;
    struct timespec until = long_from_now ();
    int failed = 0;
    pthread_mutex_lock (&meeting->lock);
    while (!failed && !meeting->open)
        failed = pthread_cond_timedwait (&meeting->changed, &meeting->lock, &until);
    pthread_mutex_unlock (&meeting->lock);
    return failed ? far_call_fail (call, "Closed", "the gate was not opened") : FAR_OK;
}

static far_status_t open_gate (far_call_t *call, void *context)
{
    (void)call;
    meeting_t *meeting = context;
    pthread_mutex_lock (&meeting->lock);
    meeting->open = true;
    pthread_cond_broadcast (&meeting->changed);
    pthread_mutex_unlock (&meeting->lock);
    return FAR_OK;
}

/* Opens the gate, sleeps until the caller has given up, and is here then. */
static far_status_t sleep_until_cancelled (far_call_t *call, void *context)
{
    meeting_t *meeting = context;
    struct pollfd item = { .fd = far_call_cancelled_fd (call), .events = POLLIN };
    if (item.fd < 0 || poll (&item, 1, 0) != 0 || far_call_cancelled (call))
        return far_call_fail (call, "Early", "%s", far_error_message (far_last_error ()));
    open_gate (call, meeting);
    if (poll (&item, 1, LONG_MS) != 1 || far_call_cancelled_fd (call) != item.fd)
        return far_call_fail (call, "Late", "nobody cancelled it");
    arrive (meeting);
    return far_call_fail (call, far_call_cancelled (call) ? "GaveUp" : "Woken", "cancelled while it slept");
}

static meeting_t meeting;

static void fill_meeting (far_module_t *module)
{
    meeting = (meeting_t){ .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .expected = 4 };
    far_module_set_data (module, &meeting, NULL);
    far_module_function (module, "meet", meet, "", "");
    far_module_function (module, "pass", pass_gate, "", "");
    far_module_function (module, "open", open_gate, "", "");
    far_module_function (module, "sleep", sleep_until_cancelled, "", "");
}

static far_actor_t *pool_actor (world_t *world, const char *name, int threads)
{
    static const far_offer_t offers[] = { { "meeting", fill_meeting }, { 0 } };
    return world_open (world, &(far_actor_options_t){ .name = name, .threads = threads, .offers = offers });
}

static void test_a_pool_runs_methods_at_once (void **state)
{
    enum { CALLS = 4 };
    far_actor_t *pool = pool_actor (*state, "meeting", CALLS), *me = world_actor (*state, NULL);
    far_process_t *process = far_find (me, "meeting");
    far_proxy_t *module = far_import (process, "meeting");
    assert_made (module);
    far_request_t *requests[CALLS];
    for (int i = 0; i < CALLS; i++)
        requests[i] = far_call_async (module, "meet", "");
    for (int i = 0; i < CALLS; i++) {
        assert_ok (far_request_wait (requests[i], LONG_MS));
        assert_ok (far_request_result (requests[i], ""));
        far_request_destroy (&requests[i]);
    }
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    far_actor_destroy (&me);
    far_actor_destroy (&pool);
}

static void test_answers_of_a_pool_come_as_they_are_ready (void **state)
{
    far_actor_t *pool = pool_actor (*state, "gate", 2), *me = world_actor (*state, NULL);
    far_process_t *process = far_find (me, "gate");
    far_proxy_t *module = far_import (process, "meeting");
    assert_made (module);
    far_request_t *long_one = far_call_async (module, "pass", "");
    assert_ok (far_call (module, "open", "")); /* asked for later, answered first */
    assert_ok (far_request_wait (long_one, LONG_MS));
    assert_ok (far_request_result (long_one, ""));
    far_request_destroy (&long_one);
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    far_actor_destroy (&me);
    far_actor_destroy (&pool);
}

/* All its threads wait in the middle of the way, several times over. */
static void S42_a_pool_whose_threads_all_wait_goes_on (void **state)
{
    enum { CALLS = 6, DEPTH = 9 };
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *a = world_probe (me, "a"), *pool = world_probe (me, "pool");
    far_proxy_t *bounce_a = NULL, *bounce_pool = NULL;
    assert_ok (far_get (a, "bounce", "P", &bounce_a));
    assert_ok (far_get (pool, "bounce", "P", &bounce_pool));
    far_request_t *requests[CALLS];
    for (int i = 0; i < CALLS; i++)
        requests[i] = far_call_async (bounce_pool, NULL, "PPl", bounce_pool, bounce_a, (int64_t)DEPTH);
    for (int i = 0; i < CALLS; i++) {
        int64_t reached = 0;
        assert_ok (far_request_wait (requests[i], LONG_MS));
        assert_ok (far_request_result (requests[i], "l", &reached));
        assert_int_equal (reached, DEPTH + 1);
        far_request_destroy (&requests[i]);
    }
    far_proxy_destroy (&bounce_a);
    far_proxy_destroy (&bounce_pool);
    far_proxy_destroy (&a);
    far_proxy_destroy (&pool);
    far_actor_destroy (&me);
}

static void S42_nesting_is_bounded_on_a_pool_too (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *pool = world_probe (me, "pool"), *bounce = NULL;
    assert_ok (far_get (pool, "bounce", "P", &bounce));
    int64_t reached = 0;
    assert_ok (far_proxy_set (bounce, FAR_OPTION_TIMEOUT_MS, LONG_MS));
    assert_status (far_call (bounce, NULL, "PPl>l", bounce, bounce, (int64_t)100000, &reached), FAR_E_OVERLOADED);
    assert_ok (far_call (bounce, NULL, "PPl>l", bounce, bounce, (int64_t)3, &reached));
    assert_int_equal (reached, 4);
    far_proxy_destroy (&bounce);
    far_proxy_destroy (&pool);
    far_actor_destroy (&me);
}

static void test_a_method_on_a_pool_learns_that_it_was_cancelled (void **state)
{
    sem_t started;
    sem_init (&started, 0, 0);
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *pool = world_probe (me, "pool");
    far_object_t *function = far_function (me, world_post, &started, NULL);
    far_request_t *request = far_call_async (pool, "until_cancelled", "O", function);
    sem_wait (&started);
    far_request_cancel (request);
    assert_ok (far_request_wait (request, LONG_MS));
    assert_status (far_request_result (request, ""), FAR_E_RAISED);
    far_request_destroy (&request);
    far_object_destroy (&function);
    sem_destroy (&started);
    far_proxy_destroy (&pool);
    far_actor_destroy (&me);
}

static void assert_gave_up (far_request_t **request)
{
    assert_ok (far_request_wait (*request, LONG_MS));
    assert_status (far_request_result (*request, ""), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "GaveUp");
    far_request_destroy (request);
}

static void test_a_cancellation_wakes_a_method_that_sleeps (void **state)
{
    far_actor_t *pool = pool_actor (*state, "gate", 3), *me = world_actor (*state, NULL);
    far_process_t *process = far_find (me, "gate");
    far_proxy_t *module = far_import (process, "meeting");
    assert_made (module);
    far_request_t *asleep = far_call_async (module, "sleep", "");
    assert_ok (far_call (module, "pass", "")); /* it sleeps, and the other threads of the pool go on */
    far_request_cancel (asleep);
    assert_gave_up (&asleep);
    far_actor_t *other = world_actor (*state, NULL); /* a caller that goes cancels what it asked */
    far_process_t *seen = far_find (other, "gate");
    far_proxy_t *its = far_import (seen, "meeting");
    assert_made (its);
    pthread_mutex_lock (&meeting.lock);
    meeting.open = false;
    pthread_mutex_unlock (&meeting.lock);
    assert_ok (far_send (its, "sleep", ""));
    assert_ok (far_call (module, "pass", ""));
    far_proxy_destroy (&its);
    far_process_destroy (&seen);
    far_actor_destroy (&other);
    assert_true (wait_for_others (&meeting, 2));
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    far_actor_destroy (&me);
    far_actor_destroy (&pool);
}

static void test_no_descriptor_where_nobody_would_see_the_cancellation (void **state)
{
    far_actor_t *host = pool_actor (*state, "gate", 0), *me = world_actor (*state, NULL);
    far_process_t *process = far_find (me, "gate");
    far_proxy_t *module = far_import (process, "meeting");
    assert_made (module);
    assert_status (far_call (module, "sleep", ""), FAR_E_RAISED);
    assert_non_null (strstr (far_error_message (far_last_error ()), "run them on threads of their own"));
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    far_actor_destroy (&me);
    far_actor_destroy (&host);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_pool_runs_methods_at_once),
        cmocka_unit_test (test_answers_of_a_pool_come_as_they_are_ready),
        cmocka_unit_test (S42_a_pool_whose_threads_all_wait_goes_on),
        cmocka_unit_test (S42_nesting_is_bounded_on_a_pool_too),
        cmocka_unit_test (test_a_method_on_a_pool_learns_that_it_was_cancelled),
        cmocka_unit_test (test_a_cancellation_wakes_a_method_that_sleeps),
        cmocka_unit_test (test_no_descriptor_where_nobody_would_see_the_cancellation),
    };
    return cmocka_run_group_tests_name ("pool", tests, set_up, world_tear_down);
}
