/* Values as a tree: making, counting owners, taking apart. A value owns what is inside it. No tree is higher than a
 * message may be nested, so walking one down is bounded. Knows nothing of how values are written. */
#include "base/error.h"
#include "base/limits.h"
#include "wire/value_tree.h"

#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = {
    [FAR_TYPE_NIL] = "nil",       [FAR_TYPE_BOOL] = "bool",           [FAR_TYPE_INT] = "int",
    [FAR_TYPE_UINT] = "uint",     [FAR_TYPE_FLOAT] = "float",         [FAR_TYPE_STRING] = "string",
    [FAR_TYPE_BINARY] = "binary", [FAR_TYPE_LIST] = "list",           [FAR_TYPE_MAP] = "map",
    [FAR_TYPE_TIME] = "time",     [FAR_TYPE_REFERENCE] = "reference",
};

const char *far_type_name (far_type_t type)
{
    size_t index = (size_t)type;
    return index < sizeof type_names / sizeof *type_names ? type_names[index] : "unknown";
}

uint32_t far_by_value_of (far_type_t type)
{
    static const uint32_t kinds[] = {
        [FAR_TYPE_NIL] = FAR_BY_VALUE_NIL,         [FAR_TYPE_BOOL] = FAR_BY_VALUE_BOOL,
        [FAR_TYPE_INT] = FAR_BY_VALUE_INT,         [FAR_TYPE_UINT] = FAR_BY_VALUE_INT,
        [FAR_TYPE_FLOAT] = FAR_BY_VALUE_FLOAT,     [FAR_TYPE_STRING] = FAR_BY_VALUE_STRING,
        [FAR_TYPE_BINARY] = FAR_BY_VALUE_BINARY,   [FAR_TYPE_LIST] = FAR_BY_VALUE_LIST,
        [FAR_TYPE_MAP] = FAR_BY_VALUE_MAP,         [FAR_TYPE_TIME] = FAR_BY_VALUE_TIME,
        [FAR_TYPE_REFERENCE] = FAR_BY_VALUE_PROXY,
    };
    return kinds[type];
}

static far_value_t *make (far_type_t type, size_t text_size)
{
    far_value_t *self = text_size < SIZE_MAX / 2 ? malloc (sizeof *self + text_size) : NULL;
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for a %s", far_type_name (type));
        return NULL;
    }
    memset (self, 0, sizeof *self);
    atomic_init (&self->owners, 1);
    self->type = type;
    self->height = type == FAR_TYPE_LIST || type == FAR_TYPE_MAP;
    return self;
}

far_value_t *far_value_make (far_type_t type)
{
    return make (type, 0);
}

far_value_t *far_value_make_text (far_type_t type, const void *data, size_t size)
{
    far_value_t *self = make (type, size + 1);
    if (!self)
        return NULL;
    self->size = size;
    if (size)
        memcpy (self->text, data, size);
    self->text[size] = '\0';
    return self;
}

bool far_value_reserve (far_value_t *self, size_t capacity)
{
    if (capacity <= self->capacity)
        return true;
    far_value_t **items = realloc (self->items, capacity * sizeof *items);
    if (!items) {
        far_fail (FAR_E_NO_MEMORY, "no memory for a %s of %zu items", far_type_name (self->type), capacity);
        return false;
    }
    self->items = items;
    self->capacity = capacity;
    return true;
}

far_value_t *far_value_list (void)
{
    return make (FAR_TYPE_LIST, 0);
}

far_value_t *far_value_map (void)
{
    return make (FAR_TYPE_MAP, 0);
}

far_value_t *far_value_from_bool (bool value)
{
    far_value_t *self = make (FAR_TYPE_BOOL, 0);
    if (self)
        self->boolean = value;
    return self;
}

far_value_t *far_value_from_int (int64_t value)
{
    far_value_t *self = make (FAR_TYPE_INT, 0);
    if (self)
        self->integer = value;
    return self;
}

far_value_t *far_value_from_uint (uint64_t value)
{
    if (value <= INT64_MAX)
        return far_value_from_int ((int64_t)value);
    far_value_t *self = make (FAR_TYPE_UINT, 0);
    if (self)
        self->natural = value;
    return self;
}

far_value_t *far_value_from_float (double value)
{
    far_value_t *self = make (FAR_TYPE_FLOAT, 0);
    if (self)
        self->real = value;
    return self;
}

far_value_t *far_value_from_time (struct timespec value)
{
    far_value_t *self = make (FAR_TYPE_TIME, 0);
    if (self)
        self->time = value;
    return self;
}

far_value_t *far_value_string (const char *text, size_t size_bytes)
{
    if (far_is_utf8 (text, size_bytes))
        return far_value_make_text (FAR_TYPE_STRING, text, size_bytes);
    far_fail (FAR_E_NOT_SERIALIZABLE, "a string of %zu bytes is not UTF-8", size_bytes);
    return NULL;
}

far_value_t *far_value_from_handle (far_handle_t *handle)
{
    far_value_t *self = far_value_make (FAR_TYPE_REFERENCE);
    if (self)
        self->handle = handle;
    else
        far_handle_release (handle);
    return self;
}

far_handle_t *far_value_handle (const far_value_t *value)
{
    return value && value->type == FAR_TYPE_REFERENCE ? value->handle : NULL;
}

far_value_t *far_value_retain (const far_value_t *value)
{
    far_value_t *self = (far_value_t *)value; /* the count is no part of what must not change */
    if (self)
        atomic_fetch_add_explicit (&self->owners, 1, memory_order_relaxed);
    return self;
}

static bool is_container (const far_value_t *value)
{
    return value && (value->type == FAR_TYPE_LIST || value->type == FAR_TYPE_MAP);
}

void far_value_destroy (far_value_t **value_p)
{
    far_value_t *self = *value_p;
    *value_p = NULL;
    if (!self || atomic_fetch_sub_explicit (&self->owners, 1, memory_order_acq_rel) > 1)
        return;
    if (is_container (self)) {
        for (size_t i = 0; i < self->count; i++)
            far_value_destroy (&self->items[i]);
        free (self->items);
    } else if (self->type == FAR_TYPE_REFERENCE) {
        far_handle_release (self->handle);
    }
    free (self);
}

/* May these be put into container, which should be of this type? */
static far_status_t check_put (const far_value_t *container, far_type_t type, const far_value_t *key,
                               const far_value_t *item)
{
    if (!container || container->type != type)
        return far_fail (FAR_E_BAD_ARGUMENTS, "expected a %s to add to, found %s", far_type_name (type),
                         container ? far_type_name (container->type) : "NULL");
    if (!item || !key)
        return far_fail (FAR_E_BAD_ARGUMENTS, "expected %s to add to a %s, found NULL", item ? "a key" : "an item",
                         far_type_name (type));
    if (atomic_load_explicit (&container->owners, memory_order_relaxed) > 1 || item == container || key == container)
        return far_fail (FAR_E_BAD_ARGUMENTS, "a %s that has several owners can't be changed any more",
                         far_type_name (type));
    if (item->height >= FAR_LIMIT_DEPTH || key->height >= FAR_LIMIT_DEPTH)
        return far_fail (FAR_E_LIMIT, "a value nested more than %d deep", FAR_LIMIT_DEPTH);
    if (container->count < container->capacity ||
        far_value_reserve ((far_value_t *)container, container->capacity ? 2 * container->capacity : 8))
        return FAR_OK;
    return FAR_E_NO_MEMORY;
}

static void add (far_value_t *container, far_value_t *item)
{
    container->items[container->count++] = item;
    if (container->height <= item->height)
        container->height = item->height + 1;
}

far_status_t far_value_append (far_value_t *list, far_value_t **item_p)
{
    far_status_t status = check_put (list, FAR_TYPE_LIST, *item_p, *item_p);
    if (status) {
        far_value_destroy (item_p);
        return status;
    }
    add (list, *item_p);
    *item_p = NULL;
    return FAR_OK;
}

far_status_t far_value_put (far_value_t *map, far_value_t **key_p, far_value_t **item_p)
{
    far_status_t status = check_put (map, FAR_TYPE_MAP, *key_p, *item_p);
    if (status) {
        far_value_destroy (key_p);
        far_value_destroy (item_p);
        return status;
    }
    add (map, *key_p); /* capacities are even: there is room for both */
    add (map, *item_p);
    *key_p = *item_p = NULL;
    return FAR_OK;
}
