/* Classes that are tables, between real processes: attributes, arguments, items and iteration of their objects,
 * inheritance, and what can't be sent. */
#include "support/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up (void **state)
{
    return pair_set_up (state, "library", 0);
}

static far_proxy_t *shelf_with (pair_t *pair, const char *first, const char *second)
{
    far_proxy_t *shelf = far_new (pair->host, "library.Shelf", NULL);
    assert_made (shelf);
    assert_ok (far_call (shelf, "add", "s", first));
    assert_ok (far_call (shelf, "add", "s", second));
    return shelf;
}

static void S04_attributes_by_value_and_by_proxy (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = shelf_with (pair, "one", "two");
    int64_t count;
    double height;
    char *text;
    far_value_t *label;
    assert_ok (far_get (shelf, "count", "l", &count));
    assert_int_equal (count, 2);
    assert_ok (far_get (shelf, "height", "f", &height));
    assert_true (height == 2);
    assert_ok (far_get (shelf, "label", "v", &label));
    assert_int_equal (far_value_type (label), FAR_TYPE_NIL);
    far_value_destroy (&label);
    assert_ok (far_get (shelf, "MATERIAL", "s", &text));
    world_assert_text (&text, "oak");
    assert_ok (far_get (pair->module, "Shelf.MOST", "l", &count));
    assert_int_equal (count, 8);
    assert_ok (far_get (pair->module, "rooms.attic.name", "s", &text));
    world_assert_text (&text, "attic");

    far_proxy_t *by_proxy = far_getattr (shelf, "count"), *method = far_getattr (shelf, "kind");
    assert_made (by_proxy);
    assert_made (method);
    assert_ok (far_call (shelf, "add", "s", "three"));
    assert_ok (far_get_value (by_proxy, "l", &count));
    assert_int_equal (count, 2); /* a copy of what it was */
    far_proxy_destroy (&shelf);
    assert_ok (far_call (method, NULL, ">s", &text)); /* a bound method keeps its object */
    world_assert_text (&text, "shelf");
    assert_status (far_get (method, "name", "s", &text), FAR_E_NO_SUCH_ATTRIBUTE);
    far_proxy_destroy (&by_proxy);
    far_proxy_destroy (&method);
}

static void S04_a_getter_that_fails_says_where (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = shelf_with (pair, "one", "two");
    char *text;
    assert_status (far_get (shelf, "owner", "s", &text), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "NobodyError");
    const far_hop_t *hop = far_error_hop (far_last_error (), 0);
    assert_non_null (hop);
    assert_string_equal (hop->object, "Shelf");
    assert_string_equal (hop->method, "owner");
    assert_string_equal (hop->process, "host");
    assert_non_null (strstr (hop->file, "library.c"));
    assert_status (far_get (shelf, "nothing", "s", &text), FAR_E_NO_SUCH_ATTRIBUTE);
    world_assert_says ("Shelf has no attribute 'nothing'");
    far_proxy_destroy (&shelf);
}

static int64_t calls_of (pair_t *pair)
{
    int64_t calls;
    assert_ok (far_call (pair->module, "calls", ">l", &calls));
    return calls;
}

#define assert_answered(call, expected_by, expected_down, expected_count) \
    do { \
        char *by = NULL; \
        bool down = false; \
        far_value_t *only = NULL; \
        assert_ok (call); \
        world_assert_text (&by, expected_by); \
        assert_int_equal (down, expected_down); \
        assert_int_equal (far_value_count (only), expected_count); \
        far_value_destroy (&only); \
    } while (0)

static void S05_positional_and_keyword_arguments (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *at = pair->module;
    assert_answered (far_call (at, "sorted", "s>[sbv]", "name", &by, &down, &only), "name", false, 0);
    assert_answered (far_call (at, "sorted", "sb[ll]>[sbv]", "size", 1, (int64_t)1, (int64_t)2, &by, &down, &only),
                     "size", true, 2);
    assert_answered (far_call (at, "sorted", "by:s>[sbv]", "age", &by, &down, &only), "age", false, 0);
    assert_answered (far_call (at, "sorted", "s only:[l] down:b>[sbv]", "age", (int64_t)3, 1, &by, &down, &only), "age",
                     true, 1);
}

static void S05_a_wrong_call_names_the_parameter_and_never_runs (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *at = pair->module;
    assert_status (far_call (at, "sorted", NULL), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("parameter 'by' is missing");
    assert_status (far_call (at, "sorted", "sb[l]i", "x", 1, (int64_t)1, 4), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("takes at most 3 arguments, and got 4");
    assert_status (far_call (at, "sorted", "i", 1), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("parameter 'by' takes a string, and got 1");
    assert_status (far_call (at, "sorted", "s only:[ls]", "x", (int64_t)1, "y"), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("parameter 'only', item 2 takes an integer of 64 bits, and got string");
    assert_status (far_call (at, "sorted", "s upwards:b", "x", 1), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("there is no parameter 'upwards'");
    assert_status (far_call (at, "sorted", "s by:s", "x", "y"), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("parameter 'by' is given by place and by name");
    assert_int_equal (calls_of (pair), 0);
    assert_null (far_new (pair->host, "library.Shelf", "s", "high"));
    world_assert_says ("init: parameter 'height' takes a float");
}

static void S24_what_cannot_be_encoded_is_not_sent (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *at = pair->module;
    assert_status (far_call (at, "sorted", "s", "\xff\xfe"), FAR_E_NOT_SERIALIZABLE);
    assert_status (far_call (at, "sorted", "s only:[s]", "x", "\xc3"), FAR_E_NOT_SERIALIZABLE);
    assert_null (far_call_async (at, "sorted", "s", "\xed\xa0\x80"));
    assert_int_equal (far_last_status (), FAR_E_NOT_SERIALIZABLE);
    assert_status (far_send (at, "sorted", "s", "\xff"), FAR_E_NOT_SERIALIZABLE);
    far_value_t *deep = far_value_new ("s", "name");
    for (int i = 0; i < 32; i++) {
        far_value_t *list = far_value_list ();
        assert_ok (far_value_append (list, &deep));
        deep = list;
    }
    assert_status (far_call (at, "sorted", "v", deep), FAR_E_LIMIT);
    far_value_destroy (&deep);
    assert_int_equal (calls_of (pair), 0);
    assert_answered (far_call (at, "sorted", "s>[sbv]", "name", &by, &down, &only), "name", false, 0);
}

static void S24_a_result_that_cannot_be_encoded_is_an_error (void **state)
{
    pair_t *pair = *state;
    far_value_t *value;
    assert_status (far_call (pair->module, "bad_text", ">v", &value), FAR_E_NOT_SERIALIZABLE);
    const far_hop_t *hop = far_error_hop (far_last_error (), 0);
    assert_non_null (hop);
    assert_string_equal (hop->method, "bad_text");
    assert_int_equal (calls_of (pair), 0); /* the process is well */
}

static void S35_items_length_and_contents_of_objects (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = shelf_with (pair, "one", "two");
    size_t length;
    char *book;
    bool is_there;
    assert_ok (far_len (shelf, &length));
    assert_int_equal (length, 2);
    assert_ok (far_getitem (shelf, "l>s", (int64_t)1, &book));
    world_assert_text (&book, "two");
    assert_status (far_getitem (shelf, "l>s", (int64_t)2, &book), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "IndexError");
    assert_status (far_getitem (shelf, "s>s", "one", &book), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("parameter 'place' takes an integer");
    assert_ok (far_contains (shelf, "s>b", "two", &is_there));
    assert_true (is_there);
    assert_ok (far_contains (shelf, "s>b", "three", &is_there));
    assert_false (is_there);
    far_proxy_destroy (&shelf);
}

static void S35_iteration_over_objects (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = shelf_with (pair, "one", "two");
    far_iterator_t *books = far_iterate (shelf);
    assert_made (books);
    char *book;
    assert_true (far_next (books, "s", &book));
    world_assert_text (&book, "one");
    assert_true (far_next (books, "s", &book));
    world_assert_text (&book, "two");
    assert_false (far_next (books, "s", &book));
    assert_ok (far_iterator_status (books));
    far_iterator_destroy (&books);
    far_proxy_destroy (&shelf);
    far_proxy_t *bare = far_new (pair->host, "library.Furniture", NULL);
    assert_made (bare);
    assert_null (far_iterate (bare));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_ATTRIBUTE);
    world_assert_says ("Furniture has no operator iter()");
    far_proxy_destroy (&bare);
}

static void S35_an_iterator_that_is_a_class (void **state)
{
    pair_t *pair = *state;
    for (int64_t end = 1000; end < 1002; end++) {
        far_proxy_t *numbers = far_new (pair->host, "library.Numbers", "l", end);
        assert_made (numbers);
        far_iterator_t *iterator = far_iterate (numbers);
        assert_made (iterator);
        int64_t number, expected = 0;
        while (far_next (iterator, "l", &number))
            assert_int_equal (number, expected++);
        assert_int_equal (expected, end);
        if (end % 2 == 0) {
            assert_ok (far_iterator_status (iterator));
        } else {
            assert_status (far_iterator_status (iterator), FAR_E_RAISED);
            assert_string_equal (far_error_class (far_last_error ()), "OddError");
        }
        far_iterator_destroy (&iterator);
        far_proxy_destroy (&numbers);
    }
}

static void S36_items_and_attributes_are_set_and_deleted (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = shelf_with (pair, "one", "two");
    char *text;
    size_t length;
    assert_ok (far_setitem (shelf, "ls", (int64_t)0, "first"));
    assert_ok (far_getitem (shelf, "l>s", (int64_t)0, &text));
    world_assert_text (&text, "first");
    assert_ok (far_delitem (shelf, "l", (int64_t)0));
    assert_ok (far_len (shelf, &length));
    assert_int_equal (length, 1);
    assert_ok (far_setattr (shelf, "label", "s", "novels"));
    assert_ok (far_get (shelf, "label", "s", &text));
    world_assert_text (&text, "novels");
    assert_ok (far_setattr (shelf, "owner", "s", "Hypatia"));
    assert_ok (far_get (shelf, "owner", "s", &text));
    world_assert_text (&text, "Hypatia");
    assert_ok (far_delattr (shelf, "owner"));
    assert_status (far_get (shelf, "owner", "s", &text), FAR_E_RAISED);
    far_proxy_destroy (&shelf);
}

static void S36_errors_of_changes_come_back (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = shelf_with (pair, "one", "two");
    assert_status (far_setitem (shelf, "ls", (int64_t)7, "x"), FAR_E_RAISED);
    assert_status (far_delitem (shelf, "l", (int64_t)7), FAR_E_RAISED);
    assert_status (far_setattr (shelf, "label", "i", 1), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("label: parameter 'value' takes a string");
    assert_status (far_setattr (shelf, "owner", "s", ""), FAR_E_RAISED);
    assert_non_null (strstr (far_error_hop (far_last_error (), 0)->file, "library.c"));
    assert_status (far_setattr (shelf, "count", "l", (int64_t)1), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("Shelf.count can't be set");
    assert_status (far_setattr (shelf, "add", "l", (int64_t)1), FAR_E_BAD_ARGUMENTS);
    assert_status (far_setattr (shelf, "nothing", "l", (int64_t)1), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_status (far_delattr (shelf, "label"), FAR_E_BAD_ARGUMENTS);
    world_assert_says ("Furniture.label can't be deleted");
    assert_status (far_setattr (pair->module, "city", "s", "Rome"), FAR_E_BAD_ARGUMENTS);
    far_proxy_destroy (&shelf);
}

static void S39_in_place_operators_change_the_object (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = shelf_with (pair, "one", "two"), *more = NULL;
    far_proxy_t *before = far_proxy_retain (shelf);
    size_t length;
    assert_ok (far_update (&shelf, FAR_IADD, "s", "three"));
    assert_true (far_proxy_equals (shelf, before));
    assert_ok (far_operate (shelf, FAR_ADD, "s>P", "four", &more));
    assert_false (far_proxy_equals (more, shelf));
    assert_ok (far_len (before, &length));
    assert_int_equal (length, 3);
    assert_ok (far_len (more, &length));
    assert_int_equal (length, 4);
    far_proxy_destroy (&more);
    far_proxy_destroy (&before);
    far_proxy_destroy (&shelf);
}

static void S40_what_every_object_has (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = far_new (pair->host, "library.Shelf", NULL),
                *other = far_new (pair->host, "library.Shelf", NULL);
    bool truth;
    int64_t hash, again;
    char *text;
    assert_ok (far_operate (shelf, FAR_EQ, "P>b", shelf, &truth));
    assert_true (truth);
    assert_ok (far_operate (shelf, FAR_EQ, "P>b", other, &truth));
    assert_false (truth);
    assert_ok (far_operate (shelf, FAR_NE, "P>b", other, &truth));
    assert_true (truth);
    assert_ok (far_operate (shelf, FAR_HASH, ">l", &hash));
    assert_ok (far_operate (shelf, FAR_HASH, ">l", &again));
    assert_true (hash == again);
    assert_ok (far_str (shelf, &text));
    world_assert_text (&text, "<Shelf object>");
    assert_ok (far_bool (shelf, &truth));
    assert_false (truth); /* it is empty */
    assert_status (far_operate (shelf, FAR_SUB, "i", 1), FAR_E_NO_SUCH_ATTRIBUTE);
    world_assert_says ("Shelf has no operator - (__sub__)");
    far_proxy_destroy (&shelf);
    far_proxy_destroy (&other);
}

static void a_derived_class_has_what_its_base_has (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf = far_new (pair->host, "library.Shelf", "f", 0.25);
    char *text;
    far_value_t *books;
    assert_ok (far_call (shelf, "describe", ">s", &text));
    world_assert_text (&text, "low");
    assert_ok (far_call (shelf, "kind", ">s", &text));
    world_assert_text (&text, "shelf");
    assert_ok (far_call (shelf, "add", "s", "one"));
    assert_ok (far_get_value (shelf, "v", &books));
    assert_int_equal (far_value_count (books), 1);
    far_value_destroy (&books);
    far_proxy_destroy (&shelf);
}

static void S46_an_error_that_cannot_be_encoded_arrives_as_text (void **state)
{
    pair_t *pair = *state;
    assert_status (far_call (pair->module, "bad_error", NULL), FAR_E_RAISED);
    world_assert_says ("it said \\xff\\xfe, and left");
    assert_string_equal (far_error_class (far_last_error ()), "Bad\\xffError");
    const far_hop_t *hop = far_error_hop (far_last_error (), 0);
    assert_non_null (hop);
    assert_string_equal (hop->method, "bad_error");
    assert_non_null (strstr (hop->file, "library.c"));
    assert_int_equal (calls_of (pair), 0); /* the process is well */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S04_attributes_by_value_and_by_proxy, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S04_a_getter_that_fails_says_where, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S05_positional_and_keyword_arguments, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S05_a_wrong_call_names_the_parameter_and_never_runs, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S24_what_cannot_be_encoded_is_not_sent, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S24_a_result_that_cannot_be_encoded_is_an_error, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S35_items_length_and_contents_of_objects, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S35_iteration_over_objects, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S35_an_iterator_that_is_a_class, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S36_items_and_attributes_are_set_and_deleted, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S36_errors_of_changes_come_back, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S39_in_place_operators_change_the_object, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S40_what_every_object_has, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (a_derived_class_has_what_its_base_has, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S46_an_error_that_cannot_be_encoded_arrives_as_text, set_up, pair_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
