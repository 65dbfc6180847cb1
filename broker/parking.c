/* The parked messages of all destinations. Small ones are copied, because a received one pins a whole receive buffer of
 * ZeroMQ; what is larger than such a buffer stays where it is. Knows nothing of sockets, and of the protocol only the
 * time that a request has left. */
#include "parking.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

static void enter_ring (parking_t *self, parked_queue_t *queue)
{
    self->queues++;
    if (!self->busy) {
        queue->before = queue->after = queue;
        self->busy = queue;
        return;
    }
    queue->after = self->busy;
    queue->before = self->busy->before;
    queue->before->after = queue;
    queue->after->before = queue;
}

static void leave_ring (parking_t *self, parked_queue_t *queue)
{
    self->queues--;
    if (self->busy == queue)
        self->busy = queue->after == queue ? NULL : queue->after;
    queue->before->after = queue->after;
    queue->after->before = queue->before;
    queue->before = queue->after = NULL;
}

static void append (parking_t *self, parked_queue_t *queue, parked_t *parked)
{
    if (queue->last) {
        queue->last->next = parked;
    } else {
        queue->first = parked;
        enter_ring (self, queue);
    }
    queue->last = parked;
    queue->count++;
    queue->bytes += PARKED_COST (parked->size);
    self->count++;
    self->bytes += PARKED_COST (parked->size);
}

bool parking_copy (parking_t *self, parked_queue_t *queue, const uint8_t *data, size_t size, int64_t now_ns)
{
    parked_t *parked = malloc (sizeof *parked + size);
    if (!parked)
        return false;
    *parked = (parked_t){ .data = (uint8_t *)(parked + 1), .size = size, .since_ns = now_ns };
    memcpy (parked->data, data, size);
    append (self, queue, parked);
    return true;
}

bool parking_pin (parking_t *self, parked_queue_t *queue, void *pin, uint8_t *data, size_t size, int64_t now_ns)
{
    parked_t *parked = malloc (sizeof *parked);
    if (!parked)
        return false;
    *parked = (parked_t){ .data = data, .size = size, .since_ns = now_ns, .pin = pin };
    append (self, queue, parked);
    return true;
}

void parking_drop_first (parking_t *self, parked_queue_t *queue)
{
    parked_t *parked = queue->first;
    queue->first = parked->next;
    if (!queue->first) {
        queue->last = NULL;
        leave_ring (self, queue);
    }
    queue->count--;
    queue->bytes -= PARKED_COST (parked->size);
    self->count--;
    self->bytes -= PARKED_COST (parked->size);
    if (parked->pin)
        self->unpin (parked->pin);
    free (parked);
}

void parking_clear (parking_t *self, parked_queue_t *queue)
{
    while (queue->first)
        parking_drop_first (self, queue);
}

static bool lower (far_header_t *header, int64_t waited_ms)
{
    if (!header->time_left_ms)
        return false;
    header->time_left_ms = waited_ms < header->time_left_ms ? header->time_left_ms - (uint32_t)waited_ms : 1;
    return true;
}

/* Does anything in the frame have an end? Most have none, and are left alone at once. */
static bool has_time_left (const parked_t *parked)
{
    far_header_t header;
    return far_header_read (parked->data, parked->size, &header) &&
           (header.time_left_ms || header.flags & FAR_FLAG_BATCH);
}

void parking_age (parked_t *parked, int64_t now_ns)
{
    int64_t waited_ms = (now_ns - parked->since_ns) / 1000000;
    far_message_t message, one;
    far_messages_t walk;
    if (waited_ms <= 0)
        return;
    parked->since_ns += waited_ms * 1000000;
    if (!has_time_left (parked) || !far_message_read (parked->data, parked->size, &message))
        return;
    far_messages_start (&walk, &message);
    while (far_messages_next (&walk, &one)) {
        if (!lower (&one.header, waited_ms))
            continue;
        bool record = message.header.flags & FAR_FLAG_BATCH;
        uint8_t *start = parked->data + (one.fields - parked->data) - (record ? FAR_RECORD_SIZE : FAR_HEADER_SIZE);
        if (record)
            far_record_write (&one.header, start);
        else
            far_header_write (&one.header, start);
    }
}
