/* The inside of an actor, for the files of this folder. */
#ifndef FAR_ACTOR_ACTOR_H
#define FAR_ACTOR_ACTOR_H

#include "actor/backstop.h"
#include "actor/by_caller.h"
#include "actor/link.h"
#include "actor/pool.h"
#include "base/allotment.h"
#include "base/limits.h"
#include "object/dispatch.h"
#include "object/exports.h"
#include "object/kept.h"
#include "proxy/caller.h"

typedef struct far_inbound far_inbound_t;
typedef struct far_sleeper far_sleeper_t;
typedef struct far_sender far_sender_t;

/* Who runs the methods. */
typedef enum far_serving {
    FAR_SERVED_BY_ACTOR, /* the actor's thread, which reads and sends as well */
    FAR_SERVED_BY_POOL,
    FAR_SERVED_BY_CALLER /* whoever calls far_actor_process_requests */
} far_serving_t;

/* A thread that runs methods: one at a time, and others while one waits. */
typedef struct far_server {
    far_actor_t *actor;
    far_inbound_t *running;  /* innermost first */
    far_inbound_t *aside_of; /* of these, the one that waits while something runs that is no part of it */
    far_chain_t chain;       /* of the calls that it makes outside of them. Under the lock, like theirs */
    size_t nesting;          /* methods and destructors that run, one inside the other */
} far_server_t;
typedef struct far_membership far_membership_t;
typedef struct far_leaving far_leaving_t;

typedef enum far_stage {
    FAR_STAGE_OFFLINE,    /* no connection: waits until retry_at */
    FAR_STAGE_CONNECTING, /* HELLO has been sent, or will be once the connection stands; until give_up_at */
    FAR_STAGE_READY,      /* has a process id */
    FAR_STAGE_LEAVING,    /* BYE has been sent; until give_up_at */
    FAR_STAGE_ENDED       /* for good */
} far_stage_t;

struct far_actor {
    far_caller_t caller; /* its lock guards all below that does not say otherwise */
    far_host_t host;
    atomic_size_t users; /* of this memory: the program's handle, the thread, and each process handle */

    char *endpoint, *name;
    char process_name[160]; /* for hops: the name, or the id as text */
    bool reconnects;

    far_membership_t *memberships; /* of fleets */
    far_registry_t *registry;      /* has a lock of its own */
    far_exports_t *exports;
    far_keeps_t keeps;
    far_outqueue_t outqueue;

    pthread_mutex_t socket_lock; /* guards link; taken before caller.lock, and never slept with */
    far_link_t link;
    atomic_bool sleeping;  /* the actor's thread is in poll, or about to be: wake it. Set under the socket lock */
    atomic_bool in_method; /* it runs a method, and may not look at the out-queue for long */
    atomic_bool left; /* a message of a burst was left to it, and it has not looked at the out-queue since, but will */
    _Atomic int64_t submitted_at; /* when a message was last left to be sent soon */
    int wake_fd;

    far_stage_t stage;
    pthread_cond_t changed; /* stage, stop, closed */
    far_process_id_t id;
    size_t message_bytes; /* the largest message that the broker takes */
    uint64_t session;     /* counts sessions; 0 before the first */
    far_deadline_t retry_at, give_up_at;
    far_deadline_t first_until; /* the first connection must stand by then */
    int backoff_ms;
    far_error_t *refused; /* why the first connection did not come to be, or the last was lost */
    bool bye_confirmed;
    bool was_reset; /* the broker does not know this session */

    bool stop;    /* the program wants it to end */
    bool closing; /* another process has closed it */
    bool closed;  /* and it has left */
    bool thread_ended;
    bool orphaned; /* destroyed while a method ran: the thread clears up by itself */

    far_error_hook_t *error_hook; /* told of off calls that fail; may be NULL */
    void *error_context;

    far_inbound_t *first_inbound, **last_inbound; /* requests that wait to be run, in the order of their arrival */
    far_inbound_t *first_aside, **last_aside;     /* those that refer to answers that are not there yet; likewise */
    far_inbound_t *running;                       /* on whatever thread */
    far_timers_t timers;                          /* of those of all these that have a deadline */
    far_inbound_t *spare_inbounds;                /* empty ones: each request that comes needs one */
    size_t spare_count;
    far_sleeper_t *sleepers;   /* servers that have nothing to run */
    far_allotment_t allotment; /* of what others may send */
    far_map_t senders;         /* id -> far_sender_t; shares.c */
    far_sender_t *last_sender; /* who sent the last request; NULL if that is not known */
    far_serving_t serving;     /* set once */
    far_pool_t pool;
    far_by_caller_t by_caller;

    far_leaving_t *leaving;       /* of fleets, while it closes; the actor's thread's */
    bool parting;                 /* all that is left to do is to wait for that */
    far_server_t server;          /* the actor's thread; it alone looks at this and at what follows */
    bool link_told, monitor_told; /* what the link's descriptors have said since it was last used; likewise */
    int64_t flushed_at;           /* likewise */
    far_backstop_t backstop;      /* likewise */

    far_inbound_t *deferred;    /* whose methods have ended, and which are answered later; reply.c */
    struct far_child *children; /* that the program has started; spawn.c */
    bool children_stopped;

    zactor_t *zactor;
};

/* Any thread: more or fewer users of the actor's memory. */
void far_actor_retain (far_actor_t *self);
void far_actor_release (far_actor_t *self);
/* Any thread but the actor's: waits until there is a session; else fails with why there is none. */
far_status_t far_actor_wait_connected (far_actor_t *self, far_deadline_t deadline);
/* Any thread, no lock: makes the actor's thread look around. */
void far_actor_wake (far_actor_t *self);

#endif
