/* What the object layer asks of the place where it runs: an actor, or the broker for the objects that it hosts. */
#ifndef FAR_OBJECT_HOST_H
#define FAR_OBJECT_HOST_H

#include "base/handle.h"
#include <farcall/object.h>

typedef struct far_host far_host_t;
/* Whether the answer to a call is still wanted: see call.h. */
typedef struct far_wanted far_wanted_t;

struct far_host {
    far_actor_t *actor;       /* NULL in the broker */
    const char *process_name; /* for the hops of errors: a name, or the id as text */
    /* Reads what has come in, so that a method in the middle of its work learns that it was cancelled. May be NULL. */
    void (*look) (far_host_t *self);
    /* A descriptor that tells of it, the host's; -1 with the last error. May be NULL. */
    int (*cancelled_fd) (far_host_t *self, const far_wanted_t *wanted);
    /* A proxy to an object of our own, for a method that takes a proxy; one owner for the caller, NULL with the last
     * error. May be NULL: then that is an error. */
    far_handle_t *(*as_proxy) (far_host_t *self, far_handle_t *object);
    /* Sends a result, and how far a call is, to its report; and waits until all results have been taken. May be NULL: then
     * results are gathered. */
    far_status_t (*yield) (far_host_t *self, far_call_t *call, const far_value_t *value);
    void (*progress) (far_host_t *self, far_call_t *call, double done, double total, const char *text);
    void (*end_yields) (far_host_t *self, far_call_t *call);
    /* What it knows of a request, its own or one that it was asked; nil if nothing, NULL with the last error. May be NULL:
     * then nobody can ask. */
    far_value_t *(*where) (far_host_t *self, far_process_id_t caller, uint64_t request);
};

/* The host that is part of an actor, borrowed. Implemented by lib/actor. */
far_host_t *far_actor_host (far_actor_t *actor);

#endif
