/* Parked messages: order, what they cost, whose memory it is, and the time that requests have left. */
#include "support/cm.h"

#include "broker/parking.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

#define MS 1000000

static int unpinned;

static void unpin (void *pin)
{
    unpinned++;
    free (pin);
}

static void queues_keep_order_and_count (void **state)
{
    (void)state;
    parking_t parking = { .unpin = unpin };
    parked_queue_t queues[3] = { 0 };
    for (uint8_t i = 0; i < 30; i++)
        assert_true (parking_copy (&parking, &queues[i % 3], &i, 1, 0));
    assert_int_equal (parking.queues, 3);
    assert_int_equal (parking.count, 30);
    assert_int_equal (parking.bytes, 30 * PARKED_COST (1));
    for (int i = 0; i < 30; i++) {
        assert_int_equal (*queues[i % 3].first->data, i);
        parking_drop_first (&parking, &queues[i % 3]);
    }
    assert_int_equal (parking.queues + parking.count + parking.bytes + queues[0].bytes, 0);
    assert_null (parking.busy);
}

static void ring_has_all_that_are_busy (void **state)
{
    (void)state;
    parking_t parking = { .unpin = unpin };
    parked_queue_t queues[5] = { 0 };
    for (int i = 0; i < 5; i++)
        assert_true (parking_copy (&parking, &queues[i], (const uint8_t *)"x", 1, 0));
    parking_clear (&parking, &queues[0]);
    parking_clear (&parking, &queues[3]);
    parked_queue_t *at = parking.busy;
    for (size_t i = 0; i < parking.queues; i++, at = at->after) {
        assert_ptr_not_equal (at, &queues[0]);
        assert_ptr_not_equal (at, &queues[3]);
        assert_ptr_equal (at->after->before, at);
    }
    assert_ptr_equal (at, parking.busy);
    for (int i = 0; i < 5; i++)
        parking_clear (&parking, &queues[i]);
    assert_int_equal (parking.queues, 0);
}

static void pins_are_let_go_once (void **state)
{
    (void)state;
    parking_t parking = { .unpin = unpin };
    parked_queue_t queue = { 0 };
    unpinned = 0;
    for (int i = 0; i < 2; i++) {
        uint8_t *pin = malloc (100);
        assert_true (parking_pin (&parking, &queue, pin, pin, 100, 0));
        assert_ptr_equal (queue.last->data, pin);
    }
    assert_int_equal (queue.bytes, 2 * PARKED_COST (100));
    parking_drop_first (&parking, &queue);
    assert_int_equal (unpinned, 1);
    parking_clear (&parking, &queue);
    assert_int_equal (unpinned, 2);
}

static uint32_t time_left (const parked_queue_t *queue)
{
    far_header_t header;
    assert_true (far_header_read (queue->first->data, queue->first->size, &header));
    return header.time_left_ms;
}

static void park_request (parking_t *parking, parked_queue_t *queue, uint32_t time_left_ms)
{
    uint8_t frame[FAR_HEADER_SIZE];
    far_header_write (&(far_header_t){ .type = FAR_CALL, .request = 1, .time_left_ms = time_left_ms }, frame);
    assert_true (parking_copy (parking, queue, frame, sizeof frame, 10 * MS));
}

static void waiting_takes_time_away (void **state)
{
    (void)state;
    parking_t parking = { .unpin = unpin };
    parked_queue_t queue = { 0 };
    park_request (&parking, &queue, 100);
    parking_age (queue.first, 10 * MS + MS / 2);
    assert_int_equal (time_left (&queue), 100);
    parking_age (queue.first, 11 * MS + MS / 2);
    assert_int_equal (time_left (&queue), 99);
    /* Asked again and again, it is not taken twice, nor is a part of a millisecond lost. */
    for (int i = 0; i < 100; i++)
        parking_age (queue.first, 12 * MS);
    assert_int_equal (time_left (&queue), 98);
    parking_age (queue.first, 1000 * MS);
    assert_int_equal (time_left (&queue), 1);
    parking_clear (&parking, &queue);
    park_request (&parking, &queue, 0);
    parking_age (queue.first, 1000 * MS);
    assert_int_equal (time_left (&queue), 0);
    parking_clear (&parking, &queue);
}

static void records_of_a_batch_age_too (void **state)
{
    (void)state;
    parking_t parking = { .unpin = unpin };
    parked_queue_t queue = { 0 };
    uint8_t frame[FAR_HEADER_SIZE + 3 * FAR_RECORD_SIZE];
    static const uint32_t left[] = { 50, 0, 5 }, expected[] = { 30, 0, 1 };
    far_header_write (&(far_header_t){ .flags = FAR_FLAG_BATCH, .party = 9, .body_size = 3 * FAR_RECORD_SIZE }, frame);
    for (size_t i = 0; i < 3; i++)
        far_record_write (&(far_header_t){ .type = FAR_CALL, .request = i + 1, .time_left_ms = left[i] },
                          frame + FAR_HEADER_SIZE + i * FAR_RECORD_SIZE);
    assert_true (parking_copy (&parking, &queue, frame, sizeof frame, 0));
    parking_age (queue.first, 20 * MS);
    far_message_t message, one;
    far_messages_t walk;
    assert_true (far_message_read (queue.first->data, queue.first->size, &message));
    assert_int_equal (message.header.party, 9);
    far_messages_start (&walk, &message);
    for (size_t i = 0; i < 3; i++) {
        assert_true (far_messages_next (&walk, &one));
        assert_int_equal (one.header.time_left_ms, expected[i]);
        assert_int_equal (one.header.request, i + 1);
    }
    parking_clear (&parking, &queue);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (queues_keep_order_and_count), cmocka_unit_test (ring_has_all_that_are_busy),
        cmocka_unit_test (pins_are_let_go_once),        cmocka_unit_test (waiting_takes_time_away),
        cmocka_unit_test (records_of_a_batch_age_too),
    };
    return cmocka_run_group_tests_name ("parking", tests, NULL, NULL);
}
