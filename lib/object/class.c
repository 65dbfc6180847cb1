/* Tables of classes: made when a class is first used, shared by its class object and all its instances, gone with the
 * last of them. A table is a user of its base's. Owns the index of tables by class, under a lock of its own. Knows
 * nothing of modules. */
#include "object/class.h"
#include "base/map.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Bases, one above the other. */
#define MOST_BASES 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static far_map_t tables; /* by the address of the class */

static uint64_t class_key (const far_class_t *of)
{
    return (uint64_t)(uintptr_t)of;
}

static void drop (far_class_table_t *self)
{
    while (self && --self->users == 0) {
        far_class_table_t *base = self->base;
        far_map_remove (&tables, class_key (self->of));
        far_class_table_clear (self);
        free (self);
        self = base;
    }
    if (!tables.count)
        far_map_deinit (&tables);
}

static far_class_table_t *no_memory (const far_class_t *of)
{
    far_fail (FAR_E_NO_MEMORY, "no memory for class %s", of->name);
    return NULL;
}

/* A table without a user. Consumes the base's. */
static far_class_table_t *table_new (const far_class_t *of, far_class_table_t *base)
{
    far_class_table_t *self = calloc (1, sizeof *self);
    bool filled = self && far_class_table_fill (self, of, base);
    bool added = filled && far_map_put (&tables, class_key (of), self);
    if (added)
        return self;
    if (!self || filled)
        no_memory (of);
    if (self)
        far_class_table_clear (self);
    free (self);
    drop (base);
    return NULL;
}

static far_class_table_t *find_or_make (const far_class_t *of, int depth)
{
    far_class_table_t *self = far_map_get (&tables, class_key (of)), *base = NULL;
    if (!self && of->base && depth == MOST_BASES) {
        far_fail (FAR_E_BAD_ARGUMENTS, "class %s: more than %d bases, one above the other", of->name ? of->name : "",
                  MOST_BASES);
        return NULL;
    }
    if (!self && of->base) {
        base = find_or_make (of->base, depth + 1);
        if (!base)
            return NULL;
    }
    if (!self)
        self = table_new (of, base);
    if (self)
        self->users++;
    return self;
}

far_class_table_t *far_class_table_of (const far_class_t *of)
{
    pthread_mutex_lock (&lock);
    far_class_table_t *self = find_or_make (of, 0);
    pthread_mutex_unlock (&lock);
    return self;
}

far_class_table_t *far_class_table_retain (far_class_table_t *self)
{
    pthread_mutex_lock (&lock);
    self->users++;
    pthread_mutex_unlock (&lock);
    return self;
}

void far_class_table_release (far_class_table_t **self_p)
{
    far_class_table_t *self = *self_p;
    *self_p = NULL;
    if (!self)
        return;
    pthread_mutex_lock (&lock);
    drop (self);
    pthread_mutex_unlock (&lock);
}

static int compare_texts (far_text_t a, far_text_t b)
{
    int order = memcmp (a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

const far_class_member_t *far_class_table_find (const far_class_table_t *self, far_text_t name)
{
    size_t low = 0, high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_texts (name, self->members[middle]->name);
        if (!order)
            return self->members[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool far_class_table_is (const far_class_table_t *self, const far_class_t *of)
{
    while (self && self->of != of)
        self = self->base;
    return self;
}
