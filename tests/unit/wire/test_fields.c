#include "fixture.h"

#include "base/limits.h"
#include "wire/fields.h"

static void every_field_comes_back (void **state)
{
    (void)state;
    const far_field_t sent[] = {
        { .tag = FAR_FIELD_REFERENCE, .reference = { { 0x0102030405060708 }, { 9 } } },
        { .tag = FAR_FIELD_RELEASE, .release = { { 5 }, 0xf000000000000001 } },
        { .tag = FAR_FIELD_GRANT, .grant = { { 1 }, { 2 }, { 3 } } },
        { .tag = FAR_FIELD_DOWN, .down = { { 4 }, FAR_DOWN_CUT } },
        { .tag = FAR_FIELD_CHAIN, .chain = { { 6 }, 7 } },
        { .tag = FAR_FIELD_REPORT, .report = 8 },
        { .tag = FAR_FIELD_CREDIT, .credit = { 10, 0xf000000000000002 } },
    };
    far_buffer_t bytes = { 0 };
    for (size_t i = 0; i < 7; i++)
        far_field_append (&bytes, &sent[i]);
    assert_int_equal (bytes.size, FAR_REFERENCE_FIELD_SIZE + 20 + 28 + 16 + 20 + 8 + 20);
    assert_true (far_fields_check (bytes.data, bytes.size));
    far_fields_t fields;
    far_field_t read;
    far_fields_start (&fields, bytes.data, bytes.size);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, FAR_FIELD_REFERENCE);
    assert_int_equal (read.reference.owner.value, 0x0102030405060708);
    assert_int_equal (read.reference.object.value, 9);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, FAR_FIELD_RELEASE);
    assert_int_equal (read.release.object.value, 5);
    assert_int_equal (read.release.receipts, 0xf000000000000001);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, FAR_FIELD_GRANT);
    assert_int_equal (read.grant.object.value, 1);
    assert_int_equal (read.grant.giver.value, 2);
    assert_int_equal (read.grant.to.value, 3);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, FAR_FIELD_DOWN);
    assert_int_equal (read.down.process.value, 4);
    assert_int_equal (read.down.how, FAR_DOWN_CUT);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, FAR_FIELD_CHAIN);
    assert_int_equal (read.chain.process.value, 6);
    assert_int_equal (read.chain.request, 7);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, FAR_FIELD_REPORT);
    assert_int_equal (read.report, 8);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.credit.messages, 10);
    assert_int_equal (read.credit.bytes, 0xf000000000000002);
    assert_false (far_fields_next (&fields, &read));
    assert_int_equal (far_fields_count (bytes.data, bytes.size, FAR_FIELD_GRANT), 1);
    assert_int_equal (far_fields_count (bytes.data, bytes.size, FAR_FIELD_KEY), 0);
    far_buffer_deinit (&bytes);
}

static void no_fields_are_fields (void **state)
{
    (void)state;
    far_fields_t fields;
    far_field_t read;
    assert_true (far_fields_check (NULL, 0));
    far_fields_start (&fields, NULL, 0);
    assert_false (far_fields_next (&fields, &read));
    assert_int_equal (far_fields_count (NULL, 0, 1), 0);
}

static bool check (const char *hex)
{
    size_t size;
    uint8_t *bytes = from_hex (hex, &size);
    bool valid = far_fields_check (bytes, size);
    free (bytes);
    return valid;
}

static void malformed_fields_are_refused (void **state)
{
    (void)state;
    assert_true (check ("00 04 00 0c 00 00 00 00 00 00 00 01 00 00 00 02"));
    assert_false (check ("00 04 00 0c 00 00 00 00 00 00 00 01 00 00 00"));       /* one byte short */
    assert_false (check ("00 04 00 0c 00 00 00 00 00 00 00 01 00 00 00 02 00")); /* one byte too many */
    assert_false (check ("00 04 00 0b 00 00 00 00 00 00 00 01 00 00 00"));       /* a known tag of another size */
    assert_false (check ("00 01 00 00"));
    assert_false (check ("00 02 00 00"));
    assert_false (check ("00 03 00 00"));
    assert_false (check ("00 0a 00 08 00 00 00 00 00 00 00 01"));
    assert_false (check ("00"));
    assert_false (check ("00 63 00"));
    assert_false (check ("00 63 ff ff"));
}

static void unknown_fields_are_passed_over (void **state)
{
    (void)state;
    assert_true (check ("00 63 00 02 ab cd 00 09 00 00"));
    size_t size;
    uint8_t *bytes = from_hex ("00 63 00 02 ab cd 00 04 00 0c 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 00", &size);
    assert_true (far_fields_check (bytes, size));
    far_fields_t fields;
    far_field_t read;
    far_fields_start (&fields, bytes, size);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, 0x63);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.down.how, FAR_DOWN_BYE);
    assert_true (far_fields_next (&fields, &read));
    assert_int_equal (read.tag, 0);
    assert_false (far_fields_next (&fields, &read));
    free (bytes);
}

static void only_so_many_fields (void **state)
{
    (void)state;
    far_buffer_t bytes = { 0 };
    for (int i = 0; i < FAR_LIMIT_FIELDS; i++)
        far_field_append (&bytes, &(far_field_t){ .tag = FAR_FIELD_REFERENCE });
    assert_true (far_fields_check (bytes.data, bytes.size));
    assert_int_equal (far_fields_count (bytes.data, bytes.size, FAR_FIELD_REFERENCE), FAR_LIMIT_FIELDS);
    far_field_append (&bytes, &(far_field_t){ .tag = FAR_FIELD_REFERENCE });
    assert_false (far_fields_check (bytes.data, bytes.size));
    far_buffer_deinit (&bytes);
}

static void reserved_fields_are_not_written (void **state)
{
    (void)state;
    uint8_t out[32];
    assert_int_equal (far_field_write (&(far_field_t){ .tag = FAR_FIELD_ROUTE }, out), 0);
    assert_int_equal (far_field_write (&(far_field_t){ .tag = 99 }, out), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_field_comes_back),       cmocka_unit_test (no_fields_are_fields),
        cmocka_unit_test (malformed_fields_are_refused), cmocka_unit_test (unknown_fields_are_passed_over),
        cmocka_unit_test (only_so_many_fields),          cmocka_unit_test (reserved_fields_are_not_written),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
