#include "support/cm.h"

#include "base/clock.h"

#include <limits.h>

static void never_is_never (void **state)
{
    (void)state;
    assert_int_equal (far_deadline_in (-1), FAR_DEADLINE_NEVER);
    assert_int_equal (far_deadline_left_ms (FAR_DEADLINE_NEVER), -1);
}

static void left_is_rounded_up (void **state)
{
    (void)state;
    assert_int_equal (far_deadline_left_ms (far_clock_ns () - 1), 0);
    assert_int_equal (far_deadline_left_ms (far_deadline_in (0)), 0);
    /* A deadline that has not passed leaves at least one millisecond, so that poll waits and does not spin. */
    for (int64_t ns = 1; ns < 4000000; ns += 333333) {
        int64_t before = far_clock_ns (), deadline = before + (int64_t)3600 * 1000000000 + ns;
        int64_t left = far_deadline_left_ms (deadline), after = far_clock_ns ();
        assert_true (left * 1000000 >= deadline - after);
        assert_true ((left - 1) * 1000000 < deadline - before);
    }
    assert_int_equal (far_deadline_left_ms (INT64_MAX - 1), INT_MAX);
}

static void deadline_is_that_far_away (void **state)
{
    (void)state;
    int64_t before = far_clock_ns ();
    far_deadline_t deadline = far_deadline_in (INT_MAX);
    assert_true (deadline - before >= (int64_t)INT_MAX * 1000000);
    assert_true (deadline - far_clock_ns () <= (int64_t)INT_MAX * 1000000);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (never_is_never),
        cmocka_unit_test (left_is_rounded_up),
        cmocka_unit_test (deadline_is_that_far_away),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
