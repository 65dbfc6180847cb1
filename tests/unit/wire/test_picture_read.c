#include "fixture.h"

#include "wire/picture.h"

/* What the references of the bodies stand for. */
static fake_t object, proxy;
static far_handle_t *table[] = { &proxy.handle, &object.handle, NULL };

static int prepare (void **state)
{
    (void)state;
    fake_init (&object, &fake_object, "", "");
    fake_init (&proxy, &fake_proxy, "", "");
    return 0;
}

/* Whatever a test took, it gave back. */
static int check_owners (void **state)
{
    (void)state;
    return owners_of (&object) != 1 || owners_of (&proxy) != 1;
}

static far_status_t take (const char *hex, const char *picture, ...)
{
    size_t size;
    uint8_t *body = from_hex (hex, &size);
    const char *why;
    assert_true (far_scan (body, size, &why));
    far_reader_t in = { body, body + size };
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_picture_read_value (
        &in, picture, &(far_resolver_t){ .resolve = fake_resolve, .context = table }, &arguments);
    va_end (arguments.list);
    bool takes_nothing = !picture || !*picture;
    assert_ptr_equal (in.position, status || takes_nothing ? body : body + size);
    free (body);
    return status;
}

static void every_letter (void **state)
{
    (void)state;
    bool b = false;
    int i = 0;
    int64_t l = 0;
    uint64_t u = 0;
    double f = 0;
    char *s = NULL;
    far_bytes_t y = { NULL, 0 };
    struct timespec t = { 0 };
    far_proxy_t *p = NULL;
    far_object_t *o = NULL;
    far_value_t *v = NULL;
    assert_int_equal (
        take ("9c 81 01 02 c3 ff cf 7f ff ff ff ff ff ff ff cf ff ff ff ff ff ff ff ff cb 3f e0 00 00 00 00 "
              "00 00 a1 73 c4 02 00 62 d6 ff 00 00 00 01 d5 01 91 00 d5 01 91 01 91 01",
              "[n b i l u f s y t P O v]", &b, &i, &l, &u, &f, &s, &y, &t, &p, &o, &v),
        FAR_OK);
    assert_true (b);
    assert_int_equal (i, -1);
    assert_int_equal (l, INT64_MAX);
    assert_int_equal (u, UINT64_MAX);
    assert_true (f == 0.5);
    assert_string_equal (s, "s");
    assert_int_equal (y.size, 2);
    assert_memory_equal (y.data, "\0b", 2);
    assert_int_equal (t.tv_sec, 1);
    assert_ptr_equal (p, &proxy);
    assert_ptr_equal (o, &object);
    assert_int_equal (far_value_int (far_value_item (v, 0)), 1);
    far_string_free (&s);
    far_bytes_free (&y);
    far_value_destroy (&v);
    far_handle_release ((far_handle_t *)p);
    far_handle_release ((far_handle_t *)o);
}

static void empty_pictures_take_nothing (void **state)
{
    (void)state;
    assert_int_equal (take ("05", NULL), FAR_OK);
    assert_int_equal (take ("05", ""), FAR_OK);
}

static void numbers_are_range_checked (void **state)
{
    (void)state;
    int i = 5;
    int64_t l = 5;
    uint64_t u = 5;
    double f = 5;
    assert_int_equal (take ("d2 80 00 00 00", "i", &i), FAR_OK);
    assert_int_equal (i, -2147483648);
    assert_failed (take ("ce 80 00 00 00", "i", &i), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"i\" (position 1): expected an integer of 32 bits, found 2147483648");
    assert_failed (take ("d3 ff ff ff ff 7f ff ff ff", "i", &i), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"i\" (position 1): expected an integer of 32 bits, found -2147483649");
    assert_failed (take ("cf 80 00 00 00 00 00 00 00", "l", &l), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"l\" (position 1): expected an integer of 64 bits, found 9223372036854775808");
    assert_failed (take ("ff", " u", &u), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"u\" (position 2): expected an integer that is not negative, found -1");
    assert_int_equal (take ("07", "u", &u), FAR_OK);
    assert_int_equal (u, 7);
    assert_int_equal (take ("fe", "f", &f), FAR_OK);
    assert_true (f == -2);
    assert_int_equal (take ("cf ff ff ff ff ff ff ff ff", "f", &f), FAR_OK);
    assert_true (f == 18446744073709551616.0);
    assert_int_equal (i, -2147483648);
    assert_int_equal (l, 5);
}

static void errors_say_what_was_found (void **state)
{
    (void)state;
    static const struct {
        const char *hex, *picture, *text;
    } rows[] = {
        { "92 a1 78 05", "[is]", "picture letter \"i\" (position 2): expected an integer, found string" },
        { "c0", "s", "picture letter \"s\" (position 1): expected a string, found nil" },
        { "01", "b", "picture letter \"b\" (position 1): expected a bool, found int" },
        { "cf ff ff ff ff ff ff ff ff", "s", "picture letter \"s\" (position 1): expected a string, found int" },
        { "a0", "f", "picture letter \"f\" (position 1): expected a float, found string" },
        { "a0", "y", "picture letter \"y\" (position 1): expected a binary, found string" },
        { "c4 00", "t", "picture letter \"t\" (position 1): expected a timestamp, found binary" },
        { "d6 ff 00 00 00 01", "P", "picture letter \"P\" (position 1): expected a reference, found time" },
        { "d5 01 91 00", "v[", "picture \"v[\": expected a letter at position 3, found its end" },
        { "80", "[i]", "picture letter \"[\" (position 1): expected a list, found map" },
        { "90", "{si}", "picture letter \"{\" (position 1): expected a map, found list" },
        { "93 01 02 03", "[ii]", "picture letter \"[\" (position 1): expected 2 items, found 3" },
        { "91 90", "[[i]]", "picture letter \"[\" (position 2): expected 1 items, found 0" },
        { "92 01 02", "ii", "picture \"ii\": expected one value, found 2" },
        { "a3 61 00 62", "s",
          "picture letter \"s\" (position 1): expected a string without zero bytes, found one with" },
        { "81 01 02", "{ii}", "picture letter \"i\" (position 2): expected \"s\", as keys are looked up" },
        { "d5 01 91 01", "P",
          "picture letter \"P\" (position 1): expected a reference to an object elsewhere, found one to an object of "
          "this "
          "process" },
        { "d5 01 91 00", "O",
          "picture letter \"O\" (position 1): expected a reference to an object of this process, found one to an "
          "object "
          "elsewhere" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *untouched[4] = { 0 }; /* of the size of any variable */
        assert_failed (take (rows[i].hex, rows[i].picture, &untouched, &untouched), FAR_E_BAD_ARGUMENTS, rows[i].text);
        for (size_t k = 0; k < 4; k++)
            assert_null (untouched[k]);
    }
    far_proxy_t *p;
    assert_failed (take ("d5 01 91 07", "P", &p), FAR_E_PROTOCOL_ERROR, "no reference 7");
    assert_failed (take ("d5 02 91 00", "P", &p), FAR_E_PROTOCOL_ERROR,
                   "picture letter \"P\" (position 1): the reference can't be read");
}

static void maps_are_looked_up (void **state)
{
    (void)state;
    int a = 0, b = 0, c = 0;
    /* {"b": 2, 7: nil, "a": 1, "in": {"c": [3]}, "a": 9} */
    const char *hex = "85 a1 62 02 07 c0 a1 61 01 a2 69 6e 81 a1 63 91 03 a1 61 09";
    assert_int_equal (take (hex, "{si si s{s[i]}}", "a", &a, "b", &b, "in", "c", &c), FAR_OK);
    assert_int_equal (a, 9); /* of two equal keys the last counts */
    assert_int_equal (b, 2);
    assert_int_equal (c, 3);
    a = 0;
    assert_failed (take (hex, "{sisi}", "a", &a, "x", &b), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"s\" (position 4): expected a key \"x\", found none");
    assert_int_equal (a, 0);
    assert_int_equal (take (hex, "{}"), FAR_OK);
    assert_failed (take (hex, "{s{ss}}", "in", "c", &a), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"s\" (position 5): expected a string, found list");
    /* What follows a map is still read behind it. */
    assert_int_equal (take ("92 82 a1 61 01 a1 62 02 05", "[{si}i]", "a", &a, &b), FAR_OK);
    assert_int_equal (a, 1);
    assert_int_equal (b, 5);
}

/* The last of many values does not fit: everything before was made already, or not even begun, and nothing is left. */
static void failures_change_nothing (void **state)
{
    (void)state;
    char *s = (char *)"before";
    far_bytes_t y = { "b", 1 };
    far_proxy_t *p = (far_proxy_t *)&s;
    far_value_t *v = (far_value_t *)&s;
    int i = 7;
    far_status_t status =
        take ("96 05 a1 73 c4 01 62 d5 01 91 00 91 d5 01 91 01 a1 78", "[isyPvi]", &i, &s, &y, &p, &v, &i);
    assert_int_equal (status, FAR_E_BAD_ARGUMENTS);
    status = take ("96 05 a1 73 c4 01 62 d5 01 91 00 91 d5 01 91 01 d5 01 91 09", "[isyPvO]", &i, &s, &y, &p, &v, &p);
    assert_failed (status, FAR_E_PROTOCOL_ERROR, "no reference 9");
    assert_string_equal (s, "before");
    assert_int_equal (i, 7);
    assert_int_equal (y.size, 1);
    assert_ptr_equal (p, &s);
    assert_ptr_equal (v, &s);
}

static void pictures_may_be_long (void **state)
{
    (void)state;
    int n[40];
    char *s[4];
    far_status_t status = take (
        "dc 00 2c 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 "
        "21 22 23 24 25 26 27 a1 61 a1 62 a1 63 a1 64",
        "[iiiiiiiiii iiiiiiiiii iiiiiiiiii iiiiiiiiii ssss]", n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8,
        n + 9, n + 10, n + 11, n + 12, n + 13, n + 14, n + 15, n + 16, n + 17, n + 18, n + 19, n + 20, n + 21, n + 22,
        n + 23, n + 24, n + 25, n + 26, n + 27, n + 28, n + 29, n + 30, n + 31, n + 32, n + 33, n + 34, n + 35, n + 36,
        n + 37, n + 38, n + 39, s, s + 1, s + 2, s + 3);
    assert_int_equal (status, FAR_OK);
    for (int i = 0; i < 40; i++)
        assert_int_equal (n[i], i);
    for (int i = 0; i < 4; i++) {
        assert_int_equal (s[i][0], 'a' + i);
        far_string_free (&s[i]);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (every_letter, prepare, check_owners),
        cmocka_unit_test_setup_teardown (empty_pictures_take_nothing, prepare, check_owners),
        cmocka_unit_test_setup_teardown (numbers_are_range_checked, prepare, check_owners),
        cmocka_unit_test_setup_teardown (errors_say_what_was_found, prepare, check_owners),
        cmocka_unit_test_setup_teardown (maps_are_looked_up, prepare, check_owners),
        cmocka_unit_test_setup_teardown (failures_change_nothing, prepare, check_owners),
        cmocka_unit_test_setup_teardown (pictures_may_be_long, prepare, check_owners),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
