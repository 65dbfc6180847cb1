/* The table of options: what each can be and where, and what a level that has it unset says. */
#include "support/cm.h"

#include "base/error.h"
#include "base/option.h"

#include <limits.h>
#include <string.h>

static void each_has_a_name_that_is_found (void **state)
{
    (void)state;
    for (unsigned i = FAR_OPTION_END + 1; i < FAR_OPTION_COUNT; i++) {
        const char *name = far_option_name ((far_option_t)i);
        assert_true (*name);
        assert_int_equal (far_option_find (name, strlen (name)), i);
        assert_int_equal (far_option_check ((far_option_t)i, far_option_row ((far_option_t)i)->usual, FAR_LEVEL_ACTOR),
                          FAR_OK);
    }
    assert_string_equal (far_option_name (FAR_OPTION_END), "");
    assert_string_equal (far_option_name (FAR_OPTION_COUNT), "");
    assert_int_equal (far_option_find ("", 0), FAR_OPTION_COUNT);
    assert_int_equal (far_option_find ("timeout_msx", 11), FAR_OPTION_COUNT);
    assert_int_equal (far_option_find ("timeout_msx", 10), FAR_OPTION_TIMEOUT_MS);
}

static void check_refused (far_option_t option, int64_t value, far_level_t level, const char *says)
{
    assert_int_equal (far_option_check (option, value, level), FAR_E_BAD_ARGUMENTS);
    assert_non_null (strstr (far_error_message (far_last_error ()), says));
}

static void what_does_not_fit_is_refused_by_name (void **state)
{
    (void)state;
    check_refused ((far_option_t)99, 0, FAR_LEVEL_PROXY, "99 is no option");
    check_refused (FAR_OPTION_END, 0, FAR_LEVEL_PROXY, "0 is no option");
    check_refused (FAR_OPTION_MODE, 3, FAR_LEVEL_PROXY, "mode of the proxy: expected sync, async or off, found 3");
    check_refused (FAR_OPTION_TIMEOUT_MS, 0, FAR_LEVEL_ACTOR, "timeout_ms of the actor: expected 1 ms or more");
    check_refused (FAR_OPTION_TIMEOUT_MS, -2, FAR_LEVEL_ACTOR, "found -2");
    check_refused (FAR_OPTION_TIMEOUT_MS, (int64_t)INT_MAX + 1, FAR_LEVEL_CALL, "timeout_ms of the call");
    check_refused (FAR_OPTION_RETURNS, -1, FAR_LEVEL_PROCESS, "returns of the process: expected auto, value or proxy");
    check_refused (FAR_OPTION_AUTO_PROXY, 2, FAR_LEVEL_CALL, "expected 0 or 1");
    check_refused (FAR_OPTION_BY_VALUE, 2048, FAR_LEVEL_OBJECT, "by_value of the object: expected a sum");
    check_refused (FAR_OPTION_DEFER_GETATTR, 1, FAR_LEVEL_CALL, "proxy, process, actor or object");
    check_refused (FAR_OPTION_DELAY_MS, -1, FAR_LEVEL_CALL, "delay_ms of the call: expected 0 ms or more, found -1");
    check_refused (FAR_OPTION_KEY, -2, FAR_LEVEL_PROXY, "key of the proxy: expected 0 or more, or -1 (none)");
    check_refused (FAR_OPTION_DEADLINE_MS, 0, FAR_LEVEL_ACTOR, "deadline_ms of the actor");
    check_refused (FAR_OPTION_PRIORITY, (int64_t)INT_MAX + 1, FAR_LEVEL_CALL, "priority of the call");
    check_refused (FAR_OPTION_IDEMPOTENT, 1, FAR_LEVEL_OBJECT, "it can be set at: call, proxy, process or actor");
    assert_int_equal (far_option_check (FAR_OPTION_PRIORITY, -INT_MAX, FAR_LEVEL_CALL), FAR_OK);
    check_refused (FAR_OPTION_REENTRANCY, FAR_REENTRANCY_QUEUE, FAR_LEVEL_PROXY, "it can be set at: actor");
    far_setting_t list[] = { { FAR_OPTION_MODE, FAR_MODE_OFF }, { FAR_OPTION_TIMEOUT_MS, FAR_FOREVER }, { 0 } };
    assert_int_equal (far_settings_check (NULL, FAR_LEVEL_CALL), FAR_OK);
    assert_int_equal (far_settings_check (list, FAR_LEVEL_CALL), FAR_OK);
    list[1].value = 0;
    assert_int_equal (far_settings_check (list, FAR_LEVEL_CALL), FAR_E_BAD_ARGUMENTS);
}

static void a_level_keeps_what_was_set (void **state)
{
    (void)state;
    far_options_t options;
    int value = 7;
    far_options_init (&options);
    assert_false (far_options_get (&options, FAR_OPTION_MODE, &value));
    assert_int_equal (value, 7);
    assert_int_equal (far_options_set (&options, FAR_OPTION_MODE, FAR_MODE_SYNC, FAR_LEVEL_PROXY), FAR_OK);
    assert_true (far_options_get (&options, FAR_OPTION_MODE, &value));
    assert_int_equal (value, FAR_MODE_SYNC);
    assert_int_equal (far_options_set (&options, FAR_OPTION_MODE, 9, FAR_LEVEL_PROXY), FAR_E_BAD_ARGUMENTS);
    far_options_default (&options, FAR_OPTION_MODE, FAR_MODE_OFF); /* it is set already */
    far_options_default (&options, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER);
    assert_true (far_options_get (&options, FAR_OPTION_MODE, &value));
    assert_int_equal (value, FAR_MODE_SYNC);
    assert_true (far_options_get (&options, FAR_OPTION_TIMEOUT_MS, &value));
    assert_int_equal (value, FAR_FOREVER);
    assert_int_equal (far_options_set (&options, FAR_OPTION_MODE, FAR_UNSET, FAR_LEVEL_PROXY), FAR_OK);
    assert_false (far_options_get (&options, FAR_OPTION_MODE, &value));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (each_has_a_name_that_is_found),
        cmocka_unit_test (what_does_not_fit_is_refused_by_name),
        cmocka_unit_test (a_level_keeps_what_was_set),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
