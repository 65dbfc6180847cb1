/* The connections that the socket's monitor has told of, by file descriptor. A number is used again as soon as a
 * connection has ended, and what it said may still be unread then: so there may be several for one number. */
#ifndef BROKER_CONNECTIONS_H
#define BROKER_CONNECTIONS_H

#include "session.h"

typedef struct connection {
    int fd;
    session_t *session;      /* NULL: nothing has come from it yet */
    bool handshaken;         /* messages can come from it */
    bool ended;              /* its end was told; there may still be messages of it to read */
    bool refused;            /* cut before it could become a session */
    uint64_t read_until;     /* ended: with so many messages read in all, its own are among them */
    struct connection *next; /* the one that came after it under the same number */
    struct connection *next_ended;
} connection_t;

typedef struct connections {
    connection_t **by_fd; /* the oldest of each number */
    size_t capacity;
    size_t count; /* that have not ended */
    connection_t *first_ended, **last_ended;
} connections_t;

void connections_init (connections_t *self);
/* Frees all that are left. */
void connections_deinit (connections_t *self);

/* NULL without memory. */
connection_t *connections_accepted (connections_t *self, int fd);
/* The newest with this number, if it has not ended, has got through the handshake. */
void connections_handshaken (connections_t *self, int fd);
/* The oldest with this number that had not ended; NULL if there is none. */
connection_t *connections_ended (connections_t *self, int fd);
/* Gives the session the oldest connection with this number that has none and can have said something. NULL if there is none. *out_sure: it can be no
 * other one's. */
connection_t *connections_attach (connections_t *self, int fd, session_t *session, bool *out_sure);
/* The oldest with this number; NULL if there is none. */
connection_t *connections_oldest (const connections_t *self, int fd);
/* Takes the first out of those that have ended, and gives its session (which may be NULL). */
session_t *connections_remove_ended (connections_t *self);

#endif
