/* Values as a tree: looking at one. Whatever is asked of the wrong type has an answer that does no harm,
 * and NULL counts as nil. */
#include "wire/value_tree.h"

#include <string.h>

far_type_t far_value_type (const far_value_t *value)
{
    return value ? value->type : FAR_TYPE_NIL;
}

size_t far_value_count (const far_value_t *value)
{
    if (far_value_type (value) == FAR_TYPE_LIST)
        return value->count;
    return far_value_type (value) == FAR_TYPE_MAP ? value->count / 2 : 0;
}

const far_value_t *far_value_item (const far_value_t *value, size_t index)
{
    if (index >= far_value_count (value))
        return NULL;
    return value->items[far_value_type (value) == FAR_TYPE_MAP ? 2 * index + 1 : index];
}

const far_value_t *far_value_key (const far_value_t *map, size_t index)
{
    return far_value_type (map) == FAR_TYPE_MAP && index < far_value_count (map) ? map->items[2 * index] : NULL;
}

const far_value_t *far_value_lookup (const far_value_t *map, const char *key)
{
    size_t size = strlen (key);
    for (size_t i = far_value_type (map) == FAR_TYPE_MAP ? far_value_count (map) : 0; i--;) {
        const far_value_t *at = map->items[2 * i];
        if (at->type == FAR_TYPE_STRING && at->size == size && memcmp (at->text, key, size) == 0)
            return map->items[2 * i + 1];
    }
    return NULL;
}

far_bytes_t far_value_bytes (const far_value_t *value)
{
    if (far_value_type (value) != FAR_TYPE_STRING && far_value_type (value) != FAR_TYPE_BINARY)
        return (far_bytes_t){ "", 0 };
    return (far_bytes_t){ value->text, value->size };
}

bool far_value_bool (const far_value_t *value)
{
    return far_value_type (value) == FAR_TYPE_BOOL && value->boolean;
}

int64_t far_value_int (const far_value_t *value)
{
    return far_value_type (value) == FAR_TYPE_INT ? value->integer : 0;
}

uint64_t far_value_uint (const far_value_t *value)
{
    if (far_value_type (value) == FAR_TYPE_UINT)
        return value->natural;
    return far_value_type (value) == FAR_TYPE_INT && value->integer > 0 ? (uint64_t)value->integer : 0;
}

double far_value_float (const far_value_t *value)
{
    switch (far_value_type (value)) {
    case FAR_TYPE_FLOAT:
        return value->real;
    case FAR_TYPE_INT:
        return (double)value->integer;
    case FAR_TYPE_UINT:
        return (double)value->natural;
    default:
        return 0;
    }
}

struct timespec far_value_time (const far_value_t *value)
{
    return far_value_type (value) == FAR_TYPE_TIME ? value->time : (struct timespec){ 0 };
}

static bool items_equal (const far_value_t *a, const far_value_t *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!far_value_equals (a->items[i], b->items[i]))
            return false;
    return true;
}

bool far_value_equals (const far_value_t *a, const far_value_t *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->type != b->type)
        return false;
    switch (a->type) {
    case FAR_TYPE_NIL:
        return true;
    case FAR_TYPE_BOOL:
        return a->boolean == b->boolean;
    case FAR_TYPE_INT:
        return a->integer == b->integer;
    case FAR_TYPE_UINT:
        return a->natural == b->natural;
    case FAR_TYPE_FLOAT:
        return a->real == b->real;
    case FAR_TYPE_STRING:
    case FAR_TYPE_BINARY:
        return a->size == b->size && memcmp (a->text, b->text, a->size) == 0;
    case FAR_TYPE_LIST:
    case FAR_TYPE_MAP:
        return items_equal (a, b);
    case FAR_TYPE_TIME:
        return a->time.tv_sec == b->time.tv_sec && a->time.tv_nsec == b->time.tv_nsec;
    case FAR_TYPE_REFERENCE:
        return a->handle == b->handle;
    }
    return false;
}
