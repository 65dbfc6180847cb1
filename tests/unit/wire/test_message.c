#include "fixture.h"

#include "wire/message.h"

static void append_record (far_buffer_t *out, const far_header_t *header, const char *fields, const char *body)
{
    uint8_t record[FAR_RECORD_SIZE];
    far_record_write (header, record);
    far_buffer_append (out, record, sizeof record);
    far_buffer_append (out, fields, header->fields_size);
    far_buffer_append (out, body, header->body_size);
}

static const char down_field[] = "\0\x04\0\x0c\0\0\0\0\0\0\0\x01\0\0\0\x02";

static void one_message_comes_back (void **state)
{
    (void)state;
    far_buffer_t frame = { 0 };
    far_header_t header = { .type = FAR_CALL, .party = 5, .request = 6 };
    far_message_begin (&frame);
    far_buffer_append (&frame, "BODY", 4);
    far_message_finish (&frame, &header, (const uint8_t *)down_field, 16);
    assert_int_equal (header.body_size, 4);
    assert_int_equal (header.fields_size, 16);
    far_message_t message, read;
    assert_true (far_message_read (frame.data, frame.size, &message));
    assert_memory_equal (message.fields, down_field, 16);
    assert_memory_equal (message.body, "BODY", 4);
    far_messages_t messages;
    far_messages_start (&messages, &message);
    assert_true (far_messages_next (&messages, &read));
    assert_int_equal (read.header.type, FAR_CALL);
    assert_int_equal (read.header.request, 6);
    assert_memory_equal (read.body, "BODY", 4);
    assert_false (far_messages_next (&messages, &read));
    assert_false (far_messages_next (&messages, &read));
    far_buffer_deinit (&frame);
}

static void empty_message_is_its_header (void **state)
{
    (void)state;
    far_buffer_t frame = { 0 };
    far_header_t header = { .type = FAR_BYE };
    far_message_t message;
    far_message_begin (&frame);
    far_message_finish (&frame, &header, NULL, 0);
    assert_int_equal (frame.size, FAR_HEADER_SIZE);
    assert_true (far_message_read (frame.data, frame.size, &message));
    far_buffer_deinit (&frame);
}

static void malformed_fields_make_a_malformed_frame (void **state)
{
    (void)state;
    far_buffer_t frame = { 0 };
    far_header_t header = { .type = FAR_DEL };
    far_message_t message = { .body = NULL };
    far_message_begin (&frame);
    far_message_finish (&frame, &header, (const uint8_t *)down_field, 15);
    assert_false (far_message_read (frame.data, frame.size, &message));
    assert_null (message.body);
    far_buffer_deinit (&frame);
}

/* Three records: a CALL with a body, a DEL with a field, a RESULT with both. */
static void make_batch (far_buffer_t *frame)
{
    far_header_t header = { .flags = FAR_FLAG_BATCH, .party = 42 };
    far_message_begin (frame);
    append_record (frame, &(far_header_t){ .type = FAR_CALL, .request = 1, .body_size = 3 }, "", "one");
    append_record (frame, &(far_header_t){ .type = FAR_DEL, .fields_size = 16 }, down_field, "");
    append_record (frame, &(far_header_t){ .type = FAR_RESULT, .request = 3, .body_size = 5, .fields_size = 16 },
                   down_field, "three");
    far_message_finish (frame, &header, NULL, 0);
}

static void batch_is_gone_through (void **state)
{
    (void)state;
    far_buffer_t frame = { 0 };
    make_batch (&frame);
    far_message_t whole, read;
    far_messages_t messages;
    assert_true (far_message_read (frame.data, frame.size, &whole));
    far_messages_start (&messages, &whole);
    assert_true (far_messages_next (&messages, &read));
    assert_int_equal (read.header.type, FAR_CALL);
    assert_int_equal (read.header.party, 42);
    assert_int_equal (read.header.request, 1);
    assert_memory_equal (read.body, "one", 3);
    assert_true (far_messages_next (&messages, &read));
    assert_int_equal (read.header.type, FAR_DEL);
    assert_int_equal (read.header.body_size, 0);
    assert_memory_equal (read.fields, down_field, 16);
    assert_true (far_messages_next (&messages, &read));
    assert_int_equal (read.header.type, FAR_RESULT);
    assert_memory_equal (read.fields, down_field, 16);
    assert_memory_equal (read.body, "three", 5);
    assert_false (far_messages_next (&messages, &read));
    far_buffer_deinit (&frame);
}

/* A batch whose body is cut anywhere but between records is malformed; and so is any whose sizes are off by one. */
static void cut_batches_are_refused (void **state)
{
    (void)state;
    far_buffer_t frame = { 0 };
    make_batch (&frame);
    size_t first = FAR_HEADER_SIZE + FAR_RECORD_SIZE + 3, second = first + FAR_RECORD_SIZE + 16;
    far_message_t message;
    for (size_t size = FAR_HEADER_SIZE; size < frame.size; size++) {
        uint8_t *cut = malloc (size);
        memcpy (cut, frame.data, size);
        uint32_t body = (uint32_t)(size - FAR_HEADER_SIZE);
        for (int i = 0; i < 4; i++)
            cut[24 + i] = (uint8_t)(body >> (24 - 8 * i));
        assert_int_equal (far_message_read (cut, size, &message), size == first || size == second);
        free (cut);
    }
    far_buffer_deinit (&frame);
}

static bool reads_with (size_t offset, uint8_t value)
{
    far_buffer_t frame = { 0 };
    far_message_t message;
    make_batch (&frame);
    frame.data[offset] = value;
    bool valid = far_message_read (frame.data, frame.size, &message);
    far_buffer_deinit (&frame);
    return valid;
}

static void batches_have_their_rules (void **state)
{
    (void)state;
    size_t record = FAR_HEADER_SIZE;
    assert_true (reads_with (0, 1));
    assert_false (reads_with (1, FAR_CALL));       /* the frame's type is 0 */
    assert_false (reads_with (7, 1));              /* its time left */
    assert_false (reads_with (23, 1));             /* its request */
    assert_false (reads_with (record, FAR_HELLO)); /* only types between processes */
    assert_false (reads_with (record, 15));
    assert_true (reads_with (record, FAR_ERROR));
    assert_true (reads_with (record, FAR_CREDIT));
    assert_true (reads_with (record, 25)); /* in the range; not known: answered, not cut */
    assert_false (reads_with (record, FAR_CREDIT + 1));
    assert_false (reads_with (record + 1, 1));                                          /* the zero */
    assert_false (reads_with (record + 3, 1));                                          /* a batch inside */
    assert_false (reads_with (record + FAR_RECORD_SIZE + 3 + FAR_RECORD_SIZE + 3, 11)); /* a field of another size */
}

static void empty_batch_is_malformed (void **state)
{
    (void)state;
    far_buffer_t frame = { 0 };
    far_header_t header = { .flags = FAR_FLAG_BATCH, .party = 42 };
    far_message_t message;
    far_message_begin (&frame);
    far_message_finish (&frame, &header, NULL, 0);
    assert_false (far_message_read (frame.data, frame.size, &message));
    far_buffer_deinit (&frame);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (one_message_comes_back),
        cmocka_unit_test (empty_message_is_its_header),
        cmocka_unit_test (malformed_fields_make_a_malformed_frame),
        cmocka_unit_test (batch_is_gone_through),
        cmocka_unit_test (cut_batches_are_refused),
        cmocka_unit_test (batches_have_their_rules),
        cmocka_unit_test (empty_batch_is_malformed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
