/* Waiting, as a graph in which each process has one arrow at most: so a cycle is found by following the arrows from where
 * a new one points to. There is never one in the graph, as the arrow that would close it is refused. Knows nothing of
 * sessions and messages. */
#include "waits.h"

#include <stdio.h>
#include <string.h>

bool waits_begin (waits_t *self, const waits_t *on, uint64_t request)
{
    for (const waits_t *at = on; at; at = at->on)
        if (at == self)
            return false;
    *self = (waits_t){ on, request };
    return true;
}

void waits_end (waits_t *self, const waits_t *on, uint64_t request)
{
    if (self->on == on && self->request == request)
        *self = (waits_t){ 0 };
}

void waits_lose (waits_t *self, const waits_t *gone)
{
    if (self->on == gone)
        *self = (waits_t){ 0 };
}

void waits_describe (const waits_t *self, const waits_t *on, waits_name_fn *name, char *out, size_t size)
{
    const waits_t *from = self, *to = on;
    size_t used = 0;
    for (bool last = false; !last && used < size; last = to == self, from = to, to = to->on) {
        char from_name[160], to_name[160];
        name (from, from_name, sizeof from_name);
        name (to, to_name, sizeof to_name);
        used += (size_t)snprintf (out + used, size - used, "%s%s waits for %s", used ? ", " : "", from_name, to_name);
    }
    if (used >= size && size > 3)
        memcpy (out + size - 4, "...", 4);
}
