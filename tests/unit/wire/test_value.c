#include "fixture.h"

#include "base/limits.h"
#include "wire/value.h"

static far_value_t *round_trip (const far_value_t *value)
{
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    far_writer_init (&out, &bytes);
    far_value_write (&out, value);
    assert_int_equal (far_writer_status (&out), FAR_OK);
    const char *why;
    assert_true (far_scan (bytes.data, bytes.size, &why));
    far_handle_t *table[8] = { 0 };
    for (size_t i = 0; i < out.reference_count; i++)
        table[i] = out.references[i];
    far_reader_t in = { bytes.data, bytes.data + bytes.size };
    far_value_t *read = far_value_read (&in, &(far_resolver_t){ .resolve = fake_resolve, .context = table });
    assert_ptr_equal (in.position, in.end);
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
    return read;
}

static void every_type_comes_back (void **state)
{
    (void)state;
    far_bytes_t binary = { "\0\xff", 2 };
    struct timespec time = { 1704164645, 6 };
    fake_t object;
    fake_init (&object, &fake_object, "C", "");
    far_value_t *value = far_value_new ("[nblufsytO{sv}[]]", 1, INT64_MIN, UINT64_MAX, 0.1, "h\xc3\xa9", &binary, &time,
                                        &object, "k", NULL);
    assert_non_null (value);
    far_value_t *read = round_trip (value);
    assert_true (far_value_equals (value, read));
    static const far_type_t types[] = { FAR_TYPE_NIL,       FAR_TYPE_BOOL,   FAR_TYPE_INT,    FAR_TYPE_UINT,
                                        FAR_TYPE_FLOAT,     FAR_TYPE_STRING, FAR_TYPE_BINARY, FAR_TYPE_TIME,
                                        FAR_TYPE_REFERENCE, FAR_TYPE_MAP,    FAR_TYPE_LIST };
    assert_int_equal (far_value_count (read), 11);
    for (size_t i = 0; i < 11; i++)
        assert_int_equal (far_value_type (far_value_item (read, i)), types[i]);
    assert_true (far_value_bool (far_value_item (read, 1)));
    assert_int_equal (far_value_int (far_value_item (read, 2)), INT64_MIN);
    assert_int_equal (far_value_uint (far_value_item (read, 3)), UINT64_MAX);
    assert_true (far_value_float (far_value_item (read, 4)) == 0.1);
    assert_string_equal (far_value_bytes (far_value_item (read, 5)).data, "h\xc3\xa9");
    assert_int_equal (far_value_bytes (far_value_item (read, 6)).size, 2);
    assert_memory_equal (far_value_bytes (far_value_item (read, 6)).data, "\0\xff", 3); /* with its NUL */
    assert_int_equal (far_value_time (far_value_item (read, 7)).tv_nsec, 6);
    assert_ptr_equal (far_value_handle (far_value_item (read, 8)), &object.handle);
    assert_int_equal (owners_of (&object), 3);
    far_value_destroy (&value);
    far_value_destroy (&read);
    assert_null (read);
    assert_int_equal (owners_of (&object), 1);
}

static void wrong_types_do_no_harm (void **state)
{
    (void)state;
    far_value_t *value = far_value_new ("s", "text");
    assert_int_equal (far_value_int (value), 0);
    assert_int_equal (far_value_uint (value), 0);
    assert_true (far_value_float (value) == 0);
    assert_false (far_value_bool (value));
    assert_int_equal (far_value_count (value), 0);
    assert_null (far_value_item (value, 0));
    assert_null (far_value_key (value, 0));
    assert_null (far_value_lookup (value, "text"));
    assert_null (far_value_handle (value));
    assert_int_equal (far_value_time (value).tv_sec, 0);
    far_value_destroy (&value);
    value = far_value_new ("i", -5);
    assert_int_equal (far_value_uint (value), 0);
    assert_true (far_value_float (value) == -5);
    assert_int_equal (far_value_bytes (value).size, 0);
    assert_string_equal (far_value_bytes (value).data, "");
    far_value_destroy (&value);
}

static void maps_are_looked_up (void **state)
{
    (void)state;
    far_value_t *map = far_value_map ();
    assert_int_equal (far_value_set (map, "pid", "i", 1), FAR_OK);
    assert_int_equal (far_value_set (map, "name", "s", "x"), FAR_OK);
    assert_int_equal (far_value_set (map, "pid", "i", 2), FAR_OK);
    assert_int_equal (far_value_int (far_value_lookup (map, "pid")), 2); /* the last counts */
    assert_null (far_value_lookup (map, "pi"));
    assert_string_equal (far_value_bytes (far_value_key (map, 1)).data, "name");
    assert_string_equal (far_value_bytes (far_value_item (map, 1)).data, "x");
    assert_null (far_value_item (map, 3));
    assert_failed (far_value_set (map, "bad", "q", 1), FAR_E_BAD_ARGUMENTS,
                   "picture \"q\": expected a letter at position 1, found \"q\"");
    assert_failed (far_value_set (map, "\xff", "i", 1), FAR_E_NOT_SERIALIZABLE,
                   "picture letter \"s\" (position 1): a string of 1 bytes is not UTF-8");
    far_value_destroy (&map);
}

static void adding_consumes_always (void **state)
{
    (void)state;
    far_value_t *list = far_value_list (), *map = far_value_map (), *item = far_value_new ("i", 1), *none = NULL;
    assert_failed (far_value_append (map, &item), FAR_E_BAD_ARGUMENTS, "expected a list to add to, found map");
    assert_null (item);
    assert_failed (far_value_append (list, &none), FAR_E_BAD_ARGUMENTS,
                   "expected an item to add to a list, found NULL");
    item = far_value_new ("i", 1);
    assert_failed (far_value_put (map, &none, &item), FAR_E_BAD_ARGUMENTS,
                   "expected a key to add to a map, found NULL");
    assert_null (item);
    item = far_value_new ("i", 1);
    assert_failed (far_value_append (NULL, &item), FAR_E_BAD_ARGUMENTS, "expected a list to add to, found NULL");
    item = far_value_list ();
    far_value_t *shared = far_value_retain (list);
    assert_failed (far_value_append (list, &item), FAR_E_BAD_ARGUMENTS,
                   "a list that has several owners can't be changed any more");
    assert_null (item);
    far_value_destroy (&shared);
    for (int i = 0; i < 100; i++) {
        item = far_value_new ("i", i);
        assert_int_equal (far_value_append (list, &item), FAR_OK);
    }
    assert_int_equal (far_value_count (list), 100);
    assert_int_equal (far_value_int (far_value_item (list, 99)), 99);
    far_value_destroy (&list);
    far_value_destroy (&map);
}

/* Trees are bounded in height, so whoever walks one down needs no care. */
static void height_has_a_limit (void **state)
{
    (void)state;
    far_value_t *tree = far_value_list ();
    for (int i = 1; i < FAR_LIMIT_DEPTH; i++) {
        far_value_t *around = far_value_list ();
        assert_int_equal (far_value_append (around, &tree), FAR_OK);
        tree = around;
    }
    far_value_t *read = round_trip (tree), *around = far_value_map (), *key = far_value_new ("n");
    assert_true (far_value_equals (tree, read));
    assert_failed (far_value_put (around, &key, &read), FAR_E_LIMIT, "a value nested more than 32 deep");
    assert_null (read);
    key = far_value_new ("n");
    assert_int_equal (far_value_put (around, &key, &tree), FAR_E_LIMIT);
    far_value_destroy (&around);
}

static bool equal (far_value_t *a, far_value_t *b)
{
    bool result = far_value_equals (a, b);
    assert_int_equal (far_value_equals (b, a), result);
    far_value_destroy (&a);
    far_value_destroy (&b);
    return result;
}

static void equality (void **state)
{
    (void)state;
    far_bytes_t bytes = { "x", 1 };
    assert_true (equal (far_value_new ("[i{ss}]", 1, "a", "b"), far_value_new ("[l{ss}]", (int64_t)1, "a", "b")));
    assert_false (equal (far_value_new ("i", 1), far_value_new ("f", 1.0)));
    assert_false (equal (far_value_new ("s", "x"), far_value_new ("y", &bytes)));
    assert_false (equal (far_value_new ("[i]", 1), far_value_new ("[ii]", 1, 1)));
    assert_false (equal (far_value_new ("{sisi}", "a", 1, "b", 2), far_value_new ("{sisi}", "b", 2, "a", 1)));
    assert_true (equal (far_value_new ("u", (uint64_t)7), far_value_new ("i", 7)));
    assert_false (equal (far_value_new ("n"), far_value_new ("b", 0)));
    assert_false (equal (far_value_new ("s", "ab"), far_value_new ("s", "ac")));
}

static void strings_need_no_nul (void **state)
{
    (void)state;
    far_value_t *value = far_value_string ("abc\0def", 5);
    assert_int_equal (far_value_bytes (value).size, 5);
    assert_memory_equal (far_value_bytes (value).data, "abc\0d", 6);
    far_value_destroy (&value);
    assert_null (far_value_string ("\xc3", 1));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_NOT_SERIALIZABLE);
    assert_string_equal (far_type_name (FAR_TYPE_REFERENCE), "reference");
}

static void unresolved_references_fail_whole (void **state)
{
    (void)state;
    size_t size;
    uint8_t *body = from_hex ("93 a1 78 d5 01 91 00 d5 01 91 01", &size);
    fake_t object;
    fake_init (&object, &fake_object, "", "");
    far_handle_t *table[] = { &object.handle, NULL };
    far_reader_t in = { body, body + size }, again = in;
    assert_null (far_value_read (&in, &(far_resolver_t){ .resolve = fake_resolve, .context = table }));
    assert_string_equal (far_error_message (far_last_error ()), "no reference 1");
    assert_int_equal (owners_of (&object), 1);
    assert_null (far_value_read (&again, NULL));
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_PROTOCOL_ERROR);
    free (body);
}

static void taking_apart (void **state)
{
    (void)state;
    far_value_t *value = far_value_new ("{sisv}", "n", 7, "list", NULL), *list = NULL;
    int n = 0;
    assert_int_equal (far_value_get (value, "{sisv}", "n", &n, "list", &list), FAR_OK);
    assert_int_equal (n, 7);
    assert_int_equal (far_value_type (list), FAR_TYPE_NIL);
    far_value_destroy (&list);
    assert_failed (far_value_get (value, "i", &n), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"i\" (position 1): expected an integer, found map");
    far_value_destroy (&value);
    fake_t object;
    fake_init (&object, &fake_object, "", "");
    value = far_value_new ("[O]", &object);
    far_object_t *taken;
    assert_int_equal (far_value_get (value, "[O]", &taken), FAR_OK);
    assert_ptr_equal (taken, &object);
    assert_int_equal (owners_of (&object), 3);
    far_handle_release ((far_handle_t *)taken);
    far_value_destroy (&value);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_type_comes_back), cmocka_unit_test (wrong_types_do_no_harm),
        cmocka_unit_test (maps_are_looked_up),    cmocka_unit_test (adding_consumes_always),
        cmocka_unit_test (height_has_a_limit),    cmocka_unit_test (equality),
        cmocka_unit_test (strings_need_no_nul),   cmocka_unit_test (unresolved_references_fail_whole),
        cmocka_unit_test (taking_apart),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
