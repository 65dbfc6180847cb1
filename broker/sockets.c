/* Socket options, as measured and chosen for our version of libzmq. Sockets are made by zsock_new, so that CZMQ knows
 * that they are open when it shuts down, and used raw. */
#include "sockets.h"
#include "base/error.h"
#include "base/random.h"

#include <string.h>
#include <unistd.h>

#define MONITOR_ENDPOINT "inproc://far-broker-monitor"

typedef struct option {
    int option;
    int value;
    const char *name;
} option_t;

/* Never ZMQ_HEARTBEAT_*: with it libzmq 4.3.4 loses data and can be made to abort. */
static const option_t router_options[] = {
    { ZMQ_ROUTER_MANDATORY, 1, "ZMQ_ROUTER_MANDATORY" }, /* else what can't be sent is lost, and send says it was */
    { ZMQ_ROUTER_HANDOVER, 0, "ZMQ_ROUTER_HANDOVER" },
    { ZMQ_RCVHWM, SOCKET_RECEIVE_HWM, "ZMQ_RCVHWM" },
    /* What waits longer is parked, where it is counted. With 256 the broker has a fifth less to do for small messages that
     * travel one by one, with 1,000 two fifths; but calls that pile up travel in batches, and as many large messages would
     * lie here uncounted for each process that has stopped. */
    { ZMQ_SNDHWM, 64, "ZMQ_SNDHWM" },
    { ZMQ_SNDTIMEO, 0, "ZMQ_SNDTIMEO" },
    { ZMQ_LINGER, 0, "ZMQ_LINGER" },
    { ZMQ_HANDSHAKE_IVL, 2000, "ZMQ_HANDSHAKE_IVL" },
    { ZMQ_BACKLOG, 4096, "ZMQ_BACKLOG" },
};

/* A half-open connection has to end; on ipc there are none. */
static const option_t tcp_options[] = {
    { ZMQ_TCP_KEEPALIVE, 1, "ZMQ_TCP_KEEPALIVE" },
    { ZMQ_TCP_KEEPALIVE_IDLE, 1, "ZMQ_TCP_KEEPALIVE_IDLE" },
    { ZMQ_TCP_KEEPALIVE_INTVL, 1, "ZMQ_TCP_KEEPALIVE_INTVL" },
    { ZMQ_TCP_KEEPALIVE_CNT, 3, "ZMQ_TCP_KEEPALIVE_CNT" },
    { ZMQ_TCP_MAXRT, 5000, "ZMQ_TCP_MAXRT" },
};

static far_status_t set_options (void *socket, const option_t *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (zmq_setsockopt (socket, options[i].option, &options[i].value, sizeof options[i].value))
            return far_fail_errno ("%s", options[i].name);
    return FAR_OK;
}

static far_status_t read_fd (void *socket, int *out)
{
    size_t size = sizeof *out;
    return zmq_getsockopt (socket, ZMQ_FD, out, &size) ? far_fail_errno ("ZMQ_FD") : FAR_OK;
}

/* The first routing id is random, so that no peer can claim the one that is given out next: that aborts libzmq. */
static void seed_routing_ids (void)
{
    unsigned seed;
    far_random (&seed, sizeof seed);
    srandom (seed);
}

static far_status_t make_router (sockets_t *self, size_t message_bytes)
{
    int64_t limit = (int64_t)message_bytes;
    seed_routing_ids ();
    self->router_sock = zsock_new (ZMQ_ROUTER);
    if (!self->router_sock)
        return far_fail_errno ("a ROUTER socket");
    self->router = zsock_resolve (self->router_sock);
    if (zmq_setsockopt (self->router, ZMQ_MAXMSGSIZE, &limit, sizeof limit))
        return far_fail_errno ("ZMQ_MAXMSGSIZE");
    far_status_t status = set_options (self->router, router_options, sizeof router_options / sizeof *router_options);
    return status ? status : read_fd (self->router, &self->router_fd);
}

/* libzmq's I/O thread blocks where the monitor's end is full, so it never is. */
static far_status_t make_monitor (sockets_t *self)
{
    int no_limit = 0;
    self->monitor_sock = zsock_new (ZMQ_PAIR);
    if (!self->monitor_sock)
        return far_fail_errno ("a PAIR socket");
    self->monitor = zsock_resolve (self->monitor_sock);
    if (zmq_setsockopt (self->monitor, ZMQ_RCVHWM, &no_limit, sizeof no_limit) ||
        zmq_socket_monitor (self->router, MONITOR_ENDPOINT,
                            ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) ||
        zmq_connect (self->monitor, MONITOR_ENDPOINT))
        return far_fail_errno ("the monitor of the ROUTER socket");
    return read_fd (self->monitor, &self->monitor_fd);
}

far_status_t sockets_init (sockets_t *self, size_t message_bytes)
{
    *self = (sockets_t){ .router_fd = -1, .monitor_fd = -1 };
    far_status_t status = make_router (self, message_bytes);
    return status ? status : make_monitor (self);
}

void sockets_deinit (sockets_t *self, int linger_ms)
{
    if (self->router) {
        zmq_setsockopt (self->router, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        zmq_socket_monitor (self->router, NULL, 0);
    }
    zsock_destroy (&self->monitor_sock);
    zsock_destroy (&self->router_sock);
    self->router = self->monitor = NULL;
}

far_status_t sockets_bind (sockets_t *self, const char *endpoint, char *out_bound, size_t out_size)
{
    int uid = (int)geteuid ();
    far_status_t status = FAR_OK;
    if (strncmp (endpoint, "ipc:", 4) == 0) {
        if (zmq_setsockopt (self->router, ZMQ_IPC_FILTER_UID, &uid, sizeof uid))
            return far_fail_errno ("ZMQ_IPC_FILTER_UID");
    } else {
        status = set_options (self->router, tcp_options, sizeof tcp_options / sizeof *tcp_options);
    }
    if (status)
        return status;
    if (zmq_bind (self->router, endpoint))
        return far_fail (FAR_E_SYSTEM, "can't bind %s: %s", endpoint, zmq_strerror (zmq_errno ()));
    if (zmq_getsockopt (self->router, ZMQ_LAST_ENDPOINT, out_bound, &out_size))
        return far_fail_errno ("ZMQ_LAST_ENDPOINT");
    return FAR_OK;
}
