/* The raw ZeroMQ loop with several workers: a ROUTER that hands what clients send to one worker after the other, whoever
 * has how much to do, and takes answers back. It keeps nothing: what a worker that dies has had is lost, and nobody hears
 * of it. */
#include "crowd.h"
#include "raw_socket.h"

enum { CLIENT, WORKER }; /* the value of a hello, whose number is 0 */

/* Who works, by routing ids. */
typedef struct workers {
    zmq_msg_t ids[BENCH_CROWD];
    size_t count, next;
} workers_t;

static bool is_hello (zmq_msg_t *body, workers_t *workers, zmq_msg_t *from)
{
    const raw_frame_t *frame = zmq_msg_data (body);
    if (zmq_msg_size (body) != sizeof *frame || frame->number)
        return false;
    if (frame->value == WORKER && workers->count < BENCH_CROWD) {
        zmq_msg_t *id = &workers->ids[workers->count++];
        zmq_msg_init (id);
        zmq_msg_copy (id, from);
    }
    return true;
}

static bool send_parts (void *socket, zmq_msg_t *parts[], int count)
{
    for (int i = 0; i < count; i++)
        if (zmq_msg_send (parts[i], socket, i + 1 < count ? ZMQ_SNDMORE : 0) < 0)
            return raw_fail ("zmq_msg_send");
    return true;
}

/* Of a client: itself, the call. Of a worker: itself, the client, the answer. */
static bool forward (void *socket, workers_t *workers)
{
    zmq_msg_t from, second, body;
    bool is_ok;
    zmq_msg_init (&from);
    zmq_msg_init (&second);
    zmq_msg_init (&body);
    if (zmq_msg_recv (&from, socket, 0) < 0 || zmq_msg_recv (&second, socket, 0) < 0)
        return raw_fail ("zmq_msg_recv");
    if (zmq_msg_more (&second)) {
        is_ok = zmq_msg_recv (&body, socket, 0) >= 0 && send_parts (socket, (zmq_msg_t *[]){ &second, &body }, 2);
    } else if (is_hello (&second, workers, &from)) {
        is_ok = send_parts (socket, (zmq_msg_t *[]){ &from, &second }, 2);
    } else {
        zmq_msg_t to;
        zmq_msg_init (&to);
        zmq_msg_copy (&to, &workers->ids[workers->next++ % BENCH_CROWD]);
        is_ok = send_parts (socket, (zmq_msg_t *[]){ &to, &from, &second }, 3);
        zmq_msg_close (&to);
    }
    zmq_msg_close (&from);
    zmq_msg_close (&second);
    zmq_msg_close (&body);
    return is_ok;
}

int bench_raw_balancer (const bench_role_args_t *args)
{
    raw_t self;
    workers_t workers = { .count = 0 };
    if (raw_open_router (&self)) {
        if (!zmq_bind (self.socket, args->address)) {
            bench_role_ready ();
            while (forward (self.socket, &workers))
                ;
        } else
            raw_fail ("zmq_bind");
    }
    raw_deinit (&self);
    return 1;
}

static bool work (void *socket)
{
    zmq_msg_t client;
    raw_frame_t frame;
    zmq_msg_init (&client);
    bool is_ok = zmq_msg_recv (&client, socket, 0) >= 0 && raw_receive_frame (socket, &frame);
    frame.value++;
    is_ok = is_ok && zmq_msg_send (&client, socket, ZMQ_SNDMORE) >= 0 && raw_send_frame (socket, frame);
    zmq_msg_close (&client);
    return is_ok;
}

static int be_worker (const bench_role_args_t *args, bench_crowd_t *crowd)
{
    raw_t self;
    if (raw_connect (&self, args->address, (raw_frame_t){ 0, WORKER })) {
        bench_crowd_meet (crowd);
        while (work (self.socket))
            ;
    }
    raw_deinit (&self);
    return 1;
}

int bench_raw_workers (const bench_role_args_t *args)
{
    return bench_crowd_serve (args, be_worker);
}

static bool start (void *context, int64_t amount)
{
    raw_t *self = context;
    return raw_send_frame (self->socket, (raw_frame_t){ ++self->number, amount });
}

/* Whichever comes first. */
static bool finish (void *context, int64_t *next)
{
    raw_t *self = context;
    raw_frame_t frame;
    if (!raw_receive_frame (self->socket, &frame))
        return false;
    *next = frame.value;
    return true;
}

static int be_client (const bench_role_args_t *args, bench_crowd_t *crowd)
{
    raw_t self;
    int status = 1;
    const bench_caller_t caller = { .context = &self, .start = start, .finish = finish };
    if (raw_connect (&self, args->address, (raw_frame_t){ 0, CLIENT })) {
        bench_crowd_meet (crowd);
        status = bench_crowd_run (args, &caller, crowd);
    }
    raw_deinit (&self);
    return status;
}

int bench_raw_clients (const bench_role_args_t *args)
{
    return bench_crowd_call (args, be_client);
}
