/* Operators, items, attributes and iteration through proxies, between real processes. What hosted values make of them is
 * compared with Python elsewhere; here it is about what is sent, and what the caller gets. */
#include "support/pair.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up (void **state)
{
    return pair_set_up (state, "shelf", 0);
}

static far_proxy_t *make (pair_t *pair, const char *class_name)
{
    far_proxy_t *made = far_new (pair->host, class_name, "");
    assert_made (made);
    return made;
}

static void check_binary (far_proxy_t *trace, far_operator_t from, far_operator_t to)
{
    for (unsigned i = from; i <= to; i++) {
        char *name = NULL;
        int64_t operand = 0;
        assert_ok (far_operate (trace, (far_operator_t)i, "l>[sl]", (int64_t)i, &name, &operand));
        assert_string_equal (name, far_operator_name ((far_operator_t)i));
        assert_int_equal (operand, i);
        far_string_free (&name);
    }
}

static void S37_each_operator_is_its_own (void **state)
{
    far_proxy_t *trace = make (*state, "shelf.Trace");
    check_binary (trace, FAR_ADD, FAR_XOR);
    far_proxy_destroy (&trace);
}

static void S38_reflected_operators_are_their_own (void **state)
{
    far_proxy_t *trace = make (*state, "shelf.Trace");
    check_binary (trace, FAR_RADD, FAR_RXOR);
    far_proxy_destroy (&trace);
}

static void S40_comparisons_and_unary_operators (void **state)
{
    static const far_operator_t alone[] = { FAR_NEG, FAR_POS, FAR_ABS, FAR_INVERT, FAR_INT, FAR_FLOAT, FAR_HASH };
    far_proxy_t *trace = make (*state, "shelf.Trace");
    check_binary (trace, FAR_EQ, FAR_GE);
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        char *name = NULL;
        assert_ok (far_operate (trace, alone[i], ">[s]", &name));
        assert_string_equal (name, far_operator_name (alone[i]));
        far_string_free (&name);
    }
    assert_status (far_operate (trace, (far_operator_t)1000, ""), FAR_E_BAD_ARGUMENTS);
    assert_status (far_operate (trace, FAR_LEN, ""), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_status (far_operate (NULL, FAR_LEN, ""), FAR_E_NO_SUCH_ATTRIBUTE); /* what failed last says more */
    far_proxy_destroy (&trace);
}

static void S39_in_place_changes_what_can_change (void **state)
{
    far_proxy_t *trace = make (*state, "shelf.Trace");
    check_binary (trace, FAR_IADD, FAR_IXOR);
    far_proxy_destroy (&trace);
    far_proxy_t *shelf = make (*state, "shelf.Shelf"), *same = far_proxy_retain (shelf);
    assert_ok (far_update (&shelf, FAR_IOR, "[sl]", "a", (int64_t)7));
    assert_true (far_proxy_equals (shelf, same));
    int64_t item = 0;
    assert_ok (far_getitem (same, "s>l", "a", &item));
    assert_int_equal (item, 7);
    far_proxy_destroy (&same);
    far_proxy_destroy (&shelf);
}

static void S39_in_place_gives_a_new_proxy_for_what_can_not_change (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *number = far_new (pair->host, "shelf.Number", "l", (int64_t)40);
    assert_made (number);
    far_proxy_t *before = far_proxy_retain (number);
    assert_ok (far_update (&number, FAR_IADD, "l", (int64_t)2));
    assert_false (far_proxy_equals (number, before));
    int64_t value = 0;
    assert_ok (far_get_value (number, "l", &value));
    assert_int_equal (value, 42);
    assert_ok (far_get_value (before, "l", &value));
    assert_int_equal (value, 40);
    far_proxy_t *unchanged = number;
    assert_status (far_update (&number, FAR_IADD, "s", "text"), FAR_E_BAD_ARGUMENTS);
    assert_ptr_equal (number, unchanged);
    assert_status (far_update (&number, FAR_ADD, "l", (int64_t)2), FAR_E_BAD_ARGUMENTS);
    assert_non_null (strstr (far_error_message (far_last_error ()), "__add__"));
    far_proxy_destroy (&before);
    far_proxy_destroy (&number);
}

static void S35_items_length_and_membership (void **state)
{
    far_proxy_t *shelf = make (*state, "shelf.Shelf");
    size_t count = 99;
    bool flag = true;
    int64_t item = 0;
    assert_ok (far_len (shelf, &count));
    assert_int_equal (count, 0);
    assert_ok (far_bool (shelf, &flag)); /* by its length */
    assert_false (flag);
    assert_ok (far_setitem (shelf, "sl", "a", (int64_t)1));
    assert_ok (far_setitem (shelf, "s[ll]", "b", (int64_t)2, (int64_t)3));
    assert_ok (far_len (shelf, &count));
    assert_int_equal (count, 2);
    assert_ok (far_getitem (shelf, "s>l", "a", &item));
    assert_int_equal (item, 1);
    assert_ok (far_contains (shelf, "s>b", "b", &flag));
    assert_true (flag);
    assert_ok (far_contains (shelf, "i>b", 2, &flag));
    assert_false (flag);
    assert_ok (far_delitem (shelf, "s", "a"));
    assert_status (far_getitem (shelf, "s>l", "a", &item), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "KeyError");
    far_proxy_t *pair = NULL;
    assert_ok (far_getitem (shelf, "s>P", "b", &pair)); /* a copy, that the host keeps */
    assert_ok (far_get_value (pair, "[ll]", &item, &item));
    assert_int_equal (item, 3);
    far_proxy_destroy (&pair);
    far_proxy_destroy (&shelf);
}

static void S36_errors_of_changes_arrive (void **state)
{
    far_proxy_t *shelf = make (*state, "shelf.Shelf");
    int64_t item = 0;
    assert_ok (far_setattr (shelf, "width", "l", (int64_t)80));
    assert_ok (far_getitem (shelf, "s>l", "width", &item));
    assert_int_equal (item, 80);
    assert_ok (far_delattr (shelf, "width"));
    assert_status (far_delattr (shelf, "width"), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "KeyError");
    assert_status (far_delitem (shelf, "s", "width"), FAR_E_RAISED);
    assert_status (far_setitem (shelf, "s", "no item"), FAR_E_BAD_ARGUMENTS);
    assert_status (far_setattr (shelf, "at.all", "l", (int64_t)1), FAR_E_NO_SUCH_ATTRIBUTE); /* of shelf.at */
    assert_status (far_setattr (shelf, "width", "ll", (int64_t)1, (int64_t)1), FAR_E_BAD_ARGUMENTS);
    far_proxy_destroy (&shelf);
}

static void S36_changes_are_sent_off_when_asked (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = make (pair, "shelf.Shelf");
    assert_ok (far_proxy_set (shelf, FAR_OPTION_MODE, FAR_MODE_OFF));
    assert_ok (far_setitem (shelf, "sl", "a", (int64_t)1));
    assert_ok (far_setattr (shelf, "b", "l", (int64_t)2));
    assert_ok (far_delitem (shelf, "s", "not there, says the log"));
    assert_ok (far_delattr (shelf, "nor this"));
    size_t count = 0;
    assert_ok (far_len (shelf, &count)); /* what takes a result waits for it */
    assert_int_equal (count, 2);
    assert_int_equal (world_log_lines (pair->world, "not there, says the log"), 1);
    assert_int_equal (world_log_lines (pair->world, "nor this"), 1);
    far_proxy_destroy (&shelf);
}

static void S21_what_the_library_says_itself_stays_a_value (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = make (pair, "shelf.Shelf");
    assert_ok (far_setitem (shelf, "sl", "a", (int64_t)1));
    assert_ok (far_actor_set (pair->me, FAR_OPTION_AUTO_PROXY, 1));
    assert_ok (far_actor_set (pair->me, FAR_OPTION_BY_VALUE, FAR_BY_VALUE_NIL));
    far_process_t *again = far_find (pair->me, "host");
    assert_made (again);
    far_iterator_t *names = far_iterate (shelf);
    char *name = NULL;
    assert_true (far_next (names, "s", &name));
    assert_string_equal (name, "a");
    assert_ok (far_setattr (shelf, "b", "l", (int64_t)2)); /* the name; the value is kept here */
    assert_ok (far_delattr (shelf, "a"));
    assert_ok (far_proxy_set (shelf, FAR_OPTION_AUTO_PROXY, 0));
    far_value_t *value = NULL;
    assert_ok (far_getitem (shelf, "s>v", "b", &value));
    assert_int_equal (far_value_type (value), FAR_TYPE_REFERENCE);
    far_value_destroy (&value);
    far_string_free (&name);
    far_iterator_destroy (&names);
    far_process_destroy (&again);
    far_proxy_destroy (&shelf);
}

/* Puts in so many items, named 0, 1, 2, ... */
static void fill (far_proxy_t *shelf, int count)
{
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf (name, sizeof name, "%d", i);
        assert_ok (far_setitem (shelf, "si", name, i));
    }
}

static void S35_iteration_in_order_to_its_end (void **state)
{
    enum { ITEMS = 50 }; /* some batches */
    far_proxy_t *shelf = make (*state, "shelf.Shelf");
    fill (shelf, ITEMS);
    far_iterator_t *names = far_iterate (shelf);
    assert_made (names);
    int expected = 0;
    char *name;
    while (far_next (names, "s", &name)) {
        assert_int_equal (atoi (name), expected++);
        far_string_free (&name);
    }
    assert_int_equal (expected, ITEMS);
    assert_ok (far_iterator_status (names));
    assert_false (far_next (names, "s", &name)); /* the end stays the end */
    assert_ok (far_iterator_status (names));
    far_iterator_destroy (&names);
    assert_null (names);
    far_iterator_destroy (&names);
    far_proxy_destroy (&shelf);
}

static void S35_an_item_that_does_not_fit_stays (void **state)
{
    far_proxy_t *shelf = make (*state, "shelf.Shelf");
    fill (shelf, 2);
    far_iterator_t *names = far_iterate (shelf);
    int64_t number = 5;
    char *name = NULL;
    assert_false (far_next (names, "l", &number));
    assert_status (far_iterator_status (names), FAR_E_BAD_ARGUMENTS);
    assert_true (far_next (names, "s", &name));
    assert_string_equal (name, "0");
    assert_ok (far_iterator_status (names));
    far_string_free (&name);
    far_iterator_destroy (&names); /* in the middle */
    far_proxy_destroy (&shelf);
}

static void S35_an_iterator_that_fails_says_so_after_its_items (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *source = far_new (pair->host, "shelf.Source", "l", (int64_t)12);
    assert_made (source);
    far_iterator_t *items = far_iterate (source);
    assert_made (items);
    int64_t item, sum = 0;
    while (far_next (items, "l", &item))
        sum += item;
    assert_int_equal (sum, 78);
    assert_status (far_iterator_status (items), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "RuntimeError");
    assert_false (far_next (items, "l", &item));
    assert_status (far_iterator_status (items), FAR_E_RAISED);
    far_proxy_t *shelf = far_import_deferred (pair->host, "shelf");
    uint64_t most = 0;
    assert_ok (far_call (shelf, "most_asked", ">u", &most));
    assert_int_equal (most, 1024); /* batches grew, and not without end */
    far_proxy_destroy (&shelf);
    far_iterator_destroy (&items);
    far_proxy_destroy (&source);
    assert_null (far_iterate (source));
    assert_false (far_next (NULL, "l", &item));
    assert_int_not_equal (far_iterator_status (NULL), FAR_OK);
}

static void S30_repr_is_local_and_str_is_remote (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = make (pair, "shelf.Shelf"), *deferred = far_attr (shelf, "a.b");
    char *text = NULL;
    assert_ok (far_str (shelf, &text));
    assert_string_equal (text, "an empty shelf");
    far_string_free (&text);
    char *repr = far_proxy_repr (shelf), *path = far_proxy_repr (deferred);
    assert_non_null (strstr (repr, "<Shelf "));
    assert_non_null (strstr (repr, "of host ("));
    assert_non_null (strstr (path, ".a.b of host ("));
    far_string_free (&repr);
    far_string_free (&path);
    world_signal (pair->world, pair->world->processes[0], SIGKILL);
    while (!far_str (shelf, &text)) /* until its death is known */
        far_string_free (&text);
    repr = far_proxy_repr (shelf);
    assert_non_null (strstr (repr, "<Shelf "));
    far_string_free (&repr);
    far_proxy_destroy (&deferred);
    far_proxy_destroy (&shelf);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S37_each_operator_is_its_own, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S38_reflected_operators_are_their_own, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S40_comparisons_and_unary_operators, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S39_in_place_changes_what_can_change, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S39_in_place_gives_a_new_proxy_for_what_can_not_change, set_up,
                                         pair_tear_down),
        cmocka_unit_test_setup_teardown (S35_items_length_and_membership, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S36_errors_of_changes_arrive, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S36_changes_are_sent_off_when_asked, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S21_what_the_library_says_itself_stays_a_value, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S35_iteration_in_order_to_its_end, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S35_an_item_that_does_not_fit_stays, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S35_an_iterator_that_fails_says_so_after_its_items, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S30_repr_is_local_and_str_is_remote, set_up, pair_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
