/* The out-queue: order, what may travel together, joining of DELs. */
#include "actor/outqueue.h"
#include "base/limits.h"
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void push (far_outqueue_t *queue, uint8_t type, uint64_t party, uint64_t request, size_t body_size)
{
    far_buffer_t frame = { 0 };
    far_header_t header = { .type = type, .party = party, .request = request };
    far_message_begin (&frame);
    memset (far_buffer_extend (&frame, body_size), 0xc0, body_size);
    far_message_finish (&frame, &header, NULL, 0);
    assert_true (far_outqueue_push (queue, &frame));
    assert_null (frame.data);
}

/* Takes the next run and checks the request ids in it. */
static size_t take (far_outqueue_t *queue, uint64_t first_request)
{
    far_outqueue_entry_t out[600];
    size_t count = far_outqueue_take (queue, out, 600);
    for (size_t i = 0; i < count; i++) {
        far_header_t header;
        assert_true (far_header_read (out[i].data, out[i].size, &header));
        assert_int_equal (header.request, first_request + i);
        free (out[i].data);
    }
    return count;
}

static void test_runs_to_one_party_travel_together (void **state)
{
    (void)state;
    far_outqueue_t queue = { 0 };
    for (uint64_t i = 0; i < 300; i++)
        push (&queue, FAR_CALL, i < 290 ? 7 : 8, i, 10);
    assert_int_equal (take (&queue, 0), 290);
    assert_int_equal (take (&queue, 290), 10);
    assert_int_equal (take (&queue, 0), 0);
    assert_int_equal (queue.bytes, 0);
    far_outqueue_clear (&queue);
}

static void test_what_travels_alone (void **state)
{
    (void)state;
    far_outqueue_t queue = { 0 };
    push (&queue, FAR_HELLO, 0, 0, 10); /* of the session */
    push (&queue, FAR_BYE, 0, 1, 0);
    push (&queue, FAR_CALL, 7, 2, 10);
    push (&queue, FAR_CALL, 7, 3, 100000); /* large */
    push (&queue, FAR_CALL, 7, 4, 10);
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal (take (&queue, i), 1);
    far_outqueue_clear (&queue);
}

static void test_a_batch_is_bounded (void **state)
{
    (void)state;
    far_outqueue_t queue = { 0 };
    for (uint64_t i = 0; i < 100; i++)
        push (&queue, FAR_CALL, 7, i, 8000);
    uint64_t taken = 0;
    while (queue.count) {
        size_t now = take (&queue, taken);
        assert_in_range (now, 1, 16);
        taken += now;
    }
    assert_int_equal (taken, 100);
    far_outqueue_clear (&queue);
}

static void test_order_survives_the_ring (void **state)
{
    (void)state;
    far_outqueue_t queue = { 0 };
    uint64_t pushed = 0, taken = 0;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 100; i++)
            push (&queue, FAR_CALL, pushed % 3, pushed, 1), pushed++;
        for (int i = 0; i < 90; i++)
            taken += take (&queue, taken);
    }
    while (queue.count)
        taken += take (&queue, taken);
    assert_int_equal (taken, pushed);
    far_outqueue_clear (&queue);
}

static void test_releases_join (void **state)
{
    (void)state;
    far_outqueue_t queue = { 0 };
    uint8_t bytes[64];
    far_field_t field = { .tag = FAR_FIELD_RELEASE, .release = { { 5 }, 1 } };
    size_t size = far_field_write (&field, bytes);
    assert_false (far_outqueue_join (&queue, 7, bytes, size)); /* nothing to join */
    far_buffer_t frame = { 0 };
    far_header_t header = { .type = FAR_DEL, .party = 7 };
    far_message_begin (&frame);
    far_message_finish (&frame, &header, bytes, size);
    assert_true (far_outqueue_push (&queue, &frame));
    assert_false (far_outqueue_join (&queue, 8, bytes, size)); /* another party */
    int joined = 1;
    while (far_outqueue_join (&queue, 7, bytes, size))
        joined++;
    assert_in_range (joined, 256, FAR_LIMIT_FIELDS);
    far_message_t message;
    assert_true (far_message_read (queue.entries[0].data, queue.entries[0].size, &message));
    assert_int_equal (far_fields_count (message.fields, message.header.fields_size, FAR_FIELD_RELEASE), joined);
    push (&queue, FAR_CALL, 7, 1, 1);
    assert_false (far_outqueue_join (&queue, 7, bytes, size)); /* not past a message that may use the reference */
    far_outqueue_clear (&queue);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_runs_to_one_party_travel_together),
        cmocka_unit_test (test_what_travels_alone),
        cmocka_unit_test (test_a_batch_is_bounded),
        cmocka_unit_test (test_order_survives_the_ring),
        cmocka_unit_test (test_releases_join),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
