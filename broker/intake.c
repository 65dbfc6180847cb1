/* Receiving: what the monitor tells of connections, and what the ROUTER has from them. A session ends when the monitor
 * has told of its connection's end, and then the ROUTER had nothing more to read: so DOWN comes behind everything that
 * the dead one has said. */
#include "base/log.h"
#include "shell.h"
#include "wire/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define ROUTING_ID_BYTES 5
#define READ_AT_ONCE     512
#define CLOCK_EVERY      64 /* messages */

static void end_by_fd (int fd)
{
    shutdown (fd, SHUT_RDWR);
}

void shell_cut (session_t *session)
{
    const connection_t *connection = session->link;
    if (connection && !connection->ended)
        end_by_fd (connection->fd);
}

/* A line about a connection that is no session. */
static void log_connection (shell_t *self, int fd, const char *what)
{
    uint64_t suppressed;
    if (limiter_allows (&self->log, self->now_ns, &suppressed))
        far_log (FAR_LOG_WARNING, "connection at descriptor %d: %s", fd, what);
    else
        self->router->counters.value[COUNT_LOG_LINES_SUPPRESSED]++;
}

static void refuse_connection (shell_t *self, connection_t *connection, const char *why)
{
    connection->refused = true;
    self->router->counters.value[COUNT_CONNECTIONS_REFUSED]++;
    log_connection (self, connection->fd, why);
    end_by_fd (connection->fd);
}

static void on_accepted (shell_t *self, int fd)
{
    connection_t *connection = connections_accepted (&self->connections, fd);
    self->idle_since = FAR_DEADLINE_NEVER;
    if (!connection) {
        log_connection (self, fd, "refused: no memory");
        end_by_fd (fd);
    } else if (self->stop_at != FAR_DEADLINE_NEVER) {
        refuse_connection (self, connection, "refused: the broker is about to end");
    } else if (self->connections.count > self->options.max_connections) {
        refuse_connection (self, connection, "refused: max-connections are there already");
    }
}

static void on_disconnected (shell_t *self, int fd)
{
    connection_t *connection = connections_ended (&self->connections, fd);
    if (!connection)
        return;
    /* The ROUTER takes turns among connections: after so many messages, those of this one have been read. */
    connection->read_until = self->messages_read + 2 * SOCKET_RECEIVE_HWM * (self->connections.count + 1);
    if (!self->connections.count)
        self->idle_since = self->now_ns;
}

void shell_read_monitor (shell_t *self)
{
    zmq_msg_t part;
    zmq_msg_init (&part);
    while (zmq_msg_recv (&part, self->sockets.monitor, ZMQ_DONTWAIT) != -1) {
        uint16_t event;
        uint32_t value;
        const char *data = zmq_msg_data (&part);
        memcpy (&event, data, sizeof event);
        memcpy (&value, data + sizeof event, sizeof value);
        bool more = zmq_msg_more (&part);
        while (more && zmq_msg_recv (&part, self->sockets.monitor, ZMQ_DONTWAIT) != -1)
            more = zmq_msg_more (&part);
        if (event == ZMQ_EVENT_ACCEPTED)
            on_accepted (self, (int)value);
        else if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            connections_handshaken (&self->connections, (int)value);
        else if (event == ZMQ_EVENT_DISCONNECTED)
            on_disconnected (self, (int)value);
    }
    zmq_msg_close (&part);
}

/* On ipc the kernel says who it is. */
static peer_t read_peer (zmq_msg_t *message)
{
    unsigned uid, gid, pid;
    char behind;
    peer_t peer = { .uid = -1 };
    const char *address = zmq_msg_gets (message, "Peer-Address");
    clock_gettime (CLOCK_REALTIME, &peer.since);
    if (address && sscanf (address, "localhost:%u:%u:%u%c", &uid, &gid, &pid, &behind) == 3) {
        peer.known = true;
        peer.pid = pid;
        peer.uid = uid;
    }
    return peer;
}

/* The first message of a connection. The monitor is read before: whatever connection used the number earlier is known to
 * have ended then. NULL: the message is to be dropped. */
static session_t *open_session (shell_t *self, uint32_t number)
{
    shell_read_monitor (self);
    int fd = zmq_msg_get (&self->frame, ZMQ_SRCFD);
    peer_t peer = read_peer (&self->frame);
    session_t *session = processes_open (self->router->processes, number, &peer);
    bool sure = true;
    connection_t *connection = session ? connections_attach (&self->connections, fd, session, &sure) : NULL;
    if (!connection) {
        /* Nobody's, or a connection's that was refused. One that is wrongly taken for that has to begin anew. */
        const connection_t *oldest = connections_oldest (&self->connections, fd);
        if (oldest && !oldest->refused && !oldest->ended)
            end_by_fd (fd);
        if (session)
            processes_close (self->router->processes, &session);
        return NULL;
    }
    session->link = connection;
    if (!sure)
        end_by_fd (fd);
    return session;
}

/* One that brought a routing id of its own: nothing that it says is looked at. */
static void refuse_own_id (shell_t *self)
{
    shell_read_monitor (self);
    int fd = zmq_msg_get (&self->frame, ZMQ_SRCFD);
    connection_t *connection = connections_oldest (&self->connections, fd);
    while (connection && (connection->session || (connection->refused && connection->ended)))
        connection = connection->next;
    if (connection && !connection->refused)
        refuse_connection (self, connection, "cut: it brought its own routing id");
}

/* Drops the frames behind the first. */
static void drop_rest (shell_t *self)
{
    zmq_msg_t part;
    zmq_msg_init (&part);
    while (zmq_msg_recv (&part, self->sockets.router, ZMQ_DONTWAIT) != -1 && zmq_msg_more (&part))
        ;
    zmq_msg_close (&part);
}

static void on_message (shell_t *self, zmq_msg_t *id)
{
    const uint8_t *data = zmq_msg_data (id);
    bool several = zmq_msg_more (&self->frame);
    if (several)
        drop_rest (self);
    if (zmq_msg_size (id) != ROUTING_ID_BYTES || data[0] != 0) {
        refuse_own_id (self);
        return;
    }
    uint32_t number = far_get32 (data + 1);
    session_t *session = processes_by_connection (self->router->processes, number);
    if (!session)
        session = open_session (self, number);
    if (!session)
        return;
    event_t event = { .kind = several ? EVENT_CUT : EVENT_FRAME,
                      .session = session,
                      .frame = zmq_msg_data (&self->frame),
                      .size = zmq_msg_size (&self->frame),
                      .why = "a message of more than one frame" };
    shell_step (self, &event);
}

void shell_read_router (shell_t *self)
{
    zmq_msg_t id;
    zmq_msg_init (&id);
    self->drained = self->told_all = false; /* there may be more than is read now */
    for (int left = READ_AT_ONCE; left && !self->drained && !self->failed; left--) {
        if (zmq_msg_recv (&id, self->sockets.router, ZMQ_DONTWAIT) == -1 ||
            zmq_msg_recv (&self->frame, self->sockets.router, ZMQ_DONTWAIT) == -1) {
            self->drained = self->told_all = true;
            break;
        }
        if (++self->messages_read % CLOCK_EVERY == 0)
            self->now_ns = far_clock_ns ();
        on_message (self, &id);
    }
    zmq_msg_close (&id);
}

static bool may_end (const shell_t *self)
{
    const connection_t *connection = self->connections.first_ended;
    return connection && (self->drained || self->messages_read >= connection->read_until);
}

void shell_end_sessions (shell_t *self)
{
    char cause[128];
    while (may_end (self)) {
        const session_t *ending = self->connections.first_ended->session;
        *cause = 0;
        if (ending && !shell_knows_cause (self, ending, cause, sizeof cause))
            return;
        session_t *session = connections_remove_ended (&self->connections);
        if (!session)
            continue;
        session->link = NULL;
        parking_clear (&self->parking, &session->parked);
        residents_let_go (self->residents, session);
        self->cause = *cause ? cause : NULL;
        shell_step (self, &(event_t){ .kind = EVENT_ENDED, .session = session, .why = self->cause });
        self->cause = NULL;
    }
}
