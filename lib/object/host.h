/* What the object layer asks of the place where it runs: an actor, or the broker for the objects that it hosts. */
#ifndef FAR_OBJECT_HOST_H
#define FAR_OBJECT_HOST_H

#include <farcall/object.h>

typedef struct far_host far_host_t;

struct far_host {
    far_actor_t *actor;       /* NULL in the broker */
    const char *process_name; /* for the hops of errors: a name, or the id as text */
    /* Reads what has come in, so that a method in the middle of its work learns that it was cancelled. May be NULL. */
    void (*look) (far_host_t *self);
};

/* The host that is part of an actor, borrowed. Implemented by lib/actor. */
far_host_t *far_actor_host (far_actor_t *actor);

#endif
