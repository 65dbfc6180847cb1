/* Any thread may call, and a call made inside a method serves what comes in while it waits. */
#include "support/world.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up (void **state)
{
    world_t *world = world_new ();
    world_host (world, "a");
    world_host (world, "b");
    *state = world;
    return 0;
}

enum { THREADS = 8, CALLS = 400 };

typedef struct job {
    far_actor_t *actor;
    far_process_t *process;
    far_proxy_t *shared;
    atomic_int *failures;
} job_t;

static void *call_much (void *context)
{
    job_t *job = context;
    for (int i = 0; i < CALLS; i++) {
        int64_t total = -1;
        far_proxy_t *own = far_new (job->process, "probe.Counter", "i", i);
        if (!own || far_call (own, "add", "i>l", 1, &total) || total != i + 1 || far_call (job->shared, "add", ""))
            atomic_fetch_add (job->failures, 1);
        far_proxy_destroy (&own);
    }
    return NULL;
}

static void S34_eight_threads_share_proxies (void **state)
{
    atomic_int failures = 0;
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *process = far_find (me, "a");
    far_proxy_t *probe = far_import (process, "probe");
    job_t job = { me, process, far_new (process, "probe.Counter", ""), &failures };
    assert_made (job.shared);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create (&threads[i], NULL, call_much, &job);
    for (int i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    assert_int_equal (failures, 0);
    int64_t total = 0, alive = 0;
    assert_ok (far_get_value (job.shared, "l", &total));
    assert_int_equal (total, THREADS * CALLS);
    assert_ok (far_call (probe, "alive", ">l", &alive));
    assert_int_equal (alive, 1);
    far_proxy_destroy (&job.shared);
    far_proxy_destroy (&probe);
    far_process_destroy (&process);
    far_actor_destroy (&me);
}

enum { ROUNDS = 40, TOGETHER = 6, BIG_BYTES = 20000 };

static far_status_t count_call (far_call_t *call, void *calls)
{
    int64_t value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    atomic_fetch_add ((atomic_int *)calls, 1);
    return far_call_return (call, "l", value + 1);
}

/* What one thread does with proxies and an object that all have: calls back, answers out of order, some too large to be
 * copied, some that nobody waits for. */
static bool mix (far_proxy_t *probe, far_object_t *function, const far_bytes_t *big, int round)
{
    far_request_t *requests[TOGETHER] = {
        far_call_async (probe, "echo", "y", big),   far_call_async (probe, "call", "Ol", function, (int64_t)round),
        far_call_async (probe, "echo", "i", round), far_call_async (probe, "bytes", "l", (int64_t)BIG_BYTES),
        far_call_async (probe, "echo", "i", round), far_call_async (probe, "Counter", "i", round),
    };
    far_proxy_t *attribute = far_attr (probe, "echo"), *counter = NULL;
    size_t which = 0;
    far_request_destroy (&requests[4]);
    int64_t answer = 0;
    bool good = !far_wait_any (requests, TOGETHER, FAR_FOREVER, &which) &&
                !far_wait_all (requests, TOGETHER, FAR_FOREVER) && !far_request_result (requests[1], "l", &answer) &&
                answer == round + 1 && !far_request_result (requests[5], "P", &counter) &&
                !far_call (counter, "add", "i>l", 1, &answer) && answer == round + 1 &&
                !far_call (attribute, NULL, "i>l", round, &answer) && answer == round;
    far_proxy_destroy (&attribute);
    far_proxy_destroy (&counter);
    for (size_t i = 0; i < TOGETHER; i++)
        far_request_destroy (&requests[i]);
    return good;
}

typedef struct mixing {
    far_proxy_t *probe;
    far_object_t *function;
    atomic_int *failures;
} mixing_t;

static void *mix_much (void *context)
{
    mixing_t *job = context;
    far_bytes_t big = { calloc (1, BIG_BYTES), BIG_BYTES };
    for (int i = 0; i < ROUNDS; i++)
        if (!mix (job->probe, job->function, &big, i))
            atomic_fetch_add (job->failures, 1);
    far_bytes_free (&big);
    return NULL;
}

static void test_eight_threads_mix_everything (void **state)
{
    atomic_int failures = 0, calls = 0;
    far_actor_t *me = world_actor (*state, NULL);
    mixing_t job = { world_probe (me, "a"), far_function (me, count_call, &calls, "value:l -> l"), &failures };
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create (&threads[i], NULL, mix_much, &job);
    for (int i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    assert_int_equal (failures, 0);
    assert_int_equal (calls, THREADS * ROUNDS);
    far_proxy_destroy (&job.probe);
    far_object_destroy (&job.function);
    far_actor_destroy (&me);
}

/* One thread ends the actor while the others are in the middle of calls: all of these end. */
static void *call_until_closed (void *context)
{
    mixing_t *job = context;
    far_status_t status;
    while (!(status = far_call (job->probe, "echo", "i", 1)))
        ;
    if (status != FAR_E_CLOSED)
        atomic_fetch_add (job->failures, 1);
    return NULL;
}

static void test_destroy_under_calls_of_others (void **state)
{
    for (int round = 0; round < 10; round++) {
        atomic_int failures = 0;
        far_actor_t *me = world_actor (*state, NULL);
        mixing_t job = { world_probe (me, "a"), NULL, &failures };
        pthread_t threads[THREADS];
        for (int i = 0; i < THREADS; i++)
            pthread_create (&threads[i], NULL, call_until_closed, &job);
        far_actor_destroy (&me);
        for (int i = 0; i < THREADS; i++)
            pthread_join (threads[i], NULL);
        assert_int_equal (failures, 0);
        far_proxy_destroy (&job.probe);
    }
}

static void test_back_and_forth (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *a = world_probe (me, "a"), *b = world_probe (me, "b");
    far_proxy_t *bounce_a = NULL, *bounce_b = NULL;
    assert_ok (far_get (a, "bounce", "P", &bounce_a));
    assert_ok (far_get (b, "bounce", "P", &bounce_b));
    int64_t reached = 0;
    assert_ok (far_call (bounce_a, NULL, "PPl>l", bounce_a, bounce_b, (int64_t)20, &reached));
    assert_int_equal (reached, 21);
    /* Bounded: an error, not a stack that overflows. */
    assert_status (far_call (bounce_a, NULL, "PPl>l", bounce_a, bounce_b, (int64_t)100000, &reached), FAR_E_OVERLOADED);
    assert_ok (far_call (bounce_a, NULL, "PPl>l", bounce_a, bounce_b, (int64_t)1, &reached));
    assert_int_equal (reached, 2);
    far_proxy_destroy (&bounce_a);
    far_proxy_destroy (&bounce_b);
    far_proxy_destroy (&a);
    far_proxy_destroy (&b);
    far_actor_destroy (&me);
}

static far_status_t call_back_in (far_call_t *call, void *context)
{
    /* In our own actor's thread, in the middle of a call of ours to the process that calls this. */
    int64_t value;
    far_proxy_t *probe = *(far_proxy_t **)context;
    far_status_t status = far_call_args (call, &value);
    if (!status)
        status = far_call (probe, "echo", "l>l", value + 1, &value);
    return status ? status : far_call_return (call, "l", value);
}

static void test_a_b_a_b (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "a");
    far_object_t *function = far_function (me, call_back_in, &probe, "value:l -> l");
    int64_t result = 0;
    assert_ok (far_call (probe, "call", "Ol>l", function, (int64_t)1, &result));
    assert_int_equal (result, 2);
    far_object_destroy (&function);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_two_actors_in_one_process (void **state)
{
    far_actor_t *one = world_actor (*state, "one"), *two = world_actor (*state, "two");
    far_process_t *process = far_find (one, "two");
    assert_int_equal (far_process_get_id (process).value, far_actor_id (two).value);
    far_proxy_t *module = far_import (process, "process");
    assert_ok (far_call (module, "ping", ""));
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    far_actor_destroy (&one);
    far_actor_destroy (&two);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S34_eight_threads_share_proxies),
        cmocka_unit_test (test_eight_threads_mix_everything),
        cmocka_unit_test (test_destroy_under_calls_of_others),
        cmocka_unit_test (test_back_and_forth),
        cmocka_unit_test (test_a_b_a_b),
        cmocka_unit_test (test_two_actors_in_one_process),
    };
    return cmocka_run_group_tests_name ("threads", tests, set_up, world_tear_down);
}
