#include "fixture.h"

#include "base/limits.h"
#include "wire/bodies.h"
#include "wire/types.h"

typedef struct body {
    uint8_t *bytes;
    far_request_body_t read;
    far_status_t status;
} body_t;

static body_t read_body (uint8_t type, const char *hex)
{
    size_t size;
    body_t self = { .bytes = from_hex (hex, &size) };
    self.status = far_request_body_read (type, self.bytes, size, &self.read);
    return self;
}

static int64_t next_int (far_reader_t *in)
{
    far_item_t item;
    assert_true (far_read (in, &item));
    assert_int_equal (item.type, FAR_TYPE_INT);
    return item.integer;
}

static bool next_text_is (far_reader_t *in, const char *text)
{
    far_item_t item;
    assert_true (far_read (in, &item));
    return item.type == FAR_TYPE_STRING && far_text_equals (item.text, text);
}

static void call_whole (void **state)
{
    (void)state;
    body_t b = read_body (FAR_CALL, "95 05 a3 61 2e 62 92 07 90 81 a1 6b 92 08 09 cd 04 00");
    assert_int_equal (b.status, FAR_OK);
    assert_int_equal (b.read.target.root, FAR_ROOT_OBJECT);
    assert_int_equal (b.read.target.id, 5);
    assert_true (far_text_equals (b.read.target.path, "a.b"));
    assert_int_equal (b.read.argument_count, 2);
    assert_int_equal (next_int (&b.read.arguments), 7);
    assert_int_equal (b.read.keyword_count, 1);
    assert_true (next_text_is (&b.read.keywords, "k"));
    assert_int_equal (b.read.returns, 1024);
    free (b.bytes);
}

static void omitted_elements_have_defaults (void **state)
{
    (void)state;
    body_t b = read_body (FAR_CALL, "91 c0");
    assert_int_equal (b.status, FAR_OK);
    assert_int_equal (b.read.target.root, FAR_ROOT_MODULES);
    assert_int_equal (b.read.target.path.size, 0);
    assert_non_null (b.read.target.path.data);
    assert_int_equal (b.read.argument_count, 0);
    assert_int_equal (b.read.keyword_count, 0);
    assert_int_equal (b.read.returns, FAR_BY_VALUE_USUAL);
    free (b.bytes);
}

static void roots (void **state)
{
    (void)state;
    body_t b = read_body (FAR_GETVALUE, "92 cf ff ff ff ff ff ff ff ff a0");
    assert_int_equal (b.read.target.root, FAR_ROOT_OBJECT);
    assert_int_equal (b.read.target.id, UINT64_MAX);
    free (b.bytes);
    b = read_body (FAR_GETATTR, "93 d7 03 00 00 00 00 00 00 01 02 a1 78 01");
    assert_int_equal (b.status, FAR_OK);
    assert_int_equal (b.read.target.root, FAR_ROOT_REQUEST);
    assert_int_equal (b.read.target.id, 258);
    assert_int_equal (b.read.returns, FAR_BY_VALUE_NIL);
    free (b.bytes);
}

static void imports (void **state)
{
    (void)state;
    body_t b = read_body (FAR_IMPORT, "93 a3 61 2e 62 92 a1 78 a1 79 1f");
    assert_int_equal (b.status, FAR_OK);
    assert_int_equal (b.read.target.root, FAR_ROOT_MODULES);
    assert_true (far_text_equals (b.read.target.path, "a.b"));
    assert_true (b.read.has_names);
    assert_int_equal (b.read.argument_count, 2);
    assert_true (next_text_is (&b.read.arguments, "x"));
    assert_true (next_text_is (&b.read.arguments, "y"));
    assert_int_equal (b.read.returns, 31);
    free (b.bytes);
    b = read_body (FAR_IMPORT, "93 a1 61 c0 1f");
    assert_int_equal (b.status, FAR_OK);
    assert_false (b.read.has_names);
    assert_int_equal (b.read.returns, 31);
    free (b.bytes);
    b = read_body (FAR_IMPORT, "92 a1 61 90");
    assert_true (b.read.has_names);
    assert_int_equal (b.read.argument_count, 0);
    free (b.bytes);
}

static void transfer_is_its_value (void **state)
{
    (void)state;
    body_t b = read_body (FAR_TRANSFER, "2a");
    assert_int_equal (b.status, FAR_OK);
    assert_int_equal (b.read.argument_count, 1);
    assert_int_equal (next_int (&b.read.arguments), 42);
    free (b.bytes);
}

static void close_has_none (void **state)
{
    (void)state;
    far_request_body_t read;
    assert_int_equal (far_request_body_read (FAR_CLOSE, NULL, 0, &read), FAR_OK);
    assert_int_equal (read.argument_count, 0);
}

static void malformed_bodies_are_refused (void **state)
{
    (void)state;
    static const struct {
        uint8_t type;
        const char *hex, *text;
    } rows[] = {
        { FAR_CALL, "", "body of CALL: it ends too early" },
        { FAR_CALL, "92 c0", "body of CALL: it ends too early" },
        { FAR_CALL, "91 c0 c0", "body of CALL: there are bytes behind its end" },
        { FAR_CALL, "05", "body of CALL: expected a list as the body, found int" },
        { FAR_CALL, "90", "body of CALL: expected 1 to 5 elements, found 0" },
        { FAR_CALL, "96 c0 a0 90 80 00 00", "body of CALL: expected 1 to 5 elements, found 6" },
        { FAR_GETVALUE, "93 c0 a0 00", "body of GETVALUE: expected 1 to 2 elements, found 3" },
        { FAR_GETATTR, "94 c0 a0 00 00", "body of GETATTR: expected 1 to 3 elements, found 4" },
        { FAR_IMPORT, "94 a1 61 90 00 00", "body of IMPORT: expected 1 to 3 elements, found 4" },
        { FAR_CALL, "91 a1 78", "body of CALL: expected nil, an object ID or a request ID as root, found string" },
        { FAR_CALL, "91 ff", "body of CALL: expected nil, an object ID or a request ID as root, found int" },
        { FAR_CALL, "91 d6 03 00 00 00 01",
          "body of CALL: expected nil, an object ID or a request ID as root, found reference" },
        { FAR_CALL, "91 d7 01 00 00 00 00 00 00 00 01",
          "body of CALL: expected nil, an object ID or a request ID as root, found reference" },
        { FAR_CALL, "92 c0 05", "body of CALL: expected a string as path, found int" },
        { FAR_CALL, "93 c0 a0 c0", "body of CALL: expected a list as arguments, found nil" },
        { FAR_CALL, "94 c0 a0 90 90", "body of CALL: expected a map with string keys as keywords, found list" },
        { FAR_CALL, "94 c0 a0 90 82 a1 61 01 02 03",
          "body of CALL: expected a map with string keys as keywords, found int" },
        { FAR_CALL, "95 c0 a0 90 80 ff", "body of CALL: expected a sum of kinds (32 bits) as returns, found int" },
        { FAR_CALL, "95 c0 a0 90 80 cf 00 00 00 01 00 00 00 00",
          "body of CALL: expected a sum of kinds (32 bits) as returns, found int" },
        { FAR_IMPORT, "91 c0", "body of IMPORT: expected a string as module, found nil" },
        { FAR_IMPORT, "92 a1 61 92 a1 78 05", "body of IMPORT: expected a list of strings as names, found int" },
        { FAR_IMPORT, "92 a1 61 a1 78", "body of IMPORT: expected a list of strings as names, found string" },
        { FAR_TRANSFER, "", "body of TRANSFER: it ends too early" },
        { FAR_CLOSE, "c0", "body of CLOSE: expected none, found one" },
        { FAR_RESULT, "c0", "body of RESULT: this type is not a request" },
        { 99, "c0", "body of ?: this type is not a request" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size;
        uint8_t *bytes = from_hex (rows[i].hex, &size);
        far_request_body_t read = { .returns = 77 };
        assert_failed (far_request_body_read (rows[i].type, bytes, size, &read), FAR_E_PROTOCOL_ERROR, rows[i].text);
        assert_int_equal (read.returns, 77);
        free (bytes);
    }
}

static far_status_t read_path_of (size_t path_size)
{
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    char *path = malloc (path_size);
    memset (path, 'p', path_size);
    far_writer_init (&out, &bytes);
    far_write_list (&out, 2);
    far_write_nil (&out);
    far_write_string (&out, path, path_size);
    far_request_body_t read;
    far_status_t status = far_request_body_read (FAR_GETATTR, bytes.data, bytes.size, &read);
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
    free (path);
    return status;
}

static void paths_have_a_limit (void **state)
{
    (void)state;
    assert_int_equal (read_path_of (FAR_LIMIT_PATH_BYTES), FAR_OK);
    assert_failed (read_path_of (FAR_LIMIT_PATH_BYTES + 1), FAR_E_BAD_ARGUMENTS,
                   "body of GETATTR: a path of 1025 bytes: 1024 is the most");
}

static void assert_target (far_target_t target, const char *path2, const char *hex)
{
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    far_writer_init (&out, &bytes);
    far_target_write (&out, &target, path2);
    assert_int_equal (far_writer_status (&out), FAR_OK);
    assert_bytes (&bytes, hex);
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
}

static void targets (void **state)
{
    (void)state;
    far_text_t empty = { "", 0 }, ab = { "abX", 2 };
    assert_target ((far_target_t){ FAR_ROOT_MODULES, 9, ab }, NULL, "c0 a2 61 62");
    assert_target ((far_target_t){ FAR_ROOT_OBJECT, 300, empty }, "", "cd 01 2c a0");
    assert_target ((far_target_t){ FAR_ROOT_OBJECT, 5, ab }, "c.d", "05 a6 61 62 2e 63 2e 64");
    assert_target ((far_target_t){ FAR_ROOT_OBJECT, 5, empty }, "cd", "05 a2 63 64");
    assert_target ((far_target_t){ FAR_ROOT_REQUEST, 258, empty }, NULL, "d7 03 00 00 00 00 00 00 01 02 a0");
}

static void long_targets_are_refused (void **state)
{
    (void)state;
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    char path[FAR_LIMIT_PATH_BYTES];
    memset (path, 'p', sizeof path);
    far_target_t target = { FAR_ROOT_MODULES, 0, { path, sizeof path - 2 } };
    far_writer_init (&out, &bytes);
    far_target_write (&out, &target, "x");
    assert_int_equal (far_writer_status (&out), FAR_OK);
    far_target_write (&out, &target, "xy");
    assert_failed (far_writer_status (&out), FAR_E_BAD_ARGUMENTS, "a path of 1025 bytes: 1024 is the most");
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (call_whole),
        cmocka_unit_test (omitted_elements_have_defaults),
        cmocka_unit_test (roots),
        cmocka_unit_test (imports),
        cmocka_unit_test (transfer_is_its_value),
        cmocka_unit_test (close_has_none),
        cmocka_unit_test (malformed_bodies_are_refused),
        cmocka_unit_test (paths_have_a_limit),
        cmocka_unit_test (targets),
        cmocka_unit_test (long_targets_are_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
