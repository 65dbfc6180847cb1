#include "fixture.h"

#include "base/limits.h"
#include "wire/picture.h"

typedef struct written {
    far_buffer_t bytes;
    far_writer_t out;
    bool has_keywords;
    const char *results;
} written_t;

static far_status_t write_call (written_t *self, const char *picture, ...)
{
    *self = (written_t){ .results = "unset" };
    far_writer_init (&self->out, &self->bytes);
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_picture_write_call (&self->out, picture, &arguments, &self->has_keywords, &self->results);
    va_end (arguments.list);
    return status;
}

static far_status_t write_one (written_t *self, const char *picture, ...)
{
    *self = (written_t){ .results = "unset" };
    far_writer_init (&self->out, &self->bytes);
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_picture_write_value (&self->out, picture, &arguments);
    va_end (arguments.list);
    return status;
}

static void end (written_t *self)
{
    far_writer_deinit (&self->out);
    far_buffer_deinit (&self->bytes);
}

static void arguments_and_results (void **state)
{
    (void)state;
    written_t w;
    assert_int_equal (write_call (&w, "i, s > l", 2, "x"), FAR_OK);
    assert_bytes (&w.bytes, "92 02 a1 78");
    assert_false (w.has_keywords);
    assert_string_equal (w.results, " l");
    end (&w);
    assert_int_equal (write_call (&w, NULL), FAR_OK);
    assert_bytes (&w.bytes, "90");
    assert_string_equal (w.results, "");
    end (&w);
    assert_int_equal (write_call (&w, ">{sisi}"), FAR_OK);
    assert_bytes (&w.bytes, "90");
    assert_string_equal (w.results, "{sisi}");
    end (&w);
}

static void keywords_follow_as_a_map (void **state)
{
    (void)state;
    written_t w;
    assert_int_equal (write_call (&w, "s width:i height:[ii] > y", "p", 3, 4, 5), FAR_OK);
    assert_bytes (&w.bytes, "91 a1 70 82 a5 77 69 64 74 68 03 a6 68 65 69 67 68 74 92 04 05");
    assert_true (w.has_keywords);
    assert_string_equal (w.results, " y");
    end (&w);
    assert_int_equal (write_call (&w, "n_1: n"), FAR_OK);
    assert_bytes (&w.bytes, "90 81 a3 6e 5f 31 c0");
    end (&w);
}

static void every_letter (void **state)
{
    (void)state;
    written_t w;
    far_bytes_t bytes = { "ab", 2 };
    struct timespec time = { 1, 0 };
    fake_t object, proxy;
    fake_init (&object, &fake_object, "C", "");
    fake_init (&proxy, &fake_proxy, "", "p");
    far_value_t *tree = far_value_new ("[i]", 1);
    assert_int_equal (write_one (&w, "[n b i l u f s y t P O v]", 7, -1, INT64_MAX, UINT64_MAX, 0.5, "s", &bytes, &time,
                                 &proxy, &object, tree),
                      FAR_OK);
    assert_bytes (&w.bytes, "9c c0 c3 ff cf 7f ff ff ff ff ff ff ff cf ff ff ff ff ff ff ff ff cb 3f e0 00 00 00 00 00 "
                            "00 a1 73 c4 02 61 62 d6 ff 00 00 00 01 c7 05 01 93 00 a0 a1 70 d6 01 92 01 a1 43 91 01");
    assert_int_equal (w.out.reference_count, 2);
    end (&w);
    far_value_destroy (&tree);
}

static void null_is_nil (void **state)
{
    (void)state;
    written_t w;
    void *none = NULL;
    assert_int_equal (write_one (&w, "[sytPOv]", none, none, none, none, none, none), FAR_OK);
    assert_bytes (&w.bytes, "96 c0 c0 c0 c0 c0 c0");
    end (&w);
}

static void nested (void **state)
{
    (void)state;
    written_t w;
    assert_int_equal (write_one (&w, "{s[i{}]s{i[]}}", "a", 1, "b", 2), FAR_OK);
    assert_bytes (&w.bytes, "82 a1 61 92 01 80 a1 62 81 02 90");
    end (&w);
}

static void assert_refused (const char *picture, const char *text)
{
    written_t w;
    assert_failed (write_call (&w, picture, 1, 1, 1, 1), FAR_E_BAD_ARGUMENTS, text);
    assert_string_equal (w.results, "unset");
    assert_int_equal (far_writer_status (&w.out), FAR_E_BAD_ARGUMENTS);
    end (&w);
}

static void unreadable_pictures (void **state)
{
    (void)state;
    assert_refused ("iq", "picture \"iq\": expected a letter at position 2, found \"q\"");
    assert_refused ("[i", "picture \"[i\": expected a letter at position 3, found its end");
    assert_refused ("i]", "picture \"i]\": expected a letter at position 2, found \"]\"");
    assert_refused ("[i}", "picture \"[i}\": expected a letter at position 3, found \"}\"");
    assert_refused ("{i}", "picture \"{i}\": expected a value for the last key at position 3, found \"}\"");
    assert_refused ("[i>]", "picture \"[i>]\": expected a letter at position 3, found \">\"");
    assert_refused ("a:i i", "picture \"a:i i\": expected a keyword, as in front of the value before, at position 5, "
                             "found \"i\"");
    assert_refused ("a:", "picture \"a:\": expected a letter at position 3, found its end");
    assert_refused ("[a:i]", "picture \"[a:i]\": expected a letter at position 2, found \"a\"");
    assert_refused ("\xc3", "picture \"\xc3\": expected a letter at position 1, found \"\xc3\"");
    char deep[2 * FAR_LIMIT_DEPTH + 3] = "";
    memset (deep, '[', FAR_LIMIT_DEPTH + 1);
    memset (deep + FAR_LIMIT_DEPTH + 1, ']', FAR_LIMIT_DEPTH + 1);
    written_t w;
    assert_int_equal (write_one (&w, deep), FAR_E_BAD_ARGUMENTS);
    end (&w);
}

static void one_value_is_one (void **state)
{
    (void)state;
    written_t w;
    assert_failed (write_one (&w, "ii", 1, 2), FAR_E_BAD_ARGUMENTS, "picture \"ii\": expected one value, found 2");
    end (&w);
    assert_failed (write_one (&w, ""), FAR_E_BAD_ARGUMENTS, "picture \"\": expected one value, found 0");
    end (&w);
    assert_failed (write_one (&w, "i>i", 1), FAR_E_BAD_ARGUMENTS,
                   "picture \"i>i\": expected a letter at position 2, found \">\"");
    end (&w);
}

static void what_can_not_be_given (void **state)
{
    (void)state;
    written_t w;
    fake_t object;
    fake_init (&object, &fake_object, "", "");
    assert_failed (write_call (&w, "i [s]", 1, "\xff"), FAR_E_NOT_SERIALIZABLE,
                   "picture letter \"s\" (position 4): a string of 1 bytes is not UTF-8");
    end (&w);
    assert_failed (write_call (&w, "P", &object), FAR_E_BAD_ARGUMENTS,
                   "picture letter \"P\" (position 1): expected a far_proxy_t, found a far_object_t");
    end (&w);
    assert_int_equal (owners_of (&object), 1);
}

/* A call's arguments stand two lists deep in its body. */
static void depth_counts_the_body (void **state)
{
    (void)state;
    written_t w;
    char picture[2 * FAR_LIMIT_DEPTH + 1] = "";
    size_t deepest = FAR_LIMIT_DEPTH - 2;
    memset (picture, '[', deepest);
    memset (picture + deepest, ']', deepest);
    assert_int_equal (write_call (&w, picture), FAR_OK);
    end (&w);
    memset (picture, '[', deepest + 1);
    memset (picture + deepest + 1, ']', deepest + 1);
    assert_int_equal (write_call (&w, picture), FAR_E_LIMIT);
    end (&w);
    assert_int_equal (write_one (&w, picture), FAR_OK);
    end (&w);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (arguments_and_results),
        cmocka_unit_test (keywords_follow_as_a_map),
        cmocka_unit_test (every_letter),
        cmocka_unit_test (null_is_nil),
        cmocka_unit_test (nested),
        cmocka_unit_test (unreadable_pictures),
        cmocka_unit_test (one_value_is_one),
        cmocka_unit_test (what_can_not_be_given),
        cmocka_unit_test (depth_counts_the_body),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
