/* The answers that one request refers to. */
#include "object/pins.h"
#include "base/error.h"
#include "base/limits.h"

#include <inttypes.h>
#include <stdlib.h>

static far_kept_t *find (const far_pins_t *self, uint64_t request)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->pins[i].request == request)
            return self->pins[i].kept;
    return NULL;
}

/* Without memory it is left out, and so will be missing. */
static void add (far_pins_t *self, uint64_t request, far_kept_t *kept)
{
    bool is_full = (self->count & (self->count - 1)) == 0; /* room doubles: 1, 2, 4, ... */
    size_t room = self->count ? 2 * self->count : 1;
    far_pin_t *pins = is_full ? realloc (self->pins, room * sizeof *pins) : self->pins;
    if (!pins)
        return;
    self->pins = pins;
    far_handle_retain (&kept->handle);
    self->pins[self->count++] = (far_pin_t){ request, kept };
}

void far_pins_take (far_pins_t *self, const far_keeps_t *keeps, const far_message_t *message)
{
    far_process_id_t caller = { message->header.party };
    if (!far_keeps_any (keeps, caller))
        return;
    /* Head after head, whatever is inside what: the body is checked when the request is run. */
    far_reader_t in = { message->body, message->body + message->header.body_size };
    far_item_t item;
    while (self->count < FAR_LIMIT_FIELDS && far_read (&in, &item)) {
        far_answer_t answer;
        if (!far_answer_read (&item, &answer) || find (self, answer.request))
            continue;
        far_kept_t *kept = far_keeps_find (keeps, caller, answer.request);
        if (kept)
            add (self, answer.request, kept);
    }
}

void far_pins_release (far_pins_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        far_handle_release (&self->pins[i].kept->handle);
    free (self->pins);
    *self = (far_pins_t){ 0 };
}

bool far_pins_settled (const far_pins_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (!self->pins[i].kept->settled)
            return false;
    return true;
}

const far_error_t *far_pins_error (const far_pins_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->pins[i].kept->outcome.error)
            return self->pins[i].kept->outcome.error;
    return NULL;
}

far_kept_t *far_pins_find (const far_pins_t *self, uint64_t request)
{
    far_kept_t *kept = find (self, request);
    if (!kept)
        far_fail (FAR_E_STALE, "the answer of request %" PRIu64 " is not kept for the caller", request);
    return kept;
}
