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

static int set_up (void **state)
{
    world_t *world = world_new ();
    world_host (world, "host");
    *state = world;
    return 0;
}

static int tear_down (void **state)
{
    world_destroy ((world_t **)state);
    return 0;
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
                  { FAR_OPTION_REENTRANCY, FAR_REENTRANCY_INTERLEAVE, "reentrancy" } };
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

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S29_what_is_unset_is_asked_of_the_next_level_live, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S29_defaults_and_refusals, set_up, tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
