/* Changing lists and maps in place: what is taken out is handed back, and a failure changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/limits.h"
#include "wire/value.h"

static far_value_t *nested (unsigned height)
{
    far_value_t *value = far_value_list ();
    for (unsigned i = 1; i < height; i++) {
        far_value_t *outer = far_value_list ();
        assert_int_equal (far_value_append (outer, &value), FAR_OK);
        value = outer;
    }
    return value;
}

static void assert_value (far_value_t *value, const char *picture, int a, int b, int c)
{
    far_value_t *expected = far_value_new (picture, a, b, c);
    assert_true (far_value_equals (value, expected));
    far_value_destroy (&expected);
}

static void splice_takes_out_and_puts_in (void **state)
{
    (void)state;
    far_value_t *list = far_value_new ("[iiii]", 0, 1, 2, 3), *dropped = NULL;
    far_value_t *added[] = { far_value_from_int (7), far_value_from_int (8) };
    assert_int_equal (far_value_splice (list, 1, 3, added, 2, &dropped), FAR_OK);
    assert_value (list, "[iii]", 0, 7, 8);
    assert_value (dropped, "[iii]", 1, 2, 3);
    far_value_destroy (&dropped);
    assert_int_equal (far_value_splice (list, 0, 1, NULL, 0, &dropped), FAR_OK);
    assert_int_equal (far_value_type (dropped), FAR_TYPE_INT); /* the one itself */
    far_value_destroy (&dropped);
    assert_int_equal (far_value_splice (list, 2, 0, NULL, 0, &dropped), FAR_OK);
    assert_null (dropped);
    assert_int_equal (far_value_count (list), 2);
    far_value_destroy (&list);
}

static void splice_keeps_the_limits (void **state)
{
    (void)state;
    far_value_t *list = far_value_list (), *dropped = NULL;
    far_value_t *deep = nested (FAR_LIMIT_DEPTH), *fits = nested (FAR_LIMIT_DEPTH - 1);
    assert_int_equal (far_value_splice (list, 0, 0, &deep, 1, &dropped), FAR_E_LIMIT);
    assert_int_equal (far_value_count (list), 0);
    assert_int_equal (far_value_splice (list, 0, 0, &fits, 1, &dropped), FAR_OK);
    far_value_t *outer = far_value_list (), *inner = far_value_retain (list);
    assert_int_equal (far_value_append (outer, &inner), FAR_E_LIMIT); /* it is as high as can be */
    assert_int_equal (far_value_splice (list, 0, 1, NULL, 0, &dropped), FAR_OK);
    far_value_destroy (&dropped);
    inner = far_value_retain (list);
    assert_int_equal (far_value_append (outer, &inner), FAR_OK); /* and now it is flat */
    far_value_destroy (&outer);
    far_value_destroy (&deep);
    for (size_t i = 0; i < FAR_LIMIT_VALUES - 1; i++) {
        far_value_t *item = far_value_from_bool (true);
        assert_int_equal (far_value_append (list, &item), FAR_OK);
    }
    far_value_t *one = far_value_from_bool (true);
    assert_int_equal (far_value_splice (list, 0, 0, &one, 1, &dropped), FAR_E_LIMIT);
    assert_int_equal (far_value_splice (list, 0, 1, &one, 1, &dropped), FAR_OK);
    far_value_destroy (&dropped);
    far_value_destroy (&list);
}

static void unshare_copies_what_others_have (void **state)
{
    (void)state;
    far_value_t *list = far_value_new ("[i[ii]]", 1, 2, 3), *alone = list, *item = far_value_from_int (4),
                *dropped = NULL;
    assert_int_equal (far_value_unshare (&list), FAR_OK);
    assert_ptr_equal (list, alone);
    far_value_t *other = far_value_retain (list);
    assert_int_equal (far_value_unshare (&list), FAR_OK);
    assert_ptr_not_equal (list, other);
    assert_true (far_value_equals (list, other));
    assert_ptr_equal (far_value_item (list, 1), far_value_item (other, 1)); /* what is inside is shared */
    assert_int_equal (far_value_splice (list, 2, 0, &item, 1, &dropped), FAR_OK);
    assert_int_equal (far_value_count (other), 2);
    far_value_destroy (&other);
    far_value_destroy (&list);
    far_value_t *number = far_value_from_int (5), *same = far_value_retain (number);
    assert_int_equal (far_value_unshare (&number), FAR_OK);
    assert_ptr_equal (number, same);
    far_value_destroy (&number);
    far_value_destroy (&same);
}

static void weight_counts_all_and_stops (void **state)
{
    (void)state;
    far_value_t *value = far_value_new ("[i[ii]{sn}]", 1, 2, 3, "key");
    assert_int_equal (far_value_weight (value, 100), 8);
    assert_true (far_value_weight (value, 3) > 3);
    assert_int_equal (far_value_weight (NULL, 100), 1);
    far_value_destroy (&value);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (splice_takes_out_and_puts_in),
        cmocka_unit_test (splice_keeps_the_limits),
        cmocka_unit_test (unshare_copies_what_others_have),
        cmocka_unit_test (weight_counts_all_and_stops),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
