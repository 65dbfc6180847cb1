/* A request that has arrived, from the frame that brought it to its answer. What it refers to it owns; in which list it is,
 * others say. The memory of those that have been answered is used again. */
#include "actor/inbound.h"
#include "actor/deadlines.h"
#include "base/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

void far_inbound_cancel (far_actor_t *actor, far_inbound_t *self)
{
    atomic_store (&self->wanted.cancelled, true);
    if (self->waiter) {
        sem_post (&self->waiter->wake);
        far_actor_wake (actor); /* whose thread it may be that waits */
    }
    if (self->cancelled_fd >= 0)
        eventfd_write (self->cancelled_fd, 1);
}

int far_inbound_cancelled_fd (far_actor_t *actor, far_inbound_t *self)
{
    pthread_mutex_lock (&actor->caller.lock);
    if (self->cancelled_fd < 0)
        self->cancelled_fd = eventfd (atomic_load (&self->wanted.cancelled), EFD_CLOEXEC | EFD_NONBLOCK);
    int fd = self->cancelled_fd;
    pthread_mutex_unlock (&actor->caller.lock);
    if (fd < 0)
        far_fail (FAR_E_SYSTEM, "no descriptor for a call that may be cancelled: %s", strerror (errno));
    return fd;
}

void far_inbound_empty (far_inbound_t *self)
{
    far_object_destroy (&self->object);
    for (size_t i = 0; i < self->reference_count; i++)
        far_handle_release (self->references[i]);
    free (self->references);
    self->references = NULL;
    self->reference_count = 0;
    far_pins_release (&self->pins);
    far_handle_release (self->kept ? &self->kept->handle : NULL);
    self->kept = NULL;
    far_frame_release (self->frame);
    self->frame = NULL;
}

/* Not before it is out of all lists: who cancels it writes there. */
static void close_cancelled_fd (far_inbound_t *self)
{
    if (self->cancelled_fd >= 0)
        close (self->cancelled_fd);
    self->cancelled_fd = -1;
}

void far_inbound_free (far_inbound_t *self)
{
    far_inbound_empty (self);
    close_cancelled_fd (self);
    free (self);
}

bool far_inbound_save (far_actor_t *actor, far_inbound_t *inbound)
{
    enum { SPARE_INBOUNDS = 256 };
    if (actor->spare_count == SPARE_INBOUNDS)
        return false;
    close_cancelled_fd (inbound);
    inbound->next = actor->spare_inbounds;
    actor->spare_inbounds = inbound;
    actor->spare_count++;
    return true;
}

far_inbound_t *far_inbound_new (far_actor_t *actor)
{
    far_inbound_t *spare = actor->spare_inbounds;
    if (!spare)
        return malloc (sizeof *spare);
    actor->spare_inbounds = spare->next;
    actor->spare_count--;
    return spare;
}

void far_inbounds_free_spare (far_actor_t *actor)
{
    while (actor->spare_inbounds)
        free (far_inbound_new (actor));
}

far_error_t *far_inbound_unwanted (const far_actor_t *actor, const far_inbound_t *self)
{
    if (far_deadline_passed (self->wanted.until))
        return far_deadlines_error (actor);
    bool cancelled = atomic_load (&self->wanted.cancelled);
    return cancelled ? far_error_new (FAR_E_CANCELLED, "cancelled before it was run") : NULL;
}
