/* Hosted values against a grid that a real Python has made, through dispatch; and what the grid can't say. */
#include "support.h"
#include "base/limits.h"
#include "object/builtin.h"
#include "object/hosted.h"
#include "values/grid.h"
#include <pthread.h>

static void send (exchange_t *exchange, far_object_t *object, const char *name, const far_value_t *arguments)
{
    exchange_reset (exchange);
    far_write_list (&exchange->body, 5);
    far_write_uint (&exchange->body, 7);
    write_text (&exchange->body, name);
    exchange->body.depth++;
    far_value_write (&exchange->body, arguments);
    exchange->body.depth--;
    far_write_map (&exchange->body, 0);
    far_write_uint (&exchange->body, FAR_BY_VALUE_USUAL);
    exchange_run (exchange, FAR_CALL, object);
}

static void print_value (const char *what, const far_value_t *value)
{
    far_value_t *text = NULL;
    if (!far_builtin_operate (FAR_STR, value, NULL, &text))
        print_error ("    %s (%s) %s\n", what, far_builtin_name (value), (const char *)far_value_bytes (text).data);
    far_value_destroy (&text);
}

static bool run_case (exchange_t *exchange, const grid_case_t *given)
{
    far_value_t *own = far_value_retain (given->self);
    far_object_t *object = far_hosted_new (&own);
    assert_non_null (object);
    send (exchange, object, given->name, given->arguments);
    far_hosted_t *answered =
        exchange->error ? NULL : far_hosted_from_object (far_object_from_handle (far_value_handle (exchange->value)));
    far_value_t *result = answered ? far_hosted_read (answered) : far_value_retain (exchange->value);
    far_value_t *after = far_hosted_read (far_hosted_from_object (object));
    const char *error_class = exchange->error ? far_error_class (exchange->error) : "";
    bool same = !strcmp (error_class, given->error_class) && (!given->result || grid_same (result, given->result)) &&
                grid_same (after, given->after);
    if (!same) {
        print_error ("operators.txt:%d: %s: expected %s\n", given->line, given->name,
                     given->result ? "a result" : given->error_class);
        print_value ("self", given->self);
        print_value ("arguments", given->arguments);
        if (given->result)
            print_value ("expected", given->result);
        print_value ("after", after);
        if (exchange->error)
            print_error ("    got %s: %s\n", error_class, far_error_message (exchange->error));
        else
            print_value ("got", result);
    }
    far_value_destroy (&result);
    far_value_destroy (&after);
    far_object_destroy (&object);
    return same;
}

static void S41_hosted_values_do_what_python_does (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    FILE *file = fopen (FAR_SOURCE_DIR "/tests/values/operators.txt", "r");
    assert_non_null (file);
    int line = 0, wrong = 0;
    for (grid_case_t given; grid_next (file, &line, &given); grid_case_deinit (&given))
        wrong += !run_case (&exchange, &given);
    fclose (file);
    exchange_end (&exchange);
    assert_true (line >= 2000);
    assert_int_equal (wrong, 0);
}

/* A hosted value made of a picture. */
static far_object_t *host (const char *picture, ...)
{
    far_arguments_t arguments;
    far_buffer_t bytes = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &bytes);
    va_start (arguments.list, picture);
    assert_int_equal (far_picture_write_value (&writer, picture, &arguments), FAR_OK);
    va_end (arguments.list);
    far_value_t *value = far_written_value (&writer, 0);
    far_writer_deinit (&writer);
    far_buffer_deinit (&bytes);
    far_object_t *object = far_hosted_new (&value);
    assert_non_null (object);
    return object;
}

static size_t count_of (far_object_t *object)
{
    far_value_t *value = far_hosted_read (far_hosted_from_object (object));
    size_t count = far_value_count (value);
    far_value_destroy (&value);
    return count;
}

static void what_could_grow_without_end_is_refused (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    far_object_t *text = host ("s", "ab"), *list = host ("[i[i]]", 1, 2), *one = host ("i", 1);
    far_object_t *huge = host ("l", (int64_t)1 << 40);
    call (&exchange, text, "__mul__", "l", (int64_t)1 << 40);
    assert_answer_error (&exchange, FAR_E_LIMIT, "too large");
    call (&exchange, text, "__mul__", "u", UINT64_MAX);
    assert_answer_error (&exchange, FAR_E_LIMIT, "too large");
    call (&exchange, huge, "__mul__", "s", "ab");
    assert_answer_error (&exchange, FAR_E_LIMIT, "too large");
    call (&exchange, text, "ljust", "l", INT64_MAX);
    assert_answer_error (&exchange, FAR_E_LIMIT, "too large");
    call (&exchange, list, "__mul__", "i", 400000); /* three values inside, as many times */
    assert_answer_error (&exchange, FAR_E_LIMIT, "too large");
    call (&exchange, list, "__imul__", "i", 400000);
    assert_answer_error (&exchange, FAR_E_LIMIT, "too large");
    assert_int_equal (count_of (list), 2);
    call (&exchange, one, "__lshift__", "l", (int64_t)1 << 60);
    assert_answer_error (&exchange, FAR_E_RAISED, "64 bits");
    call (&exchange, huge, "__pow__", "l", INT64_MAX);
    assert_answer_error (&exchange, FAR_E_RAISED, "64 bits");
    exchange.references = (far_handle_t *[]){ &list->handle };
    exchange.reference_count = 1;
    call (&exchange, list, "__imul__", "i", 100000);
    assert_int_equal (exchange.type, FAR_RESULT);
    for (int i = 0; exchange.type == FAR_RESULT; i++) {
        assert_true (i < 3);
        call (&exchange, list, "extend", "O", list); /* to itself: twice as many */
    }
    assert_answer_error (&exchange, FAR_E_LIMIT, "1000000 values");
    far_object_destroy (&text);
    far_object_destroy (&list);
    far_object_destroy (&one);
    far_object_destroy (&huge);
    exchange_end (&exchange);
}

static void nesting_ends_where_a_message_would (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    far_object_t *list = host ("[]");
    far_value_t *inner = far_value_list ();
    for (int i = 1; i < FAR_LIMIT_DEPTH; i++) {
        far_value_t *outer = far_value_list ();
        assert_int_equal (far_value_append (outer, &inner), FAR_OK);
        inner = outer;
    }
    far_value_t **value, *dropped = NULL;
    far_keys_t *keys;
    assert_int_equal (far_hosted_edit (far_hosted_from_object (list), &value, &keys), FAR_OK);
    assert_int_equal (far_value_splice (*value, 0, 0, &inner, 1, &dropped), FAR_E_LIMIT);
    far_value_t *less = far_value_retain (far_value_item (inner, 0));
    assert_int_equal (far_value_splice (*value, 0, 0, &less, 1, &dropped), FAR_OK);
    far_hosted_edited (far_hosted_from_object (list), &dropped);
    far_value_destroy (&inner);
    getvalue (&exchange, list, "");
    assert_int_equal (exchange.type, FAR_RESULT);
    far_object_destroy (&list);
    exchange_end (&exchange);
}

/* Whatever is in a message, it travels, and the error keeps its class. */
static void errors_show_what_they_are_about (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    far_object_t *bytes = host ("y", &(far_bytes_t){ "\377\"12", 4 }), *map = host ("{}");
    call (&exchange, bytes, "__int__", "");
    assert_string_equal (far_error_class (exchange.error), "ValueError");
    char key[301] = "x";
    for (size_t i = 1; i + 1 < sizeof key; i += 2)
        memcpy (key + i, "\303\251", 2);
    key[299] = '\0';
    call (&exchange, map, "__getitem__", "s", key);
    assert_string_equal (far_error_class (exchange.error), "KeyError");
    assert_true (strlen (far_error_message (exchange.error)) <= 200);
    far_object_destroy (&bytes);
    far_object_destroy (&map);
    exchange_end (&exchange);
}

static void timestamps_count_nanoseconds (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    struct timespec time = { .tv_sec = 1700000000, .tv_nsec = 999999999 }, got;
    far_object_t *object = host ("t", &time);
    call (&exchange, object, "__add__", "f", 1.5);
    got = far_value_time (exchange.value);
    assert_true (got.tv_sec == 1700000002 && got.tv_nsec == 499999999);
    call (&exchange, object, "__radd__", "i", -1700000001);
    got = far_value_time (exchange.value);
    assert_true (got.tv_sec == -1 && got.tv_nsec == 999999999);
    call (&exchange, object, "__sub__", "t", &(struct timespec){ .tv_sec = 1699999999, .tv_nsec = 499999999 });
    assert_true (far_value_float (exchange.value) == 1.5);
    call (&exchange, object, "__lt__", "t", &(struct timespec){ .tv_sec = 1700000001 });
    assert_true (far_value_bool (exchange.value));
    call (&exchange, object, "__str__", "");
    assert_string_equal (far_value_bytes (exchange.value).data, "2023-11-14T22:13:20.999999999Z");
    call (&exchange, object, "__int__", "");
    assert_answer_int (&exchange, 1700000000);
    call (&exchange, object, "nanoseconds", "");
    assert_answer_int (&exchange, 999999999);
    call (&exchange, object, "__add__", "l", INT64_MAX);
    assert_answer_error (&exchange, FAR_E_RAISED, "no timestamp");
    call (&exchange, object, "__lt__", "i", 5);
    assert_answer_error (&exchange, FAR_E_RAISED, "'time' and 'int'");
    far_object_destroy (&object);
    exchange_end (&exchange);
}

/* So many that the map has an index, which must know of every change. */
static void maps_find_their_keys_through_changes (void **state)
{
    (void)state;
    enum { MANY = 500 };
    exchange_t exchange = { 0 };
    far_object_t *map = host ("{}");
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++)
            call (&exchange, map, "__setitem__", "ii", i, i + round);
        assert_int_equal (count_of (map), MANY);
        for (int i = 0; i < MANY; i++) {
            call (&exchange, map, "__getitem__", "f", (double)i);
            assert_answer_int (&exchange, i + round);
        }
        for (int i = 0; i < MANY; i += 3)
            call (&exchange, map, "pop", "i", i);
        for (int i = 0; i < MANY; i++) {
            call (&exchange, map, "__contains__", "i", i);
            assert_int_equal (far_value_bool (exchange.value), i % 3 != 0);
        }
        call (&exchange, map, "update", "{iiii}", 0, -1, MANY - 1, -1);
        call (&exchange, map, "get", "i", MANY - 1);
        assert_answer_int (&exchange, -1);
        call (&exchange, map, "clear", "");
        call (&exchange, map, "get", "ii", 1, 77);
        assert_answer_int (&exchange, 77);
    }
    far_object_destroy (&map);
    map = host ("{isfsbsss}", 1, "first", 1.0, "second", 1, "last", "k", "v");
    assert_int_equal (count_of (map), 2);
    call (&exchange, map, "__getitem__", "i", 1);
    assert_string_equal (far_value_bytes (exchange.value).data, "last");
    far_object_destroy (&map);
    map = host ("{[i]ii[]}", 1, 2, 3); /* a list is no key, but it came as one */
    assert_int_equal (count_of (map), 2);
    call (&exchange, map, "__getitem__", "[i]", 1);
    assert_answer_error (&exchange, FAR_E_RAISED, "unhashable type: 'list'");
    far_object_destroy (&map);
    exchange_end (&exchange);
}

static void who_reads_is_not_disturbed (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    far_object_t *list = host ("[ii]", 1, 2);
    far_hosted_t *hosted = far_hosted_from_object (list);
    far_value_t *before = far_hosted_read (hosted);
    call (&exchange, list, "__iter__", "");
    far_object_t *iterator = far_object_retain (answered_object (&exchange));
    call (&exchange, list, "append", "i", 3);
    call (&exchange, list, "__setitem__", "ii", 0, 9);
    assert_int_equal (far_value_count (before), 2);
    assert_int_equal (far_value_int (far_value_item (before, 0)), 1);
    assert_int_equal (count_of (list), 3);
    call (&exchange, iterator, "__next__", "i", 10);
    assert_true (far_value_equals (exchange.value, before));
    far_object_destroy (&iterator);
    far_value_destroy (&before);
    far_object_destroy (&list);
    exchange_end (&exchange);
}

static void *append_many (void *list)
{
    far_hosted_t *hosted = far_hosted_from_object (list);
    for (int i = 0; i < 1000; i++) {
        far_value_t **value, *dropped = NULL, *item = far_value_from_int (i), *seen = far_hosted_read (hosted);
        far_keys_t *keys;
        assert_int_equal (far_hosted_edit (hosted, &value, &keys), FAR_OK);
        assert_int_equal (far_value_splice (*value, far_value_count (*value), 0, &item, 1, &dropped), FAR_OK);
        far_hosted_edited (hosted, &dropped);
        far_value_destroy (&seen);
    }
    return NULL;
}

static void threads_share_a_list (void **state)
{
    (void)state;
    pthread_t threads[4];
    far_object_t *list = host ("[]");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, append_many, list), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join (threads[i], NULL);
    assert_int_equal (count_of (list), 4000);
    far_object_destroy (&list);
}

static void methods_are_attributes (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    far_object_t *text = host ("s", "a b");
    getattr (&exchange, text, "split");
    far_object_t *method = far_object_retain (answered_object (&exchange));
    far_object_destroy (&text); /* the method keeps it */
    call (&exchange, method, "", "s maxsplit:i", " ", -1);
    assert_int_equal (far_value_count (exchange.value), 2);
    call (&exchange, method, "", "s maxsplit:s", " ", "one");
    assert_answer_error (&exchange, FAR_E_BAD_ARGUMENTS, "parameter 'maxsplit'");
    call (&exchange, method, "", "i", 1);
    assert_answer_error (&exchange, FAR_E_RAISED, "a string is required, not int");
    far_object_destroy (&method);
    far_object_t *nothing = host ("n");
    call (&exchange, nothing, "append", "i", 1);
    assert_answer_error (&exchange, FAR_E_NO_SUCH_ATTRIBUTE, "nil has no attribute 'append'");
    call (&exchange, nothing, "__add__", "i", 1);
    assert_answer_error (&exchange, FAR_E_RAISED, "unsupported operand types for +: 'nil' and 'int'");
    call (&exchange, nothing, "__add__", "");
    assert_answer_error (&exchange, FAR_E_BAD_ARGUMENTS, "parameter 'other' is missing");
    call (&exchange, nothing, "__setattr__", "ss", "name", "value");
    assert_answer_error (&exchange, FAR_E_NO_SUCH_ATTRIBUTE, "nil has no attribute 'name'");
    call (&exchange, nothing, "", "");
    assert_answer_error (&exchange, FAR_E_BAD_ARGUMENTS, "nil can't be called");
    far_object_destroy (&nothing);
    exchange_end (&exchange);
}

static far_status_t money_rsub (far_call_t *call, void *self)
{
    int64_t other;
    if (far_call_args (call, &other))
        return far_call_status (call);
    return other < 0 ? far_call_fail (call, "ValueError", "a debt")
                     : far_call_return (call, "l", other - *(int64_t *)self);
}

static far_status_t money_gt (far_call_t *call, void *self)
{
    int64_t other;
    return far_call_args (call, &other) ? far_call_status (call)
                                        : far_call_return (call, "b", *(int64_t *)self > other);
}

static far_status_t money_init (far_call_t *call, void *self)
{
    (void)call;
    *(int64_t *)self = 100;
    return FAR_OK;
}

static const far_operation_t money_operators[] = {
    { FAR_RSUB, money_rsub, "other:l -> l", "" },
    { FAR_GT, money_gt, "other:l -> b", "" },
    { 0 },
};
static const far_class_t money_class = {
    .name = "Money", .size = sizeof (int64_t), .init = money_init, .operators = money_operators
};

static void the_other_side_is_asked (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    far_object_t *money = far_object_new (NULL, &money_class, ""), *number = host ("i", 142), *debt = host ("i", -1);
    assert_non_null (money);
    exchange.references = (far_handle_t *[]){ &money->handle };
    exchange.reference_count = 1;
    call (&exchange, number, "__sub__", "O", money);
    assert_answer_int (&exchange, 42);
    call (&exchange, debt, "__lt__", "O", money);
    assert_true (far_value_bool (exchange.value));
    call (&exchange, number, "__isub__", "O", money);
    far_value_t *result = far_hosted_read (far_hosted_from_object (answered_object (&exchange)));
    assert_int_equal (far_value_int (result), 42);
    far_value_destroy (&result);
    call (&exchange, number, "__eq__", "O", money);
    assert_false (far_value_bool (exchange.value));
    call (&exchange, debt, "__sub__", "O", money);
    assert_answer_error (&exchange, FAR_E_RAISED, "a debt");
    assert_string_equal (far_error_hop (exchange.error, 0)->object, "Money");
    assert_string_equal (far_error_hop (exchange.error, 0)->method, "__rsub__");
    call (&exchange, number, "__add__", "O", money);
    assert_answer_error (&exchange, FAR_E_RAISED, "unsupported operand types for +: 'int' and 'reference'");
    far_object_destroy (&money);
    far_object_destroy (&number);
    far_object_destroy (&debt);
    exchange_end (&exchange);
}

/* What is taken out of a list ends when the list is not locked any more: what ends with it may use the list. */
static void what_is_dropped_may_be_the_list_itself (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    far_object_t *list = host ("[]"), *map = host ("{}");
    exchange.references = (far_handle_t *[]){ &list->handle };
    exchange.reference_count = 1;
    call (&exchange, list, "append", "O", list);
    call (&exchange, map, "__setitem__", "sO", "list", list);
    call (&exchange, list, "__str__", "");
    assert_string_equal (far_value_bytes (exchange.value).data, "[<list>]");
    call (&exchange, list, "clear", "");
    assert_int_equal (count_of (list), 0);
    call (&exchange, map, "popitem", "");
    assert_ptr_equal (far_object_from_handle (far_value_handle (far_value_item (exchange.value, 1))), list);
    far_object_destroy (&list);
    far_object_destroy (&map);
    exchange_end (&exchange);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S41_hosted_values_do_what_python_does),
        cmocka_unit_test (what_could_grow_without_end_is_refused),
        cmocka_unit_test (nesting_ends_where_a_message_would),
        cmocka_unit_test (errors_show_what_they_are_about),
        cmocka_unit_test (timestamps_count_nanoseconds),
        cmocka_unit_test (maps_find_their_keys_through_changes),
        cmocka_unit_test (who_reads_is_not_disturbed),
        cmocka_unit_test (threads_share_a_list),
        cmocka_unit_test (methods_are_attributes),
        cmocka_unit_test (the_other_side_is_asked),
        cmocka_unit_test (what_is_dropped_may_be_the_list_itself),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
