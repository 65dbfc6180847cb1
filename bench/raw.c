/* The raw ZeroMQ loop: what farcall is measured against. A DEALER that calls, a hand-written ROUTER that forwards, a
 * DEALER that adds: one frame a message, the bytes of a struct, nothing encoded, nothing allocated. The socket options
 * are those that farcall has, but it may block in a send: it serves two peers only, and neither fills all its queues. */
#include "raw_socket.h"
#include "role.h"

#include <string.h>

/* The two that speak with each other, by their routing ids. */
typedef struct peers {
    zmq_msg_t ids[2];
    size_t count;
} peers_t;

static bool is_same_id (zmq_msg_t *a, zmq_msg_t *b)
{
    return zmq_msg_size (a) == zmq_msg_size (b) && !memcmp (zmq_msg_data (a), zmq_msg_data (b), zmq_msg_size (a));
}

/* Whom a message from this peer is for: the other one, or itself, if it is a stranger's first. NULL is nobody. */
static zmq_msg_t *find_receiver (peers_t *self, zmq_msg_t *from)
{
    for (size_t i = 0; i < self->count; i++)
        if (is_same_id (&self->ids[i], from))
            return self->count == 2 ? &self->ids[1 - i] : NULL;
    if (self->count == 2)
        return NULL;
    zmq_msg_t *id = &self->ids[self->count++];
    zmq_msg_init (id);
    zmq_msg_copy (id, from);
    return id;
}

static bool forward (void *socket, peers_t *peers)
{
    zmq_msg_t from, body;
    zmq_msg_init (&from);
    zmq_msg_init (&body);
    if (zmq_msg_recv (&from, socket, 0) < 0 || zmq_msg_recv (&body, socket, 0) < 0)
        return raw_fail ("zmq_msg_recv");
    zmq_msg_t *to = find_receiver (peers, &from);
    if (to) {
        zmq_msg_copy (&from, to);
        if (zmq_msg_send (&from, socket, ZMQ_SNDMORE) < 0 || zmq_msg_send (&body, socket, 0) < 0)
            return raw_fail ("zmq_msg_send");
    }
    zmq_msg_close (&from);
    zmq_msg_close (&body);
    return true;
}

int bench_raw_broker (const bench_role_args_t *args)
{
    raw_t self;
    peers_t peers = { .count = 0 };
    if (raw_open_router (&self)) {
        if (!zmq_bind (self.socket, args->address)) {
            bench_role_ready ();
            while (forward (self.socket, &peers))
                ;
        } else
            raw_fail ("zmq_bind");
    }
    raw_deinit (&self);
    return 1;
}

static bool add (void *socket, int64_t *total)
{
    raw_frame_t frame;
    if (!raw_receive_frame (socket, &frame))
        return false;
    frame.value = *total += frame.value;
    return !frame.number || raw_send_frame (socket, frame);
}

int bench_raw_worker (const bench_role_args_t *args)
{
    raw_t self;
    int64_t total = 0;
    if (raw_connect (&self, args->address, (raw_frame_t){ 0, 0 })) {
        bench_role_ready ();
        while (add (self.socket, &total))
            ;
    }
    raw_deinit (&self);
    return 1;
}

static bool raw_start (void *context, int64_t amount)
{
    raw_t *self = context;
    return raw_send_frame (self->socket, (raw_frame_t){ ++self->number, amount });
}

static bool raw_finish (void *context, int64_t *total)
{
    raw_t *self = context;
    raw_frame_t frame;
    if (!raw_receive_frame (self->socket, &frame))
        return false;
    *total = frame.value;
    return true;
}

static bool raw_call (void *context, int64_t amount, int64_t *total)
{
    return raw_start (context, amount) && raw_finish (context, total);
}

static bool raw_send (void *context, int64_t amount)
{
    raw_t *self = context;
    return raw_send_frame (self->socket, (raw_frame_t){ 0, amount });
}

int bench_raw_caller (const bench_role_args_t *args)
{
    raw_t self;
    int status = 1;
    const bench_caller_t caller = { &self, raw_call, raw_start, raw_finish, raw_send };
    if (raw_connect (&self, args->address, (raw_frame_t){ 0, 0 }))
        status = bench_role_call (args, &caller);
    raw_deinit (&self);
    return status;
}
