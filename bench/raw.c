/* The raw ZeroMQ loop: what farcall is measured against. A DEALER that calls, a hand-written ROUTER that forwards, a
 * DEALER that adds: one frame a message, the bytes of a struct, nothing encoded, nothing allocated. The socket options
 * are those that farcall has, but it may block in a send: it serves two peers only, and neither fills all its queues. */
#include "role.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

typedef struct frame {
    uint64_t number; /* of the call; 0 wants no answer */
    int64_t value;   /* the amount; in an answer the total */
} frame_t;

typedef struct raw {
    void *context;
    void *socket;
    uint64_t number; /* of the last call */
} raw_t;

typedef struct option {
    int name, value;
} option_t;

/* The queue towards each peer is longer than far-broker's (64), which parks what does not fit: a loop that waits instead
 * would be half as fast with so short a queue. */
static const option_t router_options[] = { { ZMQ_ROUTER_MANDATORY, 1 }, { ZMQ_RCVHWM, 4096 },
                                           { ZMQ_SNDHWM, 1000 },        { ZMQ_LINGER, 0 },
                                           { ZMQ_HANDSHAKE_IVL, 2000 }, { 0, 0 } };
static const option_t dealer_options[] = { { ZMQ_IMMEDIATE, 1 }, { ZMQ_RECONNECT_IVL, -1 }, { ZMQ_SNDHWM, 1000 },
                                           { ZMQ_RCVHWM, 4096 }, { ZMQ_LINGER, 0 },         { 0, 0 } };

static bool fail (const char *what)
{
    fprintf (stderr, "compare: raw ZeroMQ: %s: %s\n", what, zmq_strerror (zmq_errno ()));
    return false;
}

static bool raw_init (raw_t *self, int type, const option_t *options)
{
    *self = (raw_t){ .context = zmq_ctx_new () };
    self->socket = self->context ? zmq_socket (self->context, type) : NULL;
    if (!self->socket)
        return fail ("zmq_socket");
    for (; options->name; options++)
        if (zmq_setsockopt (self->socket, options->name, &options->value, sizeof options->value))
            return fail ("zmq_setsockopt");
    return true;
}

static void raw_deinit (raw_t *self)
{
    if (self->socket)
        zmq_close (self->socket);
    if (self->context)
        zmq_ctx_term (self->context);
}

static bool send_frame (void *socket, frame_t frame)
{
    zmq_msg_t message;
    zmq_msg_init_size (&message, sizeof frame);
    memcpy (zmq_msg_data (&message), &frame, sizeof frame);
    if (zmq_msg_send (&message, socket, 0) >= 0)
        return true;
    zmq_msg_close (&message);
    return fail ("zmq_msg_send");
}

static bool receive_frame (void *socket, frame_t *out)
{
    zmq_msg_t message;
    zmq_msg_init (&message);
    bool is_whole = zmq_msg_recv (&message, socket, 0) == sizeof *out;
    if (is_whole)
        memcpy (out, zmq_msg_data (&message), sizeof *out);
    zmq_msg_close (&message);
    return is_whole || fail ("zmq_msg_recv");
}

/* Connects, and waits until the broker has heard of it: the broker sends a peer's first message back. */
static bool connect_dealer (raw_t *self, const char *address)
{
    frame_t hello = { 0, 0 };
    if (!raw_init (self, ZMQ_DEALER, dealer_options))
        return false;
    if (zmq_connect (self->socket, address))
        return fail ("zmq_connect");
    return send_frame (self->socket, hello) && receive_frame (self->socket, &hello);
}

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
        return fail ("zmq_msg_recv");
    zmq_msg_t *to = find_receiver (peers, &from);
    if (to) {
        zmq_msg_copy (&from, to);
        if (zmq_msg_send (&from, socket, ZMQ_SNDMORE) < 0 || zmq_msg_send (&body, socket, 0) < 0)
            return fail ("zmq_msg_send");
    }
    zmq_msg_close (&from);
    zmq_msg_close (&body);
    return true;
}

int bench_raw_broker (const bench_role_args_t *args)
{
    raw_t self;
    peers_t peers = { .count = 0 };
    if (raw_init (&self, ZMQ_ROUTER, router_options)) {
        if (!zmq_bind (self.socket, args->address)) {
            bench_role_ready ();
            while (forward (self.socket, &peers))
                ;
        } else
            fail ("zmq_bind");
    }
    raw_deinit (&self);
    return 1;
}

static bool add (void *socket, int64_t *total)
{
    frame_t frame;
    if (!receive_frame (socket, &frame))
        return false;
    frame.value = *total += frame.value;
    return !frame.number || send_frame (socket, frame);
}

int bench_raw_worker (const bench_role_args_t *args)
{
    raw_t self;
    int64_t total = 0;
    if (connect_dealer (&self, args->address)) {
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
    return send_frame (self->socket, (frame_t){ ++self->number, amount });
}

static bool raw_finish (void *context, int64_t *total)
{
    raw_t *self = context;
    frame_t frame;
    if (!receive_frame (self->socket, &frame))
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
    return send_frame (self->socket, (frame_t){ 0, amount });
}

int bench_raw_caller (const bench_role_args_t *args)
{
    raw_t self;
    int status = 1;
    const bench_caller_t caller = { &self, raw_call, raw_start, raw_finish, raw_send };
    if (connect_dealer (&self, args->address))
        status = bench_role_call (args, &caller);
    raw_deinit (&self);
    return status;
}
