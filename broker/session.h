/* A session: one connection, and the process that it became by HELLO. */
#ifndef BROKER_SESSION_H
#define BROKER_SESSION_H

#include "base/ids.h"
#include "limiter.h"
#include "parking.h"
#include "sampler.h"
#include "waits.h"

#include <stddef.h>
#include <time.h>

typedef struct session session_t;
typedef struct resident resident_t;
typedef struct packed packed_t;

typedef enum session_state {
    SESSION_NEW,  /* has not said HELLO */
    SESSION_LIVE, /* a process */
    SESSION_LEFT, /* has said BYE: down, though the connection still stands */
    SESSION_CUT   /* down; the connection is being ended by us */
} session_state_t;

/* What the operating system and the clock say of a connection. */
typedef struct peer {
    bool known; /* by the kernel: pid and uid are true */
    int64_t pid, uid;
    struct timespec since;
} peer_t;

/* What HELLO says. The texts are not NULL; they are owned. */
typedef struct hello {
    char *name; /* NULL for none */
    char *host, *program;
    int64_t pid;
} hello_t;

struct session {
    far_process_id_t id; /* 0 before WELCOME */
    session_state_t state;
    uint32_t connection;  /* the number in ROUTER's routing id; told to nobody */
    uint64_t ordinal;     /* for people: the how manieth session this is */
    session_t *last_peer; /* whom it wrote to last; they have met */
    uint64_t *met;        /* a bit for each slot: with whom it has exchanged messages */
    uint32_t slot;        /* its own place in the others' bits, while it is live */
    uint64_t requests;    /* that it was sent */
    parked_queue_t parked;
    sampling_t sampling;  /* how long it takes to answer */
    waits_t waits;        /* for whose answer, if it serves nothing meanwhile */
    bool overflows;       /* the shell has noted that its parked messages are too many */
    resident_t *resident; /* a process inside the broker: it has no connection. NULL for all others */
    packed_t *packed;     /* what is being put together for it; NULL for nothing */

    peer_t peer;
    hello_t hello;
    limiter_t log;
    void *link;      /* the shell's, to find the connection */
    session_t *next; /* the shell's */
};

/* Whose waiting it is. */
static inline const session_t *session_of_waits (const waits_t *waits)
{
    return (const session_t *)(const void *)((const char *)waits - offsetof (session_t, waits));
}

static inline int64_t session_pid (const session_t *self)
{
    return self->peer.known ? self->peer.pid : self->hello.pid;
}

/* For log lines: the ID, the name, the pid and uid as far as they are known. Gives out. */
const char *session_describe (const session_t *self, char *out, size_t out_size);

void hello_deinit (hello_t *self);

#endif
