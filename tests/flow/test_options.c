/* Options of calls between real processes: the levels, and what each option does. */
#include "support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct both {
    far_actor_t *me;
    far_process_t *host;
    far_proxy_t *probe;
} both_t;

static both_t meet (world_t *world)
{
    both_t both = { .me = world_actor (world, NULL) };
    both.host = far_find (both.me, "host");
    assert_made (both.host);
    both.probe = far_import (both.host, "probe");
    assert_made (both.probe);
    return both;
}

static void part (both_t *both)
{
    far_proxy_destroy (&both->probe);
    far_process_destroy (&both->host);
    far_actor_destroy (&both->me);
}

static void S29_what_is_unset_is_asked_of_the_next_level_live (void **state)
{
    both_t both = meet (*state);
    far_proxy_t *child = far_attr (both.probe, "echo"), *grandchild = far_attr (child, "more");
    assert_int_equal (far_proxy_option (grandchild, FAR_OPTION_TIMEOUT_MS), 10000);
    assert_ok (far_actor_set (both.me, FAR_OPTION_TIMEOUT_MS, 5000));
    assert_int_equal (far_proxy_option (grandchild, FAR_OPTION_TIMEOUT_MS), 5000);
    assert_ok (far_process_set (both.host, FAR_OPTION_TIMEOUT_MS, 4000));
    assert_int_equal (far_proxy_option (grandchild, FAR_OPTION_TIMEOUT_MS), 4000);
    assert_ok (far_proxy_set (both.probe, FAR_OPTION_TIMEOUT_MS, 3000));
    assert_int_equal (far_proxy_option (grandchild, FAR_OPTION_TIMEOUT_MS), 3000);
    assert_ok (far_proxy_set (child, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER));
    assert_int_equal (far_proxy_option (grandchild, FAR_OPTION_TIMEOUT_MS), FAR_FOREVER);
    assert_int_equal (far_proxy_option (both.probe, FAR_OPTION_TIMEOUT_MS), 3000);
    assert_ok (far_proxy_set (child, FAR_OPTION_TIMEOUT_MS, FAR_UNSET));
    assert_ok (far_proxy_set (both.probe, FAR_OPTION_TIMEOUT_MS, FAR_UNSET));
    assert_int_equal (far_proxy_option (grandchild, FAR_OPTION_TIMEOUT_MS), 4000);
    assert_ok (far_process_set (both.host, FAR_OPTION_TIMEOUT_MS, FAR_UNSET));
    assert_ok (far_actor_set (both.me, FAR_OPTION_TIMEOUT_MS, FAR_UNSET));
    assert_int_equal (far_proxy_option (grandchild, FAR_OPTION_TIMEOUT_MS), 10000);
    far_proxy_destroy (&grandchild);
    far_proxy_destroy (&child);
    part (&both);
}

static void S29_defaults_and_refusals (void **state)
{
    both_t both = meet (*state);
    static const struct {
        far_option_t option;
        int64_t value;
        const char *name;
    } usual[] = { { FAR_OPTION_MODE, FAR_MODE_SYNC, "mode" },
                  { FAR_OPTION_TIMEOUT_MS, 10000, "timeout_ms" },
                  { FAR_OPTION_RETURNS, FAR_RETURNS_AUTO, "returns" },
                  { FAR_OPTION_AUTO_PROXY, 0, "auto_proxy" },
                  { FAR_OPTION_DEFER_GETATTR, 0, "defer_getattr" },
                  { FAR_OPTION_BY_VALUE, FAR_BY_VALUE_USUAL, "by_value" },
                  { FAR_OPTION_REENTRANCY, FAR_REENTRANCY_INTERLEAVE, "reentrancy" },
                  { FAR_OPTION_IDEMPOTENT, 0, "idempotent" },
                  { FAR_OPTION_PRIORITY, 0, "priority" },
                  { FAR_OPTION_DELAY_MS, 0, "delay_ms" },
                  { FAR_OPTION_KEY, -1, "key" },
                  { FAR_OPTION_DEADLINE_MS, FAR_FOREVER, "deadline_ms" } };
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        assert_int_equal (far_proxy_option (both.probe, usual[i].option), usual[i].value);
        assert_string_equal (far_option_name (usual[i].option), usual[i].name);
    }
    assert_int_equal (far_proxy_option (both.probe, (far_option_t)77), FAR_UNSET);
    assert_int_equal (far_proxy_option (NULL, FAR_OPTION_MODE), FAR_UNSET);
    assert_status (far_proxy_set (both.probe, (far_option_t)77, 0), FAR_E_BAD_ARGUMENTS);
    assert_status (far_proxy_set (both.probe, FAR_OPTION_REENTRANCY, 0), FAR_E_BAD_ARGUMENTS);
    assert_status (far_process_set (both.host, FAR_OPTION_MODE, 3), FAR_E_BAD_ARGUMENTS);
    assert_status (far_actor_set (both.me, FAR_OPTION_TIMEOUT_MS, 0), FAR_E_BAD_ARGUMENTS);
    assert_non_null (strstr (far_error_message (far_last_error ()), "expected 1 ms or more"));
    part (&both);
}

static int64_t value_of (far_proxy_t *proxy)
{
    int64_t value = -1;
    assert_ok (far_get_value (proxy, "l", &value));
    return value;
}

static void S13_mode_of_the_call_then_of_each_level (void **state)
{
    both_t both = meet (*state);
    far_proxy_t *counter = far_new (both.host, "probe.Counter", "");
    far_request_t *request = (far_request_t *)&both;
    int64_t total = -1;
    assert_ok (far_call_with (counter, NULL, &request, "add", "l>l", (int64_t)1, &total)); /* the default waits */
    assert_int_equal (total, 1);
    assert_null (request);
    assert_ok (far_actor_set (both.me, FAR_OPTION_MODE, FAR_MODE_ASYNC));
    assert_ok (far_call_with (counter, NULL, &request, "add", "l", (int64_t)1));
    assert_ok (far_request_result (request, "l", &total));
    assert_int_equal (total, 2);
    far_request_destroy (&request);
    assert_status (far_call_with (counter, NULL, NULL, "add", "l", (int64_t)1), FAR_E_BAD_ARGUMENTS);
    assert_ok (far_process_set (both.host, FAR_OPTION_MODE, FAR_MODE_OFF));
    assert_ok (far_call_with (counter, NULL, &request, "add", "l", (int64_t)1));
    assert_null (request);
    assert_int_equal (value_of (counter), 3);
    assert_ok (far_proxy_set (counter, FAR_OPTION_MODE, FAR_MODE_SYNC));
    assert_ok (far_call_with (counter, NULL, NULL, "add", "l>l", (int64_t)1, &total));
    assert_int_equal (total, 4);
    const far_setting_t off[] = { { FAR_OPTION_MODE, FAR_MODE_OFF }, { 0 } };
    total = -1;
    assert_ok (far_call_with (counter, off, NULL, "add", "l>l", (int64_t)1, &total));
    assert_int_equal (total, -1); /* nothing came */
    assert_int_equal (value_of (counter), 5);
    const far_setting_t unset[] = { { FAR_OPTION_MODE, FAR_UNSET }, { 0 } };
    assert_ok (far_call_with (counter, unset, NULL, "add", "l>l", (int64_t)1, &total));
    assert_int_equal (total, 6);
    const far_setting_t wrong[] = { { FAR_OPTION_DEFER_GETATTR, 1 }, { 0 } };
    assert_status (far_call_with (counter, wrong, NULL, "add", "l", (int64_t)1), FAR_E_BAD_ARGUMENTS);
    assert_int_equal (value_of (counter), 6);
    far_proxy_destroy (&counter);
    part (&both);
}

static void S16_a_call_that_timed_out_hands_out_its_request (void **state)
{
    both_t both = meet (*state);
    const far_setting_t briefly[] = { { FAR_OPTION_TIMEOUT_MS, 1 }, { 0 } };
    far_request_t *request = NULL;
    int64_t out = -1;
    assert_status (far_call_with (both.probe, briefly, &request, "busy", "i>l", 300, &out), FAR_E_TIMEOUT);
    assert_int_equal (out, -1);
    assert_made (request);
    assert_ok (far_request_wait (request, FAR_FOREVER));
    assert_ok (far_request_result (request, "l", &out));
    assert_int_equal (out, 300);
    far_request_destroy (&request);
    assert_status (far_call_with (both.probe, briefly, NULL, "busy", "i>l", 300, &out), FAR_E_TIMEOUT);
    part (&both);
}

static void S14_off_brings_nothing_back (void **state)
{
    both_t both = meet (*state);
    far_process_t *nobody = far_process (both.me, (far_process_id_t){ far_process_get_id (both.host).value + 1000 });
    far_proxy_t *nothing = far_import_deferred (nobody, "nothing");
    assert_ok (far_proxy_set (nothing, FAR_OPTION_MODE, FAR_MODE_OFF));
    assert_ok (far_proxy_set (both.probe, FAR_OPTION_MODE, FAR_MODE_OFF));
    far_request_t *request = NULL;
    assert_ok (far_call_with (nothing, NULL, &request, "at_all", "")); /* the broker has nobody to give it to */
    assert_null (request);
    assert_ok (far_call_with (both.probe, NULL, &request, "fail", "ss", "Unheard", "of this call"));
    assert_null (request);
    assert_ok (far_call (both.probe, "echo", "n")); /* all that came before this has been answered */
    assert_int_equal (world_log_lines (*state, "of this call"), 1);
    assert_status (far_call (nothing, "at_all", ""), FAR_E_NO_SUCH_PROCESS);
    far_proxy_destroy (&nothing);
    far_process_destroy (&nobody);
    part (&both);
}

/* The type of what `echo` gives back for an argument of this picture. */
static far_type_t echoed (far_proxy_t *probe, const far_setting_t *settings, const char *picture)
{
    far_value_t *value = NULL;
    assert_ok (far_call_with (probe, settings, NULL, "echo", picture, (int64_t)7, &value));
    far_type_t type = far_value_type (value);
    far_value_destroy (&value);
    return type;
}

static void S19_results_by_value_by_proxy_or_as_the_caller_lists (void **state)
{
    both_t both = meet (*state);
    const far_setting_t by_proxy[] = { { FAR_OPTION_RETURNS, FAR_RETURNS_PROXY }, { 0 } };
    const far_setting_t by_value[] = { { FAR_OPTION_RETURNS, FAR_RETURNS_VALUE }, { 0 } };
    assert_int_equal (echoed (both.probe, NULL, "l>v"), FAR_TYPE_INT);
    assert_int_equal (echoed (both.probe, by_proxy, "l>v"), FAR_TYPE_REFERENCE);
    far_value_t *value = NULL;
    assert_ok (far_call_with (both.probe, NULL, NULL, "Counter", "l>v", (int64_t)40, &value));
    assert_int_equal (far_value_type (value), FAR_TYPE_REFERENCE);
    far_value_destroy (&value);
    assert_ok (far_call_with (both.probe, by_value, NULL, "Counter", "l>v", (int64_t)40, &value));
    assert_int_equal (far_value_int (value), 40); /* its value form */
    far_value_destroy (&value);
    assert_ok (far_process_set (both.host, FAR_OPTION_RETURNS, FAR_RETURNS_PROXY));
    assert_int_equal (echoed (both.probe, NULL, "l>v"), FAR_TYPE_REFERENCE);
    int64_t out = 0;
    assert_ok (far_call (both.probe, "echo", "l>l", (int64_t)7, &out)); /* the picture says more */
    assert_int_equal (out, 7);
    assert_ok (far_get (both.probe, "answer", "v", &value));
    assert_int_equal (far_value_type (value), FAR_TYPE_REFERENCE);
    far_value_destroy (&value);
    far_request_t *request = far_call_async (both.probe, "echo", "l", (int64_t)7);
    far_proxy_t *kept = NULL;
    assert_ok (far_request_result (request, "P", &kept));
    assert_int_equal (value_of (kept), 7);
    far_request_destroy (&request);
    far_proxy_destroy (&kept);
    part (&both);
}

static void S20_the_list_of_types_by_value_is_the_callers (void **state)
{
    both_t both = meet (*state);
    assert_ok (
        far_actor_set (both.me, FAR_OPTION_BY_VALUE, FAR_BY_VALUE_USUAL & ~(FAR_BY_VALUE_INT | FAR_BY_VALUE_LIST)));
    assert_int_equal (echoed (both.probe, NULL, "l>v"), FAR_TYPE_REFERENCE);
    assert_int_equal (echoed (both.probe, NULL, "[l]>v"), FAR_TYPE_REFERENCE);
    assert_int_equal (echoed (both.probe, NULL, "{ln}>v"), FAR_TYPE_MAP);
    assert_ok (far_proxy_set (both.probe, FAR_OPTION_BY_VALUE, FAR_BY_VALUE_INT));
    assert_int_equal (echoed (both.probe, NULL, "l>v"), FAR_TYPE_INT);
    assert_int_equal (echoed (both.probe, NULL, "[l]>v"), FAR_TYPE_REFERENCE);
    const far_setting_t all[] = { { FAR_OPTION_BY_VALUE, FAR_BY_VALUE_ALL }, { 0 } };
    assert_int_equal (echoed (both.probe, all, "[l]>v"), FAR_TYPE_LIST);
    uint64_t largest = 0;
    far_bytes_t sent = { "text", 4 }, got = { 0 };
    assert_ok (far_call (both.probe, "echo", "u>u", UINT64_MAX, &largest)); /* 64 bits, and no string */
    assert_true (largest == UINT64_MAX);
    assert_ok (far_call (both.probe, "echo", "y>y", &sent, &got));
    assert_memory_equal (got.data, "text", 4);
    far_bytes_free (&got);
    part (&both);
}

static far_object_t *offered;

static far_status_t give (far_call_t *call, void *data)
{
    (void)data;
    return far_call_return (call, "O", offered);
}

static void fill_offer (far_module_t *module)
{
    far_module_function (module, "give", give, "-> O", "The object that has options.");
}

static far_status_t two_words (far_call_t *call, void *context)
{
    (void)context;
    return far_call_return (call, "[ss]", "one", "two");
}

static void S22_what_is_sent_by_proxy_brings_options_along (void **state)
{
    both_t both = meet (*state);
    far_actor_t *other = world_actor (*state, "other");
    far_proxy_t *held = NULL;
    far_object_t *mine = far_function (both.me, two_words, NULL, "ignored:v -> v");
    assert_ok (far_object_set (mine, FAR_OPTION_TIMEOUT_MS, 4321));
    assert_ok (far_object_set (mine, FAR_OPTION_RETURNS, FAR_RETURNS_PROXY));
    assert_ok (far_object_set (mine, FAR_OPTION_MODE, FAR_MODE_OFF));
    assert_ok (far_object_set (mine, FAR_OPTION_MODE, FAR_UNSET));
    assert_ok (far_object_set (mine, FAR_OPTION_AUTO_PROXY, 1));
    assert_status (far_object_set (mine, FAR_OPTION_REENTRANCY, 1), FAR_E_BAD_ARGUMENTS);
    assert_status (far_object_set (NULL, FAR_OPTION_MODE, 0), FAR_E_BAD_ARGUMENTS);
    /* As an argument: the process that is called goes by them. It answers what it got, a proxy. */
    far_value_t *got = NULL;
    assert_ok (far_call (both.probe, "call", "On>v", mine, &got));
    assert_int_equal (far_value_type (got), FAR_TYPE_REFERENCE);
    far_value_destroy (&got);
    far_proxy_t *listed = NULL;
    assert_ok (far_call (both.probe, "call", "On>P", mine, &listed)); /* [ss] is kept there, as a list */
    size_t count = 0;
    assert_ok (far_len (listed, &count));
    assert_int_equal (count, 2);
    far_proxy_destroy (&listed);
    /* As a result, from its owner: this actor offers it to another one. */
    far_process_t *me = far_process (other, far_actor_id (both.me));
    assert_ok (far_actor_register (both.me, "offer", fill_offer));
    offered = mine;
    far_proxy_t *offer = far_import (me, "offer");
    assert_ok (far_call (offer, "give", ">P", &held));
    assert_int_equal (far_proxy_option (held, FAR_OPTION_TIMEOUT_MS), 4321);
    assert_int_equal (far_proxy_option (held, FAR_OPTION_RETURNS), FAR_RETURNS_PROXY);
    assert_int_equal (far_proxy_option (held, FAR_OPTION_AUTO_PROXY), 1);
    assert_int_equal (far_proxy_option (held, FAR_OPTION_MODE), FAR_MODE_SYNC); /* not among them */
    /* What the program has set itself stays. */
    assert_ok (far_proxy_set (held, FAR_OPTION_TIMEOUT_MS, 1234));
    far_proxy_t *again = NULL;
    assert_ok (far_call (offer, "give", ">P", &again));
    assert_ptr_equal (again, held);
    assert_int_equal (far_proxy_option (held, FAR_OPTION_TIMEOUT_MS), 1234);
    far_proxy_t **all[] = { &again, &held, &offer };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        far_proxy_destroy (all[i]);
    far_process_destroy (&me);
    far_actor_destroy (&other);
    far_object_destroy (&mine);
    part (&both);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S29_what_is_unset_is_asked_of_the_next_level_live, world_set_up_host,
                                         world_tear_down),
        cmocka_unit_test_setup_teardown (S29_defaults_and_refusals, world_set_up_host, world_tear_down),
        cmocka_unit_test_setup_teardown (S13_mode_of_the_call_then_of_each_level, world_set_up_host, world_tear_down),
        cmocka_unit_test_setup_teardown (S14_off_brings_nothing_back, world_set_up_host, world_tear_down),
        cmocka_unit_test_setup_teardown (S16_a_call_that_timed_out_hands_out_its_request, world_set_up_host,
                                         world_tear_down),
        cmocka_unit_test_setup_teardown (S19_results_by_value_by_proxy_or_as_the_caller_lists, world_set_up_host,
                                         world_tear_down),
        cmocka_unit_test_setup_teardown (S20_the_list_of_types_by_value_is_the_callers, world_set_up_host,
                                         world_tear_down),
        cmocka_unit_test_setup_teardown (S22_what_is_sent_by_proxy_brings_options_along, world_set_up_host,
                                         world_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
