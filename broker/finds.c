/* The waiting finds, in no order: they are few. Owns them. */
#include "finds.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

void finds_init (finds_t *self)
{
    *self = (finds_t){ .earliest = FAR_DEADLINE_NEVER };
}

static size_t count_of (const finds_t *self, far_process_id_t asker)
{
    size_t count = 0;
    for (const find_t *find = self->first; find; find = find->next)
        count += far_process_id_equals (find->asker, asker);
    return count;
}

far_status_t finds_add (finds_t *self, const find_t *find, const char *name)
{
    if (self->count >= FINDS_MOST || count_of (self, find->asker) >= FINDS_MOST_OF_ONE)
        return far_fail (FAR_E_OVERLOADED, "too many wait for names already");
    size_t name_size = strlen (name) + 1;
    find_t *copy = malloc (sizeof *copy + name_size);
    if (!copy)
        return far_fail (FAR_E_NO_MEMORY, "no memory to wait for a name");
    *copy = *find;
    memcpy (copy->name, name, name_size);
    copy->next = self->first;
    self->first = copy;
    self->count++;
    if (copy->deadline < self->earliest)
        self->earliest = copy->deadline;
    return FAR_OK;
}

static find_t *take (finds_t *self, find_t **at)
{
    find_t *find = *at;
    if (find) {
        *at = find->next;
        self->count--;
    }
    return find;
}

find_t *finds_take_named (finds_t *self, const char *name)
{
    find_t **at = &self->first;
    while (*at && strcmp ((*at)->name, name) != 0)
        at = &(*at)->next;
    return take (self, at);
}

find_t *finds_take_asked (finds_t *self, far_process_id_t asker, uint64_t request)
{
    find_t **at = &self->first;
    while (*at && !(far_process_id_equals ((*at)->asker, asker) && (!request || (*at)->request == request)))
        at = &(*at)->next;
    return take (self, at);
}

find_t *finds_take_expired (finds_t *self, int64_t now_ns)
{
    if (now_ns < self->earliest)
        return NULL;
    far_deadline_t earliest = FAR_DEADLINE_NEVER;
    find_t **at = &self->first;
    for (; *at && (*at)->deadline > now_ns; at = &(*at)->next)
        if ((*at)->deadline < earliest)
            earliest = (*at)->deadline;
    if (!*at)
        self->earliest = earliest;
    return take (self, at);
}
