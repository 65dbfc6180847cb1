#include "support/cm.h"

#include "base/buffer.h"

#include <string.h>

static void grows (void **state)
{
    (void)state;
    far_buffer_t buffer = { 0 };
    for (int i = 0; i < 1000; i++)
        far_buffer_append (&buffer, "abc", 3);
    assert_int_equal (buffer.size, 3000);
    assert_memory_equal (buffer.data + 2997, "abc", 3);
    far_buffer_append (&buffer, NULL, 0);
    assert_int_equal (buffer.size, 3000);
    far_buffer_deinit (&buffer);
    assert_null (buffer.data);
}

static void inserts_a_gap (void **state)
{
    (void)state;
    far_buffer_t buffer = { 0 };
    far_buffer_append (&buffer, "headtail", 8);
    uint8_t *gap = far_buffer_insert (&buffer, 4, 300);
    assert_ptr_equal (gap, buffer.data + 4);
    assert_int_equal (buffer.size, 308);
    assert_memory_equal (buffer.data, "head", 4);
    assert_memory_equal (buffer.data + 304, "tail", 4);
    assert_non_null (far_buffer_insert (&buffer, buffer.size, 1));
    assert_int_equal (buffer.size, 309);
    far_buffer_deinit (&buffer);
}

static void failure_sticks (void **state)
{
    (void)state;
    far_buffer_t buffer = { 0 };
    far_buffer_append (&buffer, "x", 1);
    assert_null (far_buffer_extend (&buffer, SIZE_MAX / 2));
    assert_true (buffer.failed);
    far_buffer_append (&buffer, "y", 1);
    assert_int_equal (buffer.size, 1);
    assert_null (far_buffer_insert (&buffer, 0, 1));
    far_buffer_deinit (&buffer);
    assert_false (buffer.failed);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (grows),
        cmocka_unit_test (inserts_a_gap),
        cmocka_unit_test (failure_sticks),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
