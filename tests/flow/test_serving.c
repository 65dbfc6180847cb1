/* The program itself runs the methods, from its own loop; and whoever runs them, what they do ends no loop. */
#include "support/world.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

enum { LONG_MS = 60000 }; /* a backstop */

static int set_up (void **state)
{
    world_t *world = world_new ();
    world_host (world, "a");
    *state = world;
    return 0;
}

static far_actor_t *served_by_us (world_t *world, const char *name)
{
    return world_open (world, &(far_actor_options_t){ .name = name, .serve_by_caller = true });
}

static bool is_readable (int fd, int timeout_ms)
{
    struct pollfd one = { .fd = fd, .events = POLLIN };
    return poll (&one, 1, timeout_ms) == 1;
}

/* Where and how often a function has run. */
typedef struct runs {
    pthread_t thread;
    int count;
} runs_t;

static far_status_t note_run (far_call_t *call, void *context)
{
    runs_t *runs = context;
    int64_t value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    runs->thread = pthread_self ();
    runs->count++;
    return far_call_return (call, "l", value * 2);
}

/* Waits for the descriptor, and serves, until count requests have been run. */
static void serve (far_actor_t *actor, size_t most, size_t count)
{
    while (count) {
        size_t ran = 0;
        assert_true (is_readable (far_actor_fd (actor), LONG_MS));
        assert_ok (far_actor_process_requests (actor, most, &ran));
        assert_in_range (ran, 0, most);
        assert_in_range (ran, 0, count);
        count -= ran;
    }
}

static void S43_requests_are_processed_when_the_descriptor_says_so (void **state)
{
    enum { CALLS = 7 };
    runs_t runs = { 0 };
    far_actor_t *me = served_by_us (*state, NULL);
    far_proxy_t *a = world_probe (me, "a");
    far_object_t *function = far_function (me, note_run, &runs, "value:l -> l");
    far_request_t *requests[CALLS];
    size_t ran = 99;
    assert_false (is_readable (far_actor_fd (me), 0));
    assert_ok (far_actor_process_requests (me, 10, &ran));
    assert_int_equal (ran, 0);
    for (int i = 0; i < CALLS; i++)
        requests[i] = far_call_async (a, "call", "Ol", function, (int64_t)i);
    serve (me, 2, CALLS);
    assert_int_equal (runs.count, CALLS);
    assert_true (pthread_equal (runs.thread, pthread_self ()));
    for (int i = 0; i < CALLS; i++) {
        int64_t twice = -1;
        assert_ok (far_request_result (requests[i], "l", &twice));
        assert_int_equal (twice, 2 * i);
        far_request_destroy (&requests[i]);
    }
    far_object_destroy (&function);
    far_proxy_destroy (&a);
    far_actor_destroy (&me);
}

static void *echo (void *a)
{
    far_call (a, "echo", "i", 1);
    return NULL;
}

/* Each edge leads to one request only, and there is an edge for each. */
static void S43_the_descriptor_has_an_edge_for_what_is_left (void **state)
{
    enum { CALLS = 5 };
    runs_t runs = { 0 };
    far_actor_t *me = served_by_us (*state, NULL);
    far_proxy_t *a = world_probe (me, "a");
    far_object_t *function = far_function (me, note_run, &runs, "value:l -> l");
    int epoll = epoll_create1 (EPOLL_CLOEXEC);
    pthread_t thread;
    struct epoll_event event = { .events = EPOLLIN | EPOLLET };
    assert_int_equal (epoll_ctl (epoll, EPOLL_CTL_ADD, far_actor_fd (me), &event), 0);
    for (int i = 0; i < CALLS; i++)
        assert_ok (far_send (a, "call", "Ol", function, (int64_t)i));
    pthread_create (&thread, NULL, echo, a);
    pthread_join (thread, NULL); /* an answer that comes after them: all are here */
    while (runs.count < CALLS) {
        assert_int_equal (epoll_wait (epoll, &event, 1, LONG_MS), 1);
        assert_ok (far_actor_process_requests (me, 1, NULL));
    }
    close (epoll);
    far_object_destroy (&function);
    far_proxy_destroy (&a);
    far_actor_destroy (&me);
}

static void note_end (void *self)
{
    runs_t *runs = *(runs_t **)self;
    runs->thread = pthread_self ();
    runs->count++;
}

static void note_done (far_request_t *request, void *context)
{
    (void)request;
    runs_t *runs = context;
    runs->thread = pthread_self ();
    runs->count++;
}

/* Serves until what runs was to be noted has been. */
static void serve_until (far_actor_t *actor, const runs_t *runs)
{
    while (!runs->count) {
        assert_true (is_readable (far_actor_fd (actor), LONG_MS));
        assert_ok (far_actor_process_requests (actor, 10, NULL));
    }
    assert_true (pthread_equal (runs->thread, pthread_self ()));
}

static void S43_objects_end_and_callbacks_run_there_too (void **state)
{
    static const far_class_t noted = { .name = "Noted", .size = sizeof (runs_t *), .fini = note_end };
    runs_t ends = { 0 }, done = { 0 };
    far_actor_t *me = served_by_us (*state, NULL);
    far_proxy_t *a = world_probe (me, "a");
    far_object_t *object = far_object_new (me, &noted, "");
    assert_made (object);
    *(runs_t **)far_object_data (object) = &ends;
    assert_ok (far_call (a, "hold", "O", object));
    far_object_destroy (&object); /* a holds it still */
    assert_int_equal (ends.count, 0);
    far_request_t *request = far_call_async (a, "drop", "");
    assert_ok (far_request_on_done (request, note_done, &done));
    serve_until (me, &done);
    serve_until (me, &ends);
    far_request_destroy (&request);
    far_proxy_destroy (&a);
    far_actor_destroy (&me);
}

static void S43_closed_once_it_was_told_to_close (void **state)
{
    far_actor_t *me = served_by_us (*state, "closed"), *other = world_actor (*state, NULL);
    far_process_t *process = far_find (other, "closed");
    assert_made (process);
    assert_ok (far_process_close (process, false));
    serve (me, 10, 1);
    assert_true (is_readable (far_actor_fd (me), LONG_MS));
    size_t ran = 99;
    assert_status (far_actor_process_requests (me, 10, &ran), FAR_E_CLOSED);
    assert_int_equal (ran, 99);
    assert_true (is_readable (far_actor_fd (me), 0));
    assert_ok (far_actor_wait_closed (me, LONG_MS));
    assert_status (far_actor_process_requests (me, 10, NULL), FAR_E_CLOSED);
    far_process_destroy (&process);
    far_actor_destroy (&me);
    far_actor_destroy (&other);
}

static void S43_not_for_an_actor_that_serves_by_itself (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    assert_int_equal (far_actor_fd (me), -1);
    assert_status (far_actor_process_requests (me, 1, NULL), FAR_E_BAD_ARGUMENTS);
    far_actor_destroy (&me);
    far_actor_options_t options = { .address = ((world_t *)*state)->endpoint, .threads = 2, .serve_by_caller = true };
    assert_null (far_actor_open (&options));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_BAD_ARGUMENTS);
    options = (far_actor_options_t){ .address = options.address, .threads = 257 };
    assert_null (far_actor_open (&options));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_BAD_ARGUMENTS);
}

static void S42_the_thread_that_serves_does_so_while_it_waits (void **state)
{
    runs_t runs = { 0 };
    far_actor_t *me = served_by_us (*state, NULL);
    far_proxy_t *a = world_probe (me, "a");
    far_object_t *function = far_function (me, note_run, &runs, "value:l -> l");
    int64_t result = 0;
    assert_ok (far_call (a, "call", "Ol>l", function, (int64_t)21, &result));
    assert_int_equal (result, 42);
    assert_true (pthread_equal (runs.thread, pthread_self ()));
    far_object_destroy (&function);
    far_proxy_destroy (&a);
    far_actor_destroy (&me);
}

typedef struct asking {
    far_proxy_t *a;
    far_object_t *function;
    int64_t result;
    far_status_t status;
} asking_t;

static void *ask (void *context)
{
    asking_t *self = context;
    self->status = far_call (self->a, "call", "Ol>l", self->function, (int64_t)4, &self->result);
    return NULL;
}

static void S42_the_waits_of_other_threads_run_no_methods (void **state)
{
    runs_t runs = { 0 };
    far_actor_t *me = served_by_us (*state, NULL);
    asking_t asking = { world_probe (me, "a"), far_function (me, note_run, &runs, "value:l -> l"), 0, FAR_OK };
    pthread_t thread;
    pthread_create (&thread, NULL, ask, &asking);
    serve (me, 10, 1);
    pthread_join (thread, NULL);
    assert_ok (asking.status);
    assert_int_equal (asking.result, 8);
    assert_true (pthread_equal (runs.thread, pthread_self ()));
    far_object_destroy (&asking.function);
    far_proxy_destroy (&asking.a);
    far_actor_destroy (&me);
}

static far_status_t talk_nonsense (far_call_t *call, void *context)
{
    (void)call, (void)context;
    return (far_status_t)4711;
}

static void errors_end_nothing (far_actor_t *actor, far_actor_t *me)
{
    far_object_t *function = far_function (actor, talk_nonsense, NULL, "value:v");
    far_process_t *process = far_process (me, far_actor_id (actor));
    far_proxy_t *ping = far_import_deferred (process, "process.ping");
    far_proxy_t *a = world_probe (actor, "a");
    for (int i = 0; i < 20; i++) {
        assert_status (far_call (a, "call", "On", function), FAR_E_RAISED);
        assert_string_equal (far_error_class (far_last_error ()), "BadStatus");
        assert_ok (far_call (ping, NULL, ""));
    }
    assert_status (far_call (ping, "nothing", ""), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_ok (far_call (ping, NULL, ""));
    far_proxy_destroy (&a);
    far_proxy_destroy (&ping);
    far_process_destroy (&process);
    far_object_destroy (&function);
}

static void S44_errors_and_nonsense_of_methods_end_no_loop (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    for (int threads = 0; threads <= 2; threads += 2) {
        far_actor_t *actor = world_open (*state, &(far_actor_options_t){ .name = "errors", .threads = threads });
        errors_end_nothing (actor, me);
        far_actor_destroy (&actor);
    }
    far_actor_destroy (&me);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S43_requests_are_processed_when_the_descriptor_says_so),
        cmocka_unit_test (S43_the_descriptor_has_an_edge_for_what_is_left),
        cmocka_unit_test (S43_objects_end_and_callbacks_run_there_too),
        cmocka_unit_test (S43_closed_once_it_was_told_to_close),
        cmocka_unit_test (S43_not_for_an_actor_that_serves_by_itself),
        cmocka_unit_test (S42_the_thread_that_serves_does_so_while_it_waits),
        cmocka_unit_test (S42_the_waits_of_other_threads_run_no_methods),
        cmocka_unit_test (S44_errors_and_nonsense_of_methods_end_no_loop),
    };
    return cmocka_run_group_tests_name ("serving", tests, set_up, world_tear_down);
}
