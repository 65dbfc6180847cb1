/* Credit: who sends faster than the receiver takes waits, or has Overloaded where it asked for that; and nobody waits for
 * ever. */
#include "support/floods.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FIRST = 64, WINDOW = 8192, MANY = 20000, ANY = -1 };

static int set_up (void **state)
{
    *state = world_new ();
    return 0;
}

static int tear_down (void **state)
{
    world_destroy ((world_t **)state);
    return 0;
}

/* A process in this program that takes nothing unless it is told to. */
typedef struct sink {
    far_actor_t *actor;
    int64_t next; /* the number that it wants next */
    far_process_t *process;
    far_proxy_t *take; /* as me has it */
} sink_t;

static sink_t *filled; /* by take_number */

static far_status_t take_number (far_call_t *call, void *self)
{
    (void)self;
    int64_t number;
    if (far_call_args (call, &number))
        return far_call_status (call);
    assert_true (number == filled->next || number == ANY);
    filled->next++;
    return FAR_OK;
}

static void fill_module (far_module_t *module)
{
    far_module_function (module, "take", take_number, "number:l", "");
}

static void sink_open (sink_t *self, world_t *world, far_actor_t *me)
{
    static const far_offer_t offers[] = { { "sink", fill_module }, { 0 } };
    *self = (sink_t){ .actor = world_open (
                          world, &(far_actor_options_t){ .name = "sink", .offers = offers, .serve_by_caller = true }) };
    filled = self;
    self->process = far_find (me, "sink");
    assert_made (self->process);
    self->take = far_import_deferred (self->process, "sink.take");
    assert_made (self->take);
}

static void sink_close (sink_t *self)
{
    far_proxy_destroy (&self->take);
    far_process_destroy (&self->process);
    far_actor_destroy (&self->actor);
}

/* Takes so many more. */
static void sink_take (sink_t *self, size_t count)
{
    for (size_t taken; count; count -= taken)
        assert_ok (far_actor_process_requests (self->actor, count, &taken));
}

static const far_setting_t at_once[] = { { FAR_OPTION_MODE, FAR_MODE_OFF }, { FAR_OPTION_NO_WAIT, 1 }, { 0 } };

static far_status_t send_at_once (sink_t *self, int64_t number)
{
    return far_call_with (self->take, at_once, NULL, NULL, "l", number);
}

static void who_has_no_credit_waits_or_is_told (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    sink_t sink;
    sink_open (&sink, *state, me);
    for (int64_t i = 0; i < WINDOW; i++)
        assert_ok (far_send (sink.take, NULL, "l", i)); /* some of it as soon as the sink has given credit */
    assert_status (send_at_once (&sink, WINDOW), FAR_E_OVERLOADED);
    world_assert_says ("no room at sink");
    far_proxy_set (sink.take, FAR_OPTION_NO_WAIT, 1);
    assert_null (far_call_async (sink.take, NULL, "l", (int64_t)WINDOW));
    assert_int_equal (far_last_status (), FAR_E_OVERLOADED);
    assert_status (far_call (sink.take, NULL, "l", (int64_t)WINDOW), FAR_E_OVERLOADED);
    far_proxy_set (sink.take, FAR_OPTION_NO_WAIT, FAR_UNSET);
    far_proxy_set (sink.take, FAR_OPTION_TIMEOUT_MS, 20);
    assert_status (far_call (sink.take, NULL, "l", (int64_t)WINDOW), FAR_E_TIMEOUT);
    world_assert_says ("no room at sink");
    far_proxy_set (sink.take, FAR_OPTION_TIMEOUT_MS, FAR_UNSET);
    sink_take (&sink, WINDOW / 2);
    for (int64_t i = WINDOW; i < WINDOW + WINDOW / 2; i++)
        assert_ok (far_send (sink.take, NULL, "l", i));
    assert_status (send_at_once (&sink, ANY), FAR_E_OVERLOADED);
    sink_take (&sink, WINDOW);
    assert_int_equal (sink.next, WINDOW + WINDOW / 2);
    sink_close (&sink);
    far_actor_destroy (&me);
}

/* A thread that sends until that fails. */
typedef struct sending {
    far_proxy_t *take;
    pthread_t thread;
    far_status_t ended;
} sending_t;

static void *send_on (void *context)
{
    sending_t *self = context;
    while (!self->ended)
        self->ended = far_send (self->take, NULL, "l", (int64_t)ANY);
    return NULL;
}

/* Once it has begun, no credit is left for anybody else. */
static void sending_begin (sending_t *self, far_proxy_t *take)
{
    *self = (sending_t){ .take = take };
    pthread_create (&self->thread, NULL, send_on, self);
    while (!far_call_with (take, at_once, NULL, NULL, "l", (int64_t)ANY))
        ;
    assert_int_equal (far_last_status (), FAR_E_OVERLOADED);
}

static void assert_sending_ends (sending_t *self, far_status_t expected)
{
    pthread_join (self->thread, NULL);
    assert_int_equal (self->ended, expected);
}

static void waiting_ends_with_who_is_waited_for (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    assert_ok (far_actor_set (me, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER));
    pid_t pid = world_host_module (*state, "host", "flood");
    far_process_t *host = far_find (me, "host");
    far_proxy_t *take = far_import_deferred (host, "flood.take");
    assert_made (take);
    sending_t sending;
    world_signal (*state, pid, SIGSTOP);
    sending_begin (&sending, take);
    world_signal (*state, pid, SIGKILL);
    assert_sending_ends (&sending, FAR_E_PEER_DIED);
    far_proxy_destroy (&take);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

static void waiting_ends_with_the_broker (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    assert_ok (far_actor_set (me, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER));
    sink_t sink;
    sending_t sending;
    sink_open (&sink, *state, me);
    sending_begin (&sending, sink.take);
    world_kill_broker (*state);
    assert_sending_ends (&sending, FAR_E_BROKER_LOST);
    sink_close (&sink);
    far_actor_destroy (&me);
}

static void waiting_ends_with_its_own_actor (void **state)
{
    far_actor_t *me = world_actor (*state, NULL), *other = world_actor (*state, NULL);
    assert_ok (far_actor_set (me, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER));
    sink_t sink;
    sending_t sending;
    sink_open (&sink, *state, me);
    sending_begin (&sending, sink.take);
    far_actor_close (me);
    assert_sending_ends (&sending, FAR_E_CLOSED);
    sink_close (&sink);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
}

/* Those who wait for one process send in the order of their coming, and nobody else has to wait for that. */
static void other_pairs_go_on (void **state)
{
    far_actor_t *me = world_actor (*state, NULL), *other = world_actor (*state, NULL);
    world_host_module (*state, "host", "flood");
    sink_t sink;
    sending_t sending;
    sink_open (&sink, *state, me);
    sending_begin (&sending, sink.take);
    far_process_t *host = far_find (me, "host"), *same = far_find (other, "sink");
    far_proxy_t *taken = far_import_deferred (host, "flood.taken"), *take = far_import_deferred (same, "sink.take");
    int64_t count;
    for (int i = 0; i < 2 * FIRST; i++)
        assert_ok (far_call (taken, NULL, "l>l", (int64_t)0, &count)); /* of the same sender */
    for (int i = 0; i < 2 * FIRST; i++)
        assert_ok (far_send (take, NULL, "l", (int64_t)ANY)); /* to the same receiver */
    assert_ok (far_process_close (sink.process, false));      /* which can be closed all the same */
    while (!far_actor_process_requests (sink.actor, SIZE_MAX, NULL))
        ;
    assert_int_equal (far_last_status (), FAR_E_CLOSED);
    far_actor_destroy (&sink.actor);
    assert_sending_ends (&sending, FAR_E_CLOSED);
    far_proxy_destroy (&taken);
    far_proxy_destroy (&take);
    far_process_destroy (&host);
    far_process_destroy (&same);
    sink_close (&sink);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
}

/* Two that flood each other, and themselves: all wait, serve meanwhile, and so nobody waits for ever. */
static void methods_that_flood_each_other (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    flooder_t a = flooder_new (*state, me, "a"), b = flooder_new (*state, me, "b");
    far_request_t *requests[] = { flooder_begin (&a, &b, 0, MANY, 0), flooder_begin (&b, &a, 1, MANY, 0),
                                  flooder_begin (&a, &a, 2, MANY, 0), flooder_begin (&b, &a, 3, MANY, 10) };
    floods_end (requests, 4);
    flooder_assert_taken (&b, 0, MANY);
    for (int sender = 1; sender <= 3; sender++)
        flooder_assert_taken (&a, sender, MANY);
    assert_int_equal (world_log_lines (*state, "Disorder"), 0);
    flooder_end (&a);
    flooder_end (&b);
    far_actor_destroy (&me);
}

/* What is larger than a window goes through it, one at a time. */
static void large_messages_go_through (void **state)
{
    enum { COUNT = 100, SIZE = 1 << 20 };
    far_actor_t *me = world_actor (*state, NULL);
    flooder_t a = flooder_new (*state, me, "a"), b = flooder_new (*state, me, "b");
    far_request_t *requests[] = { flooder_begin (&a, &b, 0, COUNT, SIZE), flooder_begin (&b, &b, 1, COUNT, SIZE) };
    floods_end (requests, 2);
    flooder_assert_taken (&b, 0, COUNT);
    flooder_assert_taken (&b, 1, COUNT);
    flooder_end (&a);
    flooder_end (&b);
    far_actor_destroy (&me);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (who_has_no_credit_waits_or_is_told),
        TEST (waiting_ends_with_who_is_waited_for),
        TEST (waiting_ends_with_the_broker),
        TEST (waiting_ends_with_its_own_actor),
        TEST (other_pairs_go_on),
        TEST (methods_that_flood_each_other),
        TEST (large_messages_go_through),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
