/* Maps by Python's keys. The index is open addressing over the entries, by a hash that a peer can't aim. */
#include "object/builtin_map.h"
#include "object/builtin_compare.h"
#include "object/builtin_repr.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/* So many searches without an index cost less than making one. */
#define SEARCHES 8
#define SMALL    8

void far_keys_deinit (far_keys_t *self)
{
    free (self->slots);
    *self = (far_keys_t){ 0 };
}

void far_keys_forget (far_keys_t *self)
{
    far_keys_deinit (self);
}

/* The slot of the key, or the free one where it would go. */
static uint32_t *slot_of (const far_keys_t *self, const far_value_t *map, const far_value_t *key, int64_t hash)
{
    size_t mask = self->capacity - 1, at = (size_t)far_builtin_scatter (hash) & mask;
    while (self->slots[at] && !far_builtin_equals (far_value_key (map, self->slots[at] - 1), key))
        at = (at + 1) & mask;
    return &self->slots[at];
}

/* What is no key stays out. Of equal keys the last is found. */
static void count_in (far_keys_t *self, const far_value_t *map, size_t entry)
{
    int64_t hash;
    const far_value_t *key = far_value_key (map, entry);
    if (!far_builtin_hash (key, &hash))
        *slot_of (self, map, key, hash) = (uint32_t)entry + 1;
}

static bool bring_up_to_date (far_keys_t *self, const far_value_t *map)
{
    size_t count = far_value_count (map);
    if (count * 2 > self->capacity) {
        size_t capacity = 32;
        while (capacity < count * 4)
            capacity *= 2;
        uint32_t *slots = calloc (capacity, sizeof *slots);
        if (!slots)
            return false;
        free (self->slots);
        self->slots = slots;
        self->capacity = capacity;
        self->counted = 0;
    }
    while (self->counted < count)
        count_in (self, map, self->counted++);
    return true;
}

far_status_t far_keys_find (far_keys_t *self, const far_value_t *map, const far_value_t *key, size_t *out)
{
    int64_t hash;
    far_status_t status = far_builtin_hash (key, &hash);
    if (status)
        return status;
    *out = SIZE_MAX;
    size_t count = far_value_count (map);
    if (count <= SMALL || (!self->slots && self->searches++ < SEARCHES)) {
        for (size_t i = count; i-- && *out == SIZE_MAX;)
            if (far_builtin_equals (far_value_key (map, i), key))
                *out = i;
        return FAR_OK;
    }
    if (!bring_up_to_date (self, map))
        return far_fail (FAR_E_NO_MEMORY, "no memory for the keys of a map");
    uint32_t found = *slot_of (self, map, key, hash);
    if (found)
        *out = found - 1;
    return FAR_OK;
}

bool far_entries_equal (const far_value_t *a, const far_value_t *b)
{
    size_t count = far_value_count (a);
    if (count != far_value_count (b))
        return false;
    far_keys_t keys = FAR_KEYS_NOW;
    bool equal = true;
    for (size_t i = 0; equal && i < count; i++) {
        size_t at = SIZE_MAX;
        equal = !far_keys_find (&keys, b, far_value_key (a, i), &at) && at != SIZE_MAX &&
                far_builtin_equals (far_value_item (a, i), far_value_item (b, at));
    }
    far_keys_deinit (&keys);
    return equal;
}

far_status_t far_entries_get (far_keys_t *keys, const far_value_t *map, const far_value_t *key, far_value_t **out)
{
    size_t at;
    far_status_t status = far_keys_find (keys, map, key, &at);
    if (status)
        return status;
    if (at == SIZE_MAX)
        return far_raise_missing (key);
    *out = far_value_retain (far_value_item (map, at));
    return FAR_OK;
}

far_status_t far_entries_set (far_keys_t *keys, far_value_t *map, const far_value_t *key, const far_value_t *item,
                              far_value_t **dropped)
{
    size_t at;
    far_status_t status = far_keys_find (keys, map, key, &at);
    if (status)
        return status;
    far_value_t *entry[2] = { far_value_retain (key), far_value_retain (item) };
    bool found = at != SIZE_MAX;
    if (found) /* the key that is there stays */
        status = far_value_splice (map, 2 * at + 1, 1, &entry[1], 1, dropped);
    else
        status = far_value_splice (map, 2 * far_value_count (map), 0, entry, 2, dropped);
    if (status || found)
        far_value_destroy (&entry[0]);
    if (status)
        far_value_destroy (&entry[1]);
    return status;
}

far_status_t far_entries_remove (far_keys_t *keys, far_value_t *map, size_t entry, far_value_t **dropped)
{
    far_keys_forget (keys);
    return far_value_splice (map, 2 * entry, 2, NULL, 0, dropped);
}

/* One entry of what a map is updated from. */
static far_status_t entry_of (const far_value_t *from, size_t index, const far_value_t **key, const far_value_t **item)
{
    const far_value_t *pair = far_value_item (from, index);
    if (far_value_type (from) == FAR_TYPE_MAP) {
        *key = far_value_key (from, index);
        *item = pair;
        return FAR_OK;
    }
    if (far_value_type (pair) != FAR_TYPE_LIST)
        return far_raise ("TypeError", "item %zu of what a map is updated from is no pair, but %s", index,
                          far_builtin_name (pair));
    if (far_value_count (pair) != 2)
        return far_raise ("ValueError", "item %zu of what a map is updated from has length %zu; 2 is required", index,
                          far_value_count (pair));
    *key = far_value_item (pair, 0);
    *item = far_value_item (pair, 1);
    return FAR_OK;
}

static far_status_t set_all (far_value_t *map, const far_value_t *from)
{
    far_keys_t keys = FAR_KEYS_NOW;
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && i < far_value_count (from); i++) {
        const far_value_t *key = NULL, *item = NULL;
        far_value_t *dropped = NULL;
        status = entry_of (from, i, &key, &item);
        if (!status)
            status = far_entries_set (&keys, map, key, item, &dropped);
        far_value_destroy (&dropped);
    }
    far_keys_deinit (&keys);
    return status;
}

far_status_t far_entries_update (far_value_t **map, const far_value_t *from, far_value_t **dropped)
{
    if (far_value_type (from) != FAR_TYPE_MAP && far_value_type (from) != FAR_TYPE_LIST)
        return far_raise ("TypeError", "a map can be updated from a map or a list of pairs, not from %s",
                          far_builtin_name (from));
    far_value_t *before = far_value_retain (*map), *after = far_value_retain (*map);
    far_status_t status = far_value_unshare (&after);
    if (!status)
        status = set_all (after, from);
    if (status) {
        far_value_destroy (&after);
        far_value_destroy (&before);
        return status;
    }
    far_value_destroy (map); /* not the last owner */
    *map = after;
    *dropped = before;
    return FAR_OK;
}

far_value_t *far_entries_without_doubles (far_value_t *map)
{
    far_keys_t keys = FAR_KEYS_NOW;
    bool doubles = false;
    for (size_t i = 0; !doubles && i < far_value_count (map); i++) {
        size_t at = i;
        doubles = !far_keys_find (&keys, map, far_value_key (map, i), &at) && at != i;
    }
    far_keys_deinit (&keys);
    if (!doubles)
        return map;
    far_value_t *once = far_value_map ();
    if (once && set_all (once, map) == FAR_E_RAISED) { /* a key that can be none: it is kept as it came */
        far_value_destroy (&once);
        return map;
    }
    far_value_destroy (&map);
    return once;
}

far_status_t far_entries_merge (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out)
{
    (void)of;
    far_value_t *merged = far_value_retain (a), *dropped = NULL;
    far_status_t status = far_entries_update (&merged, b, &dropped);
    far_value_destroy (&dropped);
    if (status) {
        far_value_destroy (&merged);
        return status;
    }
    *out = merged;
    return FAR_OK;
}
