#include "support/cm.h"

#include "base/handle.h"

typedef struct thing {
    far_handle_t handle;
    int asked;  /* times that last was called */
    int ended;  /* times that the last owner went */
    int revive; /* somebody finds it in the meantime */
} thing_t;

static void last (far_handle_t *handle)
{
    thing_t *thing = (thing_t *)handle;
    thing->asked++;
    if (thing->revive)
        far_handle_retain (handle);
    thing->revive = 0;
    thing->ended += far_handle_drop (handle);
}

static const far_handle_kind_t kind = { .name = "thing", .last = last };

static void last_owner_asks_the_kind (void **state)
{
    (void)state;
    thing_t thing = { .asked = 0 };
    far_handle_init (&thing.handle, &kind);
    assert_ptr_equal (far_handle_retain (&thing.handle), &thing.handle);
    far_handle_release (&thing.handle);
    assert_int_equal (thing.asked, 0);
    far_handle_release (&thing.handle);
    assert_int_equal (thing.asked, 1);
    assert_int_equal (thing.ended, 1);
}

static void found_in_the_meantime_it_lives (void **state)
{
    (void)state;
    thing_t thing = { .revive = 1 };
    far_handle_init (&thing.handle, &kind);
    far_handle_release (&thing.handle);
    assert_int_equal (thing.ended, 0);
    far_handle_release (&thing.handle);
    assert_int_equal (thing.asked, 2);
    assert_int_equal (thing.ended, 1);
}

static void null_is_accepted (void **state)
{
    (void)state;
    assert_null (far_handle_retain (NULL));
    far_handle_release (NULL);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (last_owner_asks_the_kind),
        cmocka_unit_test (found_in_the_meantime_it_lives),
        cmocka_unit_test (null_is_accepted),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
