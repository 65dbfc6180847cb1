/* The signals that end far-actor. */
#ifndef FAR_ACTOR_SIGNALS_H
#define FAR_ACTOR_SIGNALS_H

#include <farcall.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

typedef struct signals {
    sigset_t ends;
    pthread_t thread;
    _Atomic (far_actor_t *) actor; /* to be closed by the first; NULL: there is nothing to close yet */
    atomic_bool is_over;           /* the thread is to end */
} signals_t;

/* Takes SIGTERM and SIGINT from now on, in a thread of its own. Call it before there are other threads. false with
 * errno. */
bool signals_begin (signals_t *self);
/* From here on the first signal closes the actor, which must outlive signals_end. */
void signals_set_actor (signals_t *self, far_actor_t *actor);
/* Stops the thread. The signals stay blocked. */
void signals_end (signals_t *self);

#endif
