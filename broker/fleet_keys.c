/* A map of keys, and a list of them by their last use. Owns the entries, borrows the workers. */
#include "fleet_keys.h"

#include <stdlib.h>

struct fleet_key {
    uint64_t key;
    fleet_worker_t *worker;
    fleet_key_t *older, *newer;
};

static void unlink_key (fleet_keys_t *self, fleet_key_t *entry)
{
    *(entry->older ? &entry->older->newer : &self->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &self->newest) = entry->older;
}

static void link_newest (fleet_keys_t *self, fleet_key_t *entry)
{
    entry->older = self->newest;
    entry->newer = NULL;
    *(self->newest ? &self->newest->newer : &self->oldest) = entry;
    self->newest = entry;
}

static void forget (fleet_keys_t *self, fleet_key_t *entry)
{
    unlink_key (self, entry);
    far_map_remove (&self->by_key, entry->key);
    free (entry);
}

void keys_deinit (fleet_keys_t *self)
{
    while (self->oldest)
        forget (self, self->oldest);
    far_map_deinit (&self->by_key);
}

fleet_worker_t *keys_worker (fleet_keys_t *self, uint64_t key)
{
    fleet_key_t *entry = far_map_get (&self->by_key, key);
    if (!entry)
        return NULL;
    unlink_key (self, entry);
    link_newest (self, entry);
    return entry->worker;
}

void keys_bind (fleet_keys_t *self, uint64_t key, fleet_worker_t *worker)
{
    if (self->by_key.count == FLEET_KEYS_MOST)
        forget (self, self->oldest);
    fleet_key_t *entry = malloc (sizeof *entry);
    if (!entry)
        return;
    *entry = (fleet_key_t){ .key = key, .worker = worker };
    if (far_map_put (&self->by_key, key, entry))
        link_newest (self, entry);
    else
        free (entry);
}

void keys_drop (fleet_keys_t *self, const fleet_worker_t *worker)
{
    for (fleet_key_t *entry = self->oldest, *newer; entry; entry = newer) {
        newer = entry->newer;
        if (entry->worker == worker)
            forget (self, entry);
    }
}
