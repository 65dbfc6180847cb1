/* Which connection a session stands on. Owns the connections, not the sessions. Knows nothing of sockets: the numbers
 * are only numbers here. */
#include "connections.h"

#include <stdlib.h>
#include <string.h>

void connections_init (connections_t *self)
{
    *self = (connections_t){ 0 };
    self->last_ended = &self->first_ended;
}

void connections_deinit (connections_t *self)
{
    for (size_t fd = 0; fd < self->capacity; fd++) {
        while (self->by_fd[fd]) {
            connection_t *connection = self->by_fd[fd];
            self->by_fd[fd] = connection->next;
            free (connection);
        }
    }
    free (self->by_fd);
    connections_init (self);
}

static bool make_room (connections_t *self, size_t fd)
{
    size_t capacity = self->capacity ? self->capacity : 256;
    while (capacity <= fd)
        capacity *= 2;
    if (capacity == self->capacity)
        return true;
    connection_t **by_fd = realloc (self->by_fd, capacity * sizeof *by_fd);
    if (!by_fd)
        return false;
    memset (by_fd + self->capacity, 0, (capacity - self->capacity) * sizeof *by_fd);
    self->by_fd = by_fd;
    self->capacity = capacity;
    return true;
}

connection_t *connections_oldest (const connections_t *self, int fd)
{
    return fd >= 0 && (size_t)fd < self->capacity ? self->by_fd[fd] : NULL;
}

connection_t *connections_accepted (connections_t *self, int fd)
{
    if (fd < 0 || !make_room (self, (size_t)fd))
        return NULL;
    connection_t *connection = calloc (1, sizeof *connection);
    if (!connection)
        return NULL;
    connection->fd = fd;
    connection_t **end = &self->by_fd[fd];
    while (*end)
        end = &(*end)->next;
    *end = connection;
    self->count++;
    return connection;
}

void connections_handshaken (connections_t *self, int fd)
{
    connection_t *connection = connections_oldest (self, fd);
    while (connection && connection->next)
        connection = connection->next;
    if (connection && !connection->ended)
        connection->handshaken = true;
}

connection_t *connections_ended (connections_t *self, int fd)
{
    connection_t *connection = connections_oldest (self, fd);
    while (connection && connection->ended)
        connection = connection->next;
    if (!connection)
        return NULL;
    connection->ended = true;
    *self->last_ended = connection;
    self->last_ended = &connection->next_ended;
    self->count--;
    return connection;
}

/* One that ended before the handshake was through has said nothing: who only tries whether somebody listens. */
static bool can_have_spoken (const connection_t *self)
{
    return !self->session && !self->refused && (self->handshaken || !self->ended);
}

connection_t *connections_attach (connections_t *self, int fd, session_t *session, bool *out_sure)
{
    connection_t *connection = connections_oldest (self, fd);
    while (connection && !can_have_spoken (connection))
        connection = connection->next;
    if (!connection)
        return NULL;
    *out_sure = !connection->next;
    connection->session = session;
    return connection;
}

session_t *connections_remove_ended (connections_t *self)
{
    connection_t *connection = self->first_ended;
    self->first_ended = connection->next_ended;
    if (!self->first_ended)
        self->last_ended = &self->first_ended;
    connection_t **at = &self->by_fd[connection->fd];
    while (*at != connection)
        at = &(*at)->next;
    *at = connection->next;
    session_t *session = connection->session;
    free (connection);
    return session;
}
