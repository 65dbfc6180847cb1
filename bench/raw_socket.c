/* Sockets and frames of the raw ZeroMQ loops. Knows nothing of who sends what to whom. */
#include "raw_socket.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

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

bool raw_fail (const char *what)
{
    fprintf (stderr, "compare: raw ZeroMQ: %s: %s\n", what, zmq_strerror (zmq_errno ()));
    return false;
}

static bool open_socket (raw_t *self, int type, const option_t *options)
{
    *self = (raw_t){ .context = zmq_ctx_new () };
    self->socket = self->context ? zmq_socket (self->context, type) : NULL;
    if (!self->socket)
        return raw_fail ("zmq_socket");
    for (; options->name; options++)
        if (zmq_setsockopt (self->socket, options->name, &options->value, sizeof options->value))
            return raw_fail ("zmq_setsockopt");
    return true;
}

bool raw_open_router (raw_t *self)
{
    return open_socket (self, ZMQ_ROUTER, router_options);
}

void raw_deinit (raw_t *self)
{
    if (self->socket)
        zmq_close (self->socket);
    if (self->context)
        zmq_ctx_term (self->context);
}

bool raw_send_frame (void *socket, raw_frame_t frame)
{
    zmq_msg_t message;
    zmq_msg_init_size (&message, sizeof frame);
    memcpy (zmq_msg_data (&message), &frame, sizeof frame);
    if (zmq_msg_send (&message, socket, 0) >= 0)
        return true;
    zmq_msg_close (&message);
    return raw_fail ("zmq_msg_send");
}

bool raw_receive_frame (void *socket, raw_frame_t *out)
{
    zmq_msg_t message;
    zmq_msg_init (&message);
    bool is_whole = zmq_msg_recv (&message, socket, 0) == sizeof *out;
    if (is_whole)
        memcpy (out, zmq_msg_data (&message), sizeof *out);
    zmq_msg_close (&message);
    return is_whole || raw_fail ("zmq_msg_recv");
}

bool raw_connect (raw_t *self, const char *address, raw_frame_t hello)
{
    if (!open_socket (self, ZMQ_DEALER, dealer_options))
        return false;
    if (zmq_connect (self->socket, address))
        return raw_fail ("zmq_connect");
    return raw_send_frame (self->socket, hello) && raw_receive_frame (self->socket, &hello);
}
