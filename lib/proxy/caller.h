/* The calling side of an actor: who it knows, what it has asked for, and the lock that guards both. It reaches the
 * outside through functions that the actor gives it, and knows nothing of sockets or hosted objects. */
#ifndef FAR_PROXY_CALLER_H
#define FAR_PROXY_CALLER_H

#include "base/clock.h"
#include "base/map.h"
#include "base/option.h"
#include "base/timers.h"
#include "wire/bodies.h"
#include "wire/message.h"
#include <farcall/proxy.h>
#include <pthread.h>
#include <semaphore.h>

typedef struct far_caller far_caller_t;

/* A thread that waits. Posted by whoever has something for it; it then looks what. */
typedef struct far_waiter {
    sem_t wake;
} far_waiter_t;

/* Sleeps until it is posted; ETIMEDOUT at the deadline. */
int far_waiter_sleep (far_waiter_t *self, far_deadline_t until);

/* A message on its way out: begun by far_outgoing_init, its body written through writer, then submitted. */
typedef struct far_outgoing {
    far_buffer_t buffer;
    far_buffer_t fields; /* other than the references, which the actor adds */
    far_writer_t writer;
    far_header_t header;
    bool waits;                    /* a request: the calling thread goes on only when it has the answer */
    far_deadline_t deadline;       /* of a request: when it ends. Submitting it may bring it nearer */
    const far_setting_t *settings; /* whose options hold for it, borrowed; no proxy: those of its process */
    const far_proxy_t *proxy;
    far_request_t *about; /* borrowed: an answer that must have come before it is sent; NULL for none */
    bool marked;          /* it says already what it is part of */
} far_outgoing_t;

void far_outgoing_init (far_outgoing_t *self, uint8_t type, far_process_id_t to);
void far_outgoing_deinit (far_outgoing_t *self);

typedef struct far_caller_ops {
    /* With the lock held: puts the message into the out-queue and counts what it refers to. Takes the buffer.
     * Errors leave it alone: BrokerLost, Closed, Limit, Stale (a reference in it is broken), Timeout (a request whose
     * deadline has passed), NoMemory. */
    far_status_t (*submit) (far_caller_t *self, far_outgoing_t *out);
    /* With the lock: says of a request that is submitted later what it is part of, as the calling thread sends it. Timeout. */
    far_status_t (*mark) (far_caller_t *self, far_outgoing_t *out);
    /* Without the lock: sends what is in the out-queue, unless another thread is at it. */
    void (*flush) (far_caller_t *self);
    /* The same where the calling thread goes on: what comes in quick succession may be left to the thread that serves,
     * which sends it together. */
    void (*flush_soon) (far_caller_t *self);
    /* Is the out-queue so long that no more calls should be put into it? With the lock held. */
    bool (*is_full) (far_caller_t *self);
    /* The caller whose actor the calling thread serves (it must not sleep but serve), self or another one of the same
     * program; NULL if it serves none. */
    far_caller_t *(*served) (far_caller_t *self);
    /* One turn of serving, at most until the deadline, or until somebody wakes the waiter: whoever waits has entered it
     * with its requests. Overloaded when nested too deep. */
    far_status_t (*serve) (far_caller_t *self, far_deadline_t until, far_waiter_t *waiter);
    /* Is the calling thread the one that reads and sends for self? Unless it serves, nothing moves. */
    bool (*moves) (far_caller_t *self);
    /* The deadline of what the calling thread is running, which it must not outlast. */
    far_deadline_t (*ends_at) (far_caller_t *self);
    /* Any thread: has the thread that serves look at what has ended, and at the timers. */
    void (*wake) (far_caller_t *self);
    /* Without the lock: a proxy to an object that the actor hosts itself; one owner for the caller. NULL with the last
     * error. */
    far_handle_t *(*as_proxy) (far_caller_t *self, far_handle_t *object);
    /* Without the lock: what a path of attributes of such an object refers to; likewise. */
    far_handle_t *(*at_path) (far_caller_t *self, far_handle_t *object, far_text_t path);
    /* Without the lock: a copy of a value as an object that the actor hosts; likewise. */
    far_handle_t *(*host) (far_caller_t *self, const far_value_t *value);
    /* One more, one less user of the memory that the caller lies in. */
    void (*retain) (far_caller_t *self);
    void (*release) (far_caller_t *self);
} far_caller_ops_t;

struct far_caller {
    const far_caller_ops_t *ops;
    const far_process_id_t *id; /* of this process, in this session; the actor's */
    pthread_mutex_t lock;       /* guards all below, processes, requests and proxies, and the actor's own tables */
    pthread_cond_t room;        /* the out-queue has room again */
    far_map_t processes;        /* id -> far_process_t, of this session */
    far_map_t requests;         /* id -> far_request_t that are open */
    far_map_t credits;          /* id -> far_credit_t with a process, until it is down. turn.c */
    bool called;                /* it may be the turn of a thread that serves: it looks before it sleeps */
    uint64_t last_request;      /* the id that was given last */
    uint64_t late_answers;      /* answers that nobody waited for */
    far_timers_t timers;        /* of requests that have a deadline */
    far_deadline_t looks_at;    /* when the thread that serves looks at them by itself */
    far_request_t *ended;       /* by other threads: it is left to that one to tell of them */
    far_options_t options;      /* of all calls that nothing nearer says more of */
};

void far_caller_init (far_caller_t *self, const far_caller_ops_t *ops);
/* Asserts that the tables are empty. */
void far_caller_deinit (far_caller_t *self);

/* With the lock, which is given up meanwhile: waits until the out-queue has room. Timeout. */
far_status_t far_caller_wait_for_room (far_caller_t *self, far_deadline_t deadline);

#endif
