#include "support/cm.h"

#include "base/timers.h"

static void due_in_the_order_of_their_times (void **state)
{
    (void)state;
    far_timers_t timers;
    far_timer_t timer[4] = { 0 };
    far_timers_init (&timers);
    assert_int_equal (far_timers_next (&timers), FAR_DEADLINE_NEVER);
    const far_deadline_t at[4] = { 30, 10, FAR_DEADLINE_NEVER, 20 };
    for (int i = 0; i < 4; i++)
        far_timers_set (&timers, &timer[i], at[i]);
    assert_int_equal (far_timers_next (&timers), 10);
    assert_null (far_timers_due (&timers, 9));
    assert_ptr_equal (far_timers_due (&timers, 25), &timer[1]);
    assert_ptr_equal (far_timers_due (&timers, 25), &timer[3]);
    assert_null (far_timers_due (&timers, 25));
    assert_int_equal (far_timers_next (&timers), 30);
    assert_ptr_equal (far_timers_due (&timers, INT64_MAX - 1), &timer[0]);
    assert_null (far_timers_due (&timers, INT64_MAX - 1));
}

static void unset_it_is_not_due (void **state)
{
    (void)state;
    far_timers_t timers;
    far_timer_t timer[2] = { 0 };
    far_timers_init (&timers);
    far_timers_unset (&timers, &timer[0]); /* not set */
    far_timers_set (&timers, &timer[0], 10);
    far_timers_set (&timers, &timer[1], 20);
    far_timers_unset (&timers, &timer[0]);
    far_timers_unset (&timers, &timer[0]);
    assert_int_equal (far_timers_next (&timers), 20);
    assert_ptr_equal (far_timers_due (&timers, 20), &timer[1]);
    far_timers_unset (&timers, &timer[1]);  /* it was due */
    far_timers_set (&timers, &timer[1], 5); /* and can be set anew */
    assert_ptr_equal (far_timers_due (&timers, 5), &timer[1]);
    assert_int_equal (far_timers_next (&timers), FAR_DEADLINE_NEVER);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (due_in_the_order_of_their_times),
        cmocka_unit_test (unset_it_is_not_due),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
