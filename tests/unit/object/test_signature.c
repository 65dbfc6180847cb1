/* Signatures: what is read, what is refused and where, and how arguments are bound. */
#include "object/signature.h"
#include "object/shape.h"
#include "support.h"
#include <locale.h>

static void reads_names_shapes_defaults_and_result (void **state)
{
    (void)state;
    far_signature_t *self = far_signature_new (" amount : l = -3 ,text:s='a, b', sizes:[[i]],x:{sv}=nil -> {s[l]} ");
    assert_null (self); /* sizes has no default and stands behind one that has */
    assert_last_error (FAR_E_BAD_ARGUMENTS, "character 45: a parameter without a default");
    self = far_signature_new (" sizes:[[i]], amount : l = -3 ,text:s='a, b',x:{sv}=nil -> {s[l]} ");
    assert_non_null (self);
    assert_int_equal (self->count, 4);
    assert_string_equal (self->parameters[0].name, "sizes");
    assert_string_equal (self->parameters[0].shape, "[[i]]");
    assert_null (self->parameters[0].fallback);
    assert_string_equal (self->parameters[1].name, "amount");
    assert_string_equal (self->parameters[3].shape, "{sv}");
    assert_true (self->parameters[3].takes_nil);
    assert_false (self->parameters[2].takes_nil);
    assert_string_equal (self->result, "{s[l]}");
    far_signature_destroy (&self);
    assert_null (self);
    far_signature_destroy (&self);
}

static void nothing_is_a_signature (void **state)
{
    (void)state;
    static const char *const texts[] = { NULL, "", "  ", "->n", " -> n" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        far_signature_t *self = far_signature_new (texts[i]);
        assert_non_null (self);
        assert_int_equal (self->count, 0);
        assert_string_equal (self->result, "n");
        far_signature_destroy (&self);
    }
}

static void defaults (void **state)
{
    (void)state;
    static const struct row {
        const char *text;
        far_type_t type;
        double number;
    } rows[] = {
        { "x:b=true", FAR_TYPE_BOOL, 1 },
        { "x:b=false", FAR_TYPE_BOOL, 0 },
        { "x:i=-2147483648", FAR_TYPE_INT, -2147483648.0 },
        { "x:l=9223372036854775807->l", FAR_TYPE_INT, 9223372036854775807.0 },
        { "x:u=18446744073709551615", FAR_TYPE_UINT, 18446744073709551615.0 },
        { "x:f=1.5", FAR_TYPE_FLOAT, 1.5 },
        { "x:f=-1e-3", FAR_TYPE_FLOAT, -1e-3 },
        { "x:f=2", FAR_TYPE_INT, 2 },
        { "x:v=nil", FAR_TYPE_NIL, 0 },
        { "x:P=nil", FAR_TYPE_NIL, 0 },
        { "x:s=''", FAR_TYPE_STRING, 0 },
    };
    setlocale (LC_ALL, "de_DE.UTF-8"); /* where there is one, its decimal comma must not matter */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        far_signature_t *self = far_signature_new (rows[i].text);
        assert_non_null (self);
        far_reader_t in = { self->parameters[0].fallback,
                            self->parameters[0].fallback + self->parameters[0].fallback_size };
        far_value_t *value = far_value_read (&in, NULL);
        assert_int_equal (far_value_type (value), rows[i].type);
        if (rows[i].type == FAR_TYPE_BOOL)
            assert_int_equal (far_value_bool (value), (int)rows[i].number);
        else if (rows[i].type == FAR_TYPE_UINT)
            assert_true (far_value_uint (value) == UINT64_MAX);
        else
            assert_true (far_value_float (value) == rows[i].number);
        far_value_destroy (&value);
        far_signature_destroy (&self);
    }
    setlocale (LC_ALL, "C");
}

static void refuses_and_says_where (void **state)
{
    (void)state;
    static const struct row {
        const char *text, *says;
    } rows[] = {
        { "x", "character 2: here should be a ':'" },
        { "x:", "character 3: here should be one of the letters" },
        { "x:q", "character 3: here should be one of the letters" },
        { "x:[q]", "character 4: here should be one of the letters" },
        { "x:[l", "character 5: " },
        { "x:[ls]", "character 5: " },
        { "x:{s}", "character 5: " },
        { "x:{svv}", "character 6: " },
        { "1x:l", "character 1: the name of a parameter" },
        { ":l", "character 1: the name of a parameter" },
        { "x:l,", "character 5: the name of a parameter" },
        { "x:l,,y:l", "character 5: the name of a parameter" },
        { "x:l y:l", "character 5: here should be ','" },
        { "x:l, x:s", "character 6: there is a parameter of this name already" },
        { "x:l ->", "character 7: here should be one of the letters" },
        { "x:l -> l l", "character 10: here should be the end" },
        { "x:l -> l, s", "character 9: here should be the end" },
        { "x:l=", "character 5: expected nil" },
        { "x:l=nix", "character 5: expected nil" },
        { "x:l=nilly", "character 5: expected nil" },
        { "x:l=1.5", "character 5: the default is not of" },
        { "x:i=2147483648", "character 5: the default is not of" },
        { "x:l=9223372036854775808", "character 5: the default is not of" },
        { "x:u=-1", "character 5: the default is not of" },
        { "x:u=18446744073709551616", "character 5: this number" },
        { "x:l=-9223372036854775809", "character 5: this number" },
        { "x:l=1e", "character 5: this number" },
        { "x:l=-", "character 5: this number" },
        { "x:l=true", "character 5: the default is not of" },
        { "x:s=1", "character 5: the default is not of" },
        { "x:s='abc", "character 5: the text has no end" },
        { "x:s='\xff'", "character 5: the text is not UTF-8" },
        { "x:l=nil", "character 5: nil can be the default" },
        { "x:t=nil", "character 5: nil can be the default" },
        { "x:[l]=1", "character 7: the default is not of" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        far_signature_t *self = far_signature_new (rows[i].text);
        if (self)
            fail_msg ("'%s' was accepted", rows[i].text);
        assert_last_error (FAR_E_BAD_ARGUMENTS, rows[i].says);
        assert_contains (far_error_message (far_last_error ()), rows[i].text);
    }
}

/* One value, checked against a shape. */
static bool fits (const char *shape, bool takes_nil, far_mismatch_t *out, const char *picture, ...)
{
    far_buffer_t buffer = { 0 };
    far_writer_t writer;
    far_arguments_t arguments;
    far_writer_init (&writer, &buffer);
    va_start (arguments.list, picture);
    assert_int_equal (far_picture_write_value (&writer, picture, &arguments), FAR_OK);
    va_end (arguments.list);
    far_reader_t in = { buffer.data, buffer.data + buffer.size };
    bool fine = far_shape_check (shape, takes_nil, &in, out);
    if (fine)
        assert_ptr_equal (in.position, in.end);
    far_writer_deinit (&writer);
    far_buffer_deinit (&buffer);
    return fine;
}

static void shapes (void **state)
{
    (void)state;
    far_mismatch_t why;
    assert_true (fits ("b", false, &why, "b", 1));
    assert_false (fits ("b", false, &why, "i", 1));
    assert_string_equal (why.takes, "a bool");
    assert_string_equal (why.found, "1");
    assert_true (fits ("i", false, &why, "l", (int64_t)INT32_MIN));
    assert_false (fits ("i", false, &why, "l", (int64_t)INT32_MAX + 1));
    assert_string_equal (why.found, "2147483648");
    assert_true (fits ("l", false, &why, "l", INT64_MIN));
    assert_false (fits ("l", false, &why, "u", (uint64_t)INT64_MAX + 1));
    assert_true (fits ("u", false, &why, "u", UINT64_MAX));
    assert_true (fits ("u", false, &why, "i", 0));
    assert_false (fits ("u", false, &why, "i", -1));
    assert_true (fits ("f", false, &why, "i", 1));
    assert_true (fits ("f", false, &why, "f", 1.0));
    assert_false (fits ("f", false, &why, "s", "1"));
    assert_false (fits ("l", false, &why, "f", 1.0));
    assert_string_equal (why.found, "float");
    assert_true (fits ("s", true, &why, "n"));
    assert_false (fits ("s", false, &why, "n"));
    assert_false (fits ("y", false, &why, "s", "text"));
    assert_true (fits ("v", false, &why, "[i{si}n]", 1, "k", 2));
    assert_true (fits ("[i]", false, &why, "[]"));
    assert_true (fits ("[[i]]", false, &why, "[[ii][]]", 1, 2));
    assert_false (fits ("[[i]]", false, &why, "[[ii][s]]", 1, 2, "x"));
    assert_string_equal (why.where, ", item 2, item 1");
    assert_false (fits ("[i]", true, &why, "[n]"));
    assert_true (fits ("{s[v]}", false, &why, "{s[is]}", "k", 1, "x"));
    assert_true (fits ("{sl}", false, &why, "{sisi}", "a", 1, "b", 2));
    assert_false (fits ("{sl}", false, &why, "{siss}", "a", 1, "b", "2"));
    assert_string_equal (why.where, ", value 2");
    assert_false (fits ("{sl}", false, &why, "{ii}", 1, 2));
    assert_string_equal (why.where, ", key 1");
    assert_false (fits ("{sl}", false, &why, "[]"));
    assert_string_equal (why.takes, "a map");
}

/* Binds, and gives the bound values as a list; NULL with the last error. */
static far_value_t *bind (const char *signature, const char *picture, ...)
{
    far_signature_t *self = far_signature_new (signature);
    far_buffer_t buffer = { 0 };
    far_writer_t writer;
    far_arguments_t arguments;
    bool has_keywords;
    const char *results;
    assert_non_null (self);
    far_writer_init (&writer, &buffer);
    far_write_list (&writer, 5);
    far_write_nil (&writer);
    write_text (&writer, "x");
    va_start (arguments.list, picture);
    assert_int_equal (far_picture_write_call (&writer, picture, &arguments, &has_keywords, &results), FAR_OK);
    va_end (arguments.list);
    if (!has_keywords)
        far_write_map (&writer, 0);
    far_write_uint (&writer, FAR_BY_VALUE_USUAL);
    far_request_body_t request;
    assert_int_equal (far_request_body_read (FAR_CALL, buffer.data, buffer.size, &request), FAR_OK);
    far_reader_t bound[8];
    far_value_t *list = NULL;
    if (!far_signature_bind (self, "it", &request, bound)) {
        list = far_value_list ();
        for (size_t i = 0; i < self->count; i++) {
            far_value_t *item = far_value_read (&bound[i], NULL);
            assert_int_equal (far_value_append (list, &item), FAR_OK);
        }
    }
    far_signature_destroy (&self);
    far_writer_deinit (&writer);
    far_buffer_deinit (&buffer);
    return list;
}

#define assert_bound(bound, picture, ...) \
    do { \
        far_value_t *got = (bound), *wanted = far_value_new (picture, __VA_ARGS__); \
        assert_non_null (got); \
        assert_true (far_value_equals (got, wanted)); \
        far_value_destroy (&got); \
        far_value_destroy (&wanted); \
    } while (0)

static void binds_by_place_by_name_and_by_default (void **state)
{
    (void)state;
    assert_bound (bind ("a:l, b:s='x', c:b=true", "i", 4), "[isb]", 4, "x", 1);
    assert_bound (bind ("a:l, b:s='x', c:b=true", "i c:b", 4, 0), "[isb]", 4, "x", 0);
    assert_bound (bind ("a:l, b:s='x', c:b=true", "c:b b:s a:i", 0, "y", 5), "[isb]", 5, "y", 0);
    assert_bound (bind ("a:l, b:s=nil", "in", 4), "[in]", 4);
}

static void a_wrong_call_names_the_parameter (void **state)
{
    (void)state;
    static const char *const signature = "a:l, b:s='x'";
    assert_null (bind (signature, ""));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "it: parameter 'a' is missing");
    assert_null (bind (signature, "isi", 1, "y", 2));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "it: takes at most 2 arguments, and got 3");
    assert_null (bind (signature, "ii", 1, 2));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "it: parameter 'b' takes a string, and got 2");
    assert_null (bind (signature, "i b:i", 1, 2));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "it: parameter 'b' takes a string, and got 2");
    assert_null (bind (signature, "in", 1));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "parameter 'b' takes a string, and got nil");
    assert_null (bind (signature, "i c:i", 1, 2));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "it: there is no parameter 'c'");
    assert_null (bind (signature, "i a:i", 1, 2));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "it: parameter 'a' is given by place and by name");
    assert_null (bind ("a:i", "l", (int64_t)1 << 40));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "parameter 'a' takes an integer of 32 bits, and got 1099511627776");
    assert_null (bind ("a:{s[i]}", "{s[iis]}", "k", 1, 2, "x"));
    assert_last_error (FAR_E_BAD_ARGUMENTS,
                       "parameter 'a', value 1, item 3 takes an integer of 32 bits, and got string");
    assert_null (bind ("", "i", 1));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "takes at most 0 arguments, and got 1");
}

/* Bodies that the library itself would not write. */
static void the_last_of_two_equal_keywords_counts (void **state)
{
    (void)state;
    static const uint8_t pairs[] = { 0xa1, 'a', 1, 0xa1, 'a', 2 };
    far_request_body_t request = { .keywords = { pairs, pairs + sizeof pairs }, .keyword_count = 2 };
    far_signature_t *self = far_signature_new ("a:l");
    far_reader_t bound[1];
    assert_int_equal (far_signature_bind (self, "it", &request, bound), FAR_OK);
    far_item_t item;
    assert_true (far_read (&bound[0], &item));
    assert_int_equal (item.integer, 2);
    static const uint8_t text[] = { 0xa3, 'a', 0, 'b' };
    far_request_body_t with_nul = { .arguments = { text, text + sizeof text }, .argument_count = 1 };
    far_signature_destroy (&self);
    self = far_signature_new ("a:s");
    assert_int_equal (far_signature_bind (self, "it", &with_nul, bound), FAR_E_BAD_ARGUMENTS);
    assert_last_error (FAR_E_BAD_ARGUMENTS, "takes a string, and got one with a NUL inside");
    far_signature_destroy (&self);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (reads_names_shapes_defaults_and_result),
        cmocka_unit_test (nothing_is_a_signature),
        cmocka_unit_test (defaults),
        cmocka_unit_test (refuses_and_says_where),
        cmocka_unit_test (shapes),
        cmocka_unit_test (binds_by_place_by_name_and_by_default),
        cmocka_unit_test (a_wrong_call_names_the_parameter),
        cmocka_unit_test (the_last_of_two_equal_keywords_counts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
