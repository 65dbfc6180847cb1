/* Values as a tree: changing a list or map that nobody else owns. What is taken out is handed to the caller, whose lock
 * may be held: releasing it can end objects. */
#include "base/error.h"
#include "base/limits.h"
#include "wire/value_tree.h"

#include <stdlib.h>
#include <string.h>

static unsigned height_above (const far_value_t *const *items, size_t count, unsigned least)
{
    for (size_t i = 0; i < count; i++)
        if (items[i]->height >= least)
            least = items[i]->height + 1;
    return least;
}

far_status_t far_value_unshare (far_value_t **container_p)
{
    far_value_t *shared = *container_p;
    bool is_container = shared->type == FAR_TYPE_LIST || shared->type == FAR_TYPE_MAP;
    if (!is_container || atomic_load_explicit (&shared->owners, memory_order_acquire) == 1)
        return FAR_OK;
    far_value_t *self = far_value_make (shared->type);
    if (!self || !far_value_reserve (self, shared->count + (shared->count & 1))) {
        far_value_destroy (&self);
        return FAR_E_NO_MEMORY;
    }
    for (size_t i = 0; i < shared->count; i++)
        self->items[self->count++] = far_value_retain (shared->items[i]);
    self->height = shared->height;
    far_value_destroy (container_p);
    *container_p = self;
    return FAR_OK;
}

far_value_t *const *far_value_slots (const far_value_t *container, size_t *out_count)
{
    *out_count = container->count;
    return container->items;
}

far_value_t **far_value_order (far_value_t *list)
{
    return list->items;
}

size_t far_value_weight (const far_value_t *value, size_t most)
{
    size_t weight = 1;
    if (value && (value->type == FAR_TYPE_LIST || value->type == FAR_TYPE_MAP))
        for (size_t i = 0; i < value->count && weight <= most; i++)
            weight += far_value_weight (value->items[i], most - weight);
    return weight;
}

/* Room for what is to come, and for what is to go: all that can fail. */
static far_status_t prepare (far_value_t *self, size_t removed, size_t count, far_value_t **dropped)
{
    size_t after = self->count - removed + count;
    if (after >= FAR_LIMIT_VALUES)
        return far_fail (FAR_E_LIMIT, "a %s of %d values or more", far_type_name (self->type), FAR_LIMIT_VALUES);
    if (after > self->capacity) {
        size_t doubled = 2 * self->capacity, wanted = after + (after & 1);
        if (!far_value_reserve (self, wanted > doubled ? wanted : doubled))
            return FAR_E_NO_MEMORY;
    }
    if (removed < 2)
        return FAR_OK;
    far_value_t *list = far_value_make (FAR_TYPE_LIST);
    if (!list || !far_value_reserve (list, removed)) {
        far_value_destroy (&list);
        return FAR_E_NO_MEMORY;
    }
    *dropped = list;
    return FAR_OK;
}

static void take_out (far_value_t *self, size_t at, size_t removed, far_value_t **dropped)
{
    unsigned height = 0;
    for (size_t i = 0; i < removed; i++)
        if (self->items[at + i]->height > height)
            height = self->items[at + i]->height;
    if (removed == 1)
        *dropped = self->items[at];
    else if (removed) {
        memcpy ((*dropped)->items, &self->items[at], removed * sizeof *self->items);
        (*dropped)->count = removed;
        (*dropped)->height = height + 1;
    }
    memmove (&self->items[at], &self->items[at + removed], (self->count - at - removed) * sizeof *self->items);
    self->count -= removed;
    if (height + 1 == self->height) /* perhaps it was the highest */
        self->height = height ? height_above ((const far_value_t *const *)self->items, self->count, 1) : 1;
}

far_status_t far_value_splice (far_value_t *self, size_t at, size_t removed, far_value_t *const *added, size_t count,
                               far_value_t **dropped)
{
    unsigned height = height_above ((const far_value_t *const *)added, count, 1);
    if (height > FAR_LIMIT_DEPTH)
        return far_fail (FAR_E_LIMIT, "a value nested more than %d deep", FAR_LIMIT_DEPTH);
    far_status_t status = prepare (self, removed, count, dropped);
    if (status)
        return status;
    if (removed)
        take_out (self, at, removed, dropped);
    if (!count)
        return FAR_OK;
    memmove (&self->items[at + count], &self->items[at], (self->count - at) * sizeof *self->items);
    memcpy (&self->items[at], added, count * sizeof *self->items);
    self->count += count;
    if (self->height < height)
        self->height = height;
    return FAR_OK;
}
