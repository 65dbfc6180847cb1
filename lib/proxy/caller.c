/* The calling side of an actor: its lock and tables, and messages on their way out. What is in the tables belongs to
 * the files of the things themselves (process.c, request.c, reference.c). */
#include "proxy/caller.h"
#include "base/error.h"

#include <assert.h>
#include <errno.h>

/* ThreadSanitizer knows sem_post, but not sem_clockwait: it is told that what came before the one comes before what
 * follows the other. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define TAKE_OVER(memory) __tsan_acquire (memory)
#else
#define TAKE_OVER(memory) ((void)(memory))
#endif

void far_outgoing_init (far_outgoing_t *self, uint8_t type, far_process_id_t to)
{
    self->buffer = (far_buffer_t){ 0 };
    self->fields = (far_buffer_t){ 0 };
    self->header = (far_header_t){ .type = type, .party = to.value };
    self->waits = false;
    self->deadline = FAR_DEADLINE_NEVER;
    self->settings = NULL;
    self->proxy = NULL;
    self->about = NULL;
    self->marked = false;
    far_message_begin (&self->buffer);
    far_writer_init (&self->writer, &self->buffer);
    self->writer.travels = true;
}

void far_outgoing_deinit (far_outgoing_t *self)
{
    far_writer_deinit (&self->writer);
    far_buffer_deinit (&self->buffer);
    far_buffer_deinit (&self->fields);
}

void far_caller_init (far_caller_t *self, const far_caller_ops_t *ops)
{
    *self = (far_caller_t){ .ops = ops };
    pthread_mutexattr_t mutex;
    pthread_mutexattr_init (&mutex);
    pthread_mutexattr_settype (&mutex, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init (&self->lock, &mutex);
    pthread_mutexattr_destroy (&mutex);
    pthread_condattr_t room;
    pthread_condattr_init (&room);
    pthread_condattr_setclock (&room, CLOCK_MONOTONIC);
    pthread_cond_init (&self->room, &room);
    pthread_condattr_destroy (&room);
    far_options_init (&self->options);
    far_timers_init (&self->timers);
}

void far_caller_deinit (far_caller_t *self)
{
    assert (self->processes.count == 0);
    assert (self->requests.count == 0 && !self->ended);
    assert (self->credits.count == 0);
    far_map_deinit (&self->processes);
    far_map_deinit (&self->requests);
    far_map_deinit (&self->credits);
    pthread_cond_destroy (&self->room);
    pthread_mutex_destroy (&self->lock);
}

int far_waiter_sleep (far_waiter_t *self, far_deadline_t until)
{
    struct timespec time = { .tv_sec = until / 1000000000, .tv_nsec = until % 1000000000 };
    int result;
    do
        result =
            until == FAR_DEADLINE_NEVER ? sem_wait (&self->wake) : sem_clockwait (&self->wake, CLOCK_MONOTONIC, &time);
    while (result && errno == EINTR);
    if (!result)
        TAKE_OVER (&self->wake);
    return result ? errno : 0;
}

static far_status_t no_room (void)
{
    return far_fail (FAR_E_TIMEOUT, "no room in the out-queue: the broker does not take what is sent");
}

/* With the lock, which is given up meanwhile. */
static far_status_t sleep_for_room (far_caller_t *self, far_deadline_t deadline)
{
    if (deadline == FAR_DEADLINE_NEVER) {
        pthread_cond_wait (&self->room, &self->lock);
        return FAR_OK;
    }
    struct timespec until = { .tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000 };
    return pthread_cond_timedwait (&self->room, &self->lock, &until) == ETIMEDOUT ? no_room () : FAR_OK;
}

/* The same for the thread that sends. */
static far_status_t serve_for_room (far_caller_t *self, far_deadline_t deadline)
{
    pthread_mutex_unlock (&self->lock);
    far_status_t status = far_clock_ns () >= deadline ? no_room () : self->ops->serve (self, deadline, NULL);
    pthread_mutex_lock (&self->lock);
    return status;
}

far_status_t far_caller_wait_for_room (far_caller_t *self, far_deadline_t deadline)
{
    far_status_t status = FAR_OK;
    while (!status && self->ops->is_full (self))
        status = self->ops->moves (self) ? serve_for_room (self, deadline) : sleep_for_room (self, deadline);
    return status;
}
