/* A hash map from 64-bit keys: open addressing with linear probing. Some keys (the object IDs of other processes) are
 * chosen by peers, so they are mixed with a number that only this process knows. Owns its slots, not the values. */
#include "base/map.h"
#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>

#define FIRST_CAPACITY 16

static uint64_t seed;
static pthread_once_t seed_once = PTHREAD_ONCE_INIT;

static void make_seed (void)
{
    far_random (&seed, sizeof seed);
}

/* The finisher of MurmurHash3: every bit of the key moves every bit of the result. */
static uint64_t mix (uint64_t key)
{
    key ^= seed;
    key = (key ^ key >> 33) * 0xff51afd7ed558ccdu;
    key = (key ^ key >> 33) * 0xc4ceb9fe1a85ec53u;
    return key ^ key >> 33;
}

static size_t home (const far_map_t *self, uint64_t key)
{
    return (size_t)mix (key) & (self->capacity - 1);
}

/* The slot of the key, or the free one where it would go. There is always a free one. */
static far_map_slot_t *find (const far_map_t *self, uint64_t key)
{
    size_t at = home (self, key);
    while (self->slots[at].value && self->slots[at].key != key)
        at = (at + 1) & (self->capacity - 1);
    return &self->slots[at];
}

void far_map_deinit (far_map_t *self)
{
    free (self->slots);
    *self = (far_map_t){ 0 };
}

void *far_map_get (const far_map_t *self, uint64_t key)
{
    return self->count ? find (self, key)->value : NULL;
}

static bool grow (far_map_t *self)
{
    pthread_once (&seed_once, make_seed);
    far_map_t bigger = { .count = self->count, .capacity = self->capacity ? self->capacity * 2 : FIRST_CAPACITY };
    bigger.slots = calloc (bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < self->capacity; i++)
        if (self->slots[i].value)
            *find (&bigger, self->slots[i].key) = self->slots[i];
    free (self->slots);
    *self = bigger;
    return true;
}

bool far_map_put (far_map_t *self, uint64_t key, void *value)
{
    far_map_slot_t *slot = self->capacity ? find (self, key) : NULL;
    if (!slot || !slot->value) {
        if ((self->count + 1) * 4 > self->capacity * 3) {
            if (!grow (self))
                return false;
            slot = find (self, key);
        }
        self->count++;
    }
    *slot = (far_map_slot_t){ key, value };
    return true;
}

void *far_map_remove (far_map_t *self, uint64_t key)
{
    if (!self->count)
        return NULL;
    far_map_slot_t *slot = find (self, key);
    void *value = slot->value;
    if (!value)
        return NULL;
    /* Whatever stands behind the gap and may not stay behind it moves into it. */
    size_t mask = self->capacity - 1, gap = (size_t)(slot - self->slots);
    for (size_t at = (gap + 1) & mask; self->slots[at].value; at = (at + 1) & mask) {
        size_t distance = (at - home (self, self->slots[at].key)) & mask;
        if (distance >= ((at - gap) & mask)) {
            self->slots[gap] = self->slots[at];
            gap = at;
        }
    }
    self->slots[gap].value = NULL;
    self->count--;
    return value;
}

void *far_map_next (const far_map_t *self, size_t *position, uint64_t *out_key)
{
    while (*position < self->capacity) {
        const far_map_slot_t *slot = &self->slots[(*position)++];
        if (slot->value) {
            *out_key = slot->key;
            return slot->value;
        }
    }
    return NULL;
}
