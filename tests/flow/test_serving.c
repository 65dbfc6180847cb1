/* Who runs the methods: the program itself from its own loop, or a pool of threads. */
#include "support/world.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

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

static int tear_down (void **state)
{
    world_destroy ((world_t **)state);
    return 0;
}

static far_actor_t *open_actor (world_t *world, const far_actor_options_t *how)
{
    far_actor_options_t options = *how;
    options.address = world->endpoint;
    far_actor_t *actor = far_actor_open (&options);
    assert_made (actor);
    return actor;
}

static far_actor_t *served_by_us (world_t *world, const char *name)
{
    return open_actor (world, &(far_actor_options_t){ .name = name, .serve_by_caller = true });
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

/* Waits until as many are here as are expected. */
static far_status_t meet (far_call_t *call, void *context)
{
    meeting_t *meeting = context;
    struct timespec until = long_from_now ();
    int failed = 0;
    pthread_mutex_lock (&meeting->lock);
    meeting->here++;
    pthread_cond_broadcast (&meeting->changed);
    while (!failed && meeting->here < meeting->expected)
        failed = pthread_cond_timedwait (&meeting->changed, &meeting->lock, &until);
    pthread_mutex_unlock (&meeting->lock);
    return failed ? far_call_fail (call, "Alone", "the others did not come") : FAR_OK;
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

static meeting_t meeting;

static void fill_meeting (far_module_t *module)
{
    meeting = (meeting_t){ .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .expected = 4 };
    far_module_set_data (module, &meeting, NULL);
    far_module_function (module, "meet", meet, "", "");
    far_module_function (module, "pass", pass_gate, "", "");
    far_module_function (module, "open", open_gate, "", "");
}

static far_actor_t *pool_actor (world_t *world, const char *name, int threads)
{
    static const far_offer_t offers[] = { { "meeting", fill_meeting }, { 0 } };
    return open_actor (world, &(far_actor_options_t){ .name = name, .threads = threads, .offers = offers });
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

static far_status_t note_start (far_call_t *call, void *context)
{
    (void)call;
    atomic_store ((atomic_bool *)context, true);
    return FAR_OK;
}

static void test_a_method_on_a_pool_learns_that_it_was_cancelled (void **state)
{
    atomic_bool started = false;
    far_actor_t *me = served_by_us (*state, NULL);
    far_proxy_t *pool = world_probe (me, "pool");
    far_object_t *function = far_function (me, note_start, &started, NULL);
    far_request_t *request = far_call_async (pool, "until_cancelled", "O", function);
    serve (me, 1, 1);
    assert_true (started);
    far_request_cancel (request);
    assert_ok (far_request_wait (request, LONG_MS));
    assert_status (far_request_result (request, ""), FAR_E_RAISED);
    far_request_destroy (&request);
    far_object_destroy (&function);
    far_proxy_destroy (&pool);
    far_actor_destroy (&me);
}

/* What happened in an actor whose method `outer` waits, in order. */
typedef struct story {
    far_proxy_t *inner;
    pthread_mutex_t lock;
    char text[64];
    bool others;   /* it is the main thread that asks for inner, in a chain of its own */
    bool served;   /* and it is expected to run while outer waits */
    sem_t reached; /* outer's call has come to us */
    sem_t asked_too;
} story_t;

static void tell (story_t *story, const char *what)
{
    pthread_mutex_lock (&story->lock);
    strcat (story->text, what);
    pthread_mutex_unlock (&story->lock);
}

static far_status_t story_outer (far_call_t *call, void *context)
{
    far_proxy_t *back;
    if (far_call_args (call, &back))
        return far_call_status (call);
    tell (context, "(");
    far_status_t status = far_call (back, NULL, "");
    tell (context, ")");
    return status;
}

static far_status_t story_inner (far_call_t *call, void *context)
{
    (void)call;
    tell (context, "inner");
    return FAR_OK;
}

/* While outer waits: inner is asked for. If it is not to run now its answer is not waited for, but it comes before that of
 * story_back, as both go from us to the same process. */
static far_status_t ask_for_inner (story_t *story, far_proxy_t *inner)
{
    return story->served ? far_call (inner, NULL, "") : far_send (story->inner, NULL, "");
}

static far_status_t story_back (far_call_t *call, void *context)
{
    (void)call;
    story_t *story = context;
    if (!story->others)
        return ask_for_inner (story, story->inner);
    sem_post (&story->reached);
    while (sem_wait (&story->asked_too))
        ;
    return FAR_OK;
}

/* Runs the story with an actor of that policy. */
static void run_story (world_t *world, const far_actor_options_t *how, bool others, bool served)
{
    story_t story = { .lock = PTHREAD_MUTEX_INITIALIZER, .others = others, .served = served };
    sem_init (&story.reached, 0, 0);
    sem_init (&story.asked_too, 0, 0);
    far_actor_t *told = open_actor (world, how), *me = world_actor (world, NULL), *other = world_actor (world, NULL);
    far_object_t *outer = far_function (told, story_outer, &story, "back:P");
    far_object_t *inner = far_function (told, story_inner, &story, NULL);
    far_object_t *back = far_function (me, story_back, &story, NULL);
    far_proxy_t *a = world_probe (told, "a"), *mine = world_probe (me, "a"), *others_a = world_probe (other, "a");
    far_proxy_t *begin = NULL, *by_others = NULL;
    assert_ok (far_call (a, "hold", "O", outer));
    assert_ok (far_call (mine, "held", ">P", &begin));
    assert_ok (far_call (a, "hold", "O", inner));
    assert_ok (far_call (mine, "held", ">P", &story.inner));
    assert_ok (far_call (others_a, "held", ">P", &by_others));
    far_request_t *request = far_call_async (begin, NULL, "O", back);
    if (others) {
        while (sem_wait (&story.reached))
            ;
        assert_ok (ask_for_inner (&story, by_others));
        sem_post (&story.asked_too);
    }
    assert_ok (far_request_wait (request, LONG_MS));
    assert_ok (far_request_result (request, ""));
    assert_ok (far_call (story.inner, NULL, "")); /* comes after the other one: now that has run too */
    pthread_mutex_lock (&story.lock);
    assert_string_equal (story.text, served ? "(inner)inner" : "()innerinner");
    pthread_mutex_unlock (&story.lock);
    far_request_destroy (&request);
    far_call (mine, "drop", "");
    far_proxy_destroy (&begin);
    far_proxy_destroy (&story.inner);
    far_proxy_destroy (&a);
    far_proxy_destroy (&mine);
    far_proxy_destroy (&by_others);
    far_proxy_destroy (&others_a);
    far_actor_destroy (&other);
    far_object_destroy (&outer);
    far_object_destroy (&inner);
    far_object_destroy (&back);
    far_actor_destroy (&me);
    far_actor_destroy (&told);
}

static void S42_policies_say_what_a_method_that_waits_serves (void **state)
{
    static const struct policy_row {
        far_reentrancy_t policy;
        bool others, served;
    } rows[] = {
        { FAR_REENTRANCY_INTERLEAVE, false, true }, { FAR_REENTRANCY_INTERLEAVE, true, true },
        { FAR_REENTRANCY_CHAIN, false, true },      { FAR_REENTRANCY_CHAIN, true, false },
        { FAR_REENTRANCY_QUEUE, false, false },     { FAR_REENTRANCY_QUEUE, true, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int threads = 0; threads <= 1; threads++)
            run_story (*state, &(far_actor_options_t){ .threads = threads, .reentrancy = rows[i].policy },
                       rows[i].others, rows[i].served);
}

/* A chain is the same through other processes, and bounded all the same. */
static void S42_a_chain_of_calls_comes_back (void **state)
{
    world_t *world = *state;
    pid_t pid = world_host_with (world, "chain", "--reentrancy", "chain");
    far_actor_t *me = world_actor (world, NULL);
    far_proxy_t *a = world_probe (me, "a"), *chain = world_probe (me, "chain");
    far_proxy_t *bounce_a = NULL, *bounce_chain = NULL;
    assert_ok (far_get (a, "bounce", "P", &bounce_a));
    assert_ok (far_get (chain, "bounce", "P", &bounce_chain));
    int64_t reached = 0;
    assert_ok (far_call (bounce_chain, NULL, "PPl>l", bounce_chain, bounce_a, (int64_t)9, &reached));
    assert_int_equal (reached, 10);
    assert_status (far_call (bounce_chain, NULL, "PPl>l", bounce_chain, bounce_a, (int64_t)100000, &reached),
                   FAR_E_OVERLOADED);
    far_proxy_destroy (&bounce_a);
    far_proxy_destroy (&bounce_chain);
    far_proxy_destroy (&a);
    far_proxy_destroy (&chain);
    far_actor_destroy (&me);
    world_signal (world, pid, SIGTERM);
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

/* A proxy that actor has to an object of another one, handed on by the process a. */
static far_proxy_t *proxy_of (far_actor_t *owner, far_object_t *object, far_actor_t *actor)
{
    far_proxy_t *to_owner = world_probe (owner, "a"), *to_actor = world_probe (actor, "a"), *proxy = NULL;
    assert_ok (far_call (to_owner, "hold", "O", object));
    assert_ok (far_call (to_actor, "held", ">P", &proxy));
    assert_ok (far_call (to_owner, "drop", ""));
    far_proxy_destroy (&to_owner);
    far_proxy_destroy (&to_actor);
    return proxy;
}

static void open_ring (ring_t *self, world_t *world, far_actor_t *me, int threads)
{
    static const char *const names[RING] = { "one", "two", "three" };
    for (int i = 0; i < RING; i++) {
        far_actor_options_t how = { .name = names[i], .threads = threads, .reentrancy = FAR_REENTRANCY_QUEUE };
        self->actors[i] = open_actor (world, &how);
        self->methods[i] = far_function (self->actors[i], call_next, &self->next[i], NULL);
    }
    for (int i = 0; i < RING; i++)
        self->next[i] = proxy_of (self->actors[(i + 1) % RING], self->methods[(i + 1) % RING], self->actors[i]);
    self->first = proxy_of (self->actors[0], self->methods[0], me);
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
    far_actor_t *one = open_actor (*state, &queues), *two = open_actor (*state, &queues);
    far_actor_t *me = world_actor (*state, NULL);
    far_object_t *outer = far_function (one, give_up, &giving, NULL);
    far_object_t *inner = far_function (one, do_nothing, NULL, NULL);
    far_object_t *late = far_function (two, be_late, &giving, NULL);
    giving.late = proxy_of (two, late, one);
    giving.inner = proxy_of (one, inner, two);
    far_proxy_t *begin = proxy_of (one, outer, me);
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

static void S42_a_policy_can_be_set_later (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    assert_ok (far_actor_set (me, FAR_OPTION_REENTRANCY, FAR_REENTRANCY_QUEUE));
    assert_status (far_actor_set (me, FAR_OPTION_REENTRANCY, 3), FAR_E_BAD_ARGUMENTS);
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
        far_actor_t *actor = open_actor (*state, &(far_actor_options_t){ .name = "errors", .threads = threads });
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
        cmocka_unit_test (test_a_pool_runs_methods_at_once),
        cmocka_unit_test (test_answers_of_a_pool_come_as_they_are_ready),
        cmocka_unit_test (S42_a_pool_whose_threads_all_wait_goes_on),
        cmocka_unit_test (S42_nesting_is_bounded_on_a_pool_too),
        cmocka_unit_test (S42_policies_say_what_a_method_that_waits_serves),
        cmocka_unit_test (S42_a_chain_of_calls_comes_back),
        cmocka_unit_test (S42_a_cycle_of_processes_that_queue_is_a_deadlock),
        cmocka_unit_test (S42_a_process_that_queues_and_calls_itself_is_a_deadlock),
        cmocka_unit_test (S42_who_gave_up_waiting_is_no_part_of_a_deadlock),
        cmocka_unit_test (S42_a_policy_can_be_set_later),
        cmocka_unit_test (test_a_method_on_a_pool_learns_that_it_was_cancelled),
        cmocka_unit_test (S44_errors_and_nonsense_of_methods_end_no_loop),
    };
    return cmocka_run_group_tests_name ("serving", tests, set_up, tear_down);
}
