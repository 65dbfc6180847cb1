/* Sending: to a destination that has room at once, moved and not copied; else into its queue. What the ROUTER can't take
 * is tried again after every wake. */
#include "base/log.h"
#include "shell.h"
#include "wire/bytes.h"

#include <string.h>

#define ROUTING_ID_BYTES 5
#define PIN_FROM_BYTES   8192 /* received ones from here on have memory of their own */
#define RETRY_AT_ONCE    256  /* messages of one queue, before the next has its turn */

typedef enum sent { SENT, SENT_NOT_NOW, SENT_NEVER } sent_t;

/* Moves the message into the socket; where it is not taken, it is left alone. */
static sent_t try_send (shell_t *self, const session_t *to, zmq_msg_t *message)
{
    zmq_msg_t id;
    self->told_all = false;
    zmq_msg_init_size (&id, ROUTING_ID_BYTES);
    uint8_t *data = zmq_msg_data (&id);
    data[0] = 0;
    far_put32 (data + 1, to->connection);
    if (zmq_msg_send (&id, self->sockets.router, ZMQ_SNDMORE | ZMQ_DONTWAIT) == -1) {
        int failure = errno;
        zmq_msg_close (&id);
        return failure == EAGAIN ? SENT_NOT_NOW : SENT_NEVER;
    }
    /* Once the first part is accepted the rest is too, or dropped where the connection has just ended. */
    return zmq_msg_send (message, self->sockets.router, ZMQ_DONTWAIT) == -1 ? SENT_NEVER : SENT;
}

static void fail (shell_t *self, const char *what)
{
    far_log (FAR_LOG_ERROR, "no memory: %s", what);
    self->failed = true;
}

static void note_overflow (shell_t *self, session_t *to)
{
    if (to->parked.bytes <= 2 * self->options.router.parked_bytes || to->overflows || to->parked.count == 1)
        return;
    to->overflows = true;
    to->next = self->overflowing;
    self->overflowing = to;
}

static bool park_pinned (shell_t *self, session_t *to, zmq_msg_t *message)
{
    zmq_msg_t *pin = malloc (sizeof *pin);
    if (!pin)
        return false;
    zmq_msg_init (pin);
    zmq_msg_move (pin, message);
    if (parking_pin (&self->parking, &to->parked, pin, zmq_msg_data (pin), zmq_msg_size (pin), self->now_ns))
        return true;
    shell_unpin (pin);
    return false;
}

static void count_parked (shell_t *self, session_t *to, bool parked)
{
    if (!parked) {
        fail (self, "a message can't be parked");
        return;
    }
    self->router->counters.value[COUNT_PARKED]++;
    note_overflow (self, to);
}

static void count_unreachable (shell_t *self)
{
    self->router->counters.value[COUNT_UNREACHABLE]++;
}

void shell_unpin (void *pin)
{
    zmq_msg_close (pin);
    free (pin);
}

void shell_forward (shell_t *self, session_t *to)
{
    if (to->state == SESSION_CUT)
        return;
    sent_t sent = to->parked.count ? SENT_NOT_NOW : try_send (self, to, &self->frame);
    if (sent == SENT_NEVER)
        count_unreachable (self);
    if (sent != SENT_NOT_NOW)
        return;
    size_t size = zmq_msg_size (&self->frame);
    if (size >= PIN_FROM_BYTES)
        count_parked (self, to, park_pinned (self, to, &self->frame));
    else
        count_parked (self, to,
                      parking_copy (&self->parking, &to->parked, zmq_msg_data (&self->frame), size, self->now_ns));
}

static sent_t send_copy (shell_t *self, const session_t *to, const uint8_t *data, size_t size)
{
    zmq_msg_t message;
    if (zmq_msg_init_size (&message, size)) {
        fail (self, "a message can't be sent");
        return SENT_NEVER;
    }
    memcpy (zmq_msg_data (&message), data, size);
    sent_t sent = try_send (self, to, &message);
    zmq_msg_close (&message);
    return sent;
}

void shell_send (shell_t *self, session_t *to, const uint8_t *data, size_t size)
{
    if (to->state == SESSION_CUT)
        return;
    sent_t sent = to->parked.count ? SENT_NOT_NOW : send_copy (self, to, data, size);
    if (sent == SENT_NEVER)
        count_unreachable (self);
    if (sent == SENT_NOT_NOW)
        count_parked (self, to, parking_copy (&self->parking, &to->parked, data, size, self->now_ns));
}

static sent_t send_parked (shell_t *self, const session_t *to, parked_t *parked)
{
    parking_age (parked, self->now_ns);
    return parked->pin ? try_send (self, to, parked->pin) : send_copy (self, to, parked->data, parked->size);
}

static bool retry (shell_t *self, parked_queue_t *queue)
{
    for (int left = RETRY_AT_ONCE; left && queue->first; left--) {
        sent_t sent = send_parked (self, queue->owner, queue->first);
        if (sent == SENT_NOT_NOW)
            return left < RETRY_AT_ONCE;
        if (sent == SENT_NEVER)
            count_unreachable (self);
        parking_drop_first (&self->parking, queue);
    }
    return true;
}

bool shell_retry (shell_t *self)
{
    bool progress = false;
    for (size_t left = self->parking.queues; left; left--) {
        parked_queue_t *queue = self->parking.busy;
        self->parking.busy = queue->after;
        progress |= retry (self, queue);
    }
    return progress;
}
