/* Deadlines through a real broker: where they hold, what inherits them, and that nothing is begun past them. The callees are
 * actors of this program, so that a test can hold their methods back and see what they ran. */
#include "support/world.h"

#include <poll.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { SOON_MS = 50, LONG_MS = 20000 };

static const far_setting_t soon[] = { { FAR_OPTION_DEADLINE_MS, SOON_MS },
                                      { FAR_OPTION_TIMEOUT_MS, FAR_FOREVER },
                                      { 0 } };
static const far_setting_t soon_async[] = { { FAR_OPTION_MODE, FAR_MODE_ASYNC },
                                            { FAR_OPTION_DEADLINE_MS, SOON_MS },
                                            { 0 } };
static const far_setting_t soon_off[] = { { FAR_OPTION_MODE, FAR_MODE_OFF },
                                          { FAR_OPTION_DEADLINE_MS, SOON_MS },
                                          { 0 } };
static const far_setting_t later[] = { { FAR_OPTION_DEADLINE_MS, LONG_MS }, { 0 } };
static const far_setting_t later_off[] = { { FAR_OPTION_MODE, FAR_MODE_OFF },
                                           { FAR_OPTION_DEADLINE_MS, LONG_MS },
                                           { 0 } };

static sem_t gate;            /* posted to let `hold` go on */
static sem_t asked;           /* posted by who comes to wait */
static sem_t told;            /* posted by methods that have learned how something ended */
static atomic_int statuses;   /* of what ended so, as a sum of 1 << status */
static atomic_int ran[8];     /* how often `note` was run with this number */
static atomic_int left_there; /* what `note_left` found */
static far_request_t *shared; /* of the actor `between`, that a method of it waits for */

static void tell (far_status_t status)
{
    atomic_fetch_or (&statuses, 1 << status);
    sem_post (&told);
}

/* Occupies its thread until the gate is open. */
static far_status_t hold (far_call_t *call, void *self)
{
    (void)call, (void)self;
    sem_post (&asked);
    sem_wait (&gate);
    return FAR_OK;
}

static far_status_t note (far_call_t *call, void *self)
{
    (void)self;
    int number;
    const far_value_t *with;
    if (far_call_args (call, &number, &with))
        return far_call_status (call);
    ran[number]++;
    return FAR_OK;
}

static far_status_t left (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "i", far_call_time_left_ms (call));
}

static far_status_t note_left (far_call_t *call, void *self)
{
    (void)self;
    atomic_store (&left_there, far_call_time_left_ms (call));
    sem_post (&told);
    return FAR_OK;
}

/* What `callee` has left, called with this deadline: the caller's may be nearer. */
static far_status_t left_of (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callee;
    int own_ms, there, here = far_call_time_left_ms (call);
    if (far_call_args (call, &callee, &own_ms))
        return far_call_status (call);
    const far_setting_t settings[] = { { FAR_OPTION_DEADLINE_MS, own_ms }, { 0 } };
    far_status_t status = far_call_with (callee, settings, NULL, "left", ">i", &there);
    return status ? status : far_call_return (call, "[ii]", here, there);
}

static far_status_t send_on (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callee;
    if (far_call_args (call, &callee))
        return far_call_status (call);
    return far_send (callee, "note_left", "");
}

/* Works until nobody wants it any more. */
static far_status_t work (far_call_t *call, void *self)
{
    (void)self;
    sem_post (&asked);
    while (!far_call_cancelled (call))
        nanosleep (&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    tell (FAR_E_CANCELLED);
    return far_call_fail (call, "GaveUp", "nobody wants it");
}

/* Works until nobody wants it any more, and then until the time of all that came before is over. */
static far_status_t outlast (far_call_t *call, void *self)
{
    (void)self;
    sem_post (&asked);
    while (!far_call_cancelled (call))
        nanosleep (&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    nanosleep (&(struct timespec){ .tv_nsec = (SOON_MS + 1) * 1000000 }, NULL);
    return FAR_OK;
}

/* The same, asleep. */
static far_status_t watch (far_call_t *call, void *self)
{
    (void)self;
    struct pollfd over = { .fd = far_call_cancelled_fd (call), .events = POLLIN };
    bool same = over.fd >= 0 && far_call_cancelled_fd (call) == over.fd;
    sem_post (&asked);
    bool is_readable = poll (&over, 1, LONG_MS) == 1;
    tell (same && is_readable && far_call_cancelled (call) ? FAR_E_CANCELLED : FAR_E_SYSTEM);
    return FAR_OK;
}

/* Calls `work` of the callee, for as long as that takes. */
static far_status_t ask (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callee;
    if (far_call_args (call, &callee))
        return far_call_status (call);
    const far_setting_t patient[] = { { FAR_OPTION_TIMEOUT_MS, FAR_FOREVER }, { 0 } };
    far_status_t status = far_call_with (callee, patient, NULL, "work", "");
    tell (status);
    return status;
}

static far_status_t wait_for_shared (far_call_t *call, void *self)
{
    (void)call, (void)self;
    size_t which;
    tell (far_request_wait (shared, FAR_FOREVER));
    tell (far_wait_any (&shared, 1, FAR_FOREVER, &which));
    far_status_t status = far_wait_all (&shared, 1, FAR_FOREVER);
    tell (status);
    return status;
}

static void fill (far_module_t *module)
{
    far_module_function (module, "hold", hold, "", "Waits at the gate.");
    far_module_function (module, "note", note, "number:i, with:v=nil", "Notes that it was run.");
    far_module_function (module, "left", left, "-> i", "What time it has left.");
    far_module_function (module, "note_left", note_left, "", "Notes that.");
    far_module_function (module, "left_of", left_of, "callee:P, own_ms:i=-1 -> [i]", "What both have left.");
    far_module_function (module, "send_on", send_on, "callee:P", "Has the callee note what it has left.");
    far_module_function (module, "work", work, "", "Works until nobody wants it.");
    far_module_function (module, "watch", watch, "", "Sleeps until nobody wants it.");
    far_module_function (module, "outlast", outlast, "", "Works longer than what came before may wait.");
    far_module_function (module, "ask", ask, "callee:P", "Has the callee work.");
    far_module_function (module, "wait_for_shared", wait_for_shared, "", "Waits for another's request.");
}

typedef struct fixture {
    world_t *world;
    far_actor_t *callee, *between, *me;
    far_proxy_t *timed;         /* of the callee */
    far_proxy_t *timed_between; /* of the one between */
} fixture_t;

static far_actor_t *open_actor (fixture_t *self, const char *name, int threads)
{
    const far_offer_t offers[] = { { "timed", fill }, { 0 } };
    far_actor_options_t options = {
        .address = self->world->endpoint, .name = name, .offers = offers, .threads = threads
    };
    far_actor_t *actor = far_actor_open (&options);
    assert_made (actor);
    return actor;
}

static far_proxy_t *timed_of (far_actor_t *actor, const char *name)
{
    far_process_t *process = far_find (actor, name);
    assert_made (process);
    far_proxy_t *proxy = far_import (process, "timed");
    assert_made (proxy);
    far_process_destroy (&process);
    return proxy;
}

static fixture_t *fixture_new (int threads)
{
    fixture_t *self = calloc (1, sizeof *self);
    self->world = world_new ();
    sem_init (&gate, 0, 0);
    sem_init (&asked, 0, 0);
    sem_init (&told, 0, 0);
    statuses = 0;
    for (size_t i = 0; i < sizeof ran / sizeof *ran; i++)
        ran[i] = 0;
    self->callee = open_actor (self, "callee", threads);
    self->between = open_actor (self, "between", threads);
    self->me = world_actor (self->world, "me");
    self->timed = timed_of (self->me, "callee");
    self->timed_between = timed_of (self->me, "between");
    return self;
}

static int set_up (void **state)
{
    *state = fixture_new (0);
    return 0;
}

/* One thread runs methods, and the actor's own reads meanwhile. */
static int set_up_pool (void **state)
{
    *state = fixture_new (1);
    return 0;
}

static int tear_down (void **state)
{
    fixture_t *self = *state;
    far_proxy_destroy (&self->timed);
    far_proxy_destroy (&self->timed_between);
    far_actor_destroy (&self->me);
    far_actor_destroy (&self->between);
    far_actor_destroy (&self->callee);
    world_destroy (&self->world);
    sem_destroy (&gate);
    sem_destroy (&asked);
    sem_destroy (&told);
    free (self);
    return 0;
}

static far_request_t *begin (far_proxy_t *proxy, const char *method)
{
    far_request_t *request = far_call_async (proxy, method, "");
    assert_made (request);
    return request;
}

/* Has `hold` occupy the callee. */
static far_request_t *occupy (fixture_t *self)
{
    far_request_t *request = begin (self->timed, "hold");
    world_assert_posted (&asked);
    return request;
}

static void let_go (far_request_t *request)
{
    sem_post (&gate);
    assert_ok (far_request_result (request, NULL));
    far_request_destroy (&request);
}

static void note_done (far_request_t *request, void *status)
{
    *(far_status_t *)status = far_request_result (request, NULL);
    sem_post (&told);
}

/* Sync, async and a promise; a callback, a descriptor, a wait. */
static void it_ends_whatever_the_callee_does (void **state)
{
    fixture_t *self = *state;
    far_request_t *occupied = occupy (self), *request = NULL;
    assert_status (far_call_with (self->timed, soon, NULL, "note", "i", 0), FAR_E_TIMEOUT);
    assert_non_null (strstr (far_error_message (far_last_error ()), "deadline"));
    assert_status (far_call_with (self->timed, soon, &request, "note", "i", 0), FAR_E_TIMEOUT);
    assert_null (request); /* there is nothing that could come yet */
    assert_ok (far_call_with (self->timed, soon_async, &request, "note", "i", 0));
    far_status_t status = FAR_OK;
    struct pollfd readable = { .fd = far_request_fd (request), .events = POLLIN };
    assert_ok (far_request_on_done (request, note_done, &status));
    assert_int_equal (poll (&readable, 1, LONG_MS), 1);
    world_assert_posted (&told);
    assert_int_equal (status, FAR_E_TIMEOUT);
    assert_ok (far_request_wait (request, FAR_FOREVER)); /* it has ended */
    assert_status (far_request_result (request, NULL), FAR_E_TIMEOUT);
    far_request_destroy (&request);
    assert_ok (far_proxy_set (self->timed, FAR_OPTION_DEADLINE_MS, SOON_MS));
    assert_made (request = far_call_promise (self->timed, "note", "i", 0));
    assert_ok (far_proxy_set (self->timed, FAR_OPTION_DEADLINE_MS, FAR_UNSET));
    assert_ok (far_request_wait (request, FAR_FOREVER));
    assert_status (far_request_result (request, NULL), FAR_E_TIMEOUT);
    far_request_destroy (&request);
    let_go (occupied);
    assert_ok (far_call (self->timed, "note", "i", 1)); /* and late answers have been passed over */
    assert_int_equal (ran[1], 1);
}

/* Not only calls. */
static void whatever_is_asked_has_it (void **state)
{
    fixture_t *self = *state;
    far_process_t *process = far_process (self->me, far_proxy_owner (self->timed));
    far_request_t *occupied = occupy (self);
    assert_ok (far_process_set (process, FAR_OPTION_DEADLINE_MS, SOON_MS));
    assert_ok (far_process_set (process, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER));
    int64_t number;
    assert_status (far_get (self->timed, "left", "l", &number), FAR_E_TIMEOUT);
    assert_status (far_get_value (self->timed, "l", &number), FAR_E_TIMEOUT);
    assert_null (far_import (process, "timed"));
    assert_int_equal (far_last_status (), FAR_E_TIMEOUT);
    assert_null (far_transfer (process, "i", 1));
    assert_int_equal (far_last_status (), FAR_E_TIMEOUT);
    assert_ok (far_process_set (process, FAR_OPTION_DEADLINE_MS, FAR_UNSET));
    let_go (occupied);
    far_process_destroy (&process);
}

/* What arrives while a long method runs, is over when that has ended: it is never begun, also where it waits for an answer
 * that has not come. The method ends by a CANCEL, behind which the callee has read all that came before. */
static void what_waits_too_long_is_not_run (void **state)
{
    fixture_t *self = *state;
    far_request_t *occupied = begin (self->timed, "outlast");
    world_assert_posted (&asked);
    far_request_t *promise = far_call_promise (self->timed, "left", "");
    far_proxy_t *answer = far_then (promise, NULL);
    far_request_t *late[2], *kept = far_call_async (self->timed, "note", "i", 1);
    assert_ok (far_call_with (self->timed, soon_async, &late[0], "note", "i", 2));
    assert_ok (far_call_with (self->timed, soon_async, &late[1], "note", "iP", 3, answer));
    assert_ok (far_call_with (self->timed, soon_off, NULL, "note", "i", 4));
    assert_ok (far_wait_all (late, 2, FAR_FOREVER));
    for (size_t i = 0; i < 2; i++) {
        assert_status (far_request_result (late[i], NULL), FAR_E_TIMEOUT);
        far_request_destroy (&late[i]);
    }
    far_request_cancel (occupied);
    assert_ok (far_request_result (occupied, NULL));
    far_request_destroy (&occupied);
    assert_ok (far_request_result (kept, NULL));
    assert_ok (far_request_result (promise, NULL));
    assert_ok (far_call (self->timed, "note", "i", 5)); /* behind all of it */
    const int expected[] = { 0, 1, 0, 0, 0, 1 };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal (ran[i], expected[i]);
    far_request_destroy (&kept);
    far_proxy_destroy (&answer);
    far_request_destroy (&promise);
}

static void calls_of_a_method_inherit_it (void **state)
{
    fixture_t *self = *state;
    int here = 0, there = 0;
    assert_ok (far_call (self->timed, "left", ">i", &here));
    assert_int_equal (here, FAR_FOREVER);
    assert_ok (far_call_with (self->timed, later, NULL, "left", ">i", &here));
    assert_in_range (here, 1, LONG_MS);
    assert_ok (far_call_with (self->timed_between, later, NULL, "left_of", "P>[ii]", self->timed, &here, &there));
    assert_in_range (there, 1, here);
    assert_ok (far_call_with (self->timed_between, later, NULL, "left_of", "Pi>[ii]", self->timed, LONG_MS / 2, &here,
                              &there));
    assert_in_range (there, 1, LONG_MS / 2);
    assert_ok (far_call_with (self->timed_between, later, NULL, "left_of", "Pi>[ii]", self->timed, 10 * LONG_MS, &here,
                              &there));
    assert_in_range (there, 1, here);
    assert_ok (far_call (self->timed_between, "left_of", "Pi>[ii]", self->timed, LONG_MS, &here, &there));
    assert_int_equal (here, FAR_FOREVER);
    assert_in_range (there, 1, LONG_MS);
    assert_ok (far_call_with (self->timed_between, later_off, NULL, "send_on", "P", self->timed));
    world_assert_posted (&told);
    assert_in_range (left_there, 1, LONG_MS);
}

/* What stands in the broker passes it on too. */
static void check_inherited (fixture_t *self, far_proxy_t *through)
{
    int here = 0, there = 0;
    assert_ok (far_call_with (through, later, NULL, "left", ">i", &there));
    assert_in_range (there, 1, LONG_MS);
    assert_ok (far_call_with (self->timed_between, later, NULL, "left_of", "P>[ii]", through, &here, &there));
    assert_in_range (there, 1, here);
}

static void fleets_and_pipelines_pass_it_on (void **state)
{
    fixture_t *self = *state;
    assert_ok (far_join (self->callee, "team", 1));
    far_proxy_t *team = timed_of (self->me, "team");
    check_inherited (self, team);
    const far_pipeline_options_t options = { .stages = "timed.left @ callee", .name = "line" };
    far_pipeline_t *line = far_pipeline_open (self->me, &options);
    assert_made (line);
    far_process_t *process = far_find (self->me, "line");
    assert_made (process);
    far_proxy_t *pushed = far_import_deferred (process, "timed");
    check_inherited (self, pushed);
    far_proxy_destroy (&pushed);
    far_process_destroy (&process);
    far_pipeline_destroy (&line);
    far_proxy_destroy (&team);
}

static void all_end_one_after_the_other (void **state)
{
    fixture_t *self = *state;
    assert_status (far_call_with (self->timed_between, soon, NULL, "ask", "P", self->timed), FAR_E_TIMEOUT);
    world_assert_posted (&told);
    world_assert_posted (&told);
    assert_int_equal (statuses, 1 << FAR_E_TIMEOUT | 1 << FAR_E_CANCELLED);
    int here;
    assert_ok (far_call (self->timed_between, "left", ">i", &here));
    assert_int_equal (here, FAR_FOREVER); /* it was of that call alone */
}

/* A request without a deadline of its own. */
static void no_wait_of_a_method_is_longer (void **state)
{
    fixture_t *self = *state;
    far_proxy_t *timed = timed_of (self->between, "callee");
    shared = begin (timed, "hold");
    world_assert_posted (&asked);
    assert_status (far_call_with (self->timed_between, soon, NULL, "wait_for_shared", ""), FAR_E_TIMEOUT);
    for (int i = 0; i < 3; i++)
        world_assert_posted (&told);
    assert_int_equal (statuses, 1 << FAR_E_TIMEOUT);
    let_go (shared);
    far_proxy_destroy (&timed);
}

static void a_descriptor_tells_the_method (void **state)
{
    fixture_t *self = *state;
    far_request_t *request = begin (self->timed, "watch");
    world_assert_posted (&asked);
    far_request_cancel (request);
    assert_ok (far_request_result (request, NULL));
    far_request_destroy (&request);
    assert_ok (far_proxy_set (self->timed, FAR_OPTION_DEADLINE_MS, SOON_MS));
    while (!request || sem_trywait (&asked)) { /* until one has begun in time */
        far_request_destroy (&request);
        request = begin (self->timed, "watch");
        assert_ok (far_request_wait (request, FAR_FOREVER));
    }
    far_request_destroy (&request);
    world_assert_posted (&told);
    world_assert_posted (&told);
    assert_int_equal (statuses, 1 << FAR_E_CANCELLED);
}

/* What it did not read in time it does not run when it goes on. */
static void a_stopped_callee_runs_nothing_later (void **state)
{
    fixture_t *self = *state;
    pid_t host = world_host (self->world, "host");
    far_process_t *process = far_find (self->me, "host");
    far_proxy_t *counter = far_new (process, "probe.Counter", "");
    assert_made (counter);
    world_signal (self->world, host, SIGSTOP);
    int64_t total = -1;
    assert_status (far_call_with (counter, soon, NULL, "add", "l>l", (int64_t)1, &total), FAR_E_TIMEOUT);
    far_process_t *again = far_find (self->me, "host"); /* behind the CANCEL */
    assert_made (again);
    far_process_destroy (&again);
    world_signal (self->world, host, SIGCONT);
    assert_ok (far_get_value (counter, "l", &total));
    assert_int_equal (total, 0);
    far_proxy_destroy (&counter);
    far_process_destroy (&process);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
#define TEST_ON_POOL(name) \
    { \
#name "_on_pool", name, set_up_pool, tear_down, NULL \
    }

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (it_ends_whatever_the_callee_does),
        TEST_ON_POOL (it_ends_whatever_the_callee_does),
        TEST (whatever_is_asked_has_it),
        TEST (what_waits_too_long_is_not_run),
        TEST_ON_POOL (what_waits_too_long_is_not_run),
        TEST (calls_of_a_method_inherit_it),
        TEST_ON_POOL (calls_of_a_method_inherit_it),
        TEST (fleets_and_pipelines_pass_it_on),
        TEST (all_end_one_after_the_other),
        TEST_ON_POOL (all_end_one_after_the_other),
        TEST (no_wait_of_a_method_is_longer),
        TEST_ON_POOL (no_wait_of_a_method_is_longer),
        TEST_ON_POOL (a_descriptor_tells_the_method),
        TEST (a_stopped_callee_runs_nothing_later),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
