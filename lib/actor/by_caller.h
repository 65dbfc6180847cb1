/* Serving by the program: far_actor_process_requests, and the descriptor that says when. */
#ifndef FAR_ACTOR_BY_CALLER_H
#define FAR_ACTOR_BY_CALLER_H

#include "actor/leftovers.h"
#include "wire/fields.h"
#include <stdatomic.h>

typedef struct far_by_caller {
    int fd;                       /* an eventfd; -1 unless the program serves */
    bool told;                    /* it is readable. Under the actor's lock */
    far_leftovers_t left;         /* what runs functions of the program when it is let go of. Under the lock too */
    far_chain_t chain;            /* of the calls that this thread makes outside of methods. Under the lock too */
    _Atomic (const void *) whose; /* the thread that served last; before that the one that opened the actor */
} far_by_caller_t;

void far_by_caller_init (far_by_caller_t *self);
void far_by_caller_deinit (far_by_caller_t *self);
/* The calling thread opens an actor that the program serves. System. */
far_status_t far_by_caller_open (far_by_caller_t *self);
/* With the lock: there is something to do, or a new state of the actor to learn of. */
void far_by_caller_tell (far_by_caller_t *self);
/* Without any lock: takes out of leftovers what the program's thread has to let go of. */
void far_by_caller_leave (far_actor_t *actor, far_leftovers_t *leftovers);
/* Without any lock, from that thread, or at the end: lets go of it. */
void far_by_caller_let_go (far_actor_t *actor);
/* Is the calling thread the one that serves? */
bool far_by_caller_is_mine (const far_by_caller_t *self);

#endif
