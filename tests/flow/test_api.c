/* The public functions that only some programs need: what an actor does to itself, what the broker tells of itself, and
 * what proxies and processes tell without asking. */
#include "support/world.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PROBE FAR_BUILD_DIR "/tests/modules/probe.so"

static far_status_t twice (far_call_t *call, void *self)
{
    (void)self;
    int64_t number;
    if (far_call_args (call, &number))
        return far_call_status (call);
    return far_call_return (call, "l", 2 * number);
}

static void fill_twice (far_module_t *module)
{
    far_module_function (module, "twice", twice, "number:l -> l", "Doubles.");
}

/* Two methods of one name can't be. */
static void fill_badly (far_module_t *module)
{
    fill_twice (module);
    fill_twice (module);
}

/* text:s, width:i=0 -> both */
static far_status_t describe (far_call_t *call, void *self)
{
    (void)self;
    const char *text;
    int width;
    if (far_call_args (call, &text, &width))
        return far_call_status (call);
    return far_call_return (call, "[si]", text, width);
}

static void fill_describe (far_module_t *module)
{
    far_module_function (module, "describe", describe, "text:s, width:i=7 -> v", "What it is given.");
}

static void assert_twice (far_proxy_t *module, int64_t number)
{
    int64_t out = -1;
    assert_ok (far_call (module, "twice", "l>l", number, &out));
    assert_int_equal (out, 2 * number);
}

static void test_close_itself (void **state)
{
    far_actor_t *me = world_actor (*state, "leaver"), *other = world_actor (*state, NULL);
    far_process_t *leaver = far_find (other, "leaver");
    assert_made (leaver);
    far_proxy_t *module = far_import_deferred (leaver, "process");
    assert_made (module);
    assert_status (far_actor_wait_closed (me, 20), FAR_E_TIMEOUT); /* not before it was told to */
    far_actor_close (me);
    assert_ok (far_actor_wait_closed (me, 5000));
    assert_ok (far_actor_wait_closed (me, 0));
    assert_int_equal (far_actor_id (me).value, 0);
    assert_status (far_call (module, "ping", ""), FAR_E_CLOSED);
    /* Its name is free for others. */
    far_actor_t *next = world_actor (*state, "leaver");
    far_actor_destroy (&next);
    far_proxy_destroy (&module);
    far_process_destroy (&leaver);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
}

static void test_load (void **state)
{
    far_actor_t *me = world_actor (*state, "loader"), *other = world_actor (*state, NULL);
    far_process_t *loader = far_find (other, "loader");
    assert_made (loader);
    assert_null (far_import (loader, "probe"));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_MODULE);
    assert_ok (far_actor_load (me, PROBE));
    far_proxy_t *probe = far_import (loader, "probe");
    assert_made (probe);
    int64_t pid = 0;
    assert_ok (far_call (probe, "pid", ">l", &pid));
    assert_int_equal (pid, getpid ()); /* here, not in the world's host */
    assert_status (far_actor_load (me, FAR_BUILD_DIR "/tests/modules/missing.so"), FAR_E_NO_SUCH_MODULE);
    assert_non_null (strstr (far_error_message (far_last_error ()), "missing"));
    assert_null (far_import (loader, "missing"));
    far_proxy_destroy (&probe);
    far_process_destroy (&loader);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
}

static void test_name (void **state)
{
    far_actor_t *named = world_actor (*state, "somebody"), *nameless = world_actor (*state, NULL);
    assert_string_equal (far_actor_name (named), "somebody");
    assert_string_equal (far_actor_name (nameless), "");
    far_actor_destroy (&named);
    far_actor_destroy (&nameless);
}

static void test_register (void **state)
{
    far_actor_t *me = world_actor (*state, "registrar"), *other = world_actor (*state, NULL);
    far_process_t *registrar = far_find (other, "registrar");
    assert_made (registrar);
    assert_null (far_import (registrar, "doubler"));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_MODULE);
    assert_ok (far_actor_register (me, "doubler", fill_twice));
    far_proxy_t *doubler = far_import (registrar, "doubler");
    assert_made (doubler);
    assert_twice (doubler, 21);
    assert_status (far_actor_register (me, "doubler", fill_describe), FAR_E_BAD_ARGUMENTS);
    static const char *const bad[] = { "", "1st", "a-b", "a b", "\303\251" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_status (far_actor_register (me, bad[i], fill_twice), FAR_E_BAD_ARGUMENTS);
    assert_status (far_actor_register (me, "bad", fill_badly), FAR_E_BAD_ARGUMENTS);
    assert_null (far_import (registrar, "bad"));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_MODULE);
    assert_twice (doubler, 4); /* the holder of the name is as it was */
    far_proxy_destroy (&doubler);
    far_process_destroy (&registrar);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
}

/* The entry of broker.list whose id this is; NULL if there is none. */
static const far_value_t *entry_of (const far_value_t *list, far_process_id_t id)
{
    for (size_t i = 0; i < far_value_count (list); i++)
        if (far_value_uint (far_value_lookup (far_value_item (list, i), "id")) == id.value)
            return far_value_item (list, i);
    return NULL;
}

static void assert_text (const far_value_t *value, const char *expected)
{
    assert_int_equal (far_value_type (value), FAR_TYPE_STRING);
    assert_string_equal (far_value_bytes (value).data, expected);
}

static void test_broker (void **state)
{
    far_actor_t *me = world_actor (*state, "asker");
    far_process_t *process = far_broker (me);
    assert_made (process);
    far_proxy_t *broker = far_import_deferred (process, "broker");
    assert_made (broker);
    far_value_t *list = NULL;
    assert_ok (far_call (broker, "list", ">v", &list));
    const far_value_t *entry = entry_of (list, far_actor_id (me));
    assert_non_null (entry);
    assert_text (far_value_lookup (entry, "name"), "asker");
    assert_int_equal (far_value_int (far_value_lookup (entry, "pid")), getpid ());
    assert_null (entry_of (list, (far_process_id_t){ 12345 }));
    far_value_destroy (&list);
    far_value_t *counters = NULL;
    assert_ok (far_call (broker, "stats", ">v", &counters));
    assert_int_equal (far_value_type (counters), FAR_TYPE_MAP);
    assert_true (far_value_count (counters) > 0);
    for (size_t i = 0; i < far_value_count (counters); i++)
        assert_int_equal (far_value_type (far_value_item (counters, i)), FAR_TYPE_INT);
    far_value_destroy (&counters);
    far_proxy_destroy (&broker);
    far_process_destroy (&process);
    far_actor_destroy (&me);
}

static void assert_described (far_request_t *request, const char *text, int width)
{
    assert_made (request);
    char *got_text = NULL;
    int got_width = -1;
    assert_ok (far_request_result (request, "[si]", &got_text, &got_width));
    assert_string_equal (got_text, text);
    assert_int_equal (got_width, width);
    far_string_free (&got_text);
    far_request_destroy (&request);
}

static void test_call_values (void **state)
{
    far_actor_t *me = world_actor (*state, "describer"), *other = world_actor (*state, NULL);
    assert_ok (far_actor_register (me, "describer", fill_describe));
    far_process_t *describer = far_find (other, "describer");
    assert_made (describer);
    far_proxy_t *module = far_import (describer, "describer");
    assert_made (module);
    far_value_t *list = far_value_new ("[s]", "list"), *map = far_value_new ("{si}", "width", 80);
    far_value_t *whole = far_value_new ("{siss}", "width", 3, "text", "map"),
                *wrong = far_value_new ("{si}", "hight", 1);
    assert_described (far_call_values (module, "describe", list, map), "list", 80);
    assert_described (far_call_values (module, "describe", list, NULL), "list", 7);
    assert_described (far_call_values (module, "describe", NULL, whole), "map", 3);
    far_request_t *request = far_call_values (module, "describe", list, wrong);
    assert_made (request);
    assert_status (far_request_result (request, ""), FAR_E_BAD_ARGUMENTS);
    assert_non_null (strstr (far_error_message (far_last_error ()), "hight"));
    far_request_destroy (&request);
    assert_null (far_call_values (module, "describe", map, NULL)); /* a map is no list */
    assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
    far_value_destroy (&list);
    far_value_destroy (&map);
    far_value_destroy (&whole);
    far_value_destroy (&wrong);
    far_proxy_destroy (&module);
    far_process_destroy (&describer);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
}

static void test_owner_and_repr (void **state)
{
    far_actor_t *me = world_actor (*state, "observer");
    far_process_t *host = far_find (me, "host"), *self = far_process (me, far_actor_id (me));
    assert_made (host);
    assert_made (self);
    assert_int_equal (far_process_get_id (self).value, far_actor_id (me).value);
    assert_int_not_equal (far_process_get_id (host).value, 0);
    assert_int_not_equal (far_process_get_id (host).value, far_process_get_id (self).value);
    far_proxy_t *counter = far_new (host, "probe.Counter", "l", (int64_t)1);
    assert_made (counter);
    assert_int_equal (far_proxy_owner (counter).value, far_process_get_id (host).value);
    char *text = far_proxy_repr (counter);
    assert_made (text);
    assert_non_null (strstr (text, "Counter"));
    assert_non_null (strstr (text, "host"));
    far_string_free (&text);
    /* By its id alone, the same process is found. */
    far_process_t *same = far_process (me, far_proxy_owner (counter));
    far_proxy_t *probe = far_import (same, "probe");
    assert_made (probe);
    int64_t alive = 0;
    assert_ok (far_call (probe, "alive", ">l", &alive));
    assert_int_equal (alive, 1);
    far_proxy_destroy (&probe);
    far_process_destroy (&same);
    far_proxy_destroy (&counter);
    far_process_destroy (&self);
    far_process_destroy (&host);
    far_actor_destroy (&me);
}

/* A user's own way of calling. */
static far_status_t call_by_list (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    va_list args;
    va_start (args, picture);
    far_status_t status = far_vcall (proxy, method, picture, args);
    va_end (args);
    return status;
}

static void test_vcall_and_last_status (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    far_proxy_t *probe = world_probe (me, "host");
    char *text = NULL;
    int number = 0;
    assert_ok (call_by_list (probe, "echo", "[si]>[si]", "several", 3, &text, &number));
    assert_string_equal (text, "several");
    assert_int_equal (number, 3);
    far_string_free (&text);
    assert_status (call_by_list (probe, "fail", "ss", "Wrong", "by list"), FAR_E_RAISED);
    assert_int_equal (far_last_status (), FAR_E_RAISED);
    assert_string_equal (far_error_message (far_last_error ()), "by list");
    assert_status (call_by_list (probe, "nothing", ""), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_ATTRIBUTE);
    far_proxy_destroy (&probe);
    far_actor_destroy (&me);
}

static void test_offers (void **state)
{
    world_t *world = *state;
    const far_offer_t offers[] = { { "doubler", fill_twice }, { PROBE, NULL }, { 0 } };
    far_actor_options_t options = { .address = world->endpoint, .name = "offerer", .offers = offers };
    far_actor_t *me = far_actor_open (&options), *other = world_actor (world, NULL);
    assert_made (me);
    far_process_t *offerer = far_find (other, "offerer");
    assert_made (offerer);
    far_proxy_t *doubler = far_import (offerer, "doubler"), *probe = far_import (offerer, "probe");
    assert_made (doubler);
    assert_made (probe);
    assert_twice (doubler, 8);
    int answer = 0;
    assert_ok (far_get (probe, "answer", "i", &answer));
    assert_int_equal (answer, 42);
    assert_int_equal (far_proxy_owner (probe).value, far_actor_id (me).value);
    far_proxy_destroy (&probe);
    far_proxy_destroy (&doubler);
    far_process_destroy (&offerer);
    far_actor_destroy (&other);
    far_actor_destroy (&me);
}

static void test_bad_offers (void **state)
{
    world_t *world = *state;
    const struct {
        far_offer_t offers[3];
        far_status_t status;
    } cases[] = {
        { { { FAR_BUILD_DIR "/tests/modules/missing.so", NULL } }, FAR_E_NO_SUCH_MODULE },
        { { { "no name", fill_twice } }, FAR_E_BAD_ARGUMENTS },
        { { { "same", fill_twice }, { "same", fill_describe } }, FAR_E_BAD_ARGUMENTS },
        { { { "bad", fill_badly } }, FAR_E_BAD_ARGUMENTS },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        far_actor_options_t options = { .address = world->endpoint, .offers = cases[i].offers };
        assert_null (far_actor_open (&options));
        assert_int_equal (far_last_status (), cases[i].status);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_close_itself),   cmocka_unit_test (test_load),
        cmocka_unit_test (test_name),           cmocka_unit_test (test_register),
        cmocka_unit_test (test_broker),         cmocka_unit_test (test_call_values),
        cmocka_unit_test (test_owner_and_repr), cmocka_unit_test (test_vcall_and_last_status),
        cmocka_unit_test (test_offers),         cmocka_unit_test (test_bad_offers),
    };
    return cmocka_run_group_tests_name ("api", tests, world_set_up_host, world_tear_down);
}
