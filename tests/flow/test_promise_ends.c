/* Answers that have not come and what is asked of them, when somebody waits, gives up or goes. */
#include "support/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static sem_t asked; /* posted by who comes to the gate */

static int set_up (void **state)
{
    sem_init (&asked, 0, 0);
    return files_set_up (state, 0);
}

static int set_up_pool (void **state)
{
    sem_init (&asked, 0, 0);
    return files_set_up (state, 4);
}

/* Says that it was asked, and answers once the gate is open. */
static far_status_t wait_at_gate (far_call_t *call, void *come)
{
    (void)call;
    sem_post (come);
    sem_wait (&files_gate);
    return FAR_OK;
}

/* The method of the kept request waits in a call of its own: others are served, those that refer to it wait. */
static void waiting_blocks_nobody (void **state)
{
    files_t *self = *state;
    far_actor_t *keeper = world_actor (self->world, "keeper"); /* another thread than ours */
    far_object_t *ask = far_function (self->me, wait_at_gate, &asked, "");
    far_request_t *opened = far_call_promise (self->files, "open_asking", "sO", "d", ask);
    far_proxy_t *words = far_then (opened, "read ().split ()");
    far_request_t *counted = far_call_async (words, "__len__", ""), *given_up = far_call_async (words, "__len__", "");
    world_assert_posted (&asked);
    /* From others: our own actor is at the gate. */
    far_process_t *process = far_process (keeper, far_process_get_id (self->process));
    far_proxy_t *files = far_import (process, "files");
    int64_t number = 0;
    assert_ok (far_call (files, "same", "l>l", (int64_t)5, &number));
    assert_int_equal (number, 5);
    far_request_cancel (given_up);
    assert_false (far_request_done (counted));
    sem_post (&files_gate);
    assert_ok (far_request_result (counted, "l", &number));
    assert_int_equal (number, 3);
    assert_status (far_request_result (given_up, NULL), FAR_E_CANCELLED);
    far_request_destroy (&given_up);
    far_request_destroy (&counted);
    far_proxy_destroy (&words);
    far_request_destroy (&opened);
    far_proxy_destroy (&files);
    far_process_destroy (&process);
    far_object_destroy (&ask);
    far_actor_destroy (&keeper);
    files_assert_all_ended ();
}

/* Giving the request up is not giving up what was asked of its answer. */
static void letting_go_cancels_nothing_that_is_used (void **state)
{
    files_t *self = *state;
    far_request_t *before = far_call_async (self->files, "open", "s", "occupies");
    far_request_t *opened = far_call_promise (self->files, "open", "s", "e");
    far_proxy_t *words = far_then (opened, "read ().split ()");
    far_request_t *counted = far_call_async (words, "__len__", "");
    far_request_destroy (&opened);
    far_proxy_destroy (&words); /* forgotten: but what has been asked arrived before */
    sem_post (&files_gate);
    sem_post (&files_gate);
    int64_t number = 0;
    assert_ok (far_request_result (counted, "l", &number));
    assert_int_equal (number, 3);
    far_request_destroy (&counted);
    far_request_destroy (&before);
    files_assert_all_ended ();
}

/* One that waits for an answer ends at once, and with it what waits for its own. */
static void cancelling_ends_what_waits (void **state)
{
    files_t *self = *state;
    far_object_t *ask = far_function (self->me, wait_at_gate, &asked, "");
    far_request_t *opened = far_call_promise (self->files, "open_asking", "sO", "f", ask);
    far_proxy_t *file = far_then (opened, NULL);
    far_request_t *read = far_call_promise (file, "read", "");
    far_proxy_t *text = far_then (read, NULL);
    far_request_t *upper = far_call_async (text, "upper", ""), *lower = far_call_async (text, "lower", "");
    world_assert_posted (&asked);
    far_request_cancel (read);
    sem_post (&files_gate);
    assert_status (far_request_result (read, NULL), FAR_E_CANCELLED);
    assert_status (far_request_result (upper, NULL), FAR_E_CANCELLED);
    assert_status (far_request_result (lower, NULL), FAR_E_CANCELLED);
    assert_ok (far_request_result (opened, NULL));
    far_request_destroy (&lower);
    far_request_destroy (&upper);
    far_proxy_destroy (&text);
    far_request_destroy (&read);
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
    far_object_destroy (&ask);
    files_assert_all_ended ();
}

/* The owner lets go of what it kept for a process that is gone, and of what nobody will ask for. */
static void death_of_the_caller_forgets (void **state)
{
    files_t *self = *state;
    far_actor_t *mortal = world_actor (self->world, NULL);
    far_process_t *process = far_find (mortal, "files");
    far_proxy_t *files = far_import_deferred (process, "files");
    far_request_t *opened = far_call_promise (files, "open", "s", "g");
    far_proxy_t *words = far_then (opened, "read ().split ()");
    sem_post (&files_gate);
    size_t count = 0;
    assert_ok (far_len (words, &count));
    far_actor_destroy (&mortal);
    files_assert_all_ended ();
    assert_status (far_len (words, &count), FAR_E_CLOSED);
    far_proxy_destroy (&words);
    far_request_destroy (&opened);
    far_proxy_destroy (&files);
    far_process_destroy (&process);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (waiting_blocks_nobody),
        cmocka_unit_test (letting_go_cancels_nothing_that_is_used),
        cmocka_unit_test (cancelling_ends_what_waits),
        cmocka_unit_test (death_of_the_caller_forgets),
    };
    const struct CMUnitTest on_a_pool[] = {
        cmocka_unit_test (waiting_blocks_nobody),
        cmocka_unit_test (death_of_the_caller_forgets),
    };
    int failed = cmocka_run_group_tests_name ("ends of promises", tests, set_up, files_tear_down);
    return failed + cmocka_run_group_tests_name ("ends of promises on a pool", on_a_pool, set_up_pool, files_tear_down);
}
