/* Calls between real processes through a real broker: what each way of calling gives, and what each error looks like to
 * the caller. */
#include "support/world.h"

#include <inttypes.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_construct_and_call (void **state)
{
    far_actor_t *me = world_actor (*state, "caller");
    far_process_t *host = far_find (me, "host");
    assert_made (host);
    far_proxy_t *counter = far_new (host, "probe.Counter", "l", (int64_t)40);
    assert_made (counter);
    int64_t total = 0;
    assert_ok (far_call (counter, "add", "i>l", 2, &total));
    assert_int_equal (total, 42);
    assert_ok (far_call (counter, "add", ">l", &total));
    assert_int_equal (total, 43);
    assert_ok (far_call (counter, "add", "amount:l>l", (int64_t)-3, &total));
    assert_int_equal (total, 40);
    assert_ok (far_get_value (counter, "l", &total));
    assert_int_equal (total, 40);
    far_proxy_destroy (&counter);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

static void test_every_type_travels (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    struct timespec time = { .tv_sec = 1700000000, .tv_nsec = 999999999 };
    far_bytes_t bytes = { "\0\1\xff", 3 };
    far_value_t *sent = far_value_new ("[nbbiluf s y t [ii] {s[]si}]", 0, 1, -1, INT64_MIN, UINT64_MAX, 0.1,
                                       "h\303\251llo", &bytes, &time, 1, 2, "a", "b", 3);
    assert_made (sent);
    far_value_t *got = NULL;
    assert_ok (far_call (probe, "echo", "v>v", sent, &got));
    assert_true (far_value_equals (sent, got));
    far_value_destroy (&sent);
    far_value_destroy (&got);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void S06_get_value_gives_the_object_by_value (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *host = far_find (me, "host");
    far_proxy_t *probe = far_import (host, "probe"), *counter = far_new (host, "probe.Counter", "l", (int64_t)40);
    far_proxy_t *opaque = far_new (host, "probe.Opaque", ""), *list = far_transfer (host, "[i[s]]", 7, "seven");
    assert_made (probe);
    assert_made (counter);
    assert_made (opaque);
    assert_made (list);
    int64_t total = 0;
    assert_ok (far_get_value (counter, "l", &total));
    assert_int_equal (total, 40);
    assert_ok (far_call (counter, "add", "i", 2));
    assert_ok (far_get_value (counter, "l", &total)); /* as it is now */
    assert_int_equal (total, 42);
    int number = 0;
    char *text = NULL;
    assert_ok (far_get_value (list, "[i[s]]", &number, &text));
    assert_int_equal (number, 7);
    assert_string_equal (text, "seven");
    far_string_free (&text);
    far_proxy_t *answer = far_attr (probe, "answer"), *echo = far_attr (probe, "echo");
    assert_ok (far_get_value (answer, "i", &number)); /* at a path */
    assert_int_equal (number, 42);
    far_value_t *value = NULL;
    assert_status (far_get_value (opaque, "v", &value), FAR_E_NOT_SERIALIZABLE);
    assert_non_null (strstr (far_error_message (far_last_error ()), "Opaque"));
    assert_status (far_get_value (echo, "v", &value), FAR_E_NOT_SERIALIZABLE);
    assert_status (far_get_value (probe, "v", &value), FAR_E_NOT_SERIALIZABLE);
    far_proxy_destroy (&echo);
    far_proxy_destroy (&answer);
    far_proxy_destroy (&list);
    far_proxy_destroy (&opaque);
    far_proxy_destroy (&counter);
    far_proxy_destroy (&probe);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

static void test_import_getattr_transfer (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *host = far_find (me, "host");
    assert_made (host);
    far_proxy_t *probe = far_import (host, "probe");
    assert_made (probe);
    int answer = 0;
    assert_ok (far_get (probe, "answer", "i", &answer));
    assert_int_equal (answer, 42);
    far_proxy_t *echo = NULL;
    char *text = NULL;
    assert_ok (far_get (probe, "echo", "P", &echo));
    assert_ok (far_call (echo, NULL, "s>s", "bound", &text));
    assert_string_equal (text, "bound");
    far_string_free (&text);
    far_proxy_t *copy = far_transfer (host, "[is]", 7, "seven");
    assert_made (copy);
    int seven = 0;
    assert_ok (far_get_value (copy, "[is]", &seven, &text));
    assert_int_equal (seven, 7);
    assert_string_equal (text, "seven");
    far_string_free (&text);
    far_proxy_t *again = far_import (host, "probe");
    assert_true (far_proxy_equals (probe, again));
    far_proxy_destroy (&again);
    far_proxy_destroy (&copy);
    far_proxy_destroy (&echo);
    far_proxy_destroy (&probe);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

static void test_deferred_paths (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *host = far_find (me, "host");
    far_proxy_t *probe = far_import_deferred (host, "probe");
    far_proxy_t *echo = far_attr (probe, "echo");
    int64_t out = 0;
    assert_ok (far_call (echo, NULL, "l>l", (int64_t)5, &out));
    assert_int_equal (out, 5);
    far_proxy_t *none = far_attr (probe, "echo.nothing.there");
    assert_status (far_call (none, "at.all", ""), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_non_null (strstr (far_error_message (far_last_error ()), "nothing"));
    far_proxy_t *missing = far_import_deferred (host, "no_such_module");
    assert_status (far_call (missing, "f", ""), FAR_E_NO_SUCH_MODULE);
    assert_null (far_import (host, "no_such_module"));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_NO_SUCH_MODULE);
    assert_null (far_import (host, "../etc/passwd"));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_NO_SUCH_MODULE);
    far_proxy_destroy (&missing);
    far_proxy_destroy (&none);
    far_proxy_destroy (&echo);
    far_proxy_destroy (&probe);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

static void test_errors_arrive_whole (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    assert_status (far_call (probe, "fail", "ss", "Wrong", "so \033 wrong"), FAR_E_RAISED);
    const far_error_t *error = far_last_error ();
    assert_string_equal (far_error_class (error), "Wrong");
    assert_string_equal (far_error_message (error), "so \033 wrong");
    assert_int_equal (far_error_hop_count (error), 1);
    const far_hop_t *hop = far_error_hop (error, 0);
    assert_string_equal (hop->process, "host");
    assert_string_equal (hop->method, "fail");
    assert_non_null (strstr (hop->file, "probe.c"));
    assert_true (hop->line > 0);
    assert_status (far_call (probe, "fail", "si", "a", 1), FAR_E_BAD_ARGUMENTS);
    assert_non_null (strstr (far_error_message (far_last_error ()), "message"));
    assert_status (far_call (probe, "fail", "s", "a"), FAR_E_BAD_ARGUMENTS);
    assert_status (far_call (probe, "fail", "sss", "a", "b", "c"), FAR_E_BAD_ARGUMENTS);
    assert_status (far_call (probe, "fail", "ss nope:i", "a", "b", 1), FAR_E_BAD_ARGUMENTS);
    assert_non_null (strstr (far_error_message (far_last_error ()), "nope"));
    assert_status (far_call (probe, "fail", "s", "not UTF-8 \xff"), FAR_E_NOT_SERIALIZABLE);
    int64_t number;
    assert_status (far_call (probe, "echo", "s>l", "text", &number), FAR_E_BAD_ARGUMENTS);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_many_in_flight (void **state)
{
    enum { MANY = 2000 };
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    far_request_t *requests[MANY];
    for (int i = 0; i < MANY; i++)
        assert_made (requests[i] = far_call_async (probe, "echo", "i", i));
    assert_ok (far_wait_all (requests, MANY, FAR_FOREVER));
    for (int i = 0; i < MANY; i++) {
        int out = -1;
        assert_true (far_request_done (requests[i]));
        assert_ok (far_request_result (requests[i], "i", &out));
        assert_int_equal (out, i);
        out = -1;
        assert_ok (far_request_result (requests[i], "i", &out)); /* any number of times */
        assert_int_equal (out, i);
        far_request_destroy (&requests[i]);
    }
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_wait_any_takes_each_once (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    far_request_t *requests[40];
    int64_t sum = 0;
    for (int i = 0; i < 40; i++)
        assert_made (requests[i] = far_call_async (probe, "echo", "i", i));
    for (int left = 40; left; left--) {
        size_t which = 99;
        int64_t out;
        assert_ok (far_wait_any (requests, 40, FAR_FOREVER, &which));
        assert_ok (far_request_result (requests[which], "l", &out));
        sum += out;
        far_request_destroy (&requests[which]);
    }
    assert_int_equal (sum, 780);
    size_t which;
    assert_status (far_wait_any (requests, 40, 0, &which), FAR_E_BAD_ARGUMENTS);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_off_calls (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *host = far_find (me, "host");
    far_proxy_t *probe = far_import (host, "probe");
    far_proxy_t *counter = far_new (host, "probe.Counter", "");
    assert_made (counter);
    for (int i = 0; i < 1000; i++)
        assert_ok (far_send (counter, "add", "l", (int64_t)1));
    int64_t total = 0;
    assert_ok (far_call (counter, "add", "l>l", (int64_t)0, &total));
    assert_int_equal (total, 1000);
    assert_ok (far_send (probe, "fail", "ss", "Unheard", "of an off call"));
    assert_ok (far_call (probe, "echo", "n")); /* the error has been logged before this is answered */
    assert_int_equal (world_log_lines (*state, "of an off call"), 1);
    far_proxy_destroy (&counter);
    far_proxy_destroy (&probe);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

static void test_timeout_and_late_answer (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    assert_ok (far_proxy_set (probe, FAR_OPTION_TIMEOUT_MS, 20));
    int64_t out;
    assert_status (far_call (probe, "busy", "i>l", 300, &out), FAR_E_TIMEOUT);
    assert_non_null (strstr (far_error_message (far_last_error ()), "busy"));
    assert_ok (far_proxy_set (probe, FAR_OPTION_TIMEOUT_MS, FAR_UNSET));
    far_request_t *request = far_call_async (probe, "busy", "i", 50);
    assert_status (far_request_wait (request, 0), FAR_E_TIMEOUT);
    assert_ok (far_request_result (request, "l", &out)); /* still to be had */
    assert_int_equal (out, 50);
    far_request_destroy (&request);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

/* The answer of a short method does not wait for the long one that was asked for right behind it. */
static void test_answers_do_not_wait_for_long_methods (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *start = far_function (me, world_post, &started, "");
    for (int i = 0; i < 3; i++) {
        far_request_t *pair[2] = { far_call_async (probe, "echo", "i", 1),
                                   far_call_async (probe, "until_cancelled", "O", start) };
        size_t which = 9;
        assert_ok (far_request_wait (pair[0], FAR_FOREVER));
        assert_status (far_wait_any (&pair[1], 1, 0, &which), FAR_E_TIMEOUT);
        sem_wait (&started);
        far_request_cancel (pair[1]);
        assert_status (far_request_result (pair[1], ""), FAR_E_RAISED);
        far_request_destroy (&pair[0]);
        far_request_destroy (&pair[1]);
    }
    far_object_destroy (&start);
    sem_destroy (&started);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_cancel (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    sem_t started;
    sem_init (&started, 0, 0);
    far_object_t *start = far_function (me, world_post, &started, "");
    int64_t before = 0;
    assert_ok (far_call (probe, "cancelled", ">l", &before));
    far_request_t *running = far_call_async (probe, "until_cancelled", "O", start);
    far_request_t *queued = far_call_async (probe, "echo", "i", 1);
    sem_wait (&started);
    far_request_cancel (queued);
    far_request_cancel (running);
    assert_status (far_request_result (running, ""), FAR_E_RAISED);
    assert_status (far_request_result (queued, ""), FAR_E_CANCELLED);
    far_request_destroy (&running);
    far_request_destroy (&queued);
    /* To let go of an open request is to give it up. */
    running = far_call_async (probe, "until_cancelled", "O", start);
    sem_wait (&started);
    far_request_destroy (&running);
    int64_t cancelled = 0;
    assert_ok (far_call (probe, "cancelled", ">l", &cancelled));
    assert_int_equal (cancelled, before + 2);
    far_object_destroy (&start);
    sem_destroy (&started);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_big_values (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    far_bytes_t bytes = { 0 };
    for (int64_t size = 1; size <= (int64_t)16 << 20; size *= 16) {
        assert_ok (far_call (probe, "bytes", "l>y", size, &bytes));
        assert_int_equal (bytes.size, size);
        far_bytes_t back = { 0 };
        assert_ok (far_call (probe, "echo", "y>y", &bytes, &back));
        assert_memory_equal (bytes.data, back.data, back.size);
        far_bytes_free (&back);
        far_bytes_free (&bytes);
    }
    assert_status (far_call (probe, "bytes", "l>y", (int64_t)100 << 20, &bytes), FAR_E_LIMIT);
    static char huge[70 << 20];
    far_bytes_t too_large = { huge, sizeof huge };
    assert_status (far_call (probe, "echo", "y", &too_large), FAR_E_LIMIT);
    assert_ok (far_call (probe, "echo", "n"));
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_names (void **state)
{
    world_t *world = *state;
    far_actor_t *me = world_actor (world, "unique");
    assert_null (far_actor_new (world->endpoint, "unique"));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_NAME_TAKEN);
    assert_null (far_actor_new (world->endpoint, "not a name"));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_BAD_ARGUMENTS);
    assert_null (far_actor_new ("smtp://somewhere", NULL));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_BAD_ARGUMENTS);
    far_actor_destroy (&me);
    me = world_actor (world, "unique"); /* free again at once */
    far_process_t *self = far_find (me, "unique");
    assert_int_equal (far_process_get_id (self).value, far_actor_id (me).value);
    far_process_destroy (&self);
    far_actor_destroy (&me);
    far_actor_options_t patient = { .address = world->endpoint, .timeout_ms = 30 };
    me = far_actor_open (&patient);
    assert_null (far_find (me, "nobody"));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_NO_SUCH_PROCESS);
    far_process_t *never = far_process (me, (far_process_id_t){ 0x1234567800000009 });
    far_proxy_t *probe = far_import_deferred (never, "probe");
    far_proxy_set (probe, FAR_OPTION_TIMEOUT_MS, 10000); /* the broker's answer, however busy the machine */
    assert_status (far_call (probe, "echo", "i", 1), FAR_E_NO_SUCH_PROCESS);
    far_proxy_destroy (&probe);
    far_process_destroy (&never);
    far_actor_destroy (&me);
}

static void test_process_module (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_process_t *host = far_find (me, "host");
    far_proxy_t *process = far_import (host, "process");
    assert_made (process);
    struct timespec time = { 0 };
    assert_ok (far_call (process, "ping", ">t", &time));
    assert_true (time.tv_sec > 1700000000);
    char *first = NULL, *second = NULL;
    assert_ok (far_call (process, "modules", ">[ss]", &first, &second));
    assert_string_equal (first, "probe");
    assert_string_equal (second, "process");
    char *doc = NULL;
    assert_ok (far_call (process, "describe", "s>{ss}", "probe", "doc", &doc));
    assert_string_equal (doc, "What the flow tests host.");
    far_string_free (&first);
    far_string_free (&second);
    far_string_free (&doc);
    far_proxy_destroy (&process);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_construct_and_call),
        cmocka_unit_test (test_every_type_travels),
        cmocka_unit_test (S06_get_value_gives_the_object_by_value),
        cmocka_unit_test (test_import_getattr_transfer),
        cmocka_unit_test (test_deferred_paths),
        cmocka_unit_test (test_errors_arrive_whole),
        cmocka_unit_test (test_many_in_flight),
        cmocka_unit_test (test_wait_any_takes_each_once),
        cmocka_unit_test (test_off_calls),
        cmocka_unit_test (test_timeout_and_late_answer),
        cmocka_unit_test (test_answers_do_not_wait_for_long_methods),
        cmocka_unit_test (test_cancel),
        cmocka_unit_test (test_big_values),
        cmocka_unit_test (test_names),
        cmocka_unit_test (test_process_module),
    };
    return cmocka_run_group_tests_name ("calls", tests, world_set_up_host, world_tear_down);
}
