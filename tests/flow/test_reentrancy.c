/* What a method that waits for a call of its own serves meanwhile: what the actor's policy says. */
#include "support/world.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LONG_MS = 60000 }; /* a backstop */

static int set_up (void **state)
{
    world_t *world = world_new ();
    world_host (world, "a");
    *state = world;
    return 0;
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
    far_actor_t *told = world_open (world, how), *me = world_actor (world, NULL), *other = world_actor (world, NULL);
    far_object_t *outer = far_function (told, story_outer, &story, "back:P");
    far_object_t *inner = far_function (told, story_inner, &story, NULL);
    far_object_t *back = far_function (me, story_back, &story, NULL);
    far_proxy_t *begin = world_proxy_of (told, outer, me, "a"), *by_others = world_proxy_of (told, inner, other, "a");
    story.inner = world_proxy_of (told, inner, me, "a");
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
    far_proxy_destroy (&begin);
    far_proxy_destroy (&story.inner);
    far_proxy_destroy (&by_others);
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

static void S42_a_policy_can_be_set_later (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    assert_ok (far_actor_set (me, FAR_OPTION_REENTRANCY, FAR_REENTRANCY_QUEUE));
    assert_status (far_actor_set (me, FAR_OPTION_REENTRANCY, 3), FAR_E_BAD_ARGUMENTS);
    far_actor_destroy (&me);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S42_policies_say_what_a_method_that_waits_serves),
        cmocka_unit_test (S42_a_chain_of_calls_comes_back),
        cmocka_unit_test (S42_a_policy_can_be_set_later),
    };
    return cmocka_run_group_tests_name ("reentrancy", tests, set_up, world_tear_down);
}
