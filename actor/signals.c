/* The signals that end far-actor, in a thread that waits for them. The first one closes the actor, so that what runs
 * comes to its end; a second one, or a method that would not end, ends the process as it stands. Before there is an
 * actor, who may wait long for a broker, the first one does. */
#include "signals.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { GRACE_S = 5, EXIT_NOTHING_DONE = 0, EXIT_CUT_SHORT = 1 };

static void *wait_for_signals (void *context)
{
    signals_t *self = context;
    static const struct timespec grace = { .tv_sec = GRACE_S };
    while (sigwaitinfo (&self->ends, NULL) < 0)
        ;
    far_actor_t *actor = atomic_load (&self->actor);
    if (atomic_load (&self->is_over))
        return NULL;
    if (!actor)
        _exit (EXIT_NOTHING_DONE);
    far_actor_close (actor);
    while (sigtimedwait (&self->ends, NULL, &grace) < 0 && errno == EINTR)
        ;
    if (atomic_load (&self->is_over))
        return NULL;
    fputs ("far-actor: a method still runs: it is cut short\n", stderr);
    _exit (EXIT_CUT_SHORT);
}

bool signals_begin (signals_t *self)
{
    atomic_init (&self->actor, NULL);
    atomic_init (&self->is_over, false);
    sigemptyset (&self->ends);
    sigaddset (&self->ends, SIGTERM);
    sigaddset (&self->ends, SIGINT);
    pthread_sigmask (SIG_BLOCK, &self->ends, NULL); /* for all threads to come */
    errno = pthread_create (&self->thread, NULL, wait_for_signals, self);
    return !errno;
}

void signals_set_actor (signals_t *self, far_actor_t *actor)
{
    atomic_store (&self->actor, actor);
}

void signals_end (signals_t *self)
{
    atomic_store (&self->is_over, true);
    pthread_kill (self->thread, SIGTERM);
    pthread_join (self->thread, NULL);
}
