/* Errors between real processes: what the caller is told of them, what they have come through, what caused them, and who
 * hears of those that nobody waits for. */
#include "support/pair.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int set_up (void **state)
{
    return pair_set_up (state, "probe", 0);
}

static void assert_hop (const far_error_t *error, size_t index, const char *process, const char *object,
                        const char *method)
{
    const far_hop_t *hop = far_error_hop (error, index);
    assert_non_null (hop);
    assert_string_equal (hop->process, process);
    assert_string_equal (hop->object, object);
    assert_string_equal (hop->method, method);
}

/* The method add of a counter of host that can't be added to any more. */
static far_proxy_t *full_counter_add (pair_t *pair)
{
    far_proxy_t *counter = far_new (pair->host, "probe.Counter", "l", INT64_MAX);
    far_proxy_t *add = far_attr (counter, "add");
    assert_made (add);
    far_proxy_destroy (&counter);
    return add;
}

static void S45_errors_name_the_chain_of_hops (void **state)
{
    pair_t *pair = *state;
    world_host (pair->world, "middle");
    far_proxy_t *middle = world_probe (pair->me, "middle"), *add = full_counter_add (pair);
    assert_status (far_call (middle, "call", "Pl", add, (int64_t)1), FAR_E_RAISED);
    const far_error_t *error = far_last_error ();
    assert_string_equal (far_status_name (far_error_kind (error)), "Raised");
    assert_string_equal (far_error_class (error), "OverflowError");
    assert_string_equal (far_error_message (error), "9223372036854775807 + 1");
    assert_int_equal (far_error_hop_count (error), 2);
    assert_hop (error, 0, "host", "Counter", "add");
    assert_non_null (strstr (far_error_hop (error, 0)->file, "counter.h"));
    assert_true (far_error_hop (error, 0)->line > 0);
    assert_hop (error, 1, "middle", "probe", "call"); /* it let the error pass: it has not raised one */
    assert_string_equal (far_error_hop (error, 1)->file, "");
    assert_null (far_error_cause (error));
    far_proxy_destroy (&add);
    far_proxy_destroy (&middle);
}

static void S45_errors_carry_their_cause (void **state)
{
    pair_t *pair = *state;
    world_host (pair->world, "middle");
    far_proxy_t *middle = world_probe (pair->me, "middle"), *add = full_counter_add (pair);
    assert_status (far_call (middle, "wrap", "Pl", add, (int64_t)1), FAR_E_RAISED);
    const far_error_t *error = far_last_error (), *cause = far_error_cause (error);
    assert_string_equal (far_error_class (error), "WrapError");
    assert_int_equal (far_error_hop_count (error), 1);
    assert_hop (error, 0, "middle", "probe", "wrap");
    assert_non_null (cause);
    assert_string_equal (far_error_class (cause), "OverflowError");
    assert_int_equal (far_error_hop_count (cause), 1);
    assert_hop (cause, 0, "host", "Counter", "add");
    assert_null (far_error_cause (cause));
    /* And all of it is one text. */
    char *text = far_error_text (error);
    const char *first = strstr (text, "Raised (WrapError): what was called failed\n  at probe.wrap ("),
               *second =
                   strstr (text, ") in process middle\ncaused by: Raised (OverflowError): 9223372036854775807 + 1\n"
                                 "  at Counter.add ("),
               *third = strstr (text, ") in process host");
    assert_ptr_equal (first, text);
    assert_true (second && third > second);
    far_string_free (&text);
    far_proxy_destroy (&add);
    far_proxy_destroy (&middle);
}

/* What this process writes to stderr while the call fails. */
static size_t stderr_bytes_of_failure (far_proxy_t *probe, bool prints)
{
    int ends[2], before = dup (STDERR_FILENO);
    assert_int_equal (pipe (ends), 0);
    dup2 (ends[1], STDERR_FILENO);
    far_status_t status = far_call (probe, "fail", "ss", "Quiet", "said by nobody");
    if (prints)
        far_print_error ("fail");
    dup2 (before, STDERR_FILENO);
    close (ends[1]);
    close (before);
    char text[1024];
    ssize_t size = read (ends[0], text, sizeof text);
    close (ends[0]);
    assert_int_equal (status, FAR_E_RAISED);
    return (size_t)size;
}

static void S45_nothing_is_printed_unless_asked_for (void **state)
{
    pair_t *pair = *state;
    assert_int_equal (stderr_bytes_of_failure (pair->module, false), 0);
    assert_int_equal (world_log_lines (pair->world, "said by nobody"), 0);
    assert_true (stderr_bytes_of_failure (pair->module, true) > 0);
}

typedef struct failing {
    far_proxy_t *probe;
    far_proxy_t *told; /* what is to be called off, while the method waits; NULL for none */
    bool calls, clears;
} failing_t;

/* Fails, after it has made calls of which some failed. */
static far_status_t fail_after_calls (far_call_t *call, void *context)
{
    failing_t *self = context;
    if (self->told && far_call (self->probe, "tell", "Pi", self->told, 0))
        return far_last_status ();
    if (self->calls && !far_call (self->probe, "fail", "ss", "Inner", "of a call of its own"))
        return FAR_OK;
    if (self->clears)
        far_clear_error ();
    return far_call_fail (call, "Outer", "after all");
}

static far_status_t fail_told (far_call_t *call, void *ran)
{
    ++*(int *)ran;
    assert_null (far_value_new ("?")); /* leaves a last error behind */
    return far_call_fail (call, "Told", "of somebody else's call");
}

/* The class of the cause that a failing method's error has; "" for none. */
static const char *cause_of_failing (pair_t *pair, failing_t failing)
{
    static char named[32];
    failing.probe = pair->module;
    far_object_t *function = far_function (pair->me, fail_after_calls, &failing, "argument:v");
    assert_made (function);
    assert_status (far_call (pair->module, "call", "Oi", function, 0), FAR_E_RAISED);
    const far_error_t *error = far_last_error (), *cause = far_error_cause (error);
    assert_string_equal (far_error_class (error), "Outer");
    snprintf (named, sizeof named, "%s", cause ? far_error_class (cause) : "");
    far_object_destroy (&function);
    return named;
}

static void S45_only_what_the_method_met_is_a_cause (void **state)
{
    pair_t *pair = *state;
    assert_string_equal (cause_of_failing (pair, (failing_t){ .calls = true }), "Inner");
    assert_string_equal (cause_of_failing (pair, (failing_t){ .calls = false }), "");
    assert_string_equal (cause_of_failing (pair, (failing_t){ .calls = true, .clears = true }), "");
    /* While it waits for a call that goes well, its process serves one that fails. */
    int ran = 0;
    far_object_t *other = far_function (pair->me, fail_told, &ran, "argument:v");
    assert_ok (far_call (pair->module, "hold", "O", other));
    far_proxy_t *told = NULL;
    assert_ok (far_call (pair->module, "held", ">P", &told));
    assert_string_equal (cause_of_failing (pair, (failing_t){ .told = told }), "");
    assert_int_equal (ran, 1);
    far_proxy_destroy (&told);
    assert_ok (far_call (pair->module, "drop", ""));
    far_object_destroy (&other);
}

/* Otherwise a method that fails later would name a cause that is none. */
static void S45_what_goes_well_leaves_no_error_behind (void **state)
{
    pair_t *pair = *state;
    far_clear_error ();
    far_actor_t *other = world_actor (pair->world, "other");
    far_process_t *found = far_find (pair->me, "other");
    far_proxy_t *module = far_import (found, "process"), *ping = far_attr (module, "ping");
    assert_ok (far_call (ping, NULL, ""));
    far_proxy_t *counter = far_new (pair->host, "probe.Counter", ""), *list = far_transfer (pair->host, "[i]", 1);
    assert_ok (far_send (counter, "add", ""));
    far_request_t *requests[2] = { far_call_async (counter, "add", ""), far_call_async (counter, "add", "") };
    size_t which;
    assert_ok (far_wait_any (requests, 2, FAR_FOREVER, &which));
    assert_ok (far_wait_all (requests, 2, FAR_FOREVER));
    far_request_cancel (requests[0]);
    far_request_destroy (&requests[0]);
    far_request_destroy (&requests[1]);
    far_request_t *given_up = far_call_async (pair->module, "busy", "i", 1);
    far_request_destroy (&given_up);
    int number;
    int64_t total;
    assert_ok (far_get (pair->module, "answer", "i", &number));
    assert_ok (far_get_value (counter, "l", &total));
    assert_ok (far_process_close (found, true));
    far_proxy_destroy (&list);
    far_proxy_destroy (&counter);
    far_proxy_destroy (&ping);
    far_proxy_destroy (&module);
    far_process_destroy (&found);
    far_actor_destroy (&other);
    assert_status (far_last_status (), FAR_OK);
}

typedef struct heard {
    sem_t came;
    int count;
    far_process_id_t caller;
    char error_class[32], message[64], answer[32];
    far_proxy_t *probe;
} heard_t;

/* A hook may make calls of its own. */
static void hear (void *context, far_process_id_t caller, const far_error_t *error)
{
    heard_t *heard = context;
    char *answer = NULL;
    heard->count++;
    heard->caller = caller;
    snprintf (heard->error_class, sizeof heard->error_class, "%s", far_error_class (error));
    snprintf (heard->message, sizeof heard->message, "%s", far_error_message (error));
    if (!far_call (heard->probe, "echo", "s>s", "from a hook", &answer))
        snprintf (heard->answer, sizeof heard->answer, "%s", answer);
    far_string_free (&answer);
    sem_post (&heard->came);
}

static void the_error_hook_hears_of_off_calls (void **state)
{
    pair_t *pair = *state;
    heard_t heard = { .probe = pair->module };
    sem_init (&heard.came, 0, 0);
    int ran = 0;
    far_object_t *function = far_function (pair->me, fail_told, &ran, "argument:v");
    far_actor_set_error_hook (pair->me, hear, &heard);
    assert_status (far_call (pair->module, "call", "Oi", function, 0), FAR_E_RAISED); /* its caller is told itself */
    assert_ok (far_call (pair->module, "tell", "Oi", function, 0));
    sem_wait (&heard.came);
    assert_int_equal (heard.count, 1);
    assert_int_equal (heard.caller.value, far_process_get_id (pair->host).value);
    assert_string_equal (heard.error_class, "Told");
    assert_string_equal (heard.message, "of somebody else's call");
    assert_string_equal (heard.answer, "from a hook");
    far_actor_set_error_hook (pair->me, NULL, NULL);
    assert_ok (far_call (pair->module, "tell", "Oi", function, 0));
    assert_status (far_call (pair->module, "call", "Oi", function, 0), FAR_E_RAISED); /* runs behind it */
    assert_int_equal (ran, 4);
    assert_int_equal (heard.count, 1);
    far_object_destroy (&function);
    sem_destroy (&heard.came);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S45_errors_name_the_chain_of_hops, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S45_errors_carry_their_cause, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S45_nothing_is_printed_unless_asked_for, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S45_only_what_the_method_met_is_a_cause, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S45_what_goes_well_leaves_no_error_behind, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (the_error_hook_hears_of_off_calls, set_up, pair_tear_down),
    };
    return cmocka_run_group_tests_name ("errors", tests, NULL, NULL);
}
