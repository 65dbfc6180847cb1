/* The link: a DEALER socket and the monitor that says when its connection ends. It packs what goes out together into
 * batches and owns the frame that did not fit; it knows of messages only their bytes. The sockets are made by zsock_new,
 * so that CZMQ knows of them at the end of the program, and used raw: its message classes cost five times as much. */
#include "actor/link.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "wire/message.h"
#include "wire/trace.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SEND_HWM = 1000, RECEIVE_HWM = 4096, HANDSHAKE_MS = 2000, ZERO_COPY_BYTES = 16 * 1024 };

/* ZeroMQ must not connect again by itself: the session is over. But where it is told not to (-1), or not to queue for a
 * connection that is not there (ZMQ_IMMEDIATE), it throws away with the connection what has come and was not read yet. So it
 * is told to do it when we have long closed the socket. */
enum { RECONNECT_MS = 1000000000 };

/* ThreadSanitizer sees nothing of what goes on inside ZeroMQ. It is told that memory which is sent without a copy is
 * handed over to the I/O thread that frees it; and that what one actor of a program does before it sends comes before
 * what another does once it has received. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define HAND_OVER(memory) __tsan_release ((void *)(uintptr_t)(memory))
#define TAKE_OVER(memory) __tsan_acquire ((void *)(uintptr_t)(memory))
#else
#define HAND_OVER(memory) ((void)(memory))
#define TAKE_OVER(memory) ((void)(memory))
#endif

static const char broker; /* stands for it, and for all that goes through it */

typedef struct received_frame {
    far_frame_t frame;
    zmq_msg_t message;
} received_frame_t;

void far_link_init (far_link_t *self, const char *who)
{
    *self = (far_link_t){ .fd = -1, .monitor_fd = -1, .who = who };
}

static int fd_of (void *socket)
{
    int fd = -1;
    size_t size = sizeof fd;
    zmq_getsockopt (socket, ZMQ_FD, &fd, &size);
    return fd;
}

static void set_int (void *socket, int option, int value)
{
    if (zmq_setsockopt (socket, option, &value, sizeof value))
        far_log (FAR_LOG_ERROR, "socket option %d: %s", option, zmq_strerror (zmq_errno ()));
}

/* Everything a session needs to end with its connection, and nothing to wait for. */
static void set_options (void *socket)
{
    set_int (socket, ZMQ_RECONNECT_IVL, RECONNECT_MS);
    set_int (socket, ZMQ_SNDHWM, SEND_HWM);
    set_int (socket, ZMQ_RCVHWM, RECEIVE_HWM);
    set_int (socket, ZMQ_SNDTIMEO, 0);
    set_int (socket, ZMQ_LINGER, 0);
    set_int (socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set_int (socket, ZMQ_TCP_KEEPALIVE, 1);
    set_int (socket, ZMQ_TCP_KEEPALIVE_IDLE, 1);
    set_int (socket, ZMQ_TCP_KEEPALIVE_INTVL, 1);
    set_int (socket, ZMQ_TCP_KEEPALIVE_CNT, 3);
    int64_t largest = (int64_t)FAR_LIMIT_MESSAGE_BYTES;
    zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &largest, sizeof largest);
}

static bool open_monitor (far_link_t *self)
{
    static atomic_uint serial;
    char endpoint[64];
    snprintf (endpoint, sizeof endpoint, "inproc://far-link-%u", atomic_fetch_add (&serial, 1));
    self->monitor = zsock_new (ZMQ_PAIR);
    if (!self->monitor)
        return false;
    self->raw_monitor = zsock_resolve (self->monitor);
    set_int (self->raw_monitor, ZMQ_RCVHWM, 0); /* the I/O thread would block on a full one */
    return !zmq_socket_monitor (self->raw, endpoint,
                                ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                    ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) &&
           !zmq_connect (self->raw_monitor, endpoint);
}

far_status_t far_link_open (far_link_t *self, const char *endpoint)
{
    self->socket = zsock_new (ZMQ_DEALER);
    if (!self->socket)
        return far_fail_errno ("no socket");
    self->raw = zsock_resolve (self->socket);
    set_options (self->raw);
    if (!open_monitor (self) || zmq_connect (self->raw, endpoint)) {
        far_status_t status =
            far_fail (FAR_E_SYSTEM, "can't connect to '%s': %s", endpoint, zmq_strerror (zmq_errno ()));
        far_link_close (self);
        return status;
    }
    self->fd = fd_of (self->raw);
    self->monitor_fd = fd_of (self->raw_monitor);
    /* A descriptor tells of what comes after its socket was found empty, and of nothing before. */
    far_link_is_lost (self);
    return FAR_OK;
}

void far_link_close (far_link_t *self)
{
    if (self->has_unsent)
        zmq_msg_close (&self->unsent);
    if (self->socket)
        zmq_socket_monitor (self->raw, NULL, 0);
    zsock_destroy (&self->monitor);
    zsock_destroy (&self->socket);
    far_link_init (self, self->who);
}

void far_link_stir (far_link_t *self)
{
    self->quiet = false;
}

bool far_link_is_lost (far_link_t *self)
{
    zmq_msg_t part;
    zmq_msg_init (&part);
    /* Two frames an event: its number in the first two bytes (native order), the endpoint. Any of those asked for ends
     * the link; the monitor's own end does not come before it is stopped. */
    while (zmq_msg_recv (&part, self->raw_monitor, ZMQ_DONTWAIT) >= 0)
        self->lost = self->lost || !zmq_msg_more (&part);
    zmq_msg_close (&part);
    if (self->lost)
        far_link_stir (self);
    return self->lost;
}

static void release_received (far_frame_t *frame)
{
    received_frame_t *received = (received_frame_t *)frame;
    zmq_msg_close (&received->message);
    free (received);
}

/* Drops the frames behind the first; false if there were any. */
static bool is_single (far_link_t *self, zmq_msg_t *message)
{
    bool single = true;
    while (zmq_msg_more (message)) {
        single = false;
        if (zmq_msg_recv (message, self->raw, ZMQ_DONTWAIT) < 0)
            break;
    }
    return single;
}

far_frame_t *far_link_receive (far_link_t *self)
{
    received_frame_t *received = self->quiet ? NULL : malloc (sizeof *received);
    if (!received)
        return NULL;
    zmq_msg_init (&received->message);
    do {
        if (zmq_msg_recv (&received->message, self->raw, ZMQ_DONTWAIT) < 0) {
            self->quiet = true;
            zmq_msg_close (&received->message);
            free (received);
            return NULL;
        }
    } while (!is_single (self, &received->message));
    TAKE_OVER (&broker);
    atomic_init (&received->frame.owners, 1);
    received->frame.data = zmq_msg_data (&received->message);
    received->frame.size = zmq_msg_size (&received->message);
    received->frame.release = release_received;
    if (far_trace_on ())
        far_trace (self->who, "<-", received->frame.data, received->frame.size);
    return &received->frame;
}

bool far_link_is_clear (far_link_t *self)
{
    if (self->has_unsent) {
        far_link_stir (self); /* sending can take in what the descriptor would have told */
        self->has_unsent = zmq_msg_send (&self->unsent, self->raw, ZMQ_DONTWAIT) < 0;
    }
    return !self->has_unsent;
}

static void free_sent (void *data, void *hint)
{
    (void)hint;
    TAKE_OVER (data);
    free (data);
}

static bool pack_one (zmq_msg_t *message, const far_outqueue_entry_t *entry)
{
    if (entry->size >= ZERO_COPY_BYTES) {
        HAND_OVER (entry->data);
        return !zmq_msg_init_data (message, entry->data, entry->size, free_sent, NULL);
    }
    if (zmq_msg_init_size (message, entry->size))
        return false;
    memcpy (zmq_msg_data (message), entry->data, entry->size);
    free (entry->data);
    return true;
}

/* One header, then the messages as records: each loses its own header but for what a record says. */
static bool pack_batch (zmq_msg_t *message, const far_outqueue_entry_t *entries, size_t count)
{
    size_t size = FAR_HEADER_SIZE;
    for (size_t i = 0; i < count; i++)
        size += entries[i].size - FAR_HEADER_SIZE + FAR_RECORD_SIZE;
    if (zmq_msg_init_size (message, size))
        return false;
    uint8_t *start = zmq_msg_data (message), *out = start + FAR_HEADER_SIZE;
    far_header_t header;
    for (size_t i = 0; i < count; i++) {
        far_header_read (entries[i].data, entries[i].size, &header);
        far_record_write (&header, out);
        size_t rest = entries[i].size - FAR_HEADER_SIZE;
        memcpy (out + FAR_RECORD_SIZE, entries[i].data + FAR_HEADER_SIZE, rest);
        out += FAR_RECORD_SIZE + rest;
        free (entries[i].data);
    }
    far_header_t batch = { .flags = FAR_FLAG_BATCH,
                           .party = header.party,
                           .body_size = (uint32_t)(size - FAR_HEADER_SIZE) };
    far_header_write (&batch, start);
    return true;
}

void far_link_send (far_link_t *self, far_outqueue_entry_t *entries, size_t count)
{
    bool packed = count == 1 ? pack_one (&self->unsent, entries) : pack_batch (&self->unsent, entries, count);
    if (!packed) {
        far_log (FAR_LOG_ERROR, "no memory: %zu messages were not sent", count);
        for (size_t i = 0; i < count; i++)
            free (entries[i].data);
        return;
    }
    if (far_trace_on ())
        far_trace (self->who, "->", zmq_msg_data (&self->unsent), zmq_msg_size (&self->unsent));
    HAND_OVER (&broker);
    self->has_unsent = true;
    far_link_is_clear (self);
}

far_link_events_t far_link_events (far_link_t *self)
{
    if (self->quiet && !self->has_unsent)
        return (far_link_events_t){ .writable = true };
    int events = 0;
    size_t size = sizeof events;
    zmq_getsockopt (self->raw, ZMQ_EVENTS, &events, &size);
    self->quiet = !(events & ZMQ_POLLIN);
    return (far_link_events_t){ .readable = events & ZMQ_POLLIN, .writable = events & ZMQ_POLLOUT };
}
