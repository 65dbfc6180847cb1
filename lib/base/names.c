/* A hash map from names that a peer may choose. Owns copies of the names, not the values. The layout is that of map.c;
 * the hash has a random key for each map. */
#include "base/map.h"
#include "base/random.h"
#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 16

typedef struct entry {
    char *name; /* owned, NUL-terminated; NULL: free */
    size_t size;
    uint64_t hash;
    void *value;
} entry_t;

struct far_names {
    entry_t *entries;
    size_t count, capacity;
    uint64_t key[2];
};

far_names_t *far_names_new (void)
{
    far_names_t *self = calloc (1, sizeof *self);
    if (self)
        far_random (self->key, sizeof self->key);
    return self;
}

void far_names_destroy (far_names_t **self_p)
{
    far_names_t *self = *self_p;
    if (!self)
        return;
    for (size_t i = 0; i < self->capacity; i++)
        free (self->entries[i].name);
    free (self->entries);
    free (self);
    *self_p = NULL;
}

/* The entry of the name, or the free one where it would go. */
static entry_t *find (entry_t *entries, size_t capacity, uint64_t hash, const char *name, size_t size)
{
    size_t at = (size_t)hash & (capacity - 1);
    for (;; at = (at + 1) & (capacity - 1)) {
        entry_t *entry = &entries[at];
        if (!entry->name ||
            (entry->hash == hash && entry->size == size && (size == 0 || memcmp (entry->name, name, size) == 0)))
            return entry;
    }
}

void *far_names_get (const far_names_t *self, const char *name, size_t size)
{
    if (!self->count)
        return NULL;
    return find (self->entries, self->capacity, far_siphash (self->key, name, size), name, size)->value;
}

static bool grow (far_names_t *self)
{
    size_t capacity = self->capacity ? self->capacity * 2 : FIRST_CAPACITY;
    entry_t *entries = calloc (capacity, sizeof *entries);
    if (!entries)
        return false;
    for (size_t i = 0; i < self->capacity; i++) {
        const entry_t *entry = &self->entries[i];
        if (entry->name)
            *find (entries, capacity, entry->hash, entry->name, entry->size) = *entry;
    }
    free (self->entries);
    self->entries = entries;
    self->capacity = capacity;
    return true;
}

bool far_names_add (far_names_t *self, const char *name, size_t size, void *value)
{
    if ((self->count + 1) * 4 > self->capacity * 3 && !grow (self))
        return false;
    uint64_t hash = far_siphash (self->key, name, size);
    entry_t *entry = find (self->entries, self->capacity, hash, name, size);
    if (entry->name)
        return false;
    char *copy = malloc (size + 1);
    if (!copy)
        return false;
    if (size)
        memcpy (copy, name, size);
    copy[size] = '\0';
    *entry = (entry_t){ copy, size, hash, value };
    self->count++;
    return true;
}

void *far_names_remove (far_names_t *self, const char *name, size_t size)
{
    if (!self->count)
        return NULL;
    entry_t *entry = find (self->entries, self->capacity, far_siphash (self->key, name, size), name, size);
    if (!entry->name)
        return NULL;
    void *value = entry->value;
    free (entry->name);
    size_t mask = self->capacity - 1, gap = (size_t)(entry - self->entries);
    for (size_t at = (gap + 1) & mask; self->entries[at].name; at = (at + 1) & mask) {
        size_t distance = (at - (size_t)self->entries[at].hash) & mask;
        if (distance >= ((at - gap) & mask)) {
            self->entries[gap] = self->entries[at];
            gap = at;
        }
    }
    self->entries[gap] = (entry_t){ 0 };
    self->count--;
    return value;
}

size_t far_names_count (const far_names_t *self)
{
    return self->count;
}

void *far_names_next (const far_names_t *self, size_t *position, const char **out_name)
{
    while (*position < self->capacity) {
        const entry_t *entry = &self->entries[(*position)++];
        if (entry->name) {
            *out_name = entry->name;
            return entry->value;
        }
    }
    return NULL;
}
