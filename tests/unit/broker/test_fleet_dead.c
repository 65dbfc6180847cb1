/* The list of the dead: bounded by count and by bytes, the oldest make room. */
#include "support/cm.h"

#include "base/limits.h"
#include "broker/fleet_dead.h"

#include <stdlib.h>

static fleet_job_t *job (size_t size)
{
    fleet_job_t *self = calloc (1, sizeof *self);
    assert_non_null (self);
    self->size = size; /* of a frame that is not there: nobody looks into it */
    return self;
}

static void the_oldest_makes_room (void **state)
{
    (void)state;
    fleet_deads_t deads = { 0 };
    for (uint64_t number = 1; number <= FAR_LIMIT_DEAD + 1; number++)
        assert_int_equal (deads_bury (&deads, job (100), "why"), number);
    assert_int_equal (deads.count, FAR_LIMIT_DEAD);
    assert_int_equal (deads.bytes, FAR_LIMIT_DEAD * 100);
    assert_null (deads_find (&deads, 1));
    assert_non_null (deads_find (&deads, 2));
    free (deads_take (&deads, 500));
    assert_null (deads_take (&deads, 500));
    assert_int_equal (deads.bytes, (FAR_LIMIT_DEAD - 1) * 100);
    deads_deinit (&deads);
    assert_int_equal (deads.count + deads.bytes, 0);
}

static void large_ones_need_much_room (void **state)
{
    (void)state;
    const size_t third = FAR_LIMIT_DEAD_BYTES / 3;
    fleet_deads_t deads = { 0 };
    for (int i = 0; i < 3; i++)
        deads_bury (&deads, job (third), "why");
    assert_int_equal (deads.count, 3);
    deads_bury (&deads, job (third + 10), "why");
    assert_int_equal (deads.count, 2); /* without 1, it was a few bytes too many */
    assert_non_null (deads_find (&deads, 3));
    deads_bury (&deads, job (2 * FAR_LIMIT_DEAD_BYTES), "why");
    assert_int_equal (deads.count, 1); /* a single one may be larger */
    assert_non_null (deads_find (&deads, 5));
    deads_deinit (&deads);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_oldest_makes_room),
        cmocka_unit_test (large_ones_need_much_room),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
