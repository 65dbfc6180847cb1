/* Inside an actor: methods that wait while others want to be run, destructors that call, and an actor that is to end while
 * there is still much to do. */
#include "support/world.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { QUEUED = 100, FLOODS = 4, WINDOW = 200, OPENED = 20 };

typedef struct fixture {
    world_t *world;
    far_actor_t *host, *me, *gatekeeper;
    far_process_t *process;              /* host, as me sees it */
    far_proxy_t *module;                 /* inside, of host */
    far_proxy_t *hosts_probe, *my_probe; /* probe of a process of its own, as host and as me see it */
    far_proxy_t *gate;                   /* of the gatekeeper, as host sees it: does not answer until it is opened */
    sem_t open, started, finis;
    atomic_int ran;
    far_request_t *pending; /* of the method that waits */
    struct timespec until;
    bool fini_waits; /* for the gate */
    far_status_t fini_status;
    int fini_result;
} fixture_t;

static fixture_t inside;

static bool is_past (const struct timespec *time)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return now.tv_sec > time->tv_sec || (now.tv_sec == time->tv_sec && now.tv_nsec > time->tv_nsec);
}

/* What the host offers. */

static far_status_t note (far_call_t *call, void *self)
{
    (void)call, (void)self;
    atomic_fetch_add (&inside.ran, 1);
    return FAR_OK;
}

static far_status_t note_until_answered (far_call_t *call, void *self)
{
    (void)self;
    atomic_fetch_add (&inside.ran, 1);
    while (!far_request_done (inside.pending))
        far_call_cancelled (call); /* reads what has come in */
    return FAR_OK;
}

static far_status_t note_until_late (far_call_t *call, void *self)
{
    (void)call, (void)self;
    atomic_fetch_add (&inside.ran, 1);
    while (!is_past (&inside.until))
        ;
    return FAR_OK;
}

/* A cancellation comes behind all that was sent before it: then that is in the queue. */
static void until_cancelled (far_call_t *call)
{
    sem_post (&inside.started);
    while (!far_call_cancelled (call))
        ;
}

/* Gives how many others were run before it saw its answer. */
static far_status_t wait_for_answer (far_call_t *call, void *self)
{
    (void)self;
    until_cancelled (call);
    inside.pending = far_call_async (inside.hosts_probe, "echo", "i", 7);
    far_status_t status = far_request_wait (inside.pending, FAR_FOREVER);
    int ran = atomic_load (&inside.ran);
    return status ? status : far_call_return (call, "i", ran);
}

/* Gives how many others were run before it saw that its time was up. */
static far_status_t wait_in_vain (far_call_t *call, void *self)
{
    (void)self;
    until_cancelled (call);
    inside.pending = far_call_async (inside.gate, "pass", "");
    clock_gettime (CLOCK_MONOTONIC, &inside.until);
    inside.until.tv_sec++;
    far_status_t status = far_request_wait (inside.pending, 500);
    int ran = atomic_load (&inside.ran);
    return status == FAR_E_TIMEOUT ? far_call_return (call, "i", ran) : far_call_fail (call, "InTime", "it came");
}

static far_status_t wait_for_gate (far_call_t *call, void *self)
{
    (void)self;
    until_cancelled (call);
    return far_call (inside.gate, "pass", "");
}

static far_status_t open_when_cancelled (far_call_t *call, void *self)
{
    (void)self;
    until_cancelled (call);
    sem_post (&inside.open);
    return FAR_OK;
}

static far_status_t triple (far_call_t *call, void *self)
{
    (void)self;
    int64_t value;
    far_status_t status = far_call_args (call, &value);
    return status ? status : far_call_return (call, "l", 3 * value);
}

/* Long enough that more comes meanwhile. */
static far_status_t last (far_call_t *call, void *self)
{
    (void)call, (void)self;
    struct timespec time = { .tv_nsec = 100000 };
    nanosleep (&time, NULL);
    return FAR_OK;
}

/* In host's thread, through a proxy of me: what it calls calls host back. */
static far_status_t through_another_actor (far_call_t *call, void *self)
{
    (void)self;
    int64_t result;
    far_proxy_t *back = far_attr (inside.module, "triple");
    far_status_t status = far_call (inside.my_probe, "call", "Pl>l", back, (int64_t)14, &result);
    far_proxy_destroy (&back);
    return status ? status : far_call_return (call, "l", result);
}

/* Calls, and is called back meanwhile. */
static void thing_fini (void *self)
{
    (void)self;
    int64_t result = 0;
    if (inside.fini_waits) {
        sem_post (&inside.started);
        sem_wait (&inside.open);
    }
    far_object_t *function = far_function (inside.host, triple, NULL, "value:l -> l");
    inside.fini_status = far_call (inside.hosts_probe, "call", "Ol>l", function, (int64_t)5, &result);
    inside.fini_result = (int)result;
    far_object_destroy (&function);
    sem_post (&inside.finis);
}

static const far_class_t thing_class = { .name = "Thing", .size = 1, .fini = thing_fini };

static void fill_inside (far_module_t *module)
{
    far_module_class (module, &thing_class);
    far_module_function (module, "note", note, "", "Counts.");
    far_module_function (module, "note_until_answered", note_until_answered, "", "Counts; lasts until an answer came.");
    far_module_function (module, "note_until_late", note_until_late, "", "Counts; lasts until the time is up.");
    far_module_function (module, "wait_for_answer", wait_for_answer, "-> i", "Waits for an answer.");
    far_module_function (module, "wait_in_vain", wait_in_vain, "-> i", "Waits, and times out.");
    far_module_function (module, "wait_for_gate", wait_for_gate, "", "Waits for the gate.");
    far_module_function (module, "open_when_cancelled", open_when_cancelled, "", "Opens the gate at last.");
    far_module_function (module, "triple", triple, "value:l -> l", "Three times the value.");
    far_module_function (module, "last", last, "", "Lasts a moment.");
    far_module_function (module, "through_another_actor", through_another_actor, "-> l", "Waits through another.");
}

static far_status_t pass_gate (far_call_t *call, void *self)
{
    (void)call, (void)self;
    sem_wait (&inside.open);
    return FAR_OK;
}

static void fill_gate (far_module_t *module)
{
    far_module_function (module, "pass", pass_gate, "", "Waits until it is open.");
}

static far_actor_t *actor_with (const char *name, const far_offer_t *offers)
{
    far_actor_options_t options = { .address = inside.world->endpoint, .name = name, .offers = offers };
    far_actor_t *actor = far_actor_open (&options);
    assert_made (actor);
    return actor;
}

static int set_up (void **state)
{
    static const far_offer_t offers[] = { { "inside", fill_inside }, { 0 } },
                             gates[] = { { "gate", fill_gate }, { 0 } };
    *state = &inside;
    inside = (fixture_t){ .world = world_new () };
    sem_init (&inside.open, 0, 0);
    sem_init (&inside.started, 0, 0);
    sem_init (&inside.finis, 0, 0);
    world_host (inside.world, "other");
    inside.host = actor_with ("host", offers);
    inside.gatekeeper = actor_with ("gatekeeper", gates);
    inside.me = world_actor (inside.world, NULL);
    inside.process = far_find (inside.me, "host");
    inside.module = far_import (inside.process, "inside");
    assert_made (inside.module);
    inside.hosts_probe = world_probe (inside.host, "other");
    inside.my_probe = world_probe (inside.me, "other");
    far_process_t *gatekeeper = far_find (inside.host, "gatekeeper");
    inside.gate = far_import (gatekeeper, "gate");
    assert_made (inside.gate);
    far_process_destroy (&gatekeeper);
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    far_proxy_destroy (&inside.gate);
    far_proxy_destroy (&inside.module);
    far_proxy_destroy (&inside.hosts_probe);
    far_proxy_destroy (&inside.my_probe);
    far_process_destroy (&inside.process);
    far_actor_destroy (&inside.me);
    far_actor_destroy (&inside.host);
    far_actor_destroy (&inside.gatekeeper);
    far_request_destroy (&inside.pending); /* nobody can look at it any more */
    world_destroy (&inside.world);
    return 0;
}

/* With one the processes leave as they should. */
static void restart_broker (void)
{
    world_start_broker (inside.world);
    far_process_t *other;
    while (!(other = far_find (inside.me, "other")))
        assert_int_equal (far_last_status (), FAR_E_BROKER_LOST);
    far_process_destroy (&other);
}

static void queue (const char *method)
{
    for (int i = 0; i < QUEUED; i++)
        assert_ok (far_send (inside.module, method, ""));
}

static void until_all_have_run (void)
{
    while (atomic_load (&inside.ran) < QUEUED)
        assert_ok (far_call (inside.module, "triple", "i", 1));
}

static void test_a_method_sees_its_answer_before_others_are_run (void **state)
{
    (void)state;
    int ran = QUEUED;
    far_request_t *waits = far_call_async (inside.module, "wait_for_answer", "");
    sem_wait (&inside.started);
    queue ("note_until_answered");
    far_request_cancel (waits);
    assert_ok (far_request_result (waits, "i", &ran));
    assert_in_range (ran, 0, 1);
    until_all_have_run ();
    far_request_destroy (&waits);
}

static void test_a_method_sees_the_time_before_others_are_run (void **state)
{
    (void)state;
    int ran = QUEUED;
    far_request_t *waits = far_call_async (inside.module, "wait_in_vain", "");
    sem_wait (&inside.started);
    queue ("note_until_late");
    far_request_cancel (waits);
    assert_ok (far_request_result (waits, "i", &ran));
    assert_in_range (ran, 0, 1);
    sem_post (&inside.open);
    until_all_have_run ();
    far_request_destroy (&waits);
}

static void test_a_method_waits_through_another_actor (void **state)
{
    (void)state;
    int64_t result = 0;
    assert_ok (far_call (inside.module, "through_another_actor", ">l", &result));
    assert_int_equal (result, 42);
}

/* One method waits, a second runs inside it and lasts until the actor is to end; the rest is in the queue then. */
static void test_nothing_is_started_after_destroy (void **state)
{
    (void)state;
    far_request_t *outer = far_call_async (inside.module, "wait_for_gate", "");
    sem_wait (&inside.started);
    assert_ok (far_send (inside.module, "open_when_cancelled", ""));
    queue ("note");
    far_request_cancel (outer);
    sem_wait (&inside.started);
    far_actor_destroy (&inside.host);
    assert_int_equal (inside.ran, 0);
    far_request_destroy (&outer);
}

static far_proxy_t *new_thing (void)
{
    far_proxy_t *thing = far_new (inside.process, "inside.Thing", "");
    assert_made (thing);
    return thing;
}

static void test_a_destructor_calls (void **state)
{
    (void)state;
    far_proxy_t *thing = new_thing ();
    far_proxy_destroy (&thing);
    sem_wait (&inside.finis);
    assert_status (inside.fini_status, FAR_OK);
    assert_int_equal (inside.fini_result, 15);
}

/* Each of many destructors calls, and each serves the next release while it waits. */
static void test_many_destructors_call (void **state)
{
    (void)state;
    far_proxy_t *things[QUEUED];
    for (int i = 0; i < QUEUED; i++)
        things[i] = new_thing ();
    for (int i = 0; i < QUEUED; i++)
        far_proxy_destroy (&things[i]);
    for (int i = 0; i < QUEUED; i++)
        sem_wait (&inside.finis);
    assert_ok (far_call (inside.module, "triple", "i", 1));
}

/* It counts as a method: what it is called back for is still served. */
static void test_a_destructor_calls_while_the_actor_is_closed (void **state)
{
    (void)state;
    inside.fini_waits = true;
    far_proxy_t *thing = new_thing ();
    far_proxy_destroy (&thing);
    sem_wait (&inside.started);
    far_actor_close (inside.host);
    sem_post (&inside.open);
    assert_ok (far_actor_wait_closed (inside.host, FAR_FOREVER));
    assert_status (inside.fini_status, FAR_OK);
    assert_int_equal (inside.fini_result, 15);
}

/* Then nobody can be called any more; and nothing waits for that. */
static void test_a_destructor_calls_when_the_actor_ends (void **state)
{
    (void)state;
    far_proxy_t *thing = new_thing ();
    far_actor_destroy (&inside.host);
    sem_wait (&inside.finis);
    assert_int_equal (inside.fini_status, FAR_E_CLOSED);
    far_proxy_destroy (&thing);
}

static void test_a_destructor_calls_when_the_broker_is_lost (void **state)
{
    (void)state;
    far_proxy_t *thing = new_thing ();
    world_kill_broker (inside.world);
    sem_wait (&inside.finis);
    assert_int_equal (inside.fini_status, FAR_E_BROKER_LOST);
    far_proxy_destroy (&thing);
    restart_broker ();
}

/* Keeps the queue of the host filled until it is refused. */
static void *flood (void *context)
{
    far_status_t *last = context;
    far_request_t *requests[WINDOW] = { 0 };
    for (size_t i = 0; !*last; i = (i + 1) % WINDOW) {
        if (requests[i])
            *last = far_request_result (requests[i], "");
        far_request_destroy (&requests[i]);
        requests[i] = far_call_async (inside.module, "last", "");
        if (!requests[i]) /* a thread that began late may find it closed from the start */
            *last = far_last_status ();
    }
    for (size_t i = 0; i < WINDOW; i++)
        far_request_destroy (&requests[i]);
    return NULL;
}

static void test_closing_under_load (void **state)
{
    (void)state;
    pthread_t threads[FLOODS];
    far_status_t last[FLOODS] = { 0 };
    for (int i = 0; i < FLOODS; i++)
        pthread_create (&threads[i], NULL, flood, &last[i]);
    assert_ok (far_call (inside.module, "triple", "i", 1));
    assert_ok (far_process_close (inside.process, true));
    assert_ok (far_actor_wait_closed (inside.host, FAR_FOREVER));
    for (int i = 0; i < FLOODS; i++) {
        pthread_join (threads[i], NULL);
        assert_int_equal (last[i], FAR_E_CLOSED);
    }
}

static void test_a_method_sees_that_the_broker_is_lost (void **state)
{
    (void)state;
    assert_ok (far_send (inside.module, "open_when_cancelled", ""));
    sem_wait (&inside.started);
    world_kill_broker (inside.world);
    sem_wait (&inside.open);
    restart_broker ();
}

/* It is found, and closed, before whoever opens it has come to look. */
static void *open_briefly (void *context)
{
    far_actor_t **actor = context;
    *actor = far_actor_new (inside.world->endpoint, "brief");
    return NULL;
}

static void test_an_actor_is_closed_as_soon_as_it_is_found (void **state)
{
    (void)state;
    for (int i = 0; i < OPENED; i++) {
        far_actor_t *brief = NULL;
        pthread_t thread;
        pthread_create (&thread, NULL, open_briefly, &brief);
        far_process_t *process = far_find (inside.me, "brief");
        assert_made (process);
        assert_ok (far_process_close (process, true));
        pthread_join (thread, NULL);
        assert_made (brief); /* it was there, and has left */
        assert_ok (far_actor_wait_closed (brief, FAR_FOREVER));
        far_process_destroy (&process);
        far_actor_destroy (&brief);
    }
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)

int main (void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD (test_a_method_sees_its_answer_before_others_are_run),
        IN_A_WORLD (test_a_method_sees_the_time_before_others_are_run),
        IN_A_WORLD (test_a_method_waits_through_another_actor),
        IN_A_WORLD (test_nothing_is_started_after_destroy),
        IN_A_WORLD (test_a_destructor_calls),
        IN_A_WORLD (test_many_destructors_call),
        IN_A_WORLD (test_a_destructor_calls_while_the_actor_is_closed),
        IN_A_WORLD (test_a_destructor_calls_when_the_actor_ends),
        IN_A_WORLD (test_a_destructor_calls_when_the_broker_is_lost),
        IN_A_WORLD (test_closing_under_load),
        IN_A_WORLD (test_a_method_sees_that_the_broker_is_lost),
        IN_A_WORLD (test_an_actor_is_closed_as_soon_as_it_is_found),
    };
    return cmocka_run_group_tests_name ("inside", tests, NULL, NULL);
}
