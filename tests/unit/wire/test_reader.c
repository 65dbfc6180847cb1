/* Reading head by head: every format of MessagePack, and what can't be read. */
#include "fixture.h"

#include "wire/reference.h"

#include <stdio.h>

static far_item_t read_hex (const char *hex)
{
    size_t size;
    uint8_t *bytes = from_hex (hex, &size);
    far_reader_t in = { bytes, bytes + size };
    far_item_t item;
    assert_true (far_read (&in, &item));
    assert_ptr_equal (in.position, in.end);
    free (bytes);
    return item;
}

static void integers (void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int64_t value;
    } rows[] = {
        { "00", 0 },
        { "7f", 127 },
        { "ff", -1 },
        { "e0", -32 },
        { "cc ff", 255 },
        { "cd ff ff", 65535 },
        { "ce ff ff ff ff", 4294967295 },
        { "cf 7f ff ff ff ff ff ff ff", INT64_MAX },
        { "d0 80", -128 },
        { "d1 80 00", -32768 },
        { "d2 80 00 00 00", -2147483648 },
        { "d3 80 00 00 00 00 00 00 00", INT64_MIN },
        { "d3 00 00 00 00 00 00 00 05", 5 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        far_item_t item = read_hex (rows[i].hex);
        assert_int_equal (item.type, FAR_TYPE_INT);
        assert_int_equal (item.integer, rows[i].value);
    }
    far_item_t item = read_hex ("cf 80 00 00 00 00 00 00 00");
    assert_int_equal (item.type, FAR_TYPE_UINT);
    assert_int_equal (item.natural, (uint64_t)1 << 63);
}

static void other_scalars (void **state)
{
    (void)state;
    assert_int_equal (read_hex ("c0").type, FAR_TYPE_NIL);
    assert_int_equal (read_hex ("c2").type, FAR_TYPE_BOOL);
    assert_false (read_hex ("c2").boolean);
    assert_true (read_hex ("c3").boolean);
    assert_int_equal (read_hex ("ca 3f c0 00 00").type, FAR_TYPE_FLOAT);
    assert_true (read_hex ("ca 3f c0 00 00").real == 1.5);
    assert_true (read_hex ("cb bf f8 00 00 00 00 00 00").real == -1.5);
}

static void assert_time (const char *hex, int64_t seconds, long nanoseconds)
{
    far_item_t item = read_hex (hex);
    assert_int_equal (item.type, FAR_TYPE_TIME);
    assert_int_equal (item.time.tv_sec, seconds);
    assert_int_equal (item.time.tv_nsec, nanoseconds);
}

static void timestamps (void **state)
{
    (void)state;
    assert_time ("d6 ff ff ff ff ff", 4294967295, 0);
    assert_time ("d7 ff ee 6b 27 ff ff ff ff ff", 17179869183, 999999999);
    assert_time ("c7 0c ff 3b 9a c9 ff ff ff ff ff ff ff ff ff", -1, 999999999);
}

static void assert_text (const char *head, size_t size, far_type_t type)
{
    size_t head_size;
    uint8_t *bytes = from_hex (head, &head_size);
    bytes = realloc (bytes, head_size + size);
    memset (bytes + head_size, 'x', size);
    far_item_t item;
    far_reader_t in = { bytes, bytes + head_size + size };
    assert_true (far_read (&in, &item));
    assert_int_equal (item.type, type);
    assert_int_equal (item.text.size, size);
    assert_ptr_equal (item.text.data, bytes + head_size);
    assert_ptr_equal (in.position, in.end);
    in = (far_reader_t){ bytes, bytes + head_size + size - 1 };
    assert_false (far_read (&in, &item));
    free (bytes);
}

static void texts (void **state)
{
    (void)state;
    assert_text ("a0", 0, FAR_TYPE_STRING);
    assert_text ("bf", 31, FAR_TYPE_STRING);
    assert_text ("d9 20", 32, FAR_TYPE_STRING);
    assert_text ("da 01 00", 256, FAR_TYPE_STRING);
    assert_text ("db 00 01 00 00", 65536, FAR_TYPE_STRING);
    assert_text ("c4 03", 3, FAR_TYPE_BINARY);
    assert_text ("c5 01 00", 256, FAR_TYPE_BINARY);
    assert_text ("c6 00 01 00 00", 65536, FAR_TYPE_BINARY);
    assert_text ("d4 01", 1, FAR_TYPE_REFERENCE);
    assert_text ("d5 02", 2, FAR_TYPE_REFERENCE);
    assert_text ("d6 03", 4, FAR_TYPE_REFERENCE);
    assert_text ("d7 01", 8, FAR_TYPE_REFERENCE);
    assert_text ("d8 01", 16, FAR_TYPE_REFERENCE);
    assert_text ("c7 05 01", 5, FAR_TYPE_REFERENCE);
    assert_text ("c8 01 00 01", 256, FAR_TYPE_REFERENCE);
    assert_text ("c9 00 01 00 00 01", 65536, FAR_TYPE_REFERENCE);
    assert_int_equal (read_hex ("d5 02 00 00").ext, 2);
}

static void containers (void **state)
{
    (void)state;
    size_t size;
    uint8_t *bytes = from_hex ("dc 00 02 82 01 02 03 dd 00 00 00 01 c0 de 00 01 01 df 00 00 00 01 05 06 a1 78", &size);
    far_reader_t in = { bytes, bytes + size }, again = in;
    far_item_t item;
    assert_true (far_read (&in, &item));
    assert_int_equal (item.type, FAR_TYPE_LIST);
    assert_int_equal (item.count, 2);
    assert_true (far_read (&in, &item));
    assert_int_equal (item.type, FAR_TYPE_MAP);
    assert_int_equal (item.count, 2);
    /* The whole list is passed over in one step, and the string behind it is next. */
    assert_true (far_skip (&again));
    assert_true (far_read (&again, &item));
    assert_true (far_text_equals (item.text, "x"));
    assert_false (far_text_equals (item.text, "xy"));
    assert_false (far_skip (&again));
    free (bytes);
}

/* A count is believed only if the bytes behind it could hold so many. */
static void counts_fit_what_is_behind (void **state)
{
    (void)state;
    static const uint8_t map[] = { 0x82, 0xc0, 0xc0, 0xc0, 0xc0 }, list[] = { 0x92, 0xc0, 0xc0 };
    far_item_t item;
    assert_true (far_read (&(far_reader_t){ map, map + 5 }, &item));
    assert_false (far_read (&(far_reader_t){ map, map + 4 }, &item));
    assert_true (far_read (&(far_reader_t){ list, list + 3 }, &item));
    assert_false (far_read (&(far_reader_t){ list, list + 2 }, &item));
}

static far_item_t reference_of (const uint8_t *content, size_t size, int8_t ext)
{
    return (far_item_t){ .type = FAR_TYPE_REFERENCE, .ext = ext, .text = { (const char *)content, size } };
}

static bool reference_reads (const char *hex, far_reference_t *out)
{
    size_t size;
    uint8_t *bytes = from_hex (hex, &size);
    far_item_t item = reference_of (bytes, size, 1);
    far_reference_t read;
    bool valid = far_reference_read (&item, &read);
    if (valid && out)
        out->index = read.index;
    free (bytes);
    return valid;
}

static void references (void **state)
{
    (void)state;
    static const uint8_t content[] = { 0x93, 0x07, 0xa1, 'C', 0xa2, 'a', 'b' };
    far_item_t item = reference_of (content, sizeof content, 1);
    far_reference_t reference;
    assert_true (far_reference_read (&item, &reference));
    assert_int_equal (reference.index, 7);
    assert_true (far_text_equals (reference.class_name, "C"));
    assert_true (far_text_equals (reference.path, "ab"));
    item.ext = 2;
    assert_false (far_reference_read (&item, &reference));

    assert_true (reference_reads ("91 05", &reference));
    assert_int_equal (reference.index, 5);
    assert_false (reference_reads ("90", NULL));
    assert_false (reference_reads ("05", NULL));
    assert_false (reference_reads ("91 ff", NULL));
    assert_false (reference_reads ("91 a1 78", NULL));
    assert_false (reference_reads ("92 05 06", NULL));
    assert_false (reference_reads ("92 05 a1 ff", NULL));
    assert_false (reference_reads ("94 05 a0 a0 a0", NULL));
    assert_false (reference_reads ("91 05 00", NULL));
    assert_false (reference_reads ("", NULL));
    assert_false (reference_reads ("93 05 a1", NULL));
}

static void check_options (const char *entries, bool valid)
{
    char hex[256];
    snprintf (hex, sizeof hex, "94 05 a0 a0 %s", entries);
    if (reference_reads (hex, NULL) != valid)
        fail_msg ("%s: expected to be %s", entries, valid ? "read" : "refused");
}

static void options_of_references (void **state)
{
    (void)state;
    check_options ("80", true);
    check_options ("81 a4 6d 6f 64 65 a3 6f 66 66", true);                       /* mode: off */
    check_options ("81 a4 6d 6f 64 65 a3 6f 6e 65", false);                      /* mode: one */
    check_options ("81 a4 6d 6f 64 65 02", false);                               /* mode: 2 */
    check_options ("81 aa 74 69 6d 65 6f 75 74 5f 6d 73 ff", true);              /* timeout_ms: -1 */
    check_options ("81 aa 74 69 6d 65 6f 75 74 5f 6d 73 00", false);             /* timeout_ms: 0 */
    check_options ("81 aa 74 69 6d 65 6f 75 74 5f 6d 73 c0", false);             /* timeout_ms: nil */
    check_options ("81 aa 74 69 6d 65 6f 75 74 5f 6d 73 ce 80 00 00 00", false); /* timeout_ms: 2^31 */
    check_options ("81 aa 61 75 74 6f 5f 70 72 6f 78 79 c3", true);              /* auto_proxy: true */
    check_options ("81 aa 61 75 74 6f 5f 70 72 6f 78 79 01", false);             /* auto_proxy: 1 */
    check_options ("81 a8 62 79 5f 76 61 6c 75 65 cd 08 00", false);             /* by_value: 2048 */
    check_options ("82 a1 78 91 c0 aa 72 65 65 6e 74 72 61 6e 63 79 c0", true);  /* x, reentrancy: passed over */
    check_options ("81 05 05", false);                                           /* 5: 5 */
    check_options ("c0", false);
    static const uint8_t content[] = { 0x94, 0x05, 0xa0, 0xa0, 0x82, 0xa4, 'm', 'o', 'd',  'e', 0xa3, 'o', 'f', 'f',
                                       0xa7, 'r',  'e',  't',  'u',  'r',  'n', 's', 0xa5, 'p', 'r',  'o', 'x', 'y' };
    far_item_t item = reference_of (content, sizeof content, 1);
    far_reference_t reference;
    assert_true (far_reference_read (&item, &reference));
    far_options_t options;
    far_options_init (&options);
    far_options_default (&options, FAR_OPTION_MODE, FAR_MODE_ASYNC);
    far_reference_apply_options (&reference, &options);
    int value = -1;
    assert_true (far_options_get (&options, FAR_OPTION_MODE, &value));
    assert_int_equal (value, FAR_MODE_ASYNC); /* as it was */
    assert_true (far_options_get (&options, FAR_OPTION_RETURNS, &value));
    assert_int_equal (value, FAR_RETURNS_PROXY);
    assert_false (far_options_get (&options, FAR_OPTION_TIMEOUT_MS, &value));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (integers),
        cmocka_unit_test (other_scalars),
        cmocka_unit_test (timestamps),
        cmocka_unit_test (texts),
        cmocka_unit_test (containers),
        cmocka_unit_test (references),
        cmocka_unit_test (options_of_references),
        cmocka_unit_test (counts_fit_what_is_behind),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
