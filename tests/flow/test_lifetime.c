/* Lifetime of references: an object lives exactly as long as somebody holds it, whoever that is, however the reference
 * got there, and however the holder ends. */
#include "support/world.h"

#include "actor/actor.h"

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

static void S08_a_released_proxy_lets_the_owner_release (void **state)
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

/* A counter of the broker. */
static int64_t counted (far_actor_t *actor, const char *name)
{
    far_process_t *process = far_broker (actor);
    far_proxy_t *broker = far_import_deferred (process, "broker");
    far_value_t *counters = NULL;
    assert_ok (far_call (broker, "stats", ">v", &counters));
    int64_t value = far_value_int (far_value_lookup (counters, name));
    far_value_destroy (&counters);
    far_proxy_destroy (&broker);
    far_process_destroy (&process);
    return value;
}

/* What can't be sent at once goes together: here nothing can, because the test has the socket. */
static void S08_releases_travel_together (void **state)
{
    enum { MANY = 1000 };
    fixture_t *fixture = *state;
    far_proxy_t *counters[MANY];
    for (int i = 0; i < MANY; i++)
        counters[i] = new_counter (fixture);
    int64_t before = counted (fixture->me, "notices");
    pthread_mutex_lock (&fixture->me->socket_lock);
    for (int i = 0; i < MANY; i++)
        far_proxy_destroy (&counters[i]);
    pthread_mutex_unlock (&fixture->me->socket_lock);
    assert_int_equal (alive (fixture), 0);
    int64_t sent = counted (fixture->me, "notices") - before;
    assert_true (sent >= 1 && sent <= 4);
}

static void S08_releases_survive_a_lost_connection (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *counter = new_counter (fixture), *add = far_attr (counter, "add");
    world_kill_broker (fixture->world);
    while (far_call (add, NULL, "") != FAR_E_BROKER_LOST)
        ;
    far_proxy_destroy (&add);
    far_proxy_destroy (&counter);
    world_start_broker (fixture->world);
    far_process_t *again = far_find (fixture->me, "owner");
    assert_made (again);
    far_proxy_t *probe = far_import (again, "probe");
    assert_made (probe);
    assert_int_equal (alive_in (probe), 0); /* the session that held it is over */
    far_proxy_destroy (&probe);
    far_process_destroy (&again);
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

static void S32_handed_on_and_outlives_the_first_proxy (void **state)
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

/* From A, which is killed then, to C; B owns it. */
static void S32_handed_on_and_outlives_the_giver (void **state)
{
    fixture_t *fixture = *state;
    pid_t pid = world_host (fixture->world, "giver");
    world_host (fixture->world, "taker");
    far_proxy_t *giver = world_probe (fixture->me, "giver"), *taker = world_probe (fixture->me, "taker");
    far_proxy_t *counter = new_counter (fixture), *hold = far_attr (taker, "hold");
    assert_ok (far_call (giver, "call", "PP", hold, counter));
    far_proxy_destroy (&counter);
    world_signal (fixture->world, pid, SIGKILL);
    int64_t total = 0;
    assert_ok (far_call (taker, "add_to_held", ">l", &total));
    assert_int_equal (total, 1);
    assert_int_equal (alive (fixture), 1);
    assert_ok (far_call (taker, "drop", ""));
    until_alive (fixture, 0);
    far_proxy_destroy (&hold);
    far_proxy_destroy (&taker);
    far_proxy_destroy (&giver);
}

static void S32_handed_on_and_dropped_at_once (void **state)
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
static void S48_references_of_a_killed_process_are_released (void **state)
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
    far_object_destroy (&function);
}

/* From here to the owner, from there to a third process, and from that one home again. */
static void S25_an_object_comes_home_as_itself (void **state)
{
    fixture_t *fixture = *state;
    int calls = 0;
    world_host (fixture->world, "way_station");
    far_proxy_t *third = world_probe (fixture->me, "way_station"), *hold = far_attr (third, "hold");
    far_object_t *function = far_function (fixture->me, triple, &calls, "value:l -> l"), *home = NULL;
    assert_made (function);
    assert_ok (far_call (fixture->probe, "hold", "O", function));
    assert_ok (far_call (fixture->probe, "held", ">O", &home));
    assert_ptr_equal (home, function);
    far_object_destroy (&home);
    assert_ok (far_call (fixture->probe, "call", "PO", hold, function));
    assert_ok (far_call (third, "held", ">O", &home));
    assert_ptr_equal (home, function);
    far_object_destroy (&home);
    assert_ok (far_call (fixture->probe, "drop", ""));
    assert_ok (far_call (third, "drop", ""));
    far_object_destroy (&function);
    far_proxy_destroy (&hold);
    far_proxy_destroy (&third);
}

/* In the owner's own hands a proxy of its object is the object, and a path leads to the attribute. */
static void S25_a_path_is_applied_at_home (void **state)
{
    fixture_t *fixture = *state;
    world_host (fixture->world, "relay");
    far_proxy_t *relay = world_probe (fixture->me, "relay"), *call = far_attr (fixture->probe, "call");
    far_proxy_t *add_here = far_attr (fixture->probe, "add_here"), *counter = new_counter (fixture);
    far_proxy_t *add = far_attr (counter, "add"), *nothing = far_attr (counter, "nothing.there");
    int64_t total = 0;
    assert_ok (far_call (fixture->probe, "add_here", "Pi>l", counter, 1, &total));
    assert_int_equal (total, 1);
    assert_ok (far_call (relay, "call_with", "PPi>l", add_here, counter, 2, &total));
    assert_int_equal (total, 3);
    assert_ok (far_call (relay, "call_with", "PPi>l", call, add, 4, &total));
    assert_int_equal (total, 7);
    assert_status (far_call (relay, "call_with", "PPi", add_here, add, 1), FAR_E_RAISED); /* a method is no Counter */
    assert_string_equal (far_error_class (far_last_error ()), "TypeError");
    assert_status (far_call (relay, "call_with", "PPi", call, nothing, 1), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_non_null (strstr (far_error_message (far_last_error ()), "nothing"));
    far_proxy_destroy (&nothing);
    far_proxy_destroy (&add);
    far_proxy_destroy (&counter);
    until_alive (fixture, 0);
    far_proxy_destroy (&add_here);
    far_proxy_destroy (&call);
    far_proxy_destroy (&relay);
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
        cmocka_unit_test (S08_a_released_proxy_lets_the_owner_release),
        cmocka_unit_test (S08_releases_travel_together),
        cmocka_unit_test (test_child_keeps_its_root),
        cmocka_unit_test (test_same_object_same_proxy),
        cmocka_unit_test (S32_handed_on_and_outlives_the_first_proxy),
        cmocka_unit_test (S32_handed_on_and_outlives_the_giver),
        cmocka_unit_test (S32_handed_on_and_dropped_at_once),
        cmocka_unit_test (S48_references_of_a_killed_process_are_released),
        cmocka_unit_test (test_callback),
        cmocka_unit_test (S25_an_object_comes_home_as_itself),
        cmocka_unit_test (S25_a_path_is_applied_at_home),
        cmocka_unit_test (test_abandoned_answers_are_released),
        cmocka_unit_test (test_a_stale_reference_is_refused),
        cmocka_unit_test_setup_teardown (S08_releases_survive_a_lost_connection, set_up, tear_down),
    };
    return cmocka_run_group_tests_name ("lifetime", tests, set_up, tear_down);
}
