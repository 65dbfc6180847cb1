/* Processes that serve nothing while they wait, and wait for each other: a call that would close a cycle is refused. */
#include "support/world.h"

#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { LONG_MS = 60000 }; /* a backstop */

static int set_up (void **state)
{
    world_t *world = world_new ();
    world_host (world, "a");
    *state = world;
    return 0;
}

/* Actors that queue, each of which has a method that calls the next one's. */
enum { RING = 3 };

typedef struct ring {
    far_actor_t *actors[RING];
    far_object_t *methods[RING];
    far_proxy_t *next[RING]; /* of actor i, to the method of the next */
    far_proxy_t *first;      /* of somebody else, to the first method */
} ring_t;

static far_status_t call_next (far_call_t *call, void *context)
{
    (void)call;
    return far_call (*(far_proxy_t **)context, NULL, "");
}

static void open_ring (ring_t *self, world_t *world, far_actor_t *me, int threads)
{
    static const char *const names[RING] = { "one", "two", "three" };
    for (int i = 0; i < RING; i++) {
        far_actor_options_t how = { .name = names[i], .threads = threads, .reentrancy = FAR_REENTRANCY_QUEUE };
        self->actors[i] = world_open (world, &how);
        self->methods[i] = far_function (self->actors[i], call_next, &self->next[i], NULL);
    }
    for (int i = 0; i < RING; i++)
        self->next[i] =
            world_proxy_of (self->actors[(i + 1) % RING], self->methods[(i + 1) % RING], self->actors[i], "a");
    self->first = world_proxy_of (self->actors[0], self->methods[0], me, "a");
}

static void close_ring (ring_t *self)
{
    far_proxy_destroy (&self->first);
    for (int i = 0; i < RING; i++) {
        far_proxy_destroy (&self->next[i]);
        far_object_destroy (&self->methods[i]);
    }
    for (int i = 0; i < RING; i++)
        far_actor_destroy (&self->actors[i]);
}

static void S42_a_cycle_of_processes_that_queue_is_a_deadlock (void **state)
{
    for (int threads = 0; threads <= 1; threads++) {
        ring_t ring;
        far_actor_t *me = world_actor (*state, NULL);
        open_ring (&ring, *state, me, threads);
        assert_status (far_call (ring.first, NULL, ""), FAR_E_DEADLOCK);
        const far_error_t *error = far_last_error ();
        assert_string_equal (far_error_message (error), "three waits for one, one waits for two, two waits for three");
        assert_int_equal (far_error_hop_count (error), RING);
        assert_status (far_call (ring.first, NULL, ""), FAR_E_DEADLOCK); /* and is one as often as it is tried */
        close_ring (&ring);
        far_actor_destroy (&me);
    }
}

static void S42_a_process_that_queues_and_calls_itself_is_a_deadlock (void **state)
{
    world_t *world = *state;
    pid_t pid = world_host_with (world, "queue", "--reentrancy", "queue");
    far_actor_t *me = world_actor (world, NULL);
    far_proxy_t *probe = world_probe (me, "queue"), *echo = NULL;
    assert_ok (far_get (probe, "echo", "P", &echo));
    int64_t result;
    assert_status (far_call (probe, "call", "Pl>l", echo, (int64_t)1, &result), FAR_E_DEADLOCK);
    assert_string_equal (far_error_message (far_last_error ()), "queue waits for queue");
    assert_ok (far_call (probe, "echo", "l>l", (int64_t)2, &result));
    far_proxy_destroy (&echo);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
    world_signal (world, pid, SIGTERM);
}

/* Waits at the gate, and calls one that has waited for this and gave up. */
typedef struct giving_up {
    far_proxy_t *late, *inner;
    sem_t gate, done;
    far_request_t *given_up; /* whose answer may still come */
    far_status_t status;
} giving_up_t;

static far_status_t give_up (far_call_t *call, void *context)
{
    (void)call;
    giving_up_t *self = context;
    const far_setting_t soon[] = { { FAR_OPTION_TIMEOUT_MS, 20 }, { 0 } }; /* the gate is shut: it comes to that */
    far_status_t status = far_call_with (self->late, soon, &self->given_up, NULL, "");
    return status == FAR_E_TIMEOUT ? FAR_OK : FAR_E_RAISED;
}

static far_status_t be_late (far_call_t *call, void *context)
{
    (void)call;
    giving_up_t *self = context;
    while (sem_wait (&self->gate))
        ;
    self->status = far_call (self->inner, NULL, "");
    sem_post (&self->done);
    return FAR_OK;
}

static far_status_t do_nothing (far_call_t *call, void *context)
{
    (void)call, (void)context;
    return FAR_OK;
}

static void S42_who_gave_up_waiting_is_no_part_of_a_deadlock (void **state)
{
    giving_up_t giving = { .status = FAR_E_RAISED };
    sem_init (&giving.gate, 0, 0);
    sem_init (&giving.done, 0, 0);
    far_actor_options_t queues = { .reentrancy = FAR_REENTRANCY_QUEUE };
    far_actor_t *one = world_open (*state, &queues), *two = world_open (*state, &queues);
    far_actor_t *me = world_actor (*state, NULL);
    far_object_t *outer = far_function (one, give_up, &giving, NULL);
    far_object_t *inner = far_function (one, do_nothing, NULL, NULL);
    far_object_t *late = far_function (two, be_late, &giving, NULL);
    giving.late = world_proxy_of (two, late, one, "a");
    giving.inner = world_proxy_of (one, inner, two, "a");
    far_proxy_t *begin = world_proxy_of (one, outer, me, "a");
    assert_ok (far_call (begin, NULL, ""));
    sem_post (&giving.gate);
    while (sem_wait (&giving.done))
        ;
    assert_int_equal (giving.status, FAR_OK);
    assert_ok (far_request_wait (giving.given_up, LONG_MS));
    assert_ok (far_request_result (giving.given_up, ""));
    far_request_destroy (&giving.given_up);
    far_proxy_destroy (&giving.late);
    far_proxy_destroy (&giving.inner);
    far_proxy_destroy (&begin);
    far_object_destroy (&outer);
    far_object_destroy (&inner);
    far_object_destroy (&late);
    far_actor_destroy (&one);
    far_actor_destroy (&two);
    far_actor_destroy (&me);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S42_a_cycle_of_processes_that_queue_is_a_deadlock),
        cmocka_unit_test (S42_a_process_that_queues_and_calls_itself_is_a_deadlock),
        cmocka_unit_test (S42_who_gave_up_waiting_is_no_part_of_a_deadlock),
    };
    return cmocka_run_group_tests_name ("deadlock", tests, set_up, world_tear_down);
}
