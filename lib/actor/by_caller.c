/* Serving by the program itself. The descriptor is for loops of any kind: it stays readable until the next
 * far_actor_process_requests, which makes it readable anew, a new edge, if it leaves something behind. */
#include "actor/by_caller.h"
#include "actor/serve.h"
#include "actor/server.h"
#include "base/error.h"
#include "base/log.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static _Thread_local char here; /* its address stands for the thread */

void far_by_caller_init (far_by_caller_t *self)
{
    *self = (far_by_caller_t){ .fd = -1 };
}

void far_by_caller_deinit (far_by_caller_t *self)
{
    if (self->fd >= 0)
        close (self->fd);
}

far_status_t far_by_caller_open (far_by_caller_t *self)
{
    atomic_store (&self->whose, &here);
    self->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    return self->fd < 0 ? far_fail_errno ("no descriptor to serve by") : FAR_OK;
}

void far_by_caller_tell (far_by_caller_t *self)
{
    uint64_t one = 1;
    if (self->fd < 0 || self->told)
        return;
    self->told = true;
    if (write (self->fd, &one, sizeof one) < 0)
        far_log (FAR_LOG_ERROR, "eventfd: %s", strerror (errno));
}

bool far_by_caller_is_mine (const far_by_caller_t *self)
{
    return atomic_load_explicit (&self->whose, memory_order_relaxed) == &here;
}

void far_by_caller_leave (far_actor_t *actor, far_leftovers_t *leftovers)
{
    if (actor->serving != FAR_SERVED_BY_CALLER)
        return;
    pthread_mutex_lock (&actor->caller.lock);
    if (far_leftovers_hand_over (leftovers, &actor->by_caller.left))
        far_by_caller_tell (&actor->by_caller);
    pthread_mutex_unlock (&actor->caller.lock);
}

void far_by_caller_let_go (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    far_leftovers_t left = actor->by_caller.left;
    actor->by_caller.left = (far_leftovers_t){ 0 };
    pthread_mutex_unlock (&actor->caller.lock);
    far_server_t *server = far_server_mine ();
    far_error_t *before = far_last_error_take ();
    far_inbound_t *waits = server ? far_server_step_aside (server) : NULL;
    far_leftovers_release (&left);
    if (server)
        far_server_step_back (server, waits);
    far_last_error_put (&before);
}

/* With the lock: what is told from here on makes the descriptor readable anew. */
static void take_back (far_by_caller_t *self)
{
    uint64_t count;
    if (self->told && read (self->fd, &count, sizeof count) < 0)
        far_log (FAR_LOG_ERROR, "eventfd: %s", strerror (errno));
    self->told = false;
}

/* With the lock: is there nothing to serve any more, and never will be? Then *out says why; yours. */
static bool is_over (const far_actor_t *actor, far_error_t **out)
{
    bool ended = actor->stage == FAR_STAGE_LEAVING || actor->stage == FAR_STAGE_ENDED;
    if (!ended && !(actor->closing && !actor->first_inbound))
        return false;
    *out = ended && !actor->closing && actor->refused
               ? far_error_retain (actor->refused)
               : far_error_new (FAR_E_CLOSED, "%s was told to close", actor->process_name);
    return true;
}

static size_t serve_some (far_server_t *server, bool waits, size_t most)
{
    far_actor_t *actor = server->actor;
    size_t count = 0;
    while (count < most) {
        pthread_mutex_lock (&actor->caller.lock);
        far_inbound_t *inbound = far_server_take (server, waits);
        pthread_mutex_unlock (&actor->caller.lock);
        if (!inbound)
            break;
        far_serve_and_send (server, inbound);
        count++;
    }
    return count;
}

static far_status_t process (far_server_t *server, bool waits, size_t most, size_t *out_count)
{
    far_actor_t *actor = server->actor;
    far_error_t *error = NULL;
    pthread_mutex_lock (&actor->caller.lock);
    take_back (&actor->by_caller);
    bool over = is_over (actor, &error);
    pthread_mutex_unlock (&actor->caller.lock);
    server->nesting++; /* as in a method, more may come while this waits */
    far_by_caller_let_go (actor);
    server->nesting--;
    size_t count = over ? 0 : serve_some (server, waits, most);
    pthread_mutex_lock (&actor->caller.lock);
    far_error_t *later = NULL;
    if (over || far_server_next (server, waits) || is_over (actor, &later))
        far_by_caller_tell (&actor->by_caller);
    far_error_release (&later);
    pthread_mutex_unlock (&actor->caller.lock);
    if (error)
        return far_fail_with (error);
    if (out_count)
        *out_count = count;
    return FAR_OK;
}

far_status_t far_actor_process_requests (far_actor_t *actor, size_t most, size_t *out_count)
{
    far_server_t own, *server = far_server_mine ();
    bool waits = server;
    if (actor->serving != FAR_SERVED_BY_CALLER)
        return far_fail (FAR_E_BAD_ARGUMENTS, "this actor serves by itself: it was opened without serve_by_caller");
    if (server && server->actor != actor)
        return far_fail (FAR_E_BAD_ARGUMENTS, "a method of one actor can't serve another one");
    far_actor_retain (actor); /* a method may outlast its actor */
    if (!server)
        far_server_begin (server = &own, actor);
    atomic_store (&actor->by_caller.whose, &here);
    far_status_t status = process (server, waits, most, out_count);
    if (server == &own)
        far_server_end (&own);
    far_actor_release (actor);
    return status;
}

int far_actor_fd (const far_actor_t *actor)
{
    return actor->by_caller.fd;
}
