/* Leftovers: gathered under the lock, let go of without it. */
#include "actor/leftovers.h"
#include "actor/inbound.h"
#include "base/log.h"

#include <stdlib.h>

void far_leftovers_add (far_leftovers_t *self, far_handle_t *handle)
{
    if (!handle)
        return;
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? self->capacity * 2 : 16;
        far_handle_t **handles = realloc (self->handles, capacity * sizeof (far_handle_t *));
        if (!handles) {
            far_log (FAR_LOG_ERROR, "no memory: a reference is never released");
            return;
        }
        self->handles = handles;
        self->capacity = capacity;
    }
    self->handles[self->count++] = handle;
}

/* In the order in which they are. */
static bool hand_over_watched (far_leftovers_t *self, far_leftovers_t *to)
{
    bool any = false;
    far_request_t **last = &to->ended;
    while (*last)
        last = &(*last)->next;
    for (far_request_t **at = &self->ended; *at;) {
        far_request_t *request = *at;
        if (!atomic_load (&request->watched)) {
            at = &request->next;
            continue;
        }
        *at = request->next;
        request->next = NULL;
        *last = request;
        last = &request->next;
        any = true;
    }
    return any;
}

bool far_leftovers_hand_over (far_leftovers_t *self, far_leftovers_t *to)
{
    bool any = self->count;
    far_requests_wake (self->ended, NULL); /* the thread that is to take them may be one of those that wait */
    for (size_t i = 0; i < self->count; i++)
        far_leftovers_add (to, self->handles[i]);
    self->count = 0;
    return hand_over_watched (self, to) || any;
}

void far_leftovers_release (far_leftovers_t *self)
{
    far_requests_wake (self->ended, NULL);
    for (size_t i = 0; i < self->count; i++)
        far_handle_release (self->handles[i]);
    free (self->handles);
    far_requests_release (self->ended);
    while (self->inbounds) {
        far_inbound_t *next = self->inbounds->next;
        far_inbound_free (self->inbounds);
        self->inbounds = next;
    }
    *self = (far_leftovers_t){ 0 };
}
