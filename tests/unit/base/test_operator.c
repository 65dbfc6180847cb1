/* The table of operators: each has a name of its own that finds it again, and the plain one that it is a form of. */
#include "support/cm.h"

#include "base/operator.h"

#include <string.h>

static void each_is_found_by_its_name (void **state)
{
    (void)state;
    for (unsigned i = 0; i < FAR_OPERATOR_COUNT; i++) {
        const char *name = far_operator_name ((far_operator_t)i);
        assert_true (strlen (name) > 4);
        assert_int_equal (far_operator_find (name, strlen (name)), i);
    }
    assert_int_equal (far_operator_find ("__nothing__", 11), FAR_OPERATOR_COUNT);
    assert_int_equal (far_operator_find ("add", 3), FAR_OPERATOR_COUNT);
    assert_string_equal (far_operator_name (FAR_OPERATOR_COUNT), "");
}

static void forms_name_the_plain_one (void **state)
{
    (void)state;
    for (unsigned i = 0; i < FAR_OPERATOR_COUNT; i++) {
        const far_operator_row_t *row = far_operator_row ((far_operator_t)i), *plain = far_operator_row (row->of);
        bool is_form = row->kind == FAR_OPERATOR_REFLECTED || row->kind == FAR_OPERATOR_IN_PLACE;
        assert_int_equal (is_form, row->of != (far_operator_t)i);
        if (!is_form)
            continue;
        assert_int_equal (plain->kind, FAR_OPERATOR_BINARY);
        assert_string_equal (plain->name + 2, row->name + 3);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (each_is_found_by_its_name),
        cmocka_unit_test (forms_name_the_plain_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
