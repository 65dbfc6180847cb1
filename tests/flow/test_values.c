/* Hosted values between real processes: copies of plain values that are used with Python's operators and methods, against
 * a grid that a real Python has made. */
#include "support/pair.h"
#include "base/operator.h"
#include "values/grid.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up (void **state)
{
    return pair_set_up (state, "probe", 0);
}

/* A case that has been sent. */
typedef struct pending {
    grid_case_t given;
    far_proxy_t *self;
    far_request_t *request;
} pending_t;

static const far_operator_row_t *row_of (const char *name)
{
    far_operator_t of = far_operator_find (name, strlen (name));
    return of == FAR_OPERATOR_COUNT ? NULL : far_operator_row (of);
}

static bool is_in_place (const char *name)
{
    const far_operator_row_t *row = row_of (name);
    return row && row->kind == FAR_OPERATOR_IN_PLACE;
}

/* The result by value; NULL where it is an error. */
static far_value_t *take_result (const pending_t *pending)
{
    far_value_t *result = NULL;
    far_proxy_t *go_on = NULL;
    if (!is_in_place (pending->given.name)) {
        far_request_result (pending->request, "v", &result);
    } else if (!far_request_result (pending->request, "P", &go_on)) {
        assert_ok (far_get_value (go_on, "v", &result));
        far_proxy_destroy (&go_on);
    }
    return result;
}

static bool check (pending_t *pending)
{
    const grid_case_t *given = &pending->given;
    far_value_t *result = take_result (pending), *after = NULL;
    const char *error_class = result ? "" : far_error_class (far_last_error ());
    bool same = !strcmp (error_class, given->error_class) && (!given->result || grid_same (result, given->result));
    if (!same)
        print_error ("operators.txt:%d: %s gives %s\n", given->line, given->name,
                     result ? "another result" : error_class);
    if (far_value_type (given->self) == FAR_TYPE_LIST || far_value_type (given->self) == FAR_TYPE_MAP) {
        assert_ok (far_get_value (pending->self, "v", &after));
        if (!grid_same (after, given->after)) {
            print_error ("operators.txt:%d: %s leaves something else\n", given->line, given->name);
            same = false;
        }
    }
    far_value_destroy (&result);
    far_value_destroy (&after);
    far_request_destroy (&pending->request);
    far_proxy_destroy (&pending->self);
    grid_case_deinit (&pending->given);
    return same;
}

/* A proxy to a copy; values that can't change are sent once as long as they are asked for. */
static far_proxy_t *copy_of (far_process_t *host, const far_value_t *value, far_value_t **last, far_proxy_t **last_copy)
{
    bool changes = far_value_type (value) == FAR_TYPE_LIST || far_value_type (value) == FAR_TYPE_MAP;
    if (!changes && *last && grid_same (value, *last))
        return far_proxy_retain (*last_copy);
    far_proxy_t *copy = far_transfer (host, "v", value);
    assert_made (copy);
    if (changes)
        return copy;
    far_value_destroy (last);
    far_proxy_destroy (last_copy);
    *last = far_value_retain (value);
    *last_copy = far_proxy_retain (copy);
    return copy;
}

/* Runs the cases that are wanted, many of them on their way at once; gives how many there were. */
static int run_grid (const pair_t *pair, bool (*wanted) (const char *name))
{
    enum { WINDOW = 256 };
    static pending_t window[WINDOW];
    FILE *file = fopen (FAR_SOURCE_DIR "/tests/values/operators.txt", "r");
    assert_non_null (file);
    int line = 0, count = 0, wrong = 0;
    far_value_t *last = NULL;
    far_proxy_t *last_copy = NULL;
    grid_case_t given;
    while (grid_next (file, &line, &given)) {
        if (!wanted (given.name)) {
            grid_case_deinit (&given);
            continue;
        }
        pending_t *slot = &window[count++ % WINDOW];
        if (slot->request)
            wrong += !check (slot);
        *slot = (pending_t){ .given = given, .self = copy_of (pair->host, given.self, &last, &last_copy) };
        slot->request = far_call_values (slot->self, given.name, given.arguments, NULL);
        assert_made (slot->request);
    }
    for (size_t i = 0; i < WINDOW; i++)
        if (window[i].request)
            wrong += !check (&window[i]);
    fclose (file);
    far_value_destroy (&last);
    far_proxy_destroy (&last_copy);
    assert_int_equal (wrong, 0);
    return count;
}

static bool is_binary (const char *name)
{
    return row_of (name) && row_of (name)->kind == FAR_OPERATOR_BINARY;
}

static bool is_reflected (const char *name)
{
    return row_of (name) && row_of (name)->kind == FAR_OPERATOR_REFLECTED;
}

static bool compares_or_is_unary (const char *name)
{
    return row_of (name) && (row_of (name)->kind == FAR_OPERATOR_COMPARES || row_of (name)->kind == FAR_OPERATOR_UNARY);
}

static bool is_any (const char *name)
{
    return *name;
}

static void S37_binary_operators_are_each_its_own (void **state)
{
    assert_true (run_grid (*state, is_binary) > 1000);
    far_proxy_t *seven = far_transfer (((pair_t *)*state)->host, "i", 7);
    int64_t quotient, rest, result;
    assert_ok (far_call (seven, "__floordiv__", "i>l", -2, &result)); /* not a power */
    assert_int_equal (result, -4);
    assert_ok (far_call (seven, "__divmod__", "i>[ll]", -2, &quotient, &rest));
    assert_int_equal (quotient, -4);
    assert_int_equal (rest, -1);
    far_proxy_destroy (&seven);
}

static void S38_reflected_operators_have_the_object_on_the_right (void **state)
{
    assert_true (run_grid (*state, is_reflected) > 100);
    far_proxy_t *seven = far_transfer (((pair_t *)*state)->host, "i", 7);
    int64_t result;
    assert_ok (far_call (seven, "__rsub__", "i>l", 2, &result));
    assert_int_equal (result, -5);
    assert_ok (far_call (seven, "__rxor__", "i>l", 2, &result)); /* not an or */
    assert_int_equal (result, 2 ^ 7);
    far_proxy_destroy (&seven);
}

static void S39_in_place_operators_give_what_to_go_on_with (void **state)
{
    pair_t *pair = *state;
    assert_true (run_grid (pair, is_in_place) > 100);
    far_proxy_t *list = far_transfer (pair->host, "[i]", 1), *number = far_transfer (pair->host, "i", 5), *next = NULL;
    assert_ok (far_call (list, "__iadd__", "[i]>P", 2, &next));
    assert_true (far_proxy_equals (list, next)); /* the list itself has changed */
    int first, second;
    assert_ok (far_get_value (list, "[ii]", &first, &second));
    assert_int_equal (second, 2);
    far_proxy_destroy (&next);
    assert_ok (far_call (number, "__ilshift__", "i>P", 2, &next));
    assert_false (far_proxy_equals (number, next)); /* numbers do not change */
    assert_ok (far_get_value (next, "i", &first));
    assert_int_equal (first, 20);
    assert_ok (far_get_value (number, "i", &first));
    assert_int_equal (first, 5);
    far_proxy_destroy (&next);
    far_proxy_destroy (&number);
    far_proxy_destroy (&list);
}

static void S40_comparisons_and_operators_of_one (void **state)
{
    assert_true (run_grid (*state, compares_or_is_unary) > 1000);
    pair_t *pair = *state;
    static const char *const equal[] = { "i", "f", "b" };
    int64_t hashes[3];
    for (size_t i = 0; i < 3; i++) {
        far_proxy_t *one = i == 1 ? far_transfer (pair->host, equal[i], 1.0) : far_transfer (pair->host, equal[i], 1);
        assert_ok (far_call (one, "__hash__", ">l", &hashes[i]));
        far_proxy_destroy (&one);
    }
    assert_true (hashes[0] == hashes[1] && hashes[1] == hashes[2]);
    far_proxy_t *list = far_transfer (pair->host, "[]");
    assert_status (far_call (list, "__hash__", ""), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "TypeError");
    far_proxy_destroy (&list);
}

static void S41_all_operators_and_methods_as_python_has_them (void **state)
{
    assert_true (run_grid (*state, is_any) >= 2000);
}

static void S07_a_copy_of_any_value (void **state)
{
    pair_t *pair = *state;
    struct timespec time = { .tv_sec = -5, .tv_nsec = 999999999 };
    far_bytes_t bytes = { "\0\1\xff", 3 };
    far_value_t *sent = far_value_new ("[nbbiluf s y t [ii[]] {s[]si}]", 0, 1, -1, INT64_MIN, UINT64_MAX, 0.1,
                                       "h\303\251llo", &bytes, &time, 1, 2, "a", "b", 3);
    assert_made (sent);
    for (size_t i = 0; i <= far_value_count (sent); i++) {
        const far_value_t *value = i < far_value_count (sent) ? far_value_item (sent, i) : sent;
        far_proxy_t *copy = far_transfer (pair->host, "v", value);
        assert_made (copy);
        far_value_t *got = NULL;
        assert_ok (far_get_value (copy, "v", &got));
        assert_true (far_value_equals (value, got));
        char *repr = far_proxy_repr (copy);
        assert_non_null (strstr (repr, value == sent ? "list"
                                       : far_value_type (value) == FAR_TYPE_UINT
                                           ? "int"
                                           : far_type_name (far_value_type (value))));
        far_string_free (&repr);
        far_value_destroy (&got);
        far_proxy_destroy (&copy);
    }
    far_value_destroy (&sent);
    /* Two copies have nothing to do with each other. */
    far_proxy_t *first = far_transfer (pair->host, "[]"), *second = far_transfer (pair->host, "[]");
    int64_t count;
    assert_ok (far_call (first, "append", "i", 1));
    assert_ok (far_call (second, "__len__", ">l", &count));
    assert_int_equal (count, 0);
    far_proxy_destroy (&first);
    far_proxy_destroy (&second);
}

/* Iterates to the end, at most so many at a time, and checks that it gives these items. */
static void assert_items (far_proxy_t *proxy, int most, const char *expected)
{
    far_proxy_t *iterator = NULL;
    char all[256] = "";
    assert_ok (far_call (proxy, "__iter__", ">P", &iterator));
    for (size_t got = 1; got;) {
        far_value_t *batch = NULL;
        assert_ok (far_call (iterator, "__next__", "i>v", most, &batch));
        got = far_value_count (batch);
        assert_true (got <= (size_t)most);
        for (size_t i = 0; i < got; i++) {
            const far_value_t *item = far_value_item (batch, i);
            size_t used = strlen (all);
            if (far_value_type (item) == FAR_TYPE_INT)
                snprintf (all + used, sizeof all - used, "%" PRId64 ",", far_value_int (item));
            else
                snprintf (all + used, sizeof all - used, "%s,", (const char *)far_value_bytes (item).data);
        }
        far_value_destroy (&batch);
    }
    assert_string_equal (all, expected);
    far_proxy_destroy (&iterator);
}

static void S35_items_length_membership_iteration (void **state)
{
    pair_t *pair = *state;
    far_bytes_t bytes = { "\1\2\xff", 3 };
    far_proxy_t *list = far_transfer (pair->host, "[iii]", 10, 20, 30);
    far_proxy_t *map = far_transfer (pair->host, "{sisi}", "one", 1, "two", 2);
    far_proxy_t *text = far_transfer (pair->host, "s", "h\303\251\346\227\245o");
    far_proxy_t *binary = far_transfer (pair->host, "y", &bytes);
    int number, count;
    bool is_there;
    char *part = NULL;
    assert_ok (far_call (list, "__getitem__", "i>i", -1, &number));
    assert_int_equal (number, 30);
    assert_ok (far_call (map, "__getitem__", "s>i", "two", &number));
    assert_int_equal (number, 2);
    assert_ok (far_call (text, "__getitem__", "[nni]>s", -1, &part)); /* text[::-1] */
    assert_string_equal (part, "o\346\227\245\303\251h");
    assert_ok (far_call (text, "__len__", ">i", &count));
    assert_int_equal (count, 4);
    assert_ok (far_call (map, "__contains__", "s>b", "one", &is_there));
    assert_true (is_there);
    assert_ok (far_call (list, "__contains__", "f>b", 20.0, &is_there));
    assert_true (is_there);
    for (int most = 1; most < 5; most++) {
        assert_items (list, most, "10,20,30,");
        assert_items (map, most, "one,two,");
        assert_items (text, most, "h,\303\251,\346\227\245,o,");
        assert_items (binary, most, "1,2,255,");
    }
    assert_status (far_call (list, "__getitem__", "i", 3), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "IndexError");
    assert_status (far_call (map, "__getitem__", "s", "three"), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "KeyError");
    assert_string_equal (far_error_message (far_last_error ()), "'three'");
    far_string_free (&part);
    far_proxy_destroy (&binary);
    far_proxy_destroy (&text);
    far_proxy_destroy (&map);
    far_proxy_destroy (&list);
}

static far_status_t add_one (far_call_t *call, void *total)
{
    return far_call_return (call, "i", ++*(int *)total);
}

/* References in a hosted list are what they were, whoever owns what they stand for. */
static void S41_lists_hold_references (void **state)
{
    pair_t *pair = *state;
    int total = 0, got = 0;
    int64_t sum = 0;
    far_proxy_t *list = far_transfer (pair->host, "[]");
    far_proxy_t *counter = far_new (pair->host, "probe.Counter", "l", (int64_t)40), *other = NULL;
    far_object_t *callback = far_function (pair->me, add_one, &total, "-> i");
    assert_ok (far_call (list, "append", "P", counter)); /* home at the host */
    assert_ok (far_call (list, "extend", "[Oi]", callback, 5));
    far_object_destroy (&callback);
    far_proxy_destroy (&counter);
    assert_ok (far_call (list, "reverse", ""));
    assert_ok (far_call (list, "__getitem__", "i>P", 2, &counter));
    assert_ok (far_call (counter, "add", "i>l", 2, &sum));
    assert_int_equal (sum, 42);
    bool is_there = false;
    assert_ok (far_call (list, "__contains__", "P>b", counter, &is_there));
    assert_true (is_there);
    assert_ok (far_call (list, "pop", "i>O", 1, &callback)); /* came home to us */
    assert_non_null (callback);
    far_object_destroy (&callback);
    assert_ok (far_call (list, "pop", ">P", &other));
    assert_true (far_proxy_equals (counter, other));
    assert_ok (far_get_value (list, "[i]", &got));
    assert_int_equal (got, 5);
    far_proxy_destroy (&other);
    far_proxy_destroy (&counter);
    far_proxy_destroy (&list);
}

/* An operand may be a hosted value itself. */
static void S41_operands_may_be_hosted (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *list = far_transfer (pair->host, "[i]", 1), *two = far_transfer (pair->host, "i", 2), *same = NULL;
    int a = 0, b = 0, c = 0, d = 0;
    assert_ok (far_call (list, "__mul__", "P>[ii]", two, &a, &b));
    assert_ok (far_call (list, "__iadd__", "P>P", list, &same)); /* to itself */
    far_proxy_destroy (&same);
    assert_ok (far_call (list, "__imul__", "P>P", two, &same));
    assert_ok (far_get_value (list, "[iiii]", &a, &b, &c, &d));
    assert_int_equal (a + b + c + d, 4);
    far_proxy_destroy (&same);
    far_proxy_destroy (&two);
    far_proxy_destroy (&list);
}

/* The owner runs methods on several threads at once: no change is lost, and no reader sees half of one. */
static void S41_threads_of_the_owner_share_a_list (void **state)
{
    enum { MANY = 600 };
    pair_t *pair = *state;
    world_host_with (pair->world, "pool", "--threads", "4");
    far_process_t *pool = far_find (pair->me, "pool");
    assert_made (pool);
    far_proxy_t *list = far_transfer (pool, "[]"), *map = far_transfer (pool, "{}");
    static far_request_t *requests[5 * MANY];
    for (int i = 0; i < MANY; i++) {
        requests[5 * i] = far_call_async (list, "append", "i", i);
        requests[5 * i + 1] = far_call_async (list, "__iadd__", "[ii]", i, i);
        requests[5 * i + 2] = far_call_async (list, i % 50 ? "count" : "__str__", i % 50 ? "i" : "", i);
        requests[5 * i + 3] = far_call_async (map, "setdefault", "ii", i / 2, i);
        requests[5 * i + 4] = far_call_async (map, "get", "i", i);
    }
    assert_ok (far_wait_all (requests, 5 * MANY, FAR_FOREVER));
    for (int i = 0; i < 5 * MANY; i++) {
        assert_ok (far_request_result (requests[i], NULL));
        far_request_destroy (&requests[i]);
    }
    int count = 0;
    assert_ok (far_call (list, "__len__", ">i", &count));
    assert_int_equal (count, 3 * MANY);
    assert_ok (far_call (list, "count", "i>i", MANY - 1, &count));
    assert_int_equal (count, 3);
    assert_ok (far_call (map, "__len__", ">i", &count));
    assert_int_equal (count, MANY / 2);
    far_proxy_destroy (&map);
    far_proxy_destroy (&list);
    far_process_destroy (&pool);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S07_a_copy_of_any_value),
        cmocka_unit_test (S35_items_length_membership_iteration),
        cmocka_unit_test (S37_binary_operators_are_each_its_own),
        cmocka_unit_test (S38_reflected_operators_have_the_object_on_the_right),
        cmocka_unit_test (S39_in_place_operators_give_what_to_go_on_with),
        cmocka_unit_test (S40_comparisons_and_operators_of_one),
        cmocka_unit_test (S41_all_operators_and_methods_as_python_has_them),
        cmocka_unit_test (S41_lists_hold_references),
        cmocka_unit_test (S41_operands_may_be_hosted),
        cmocka_unit_test (S41_threads_of_the_owner_share_a_list),
    };
    return cmocka_run_group_tests_name ("values", tests, set_up, pair_tear_down);
}
