/* The backstop of answers: a thread that looks every millisecond, as long as answers are left to wait now and then, and
 * sleeps otherwise. It knows nothing of what it sends. */
#include "actor/backstop.h"
#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

enum {
    TICK_NS = 1000000,
    QUIET_TICKS = 10 /* after so many without anything to do it sleeps */
};

void far_backstop_init (far_backstop_t *self, void (*send) (void *context), void *context)
{
    *self = (far_backstop_t){ .send = send, .context = context };
    sem_init (&self->work, 0, 0);
}

static void sleep_until_armed (far_backstop_t *self)
{
    atomic_store (&self->asleep, true);
    /* Whoever arms it from here on sees it asleep; who did just before is seen now. */
    if (atomic_load (&self->waiting_since) || atomic_load (&self->stop)) {
        if (atomic_exchange (&self->asleep, false))
            return;
    }
    while (sem_wait (&self->work) && errno == EINTR)
        ;
}

static void *run (void *context)
{
    far_backstop_t *self = context;
    int quiet = 0;
    while (!atomic_load (&self->stop)) {
        int64_t since = atomic_load (&self->waiting_since);
        if (since && far_clock_ns () - since >= TICK_NS)
            self->send (self->context);
        quiet = since ? 0 : quiet + 1;
        if (quiet > QUIET_TICKS) {
            sleep_until_armed (self);
            quiet = 0;
        } else {
            nanosleep (&(struct timespec){ .tv_nsec = TICK_NS }, NULL);
        }
    }
    return NULL;
}

static bool start (far_backstop_t *self)
{
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_BLOCK, &all, &before);
    self->started = !pthread_create (&self->thread, NULL, run, self);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    return self->started;
}

static void wake (far_backstop_t *self)
{
    if (atomic_exchange (&self->asleep, false))
        sem_post (&self->work);
}

bool far_backstop_arm (far_backstop_t *self, int64_t now)
{
    if (!self->started && !start (self))
        return false;
    if (!atomic_load_explicit (&self->waiting_since, memory_order_relaxed))
        atomic_store (&self->waiting_since, now);
    if (atomic_load (&self->asleep))
        wake (self);
    return true;
}

void far_backstop_disarm (far_backstop_t *self)
{
    if (atomic_load_explicit (&self->waiting_since, memory_order_relaxed))
        atomic_store (&self->waiting_since, 0);
}

void far_backstop_deinit (far_backstop_t *self)
{
    if (self->started) {
        atomic_store (&self->stop, true);
        wake (self);
        pthread_join (self->thread, NULL);
    }
    sem_destroy (&self->work);
}
