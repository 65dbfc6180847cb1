/* Lifetime of references: an object lives exactly as long as somebody holds it, whoever that is, however the reference
 * got there, and however the holder ends. */
#include "support/world.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    world_t *world;
    far_actor_t *me;
    far_process_t *owner;
    far_proxy_t *probe; /* of the owner */
} fixture_t;

static int set_up (void **state)
{
    fixture_t *fixture = test_calloc (1, sizeof *fixture);
    fixture->world = world_new ();
    world_host (fixture->world, "owner");
    fixture->me = world_actor (fixture->world, "me");
    fixture->owner = far_find (fixture->me, "owner");
    assert_made (fixture->owner);
    fixture->probe = far_import (fixture->owner, "probe");
    assert_made (fixture->probe);
    *state = fixture;
    return 0;
}

static int tear_down (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_destroy (&fixture->probe);
    far_process_destroy (&fixture->owner);
    far_actor_destroy (&fixture->me);
    world_destroy (&fixture->world);
    test_free (fixture);
    return 0;
}

static int64_t alive_in (far_proxy_t *probe)
{
    int64_t count = -1;
    assert_ok (far_call (probe, "alive", ">l", &count));
    return count;
}

static int64_t alive (fixture_t *fixture)
{
    return alive_in (fixture->probe);
}

/* Asks until it is so: what is waited for is an event in a third process, which nothing announces. The test's own limit
 * of time ends it otherwise. */
static void until_alive (fixture_t *fixture, int64_t expected)
{
    while (alive (fixture) != expected)
        ;
}

static far_proxy_t *new_counter (fixture_t *fixture)
{
    far_proxy_t *counter = far_new (fixture->owner, "probe.Counter", "");
    assert_made (counter);
    return counter;
}

static void test_dropping_releases (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *counters[100];
    for (int i = 0; i < 100; i++)
        counters[i] = new_counter (fixture);
    assert_int_equal (alive (fixture), 100);
    for (int i = 0; i < 100; i++) {
        far_proxy_t *same = far_proxy_retain (counters[i]);
        far_proxy_destroy (&same);
        assert_null (same);
        far_proxy_destroy (&same); /* NULL is accepted */
    }
    assert_int_equal (alive (fixture), 100);
    for (int i = 0; i < 100; i++)
        far_proxy_destroy (&counters[i]);
    assert_int_equal (alive (fixture), 0); /* DEL came before the call */
}

static void test_child_keeps_its_root (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *counter = new_counter (fixture);
    far_proxy_t *add = far_attr (counter, "add");
    far_proxy_destroy (&counter);
    int64_t total;
    assert_ok (far_call (add, NULL, "i>l", 5, &total));
    assert_int_equal (total, 5);
    assert_int_equal (alive (fixture), 1);
    far_proxy_destroy (&add);
    assert_int_equal (alive (fixture), 0);
}

static void test_same_object_same_proxy (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *counter = new_counter (fixture), *back = NULL;
    /* The owner holds a reference of its own object: it came home. It comes back as the proxy that we have. */
    world_host (fixture->world, "third");
    far_proxy_t *third = world_probe (fixture->me, "third");
    assert_ok (far_call (third, "hold", "P", counter));
    assert_ok (far_call (third, "held", ">P", &back));
    assert_ptr_equal (back, counter);
    assert_true (far_proxy_equals (back, counter));
    far_proxy_destroy (&back);
    assert_ok (far_call (third, "drop", ""));
    far_proxy_destroy (&counter);
    until_alive (fixture, 0);
    far_proxy_destroy (&third);
}

static void test_handed_on (void **state)
{
    fixture_t *fixture = *state;
    world_host (fixture->world, "other");
    far_proxy_t *other = world_probe (fixture->me, "other");
    far_proxy_t *counter = new_counter (fixture);
    assert_ok (far_call (other, "hold", "P", counter));
    far_proxy_destroy (&counter);
    assert_int_equal (alive (fixture), 1); /* the other one holds it */
    int64_t total = 0;
    assert_ok (far_call (other, "add_to_held", ">l", &total));
    assert_int_equal (total, 1);
    assert_ok (far_call (other, "drop", ""));
    until_alive (fixture, 0);
    far_proxy_destroy (&other);
}

static void test_handed_on_and_dropped_at_once (void **state)
{
    fixture_t *fixture = *state;
    world_host (fixture->world, "passer");
    far_proxy_t *passer = world_probe (fixture->me, "passer");
    for (int i = 0; i < 500; i++) {
        far_proxy_t *counter = new_counter (fixture);
        assert_ok (far_send (passer, "hold", "P", counter)); /* drops the one before */
        far_proxy_destroy (&counter);
    }
    int64_t total = 0;
    assert_ok (far_call (passer, "add_to_held", ">l", &total));
    assert_int_equal (total, 1);
    assert_ok (far_call (passer, "drop", ""));
    until_alive (fixture, 0);
    far_proxy_destroy (&passer);
}

/* It holds objects of two owners, and each of them hears of its end. */
static void test_death_of_a_holder (void **state)
{
    fixture_t *fixture = *state;
    pid_t pid = world_host (fixture->world, "mortal");
    world_host (fixture->world, "second_owner");
    far_proxy_t *mortal = world_probe (fixture->me, "mortal");
    far_proxy_t *second = world_probe (fixture->me, "second_owner");
    far_proxy_t *class = far_attr (second, "Counter"), *counter = new_counter (fixture), *theirs = NULL;
    assert_ok (far_call (class, NULL, ">P", &theirs));
    assert_ok (far_call (mortal, "hold", "P", counter));
    assert_ok (far_call (mortal, "hold_too", "P", theirs));
    far_proxy_destroy (&counter);
    far_proxy_destroy (&theirs);
    assert_int_equal (alive (fixture), 1);
    assert_int_equal (alive_in (second), 1);
    world_signal (fixture->world, pid, SIGKILL);
    until_alive (fixture, 0);
    while (alive_in (second))
        ;
    assert_status (far_call (mortal, "echo", "i", 1), FAR_E_PEER_DIED);
    far_proxy_destroy (&class);
    far_proxy_destroy (&second);
    far_proxy_destroy (&mortal);
}

static far_status_t triple (far_call_t *call, void *context)
{
    int64_t value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    ++*(int *)context;
    return far_call_return (call, "l", value * 3);
}

static void test_callback (void **state)
{
    fixture_t *fixture = *state;
    int calls = 0;
    far_object_t *function = far_function (fixture->me, triple, &calls, "value:l -> l");
    assert_made (function);
    int64_t result = 0;
    assert_ok (far_call (fixture->probe, "call", "Oi>l", function, 14, &result));
    assert_int_equal (result, 42);
    assert_int_equal (calls, 1);
    /* It comes home as itself. */
    assert_ok (far_call (fixture->probe, "hold", "O", function));
    far_object_t *home = NULL;
    assert_ok (far_call (fixture->probe, "held", ">O", &home));
    assert_ptr_equal (home, function);
    far_object_destroy (&home);
    assert_ok (far_call (fixture->probe, "drop", ""));
    far_object_destroy (&function);
}

static void test_errors_through_three_processes (void **state)
{
    fixture_t *fixture = *state;
    world_host (fixture->world, "middle");
    far_proxy_t *middle = world_probe (fixture->me, "middle");
    far_proxy_t *counter = new_counter (fixture);
    far_proxy_t *add = far_attr (counter, "add");
    int64_t total;
    assert_ok (far_call (counter, "add", "l", INT64_MAX));
    assert_status (far_call (middle, "call", "Pl>l", add, (int64_t)1, &total), FAR_E_RAISED);
    const far_error_t *error = far_last_error ();
    assert_string_equal (far_error_class (error), "OverflowError");
    assert_int_equal (far_error_hop_count (error), 2);
    assert_string_equal (far_error_hop (error, 0)->process, "owner");
    assert_string_equal (far_error_hop (error, 0)->object, "Counter");
    assert_string_equal (far_error_hop (error, 1)->process, "middle");
    far_proxy_destroy (&add);
    far_proxy_destroy (&counter);
    far_proxy_destroy (&middle);
    until_alive (fixture, 0);
}

/* An answer that nobody takes any more is released with all that is in it. */
static void test_abandoned_answers_are_released (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *class = far_attr (fixture->probe, "Counter");
    for (int i = 0; i < 100; i++) {
        far_request_t *request = far_call_async (class, NULL, "");
        far_request_destroy (&request);
    }
    for (int i = 0; i < 100; i++) {
        far_request_t *request = far_call_async (class, NULL, "");
        assert_ok (far_request_wait (request, FAR_FOREVER));
        far_request_destroy (&request);
    }
    until_alive (fixture, 0);
    far_proxy_destroy (&class);
}

static void test_a_stale_reference_is_refused (void **state)
{
    fixture_t *fixture = *state;
    far_actor_t *stranger = world_actor (fixture->world, "stranger");
    far_process_t *owner = far_find (stranger, "owner");
    far_proxy_t *counter = new_counter (fixture);
    /* The same proxy used through an actor that does not hold it can't even be sent. */
    far_proxy_t *theirs = far_import (owner, "probe");
    assert_status (far_call (theirs, "hold", "P", counter), FAR_E_NOT_SERIALIZABLE);
    far_proxy_destroy (&theirs);
    far_proxy_destroy (&counter);
    far_process_destroy (&owner);
    far_actor_destroy (&stranger);
    until_alive (fixture, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_dropping_releases),
        cmocka_unit_test (test_child_keeps_its_root),
        cmocka_unit_test (test_same_object_same_proxy),
        cmocka_unit_test (test_handed_on),
        cmocka_unit_test (test_handed_on_and_dropped_at_once),
        cmocka_unit_test (test_death_of_a_holder),
        cmocka_unit_test (test_callback),
        cmocka_unit_test (test_errors_through_three_processes),
        cmocka_unit_test (test_abandoned_answers_are_released),
        cmocka_unit_test (test_a_stale_reference_is_refused),
    };
    return cmocka_run_group_tests_name ("lifetime", tests, set_up, tear_down);
}
