/* Events per second: while they go on, when they have just begun, and after they have ended. */
#include "support/cm.h"

#include "broker/rate.h"

#define MS     INT64_C (1000000)
#define SECOND INT64_C (1000000000)
#define DAY    (86400 * SECOND)

static void assert_about (double rate, double expected)
{
    assert_true (rate >= expected * 0.98 && rate <= expected * 1.02 + 0.001);
}

static void what_goes_on (void **state)
{
    (void)state;
    rate_t rate = { 0 };
    assert_about (rate_read (&rate, DAY), 0);
    for (int64_t at = 0; at < 30000; at++) {
        rate_add (&rate, 2, DAY + at * MS);
        if (at >= 1000)
            assert_about (rate_read (&rate, DAY + at * MS), 2000);
    }
}

static void what_has_just_begun (void **state)
{
    (void)state;
    rate_t rate = { 0 };
    for (int i = 0; i < 10; i++)
        rate_add (&rate, 1, DAY + 999 * MS);
    assert_about (rate_read (&rate, DAY + 1000 * MS), 10);
    assert_about (rate_read (&rate, DAY + 2999 * MS), 5);
}

static void what_has_ended (void **state)
{
    (void)state;
    rate_t rate = { 0 };
    for (int64_t at = 0; at < 20; at++)
        rate_add (&rate, 100, DAY + at * SECOND);
    assert_about (rate_read (&rate, DAY + 22 * SECOND + 500 * MS), 500 / 7.5);
    assert_about (rate_read (&rate, DAY + 26 * SECOND), 100 / 7.0);
    assert_about (rate_read (&rate, DAY + 27 * SECOND), 0);
    rate_add (&rate, 7, DAY + 3600 * SECOND);
    assert_about (rate_read (&rate, DAY + 3600 * SECOND), 1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (what_goes_on),
        cmocka_unit_test (what_has_just_begun),
        cmocka_unit_test (what_has_ended),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
