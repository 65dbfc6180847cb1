/* Requests as futures: time to wait, results that can be read again, what tells that one is done, and what becomes of
 * results that nobody collects. The callee is an actor of this program whose method waits until the test opens a gate. */
#include "support/world.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LONG_MS = 20000, SHORT_MS = 30, MANY = 40 };

static sem_t gate;
static sem_t ended; /* posted by fini of a Thing */
static atomic_int made;

/* number:l -> number, once the gate has been opened for it. */
static far_status_t pass (far_call_t *call, void *self)
{
    (void)self;
    int64_t number;
    if (far_call_args (call, &number))
        return far_call_status (call);
    sem_wait (&gate);
    return far_call_return (call, "l", number);
}

static far_status_t same (far_call_t *call, void *self)
{
    (void)self;
    int64_t number;
    if (far_call_args (call, &number))
        return far_call_status (call);
    return far_call_return (call, "l", number);
}

static far_status_t thing_init (far_call_t *call, void *self)
{
    (void)call, (void)self;
    made++;
    return FAR_OK;
}

static void thing_fini (void *self)
{
    (void)self;
    sem_post (&ended);
}

static const far_class_t thing_class = { .name = "Thing", .size = 1, .init = thing_init, .fini = thing_fini };

static void fill (far_module_t *module)
{
    far_module_function (module, "pass", pass, "number:l -> l", "The number, once the gate is open.");
    far_module_function (module, "same", same, "number:l -> l", "The number.");
    far_module_class (module, &thing_class);
}

typedef struct fixture {
    world_t *world;
    far_actor_t *host, *me;
    far_process_t *process;
    far_proxy_t *module;
} fixture_t;

static int set_up (void **state)
{
    fixture_t *fixture = calloc (1, sizeof *fixture);
    fixture->world = world_new ();
    world_host (fixture->world, "third");
    sem_init (&gate, 0, 0);
    sem_init (&ended, 0, 0);
    fixture->host = world_actor (fixture->world, "gated");
    assert_ok (far_actor_register (fixture->host, "gated", fill));
    fixture->me = world_actor (fixture->world, "waiter");
    fixture->process = far_find (fixture->me, "gated");
    assert_made (fixture->process);
    fixture->module = far_import (fixture->process, "gated");
    assert_made (fixture->module);
    *state = fixture;
    return 0;
}

static int tear_down (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_destroy (&fixture->module);
    far_process_destroy (&fixture->process);
    far_actor_destroy (&fixture->me);
    far_actor_destroy (&fixture->host);
    world_destroy (&fixture->world);
    free (fixture);
    return 0;
}

static far_request_t *ask (const fixture_t *fixture, int64_t number)
{
    far_request_t *request = far_call_async (fixture->module, "pass", "l", number);
    assert_made (request);
    return request;
}

static void assert_result (far_request_t *request, int64_t expected)
{
    int64_t number = -1;
    assert_ok (far_request_result (request, "l", &number));
    assert_int_equal (number, expected);
}

/* A request that was given up: it is not known whether it was run. Afterwards it is over, and the gate closed. */
static void settle (const fixture_t *fixture)
{
    sem_post (&gate);
    assert_ok (far_call (fixture->module, "same", "l", (int64_t)0));
    while (!sem_trywait (&gate))
        ;
}

static void S15_timeout_any_time_or_for_ever (void **state)
{
    fixture_t *fixture = *state;
    far_request_t *request = ask (fixture, 1);
    assert_status (far_request_wait (request, 0), FAR_E_TIMEOUT);
    assert_status (far_request_wait (request, SHORT_MS), FAR_E_TIMEOUT);
    sem_post (&gate);
    assert_ok (far_request_wait (request, FAR_FOREVER));
    assert_result (request, 1);
    far_request_destroy (&request);

    assert_int_equal (far_proxy_option (fixture->module, FAR_OPTION_TIMEOUT_MS), 10000);
    /* Of the actor, for calls that say nothing else. */
    far_actor_options_t options = { .address = fixture->world->endpoint, .timeout_ms = SHORT_MS };
    far_actor_t *hasty = far_actor_open (&options);
    assert_made (hasty);
    far_process_t *process = far_process (hasty, far_process_get_id (fixture->process));
    far_proxy_t *module = far_import_deferred (process, "gated");
    assert_status (far_call (module, "pass", "l", (int64_t)2), FAR_E_TIMEOUT);
    assert_non_null (strstr (far_error_message (far_last_error ()), "pass within 30 ms"));
    settle (fixture);
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    far_actor_destroy (&hasty);
}

static void S16_timed_out_request_is_readable_later (void **state)
{
    fixture_t *fixture = *state;
    far_actor_options_t options = { .address = fixture->world->endpoint, .timeout_ms = SHORT_MS };
    far_actor_t *hasty = far_actor_open (&options);
    assert_made (hasty);
    far_process_t *process = far_find (hasty, "gated");
    assert_made (process);
    far_proxy_t *module = far_import_deferred (process, "gated");
    far_request_t *request = far_call_async (module, "pass", "l", (int64_t)7);
    int64_t number = -1;
    assert_status (far_request_result (request, "l", &number), FAR_E_TIMEOUT);
    assert_int_equal (number, -1);
    assert_false (far_request_done (request));
    sem_post (&gate);
    assert_ok (far_request_wait (request, LONG_MS));
    assert_result (request, 7);
    far_request_destroy (&request);
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    far_actor_destroy (&hasty);
}

/* A sync call that times out hands its request out. */
static void S16_sync_call_hands_out_its_request (void **state)
{
    fixture_t *fixture = *state;
    static const far_setting_t hasty[] = { { FAR_OPTION_TIMEOUT_MS, SHORT_MS }, { 0 } };
    far_request_t *late = NULL;
    int64_t number = -1;
    assert_status (far_call_with (fixture->module, hasty, &late, "pass", "l>l", (int64_t)12, &number), FAR_E_TIMEOUT);
    assert_int_equal (number, -1);
    assert_made (late);
    assert_false (far_request_done (late));
    sem_post (&gate);
    assert_ok (far_request_wait (late, LONG_MS));
    assert_result (late, 12);
    far_request_destroy (&late);
}

static void assert_described (far_request_t *request, const char *part)
{
    char *text = far_request_describe (request);
    assert_made (text);
    if (!strstr (text, part) || strchr (text, '\n'))
        fail_msg ("'%s' is not one line with '%s'", text, part);
    far_string_free (&text);
}

static void S16_request_describes_itself (void **state)
{
    fixture_t *fixture = *state;
    far_request_t *request = ask (fixture, 3);
    assert_described (request, "pass at gated (");
    char named[64]; /* as `far where` takes it */
    far_process_id_t id = far_actor_id (fixture->me);
    snprintf (named, sizeof named, ", request %08" PRIx64 ":%" PRIu64 "/", id.value >> 32, id.value & UINT32_MAX);
    assert_described (request, named);
    assert_described (request, ": no answer yet");
    sem_post (&gate);
    assert_ok (far_request_wait (request, LONG_MS));
    assert_described (request, ": answered, 1 bytes");
    far_request_destroy (&request);
    far_process_t *third = far_find (fixture->me, "third");
    far_proxy_t *probe = far_import (third, "probe");
    request = far_call_async (probe, "fail", "ss", "Wrong", "two\nlines");
    assert_ok (far_request_wait (request, LONG_MS));
    assert_described (request, ": Raised Wrong: two\\x0alines");
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_process_destroy (&third);
    assert_null (far_request_describe (NULL));
}

static void S17_result_is_readable_any_number_of_times (void **state)
{
    fixture_t *fixture = *state;
    far_request_t *request = ask (fixture, 4);
    assert_false (far_request_done (request));
    sem_post (&gate);
    for (int i = 0; i < 3; i++)
        assert_result (request, 4);
    assert_true (far_request_done (request));
    assert_true (far_request_done (NULL));
    char *text;
    assert_status (far_request_result (request, "s", &text), FAR_E_BAD_ARGUMENTS); /* a wrong picture uses nothing up */
    assert_result (request, 4);
    far_request_destroy (&request);
}

static void S17_wait_for_any_and_for_all (void **state)
{
    fixture_t *fixture = *state;
    far_request_t *requests[MANY] = { 0 };
    for (size_t i = 1; i < MANY; i++)
        requests[i] = ask (fixture, (int64_t)i);
    assert_status (far_wait_all (requests, MANY, SHORT_MS), FAR_E_TIMEOUT);
    for (size_t i = 1; i < MANY; i++) {
        sem_post (&gate);
        size_t which = 0;
        assert_ok (far_wait_any (requests, MANY, LONG_MS, &which));
        assert_int_equal (which, i); /* one method runs after the other */
        assert_result (requests[i], (int64_t)i);
        far_request_destroy (&requests[i]);
        if (i == MANY / 2)
            for (size_t left = i + 1; left < MANY; left++)
                sem_post (&gate);
        if (i == MANY / 2)
            assert_ok (far_wait_all (requests, MANY, LONG_MS));
    }
    while (!sem_trywait (&gate))
        ;
}

typedef struct noted {
    sem_t called;
    int64_t number;
    pthread_t thread;
    bool destroys;
} noted_t;

static void note (far_request_t *request, void *context)
{
    noted_t *noted = context;
    noted->thread = pthread_self ();
    if (far_request_result (request, "l", &noted->number))
        noted->number = -(int64_t)far_last_status ();
    if (noted->destroys)
        far_request_destroy (&request);
    sem_post (&noted->called);
}

/* From a callback, a call of its own. */
static void note_next (far_request_t *request, void *context)
{
    fixture_t *fixture = context;
    int64_t number = 0;
    assert_result (request, 10);
    assert_ok (far_call (fixture->module, "same", "l>l", (int64_t)11, &number));
    assert_int_equal (number, 11);
    sem_post (&ended);
}

static void S17_completion_callback (void **state)
{
    fixture_t *fixture = *state;
    noted_t noted = { .number = 0 };
    sem_init (&noted.called, 0, 0);
    far_request_t *request = ask (fixture, 5);
    assert_ok (far_request_on_done (request, note, &noted));
    assert_int_equal (sem_trywait (&noted.called), -1);
    sem_post (&gate);
    world_assert_posted (&noted.called);
    assert_int_equal (noted.number, 5);
    assert_false (pthread_equal (noted.thread, pthread_self ()));
    /* The answer is there already: here and at once. */
    assert_ok (far_request_on_done (request, note, &noted));
    assert_int_equal (sem_trywait (&noted.called), 0);
    assert_true (pthread_equal (noted.thread, pthread_self ()));
    far_request_destroy (&request);

    /* Nobody has it but the callback. */
    noted.destroys = true;
    request = ask (fixture, 6);
    assert_ok (far_request_on_done (request, note, &noted));
    sem_post (&gate);
    world_assert_posted (&noted.called);
    assert_int_equal (noted.number, 6);

    request = ask (fixture, 10);
    assert_ok (far_request_on_done (request, note_next, fixture));
    sem_post (&gate);
    world_assert_posted (&ended);
    far_request_destroy (&request);

    /* Given up: it is not called any more. */
    noted.destroys = false;
    request = ask (fixture, 8);
    assert_ok (far_request_on_done (request, note, &noted));
    far_request_destroy (&request);
    settle (fixture);
    assert_int_equal (sem_trywait (&noted.called), -1);
    assert_int_not_equal (far_request_on_done (NULL, note, &noted), FAR_OK);
    sem_destroy (&noted.called);
}

typedef struct caller {
    far_proxy_t *module;
    sem_t called;
    int64_t number;
} caller_t;

static void call_next (far_request_t *request, void *context)
{
    caller_t *caller = context;
    if (far_request_result (request, NULL) || far_call (caller->module, "same", "l>l", (int64_t)21, &caller->number))
        caller->number = -(int64_t)far_last_status ();
    sem_post (&caller->called);
}

/* Its callbacks run where it serves. */
static void serve_until_called (far_actor_t *me, caller_t *caller)
{
    struct pollfd watched = { .fd = far_actor_fd (me), .events = POLLIN };
    while (sem_trywait (&caller->called)) {
        assert_int_equal (poll (&watched, 1, LONG_MS), 1);
        assert_ok (far_actor_process_requests (me, 16, NULL));
    }
}

/* Whoever runs the methods of the actor: a callback may make calls. */
static void S17_callback_calls_however_the_actor_serves (void **state)
{
    fixture_t *fixture = *state;
    const far_actor_options_t ways[] = { { .threads = 2 }, { .serve_by_caller = true } };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        far_actor_options_t options = ways[i];
        options.address = fixture->world->endpoint;
        far_actor_t *me = far_actor_open (&options);
        assert_made (me);
        far_process_t *process = far_process (me, far_process_get_id (fixture->process));
        caller_t caller = { .module = far_import_deferred (process, "gated") };
        sem_init (&caller.called, 0, 0);
        far_request_t *request = far_call_async (caller.module, "pass", "l", (int64_t)20);
        assert_ok (far_request_on_done (request, call_next, &caller));
        sem_post (&gate);
        if (options.serve_by_caller)
            serve_until_called (me, &caller);
        else
            world_assert_posted (&caller.called);
        assert_int_equal (caller.number, 21);
        far_request_destroy (&request);
        far_proxy_destroy (&caller.module);
        far_process_destroy (&process);
        far_actor_destroy (&me);
        sem_destroy (&caller.called);
    }
}

static void S17_callback_is_told_of_a_death (void **state)
{
    fixture_t *fixture = *state;
    pid_t pid = world_host (fixture->world, "mortal");
    far_process_t *process = far_find (fixture->me, "mortal");
    assert_made (process);
    far_proxy_t *probe = far_import (process, "probe");
    assert_made (probe);
    noted_t noted = { .number = 0 };
    sem_init (&noted.called, 0, 0);
    far_request_t *request = far_call_async (probe, "busy", "l", (int64_t)3600000);
    assert_made (request);
    assert_ok (far_request_on_done (request, note, &noted));
    int fd = far_request_fd (request);
    world_signal (fixture->world, pid, 9);
    world_assert_posted (&noted.called);
    assert_int_equal (noted.number, -(int64_t)FAR_E_PEER_DIED);
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    assert_int_equal (poll (&watched, 1, LONG_MS), 1);
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_process_destroy (&process);
    sem_destroy (&noted.called);
}

static void S17_pollable_descriptor (void **state)
{
    fixture_t *fixture = *state;
    far_request_t *request = ask (fixture, 9);
    struct pollfd watched = { .fd = far_request_fd (request), .events = POLLIN };
    assert_true (watched.fd >= 0);
    assert_int_equal (far_request_fd (request), watched.fd);
    assert_int_equal (poll (&watched, 1, SHORT_MS), 0);
    sem_post (&gate);
    assert_int_equal (poll (&watched, 1, LONG_MS), 1);
    assert_true (far_request_done (request));
    assert_result (request, 9);
    assert_int_equal (poll (&watched, 1, 0), 1); /* and stays so */
    far_request_destroy (&request);
    /* Asked for when the answer is there. */
    request = far_call_async (fixture->module, "same", "l", (int64_t)1);
    assert_ok (far_request_wait (request, LONG_MS));
    watched.fd = far_request_fd (request);
    assert_int_equal (poll (&watched, 1, 0), 1);
    far_request_destroy (&request);
    assert_int_equal (far_request_fd (NULL), -1);
}

/* Waits until as many things have ended as were made. */
static void assert_all_ended (int *counted)
{
    for (; *counted < made; ++*counted)
        world_assert_posted (&ended);
}

/* The thing that an answer refers to ends with its last holder: us. */
static void S18_results_nobody_collects_are_released (void **state)
{
    fixture_t *fixture = *state;
    int counted = made;
    far_request_t *request = far_call_async (fixture->module, "Thing", "");
    assert_made (request);
    assert_ok (far_request_wait (request, LONG_MS));
    assert_int_equal (made, counted + 1);
    far_request_destroy (&request); /* there, and not looked at */
    assert_all_ended (&counted);

    far_request_t *before = ask (fixture, 0);
    request = far_call_async (fixture->module, "Thing", "");
    assert_made (request);
    far_request_destroy (&request); /* under way: it is not run, or its answer is late */
    settle (fixture);
    assert_result (before, 0);
    far_request_destroy (&before);
    assert_all_ended (&counted);

    /* Each reading gives a proxy; the last one that is destroyed lets go. */
    request = far_call_async (fixture->module, "Thing", "");
    far_proxy_t *first = NULL, *second = NULL;
    assert_ok (far_request_result (request, "P", &first));
    assert_ok (far_request_result (request, "P", &second));
    assert_true (far_proxy_equals (first, second));
    far_request_destroy (&request);
    far_proxy_destroy (&first);
    assert_ok (far_call (fixture->module, "same", "l", (int64_t)0));
    assert_int_equal (sem_trywait (&ended), -1);
    far_proxy_destroy (&second);
    assert_all_ended (&counted);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S15_timeout_any_time_or_for_ever),
        cmocka_unit_test (S16_timed_out_request_is_readable_later),
        cmocka_unit_test (S16_sync_call_hands_out_its_request),
        cmocka_unit_test (S16_request_describes_itself),
        cmocka_unit_test (S17_result_is_readable_any_number_of_times),
        cmocka_unit_test (S17_wait_for_any_and_for_all),
        cmocka_unit_test (S17_completion_callback),
        cmocka_unit_test (S17_callback_calls_however_the_actor_serves),
        cmocka_unit_test (S17_callback_is_told_of_a_death),
        cmocka_unit_test (S17_pollable_descriptor),
        cmocka_unit_test (S18_results_nobody_collects_are_released),
    };
    return cmocka_run_group_tests_name ("futures", tests, set_up, tear_down);
}
