/* Chains of calls as text: what their links are, and what is said of those that can't be read. */
#include "proxy/chain_text.h"
#include "support/cm.h"

#include "base/error.h"
#include "wire/picture.h"

#include <string.h>

/* A value that holds what was encoded, in a list (or, for keywords, a map). */
static far_value_t *read_literals (const far_literals_t *literals, bool is_map)
{
    far_buffer_t bytes = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &bytes);
    if (is_map)
        far_write_map (&writer, literals->count);
    else
        far_write_list (&writer, literals->count);
    far_buffer_append (&bytes, literals->bytes.data, literals->bytes.size);
    far_reader_t in = { bytes.data, bytes.data + bytes.size };
    far_value_t *value = far_value_read (&in, NULL);
    assert_non_null (value);
    assert_ptr_equal (in.position, in.end);
    far_writer_deinit (&writer);
    far_buffer_deinit (&bytes);
    return value;
}

static void assert_literals (const far_literals_t *literals, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_value_t *expected = far_value_from_picture (picture, &arguments);
    va_end (arguments.list);
    far_value_t *found = read_literals (literals, picture[0] == '{');
    assert_true (far_value_equals (found, expected));
    far_value_destroy (&found);
    far_value_destroy (&expected);
}

static void assert_path (const far_link_t *link, const char *path)
{
    assert_true (far_text_equals (link->path, path));
}

static void links_come_one_by_one (void **state)
{
    (void)state;
    const char *chain = "header.read (80, 'a, b)', end = nil,size=-1.5 ).split().count", *at = chain;
    far_link_t link;
    assert_int_equal (far_link_read (chain, &at, &link), FAR_OK);
    assert_path (&link, "header.read");
    assert_true (link.calls);
    assert_literals (&link.arguments, "[is]", 80, "a, b)");
    assert_literals (&link.keywords, "{snsf}", "end", "size", -1.5);
    far_link_deinit (&link);
    assert_int_equal (far_link_read (chain, &at, &link), FAR_OK);
    assert_path (&link, "split");
    assert_true (link.calls);
    assert_int_equal (link.arguments.count, 0);
    far_link_deinit (&link);
    assert_int_equal (far_link_read (chain, &at, &link), FAR_OK);
    assert_path (&link, "count");
    assert_false (link.calls);
    assert_int_equal (*at, '\0');
    far_link_deinit (&link);
}

static void literals_of_every_kind (void **state)
{
    (void)state;
    const char *chain = "f (nil, true, false, 0, -7, 18446744073709551615, 2.5, '', 'h\303\251')", *at = chain;
    far_link_t link;
    assert_int_equal (far_link_read (chain, &at, &link), FAR_OK);
    assert_literals (&link.arguments, "[nbbiiufss]", 1, 0, 0, -7, UINT64_MAX, 2.5, "", "h\303\251");
    far_link_deinit (&link);
}

static void what_can_not_be_read_says_where (void **state)
{
    (void)state;
    static const struct {
        const char *chain, *says;
    } cases[] = {
        { " f ()", "expected a name at position 1" },
        { "f..g", "expected a name at position 3" },
        { "f.", "expected a name at position 3" },
        { "f ().", "expected a name at position 6" },
        { "f () g", "expected `.` or the end at position 6" },
        { "f (1", "expected `,` or `)` at position 5" },
        { "f (1 2)", "expected `,` or `)` at position 6" },
        { "f (", "at position 4" },
        { "f (,)", "at position 4" },
        { "f (x=1, 2)", "expected a keyword, as in front of the argument before, at position 9" },
        { "f ('x", "at position 4: the text has no end" },
        { "f ('\377')", "at position 4: the text is not UTF-8" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        far_status_t status = FAR_OK;
        for (const char *at = cases[i].chain; *at && !status;) {
            far_link_t link;
            status = far_link_read (cases[i].chain, &at, &link);
            far_link_deinit (&link);
        }
        assert_int_equal (status, FAR_E_BAD_ARGUMENTS);
        if (!strstr (far_error_message (far_last_error ()), cases[i].says))
            fail_msg ("%s: %s", cases[i].chain, far_error_message (far_last_error ()));
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (links_come_one_by_one),
        cmocka_unit_test (literals_of_every_kind),
        cmocka_unit_test (what_can_not_be_read_says_where),
    };
    return cmocka_run_group_tests_name ("chain_text", tests, NULL, NULL);
}
