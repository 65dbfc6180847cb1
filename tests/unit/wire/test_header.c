#include "fixture.h"

#include "wire/header.h"
#include "wire/types.h"

static const far_header_t sample = { .type = FAR_CALL,
                                     .flags = 0x1234,
                                     .time_left_ms = 0xa1b2c3d4,
                                     .party = 0x0102030405060708,
                                     .request = 0x1112131415161718,
                                     .body_size = 5,
                                     .fields_size = 3 };

static void header_is_as_the_page_says (void **state)
{
    (void)state;
    uint8_t frame[FAR_HEADER_SIZE + 8] = { 0 };
    far_header_write (&sample, frame);
    far_buffer_t bytes = { frame, FAR_HEADER_SIZE, 0, false };
    assert_bytes (&bytes,
                  "01 13 12 34 a1 b2 c3 d4 01 02 03 04 05 06 07 08 11 12 13 14 15 16 17 18 00 00 00 05 00 00 00 03");
    far_header_t read;
    assert_true (far_header_read (frame, sizeof frame, &read));
    assert_int_equal (read.type, sample.type);
    assert_int_equal (read.flags, sample.flags);
    assert_int_equal (read.time_left_ms, sample.time_left_ms);
    assert_int_equal (read.party, sample.party);
    assert_int_equal (read.request, sample.request);
    assert_int_equal (read.body_size, 5);
    assert_int_equal (read.fields_size, 3);
}

static void malformed_headers_are_refused (void **state)
{
    (void)state;
    uint8_t frame[FAR_HEADER_SIZE + 9] = { 0 };
    far_header_t read;
    far_header_write (&sample, frame);
    for (size_t size = 0; size <= sizeof frame; size++)
        assert_int_equal (far_header_read (frame, size, &read), size == FAR_HEADER_SIZE + 8);
    frame[0] = 2;
    assert_false (far_header_read (frame, FAR_HEADER_SIZE + 8, &read));
    /* Sizes that add up only where 32 bits wrap around. */
    far_header_t wraps = { .body_size = UINT32_MAX, .fields_size = 1 };
    far_header_write (&wraps, frame);
    assert_false (far_header_read (frame, FAR_HEADER_SIZE, &read));
}

static void stamps_touch_nothing_else (void **state)
{
    (void)state;
    uint8_t frame[FAR_HEADER_SIZE], before[FAR_HEADER_SIZE];
    far_header_t empty = sample, read;
    empty.body_size = empty.fields_size = 0;
    far_header_write (&empty, frame);
    memcpy (before, frame, sizeof frame);
    far_header_stamp_party (frame, 99);
    far_header_stamp_flags (frame, FAR_FLAG_BY_BROKER);
    assert_true (far_header_read (frame, sizeof frame, &read));
    assert_int_equal (read.party, 99);
    assert_int_equal (read.flags, FAR_FLAG_BY_BROKER);
    far_header_stamp_party (frame, empty.party);
    far_header_stamp_flags (frame, empty.flags);
    assert_memory_equal (frame, before, sizeof frame);
}

static void record_is_as_the_page_says (void **state)
{
    (void)state;
    far_header_t header = sample;
    header.flags = FAR_FLAG_NO_CLEANUP;
    uint8_t record[FAR_RECORD_SIZE + 8] = { 0 };
    far_record_write (&header, record);
    far_buffer_t bytes = { record, FAR_RECORD_SIZE, 0, false };
    assert_bytes (&bytes, "13 00 00 10 a1 b2 c3 d4 11 12 13 14 15 16 17 18 00 00 00 05 00 00 00 03");
    far_header_t read = { .party = 77 };
    assert_true (far_record_read (record, sizeof record, &read));
    assert_int_equal (read.type, FAR_CALL);
    assert_int_equal (read.flags, FAR_FLAG_NO_CLEANUP);
    assert_int_equal (read.time_left_ms, sample.time_left_ms);
    assert_int_equal (read.request, sample.request);
    assert_int_equal (read.body_size, 5);
    assert_int_equal (read.fields_size, 3);
    assert_int_equal (read.party, 77);
}

static void malformed_records_are_refused (void **state)
{
    (void)state;
    far_header_t header = sample, read;
    header.flags = 0;
    uint8_t record[FAR_RECORD_SIZE + 20] = { 0 };
    far_record_write (&header, record);
    for (size_t size = 0; size <= sizeof record; size++)
        assert_int_equal (far_record_read (record, size, &read), size >= FAR_RECORD_SIZE + 8);
    record[1] = 1;
    assert_false (far_record_read (record, sizeof record, &read));
    header.flags = FAR_FLAG_BATCH;
    far_record_write (&header, record);
    assert_false (far_record_read (record, sizeof record, &read));
    far_header_t wraps = { .body_size = UINT32_MAX, .fields_size = UINT32_MAX };
    far_record_write (&wraps, record);
    assert_false (far_record_read (record, sizeof record, &read));
}

static void roles (void **state)
{
    (void)state;
    assert_int_equal (far_message_role (FAR_HELLO), FAR_ROLE_SESSION);
    assert_int_equal (far_message_role (FAR_DOWN), FAR_ROLE_BROKER);
    assert_int_equal (far_message_role (FAR_CLOSE), FAR_ROLE_REQUEST);
    assert_int_equal (far_message_role (FAR_ERROR), FAR_ROLE_ANSWER);
    assert_int_equal (far_message_role (FAR_DEL), FAR_ROLE_NOTICE);
    for (int type = 0; type < 256; type++)
        assert_int_equal (far_message_role ((uint8_t)type) == FAR_ROLE_UNKNOWN,
                          strcmp (far_message_name ((uint8_t)type), "?") == 0);
    assert_int_equal (far_message_role (0), FAR_ROLE_UNKNOWN);
    assert_int_equal (far_message_role (35), FAR_ROLE_UNKNOWN);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (header_is_as_the_page_says),    cmocka_unit_test (malformed_headers_are_refused),
        cmocka_unit_test (stamps_touch_nothing_else),     cmocka_unit_test (record_is_as_the_page_says),
        cmocka_unit_test (malformed_records_are_refused), cmocka_unit_test (roles),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
