/* The pool: threads that take requests out of the actor's queue, one each. The actor's own thread reads and sends
 * meanwhile; a thread of the pool that waits for an answer takes further requests, as every server does. */
#include "actor/pool.h"
#include "actor/idle.h"
#include "base/error.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

static bool is_over (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    bool over = actor->pool.is_over;
    pthread_mutex_unlock (&actor->caller.lock);
    return over;
}

static void *run (void *context)
{
    far_actor_t *actor = context;
    far_server_t server;
    far_waiter_t waiter;
    sem_init (&waiter.wake, 0, 0);
    far_server_begin (&server, actor);
    while (!is_over (actor))
        far_idle_turn (&server, false, FAR_DEADLINE_NEVER, &waiter);
    far_server_end (&server);
    sem_destroy (&waiter.wake);
    return NULL;
}

/* Threads of the library must not take the program's signals. */
static int start_one (far_actor_t *actor, pthread_t *out)
{
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_BLOCK, &all, &before);
    int failed = pthread_create (out, NULL, run, actor);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    return failed;
}

far_status_t far_pool_start (far_actor_t *actor, size_t count)
{
    far_pool_t *self = &actor->pool;
    self->threads = calloc (count, sizeof *self->threads);
    if (!self->threads)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a pool of %zu threads", count);
    for (; self->count < count; self->count++) {
        errno = start_one (actor, &self->threads[self->count]);
        if (!errno)
            continue;
        far_status_t status = far_fail_errno ("can't start a pool of threads");
        far_pool_stop (actor);
        return status;
    }
    return FAR_OK;
}

void far_pool_stop (far_actor_t *actor)
{
    far_pool_t *self = &actor->pool;
    pthread_mutex_lock (&actor->caller.lock);
    self->is_over = true;
    for (far_sleeper_t *sleeper = actor->sleepers; sleeper; sleeper = sleeper->next)
        sem_post (&sleeper->waiter->wake);
    pthread_mutex_unlock (&actor->caller.lock);
    for (size_t i = 0; i < self->count; i++)
        pthread_join (self->threads[i], NULL);
    free (self->threads);
    self->threads = NULL;
    self->count = 0;
}
