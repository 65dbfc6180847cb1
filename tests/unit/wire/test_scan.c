/* The check of a whole body: what is let through, and what is refused and why. */
#include "fixture.h"

#include "base/limits.h"

static const char *why_not (const uint8_t *data, size_t size)
{
    const char *why = NULL;
    bool valid = far_scan (data, size, &why);
    assert_int_equal (valid, why == NULL);
    return why ? why : "";
}

static const char *why_not_hex (const char *hex)
{
    size_t size;
    uint8_t *bytes = from_hex (hex, &size);
    const char *why = why_not (bytes, size);
    free (bytes);
    return why;
}

static void every_prefix_is_refused (void **state)
{
    (void)state;
    size_t size;
    uint8_t *body =
        from_hex ("dc 00 11 c0 c2 c3 05 e0 cc 80 cd 01 00 d3 80 00 00 00 00 00 00 00 cb 3f f8 00 00 00 00 00 00 "
                  "a3 61 c3 a9 c4 02 00 ff 82 a1 6b 90 01 81 02 03 d6 ff 00 00 00 01 d5 01 91 00 de 00 01 "
                  "01 02 d9 01 78 dd 00 00 00 01 c0",
                  &size);
    assert_string_equal (why_not (body, size), "");
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *copy = malloc (cut + 1); /* so that ASan sees a read past the cut */
        memcpy (copy, body, cut);
        copy = realloc (copy, cut ? cut : 1);
        assert_string_equal (why_not (copy, cut), "it ends too early");
        free (copy);
    }
    uint8_t *longer = malloc (size + 1);
    memcpy (longer, body, size);
    longer[size] = 0xc0;
    assert_string_equal (why_not (longer, size + 1), "there are bytes behind its end");
    free (longer);
    free (body);
}

static void empty_body_is_no_value (void **state)
{
    (void)state;
    assert_string_equal (why_not (NULL, 0), "it ends too early");
}

/* depth lists around innermost. */
static const char *nested (size_t depth, uint8_t list, uint8_t innermost)
{
    uint8_t body[256];
    size_t size = 0;
    for (size_t i = 0; i < depth; i++) {
        body[size++] = list;
        if (list == 0x81)
            body[size++] = 0xc0;
    }
    body[size++] = innermost;
    return why_not (body, size);
}

static void depth (void **state)
{
    (void)state;
    assert_string_equal (nested (32, 0x91, 0xc0), "");
    assert_string_equal (nested (33, 0x91, 0xc0), "it is nested more than 32 deep");
    assert_string_equal (nested (31, 0x91, 0x90), "");
    assert_string_equal (nested (32, 0x91, 0x90), "it is nested more than 32 deep");
    assert_string_equal (nested (32, 0x81, 0xc0), "");
    assert_string_equal (nested (33, 0x81, 0xc0), "it is nested more than 32 deep");
    assert_string_equal (why_not_hex ("92 91 91 91 c0 91 91 c0"), "");
}

/* Refused where they stand: such counts are never believed. */
static void huge_counts (void **state)
{
    (void)state;
    assert_string_equal (why_not_hex ("dd ff ff ff ff"), "it ends too early");
    assert_string_equal (why_not_hex ("df ff ff ff ff c0 c0"), "it ends too early");
    assert_string_equal (why_not_hex ("dc 00 03 c0 c0"), "it ends too early");
    assert_string_equal (why_not_hex ("db ff ff ff ff 78"), "it ends too early");
    assert_string_equal (why_not_hex ("c6 ff ff ff ff 78"), "it ends too early");
    assert_string_equal (why_not_hex ("c9 ff ff ff ff 01 78"), "it ends too early");
}

/* A list of count nils. */
static const char *list_of (uint32_t count)
{
    size_t size = (size_t)count + 5;
    uint8_t *body = malloc (size);
    memset (body, 0xc0, size);
    body[0] = 0xdd;
    for (int i = 0; i < 4; i++)
        body[1 + i] = (uint8_t)(count >> (24 - 8 * i));
    const char *why = why_not (body, size);
    free (body);
    return why;
}

static void count_of_values (void **state)
{
    (void)state;
    assert_string_equal (list_of (FAR_LIMIT_VALUES - 1), "");
    assert_string_equal (list_of (FAR_LIMIT_VALUES), "it has more than 1000000 values");
}

static void utf8 (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        { "", true },
        { "plain ascii of some length", true },
        { "\xc3\xa9", true },
        { "\xe2\x82\xac", true },
        { "\xf0\x9f\x98\x80", true },
        { "\xf4\x8f\xbf\xbf", true },
        { "\xef\xbf\xbf", true },
        { "eight by\xc3\xa9 and more \xe2\x82\xac, then plain again", true },
        { "\x80", false },
        { "\xc3", false },
        { "\xc3(", false },
        { "\xc0\xaf", false }, /* overlong */
        { "\xc1\xbf", false },
        { "\xe0\x9f\xbf", false },
        { "\xf0\x8f\xbf\xbf", false },
        { "\xed\xa0\x80", false }, /* surrogates */
        { "\xed\xbf\xbf", false },
        { "\xf4\x90\x80\x80", false }, /* past U+10FFFF */
        { "\xf5\x80\x80\x80", false },
        { "\xff", false },
        { "\xe2\x82", false },
        { "\xf0\x9f\x98", false },
        { "12345678\xe2\x82", false },
        { "1234567\xc3\xa9"
          "12345678\xff",
          false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal (far_is_utf8 (rows[i].text, strlen (rows[i].text)), rows[i].valid);
    assert_true (far_is_utf8 ("a\0b", 3));
    assert_string_equal (why_not_hex ("92 a1 61 a2 c3 28"), "a string is not UTF-8");
    assert_string_equal (why_not_hex ("c4 02 c3 28"), "");
}

static void timestamps (void **state)
{
    (void)state;
    assert_string_equal (why_not_hex ("d7 ff ee 6b 28 00 00 00 00 00"),
                         "a timestamp has a second of nanoseconds or more");
    assert_string_equal (why_not_hex ("c7 0c ff 3b 9a ca 00 00 00 00 00 00 00 00 00"),
                         "a timestamp has a second of nanoseconds or more");
    assert_string_equal (why_not_hex ("c7 0c ff 3b 9a c9 ff 00 00 00 00 00 00 00 00"), "");
    assert_string_equal (why_not_hex ("d5 ff 00 00"), "a timestamp is not of 4, 8 or 12 bytes");
    assert_string_equal (why_not_hex ("d8 ff 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
                         "a timestamp is not of 4, 8 or 12 bytes");
}

static void ext_types (void **state)
{
    (void)state;
    for (int type = -128; type < 128; type++) {
        uint8_t body[] = { 0xd6, (uint8_t)type, 0, 0, 0, 0 };
        bool known = type == -1 || (type >= 1 && type <= 3);
        assert_string_equal (why_not (body, sizeof body), known ? "" : "an ext type is not known");
    }
    assert_string_equal (why_not_hex ("91 c1"), "the byte 0xc1 begins no value");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_prefix_is_refused),
        cmocka_unit_test (empty_body_is_no_value),
        cmocka_unit_test (depth),
        cmocka_unit_test (huge_counts),
        cmocka_unit_test (count_of_values),
        cmocka_unit_test (utf8),
        cmocka_unit_test (timestamps),
        cmocka_unit_test (ext_types),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
