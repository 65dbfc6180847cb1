/* Checks values against shapes, as they stand in a body, without building anything. Shapes come from signatures that
 * were parsed, so that only values can be wrong here. Knows nothing of parameters. */
#include "object/shape.h"
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

typedef bool fits_fn (const far_item_t *item);

static bool fits_nil (const far_item_t *item)
{
    return item->type == FAR_TYPE_NIL;
}

static bool fits_bool (const far_item_t *item)
{
    return item->type == FAR_TYPE_BOOL;
}

static bool fits_int32 (const far_item_t *item)
{
    return item->type == FAR_TYPE_INT && item->integer >= INT_MIN && item->integer <= INT_MAX;
}

static bool fits_int64 (const far_item_t *item)
{
    return item->type == FAR_TYPE_INT;
}

static bool fits_uint64 (const far_item_t *item)
{
    return item->type == FAR_TYPE_UINT || (item->type == FAR_TYPE_INT && item->integer >= 0);
}

static bool fits_float (const far_item_t *item)
{
    return item->type == FAR_TYPE_FLOAT || item->type == FAR_TYPE_INT || item->type == FAR_TYPE_UINT;
}

/* A method gets it as a C string, which would end at the first NUL. */
static bool fits_string (const far_item_t *item)
{
    return item->type == FAR_TYPE_STRING && (!item->text.size || !memchr (item->text.data, '\0', item->text.size));
}

static bool fits_binary (const far_item_t *item)
{
    return item->type == FAR_TYPE_BINARY;
}

static bool fits_time (const far_item_t *item)
{
    return item->type == FAR_TYPE_TIME;
}

static bool fits_reference (const far_item_t *item)
{
    return item->type == FAR_TYPE_REFERENCE;
}

typedef struct letter {
    char letter;
    const char *takes;
    fits_fn *fits; /* NULL: anything does */
} letter_t;

static const letter_t letters[] = {
    { 'n', "nil", fits_nil },
    { 'b', "a bool", fits_bool },
    { 'i', "an integer of 32 bits", fits_int32 },
    { 'l', "an integer of 64 bits", fits_int64 },
    { 'u', "an unsigned integer of 64 bits", fits_uint64 },
    { 'f', "a float", fits_float },
    { 's', "a string", fits_string },
    { 'y', "a binary", fits_binary },
    { 't', "a timestamp", fits_time },
    { 'P', "a reference to an object", fits_reference },
    { 'O', "a reference to an object", fits_reference },
    { 'v', "anything", NULL },
};

static const letter_t *letter_find (char letter)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == letter)
            return &letters[i];
    return NULL;
}

/* What stands in brackets: one shape in [], two in {}. */
static size_t brackets_size (const char *text, const char **out_bad)
{
    char closing = *text == '[' ? ']' : '}';
    size_t size = 1;
    for (int inside = *text == '[' ? 1 : 2; inside; inside--) {
        size_t item = far_shape_size (text + size, out_bad);
        if (!item)
            return 0;
        size += item;
    }
    if (text[size] == closing)
        return size + 1;
    if (out_bad)
        *out_bad = text + size;
    return 0;
}

size_t far_shape_size (const char *text, const char **out_bad)
{
    if (*text == '[' || *text == '{')
        return brackets_size (text, out_bad);
    if (*text && letter_find (*text))
        return 1;
    if (out_bad)
        *out_bad = text;
    return 0;
}

static void say_found (const far_item_t *item, char *out, size_t size)
{
    if (item->type == FAR_TYPE_INT)
        snprintf (out, size, "%" PRId64, item->integer);
    else if (item->type == FAR_TYPE_UINT)
        snprintf (out, size, "%" PRIu64, item->natural);
    else if (item->type == FAR_TYPE_STRING && !fits_string (item))
        snprintf (out, size, "one with a NUL inside");
    else
        snprintf (out, size, "%s", far_type_name (item->type));
}

static bool mismatch (far_mismatch_t *out, const char *takes, const far_item_t *item)
{
    out->where[0] = '\0';
    snprintf (out->takes, sizeof out->takes, "%s", takes);
    say_found (item, out->found, sizeof out->found);
    return false;
}

static bool inside (far_mismatch_t *out, const char *what, size_t index)
{
    char deeper[sizeof out->where];
    memcpy (deeper, out->where, sizeof deeper);
    int size = snprintf (out->where, sizeof out->where, ", %s %zu", what, index + 1);
    if (size > 0 && (size_t)size < sizeof out->where)
        snprintf (out->where + size, sizeof out->where - (size_t)size, "%.*s", (int)sizeof deeper - size - 1, deeper);
    return false;
}

static bool check_list (const char *item, size_t count, far_reader_t *in, far_mismatch_t *out)
{
    for (size_t i = 0; i < count; i++)
        if (!far_shape_check (item, false, in, out))
            return inside (out, "item", i);
    return true;
}

static bool check_map (const char *key, size_t count, far_reader_t *in, far_mismatch_t *out)
{
    const char *value = key + far_shape_size (key, NULL);
    for (size_t i = 0; i < count; i++) {
        if (!far_shape_check (key, false, in, out))
            return inside (out, "key", i);
        if (!far_shape_check (value, false, in, out))
            return inside (out, "value", i);
    }
    return true;
}

bool far_shape_check (const char *shape, bool takes_nil, far_reader_t *in, far_mismatch_t *out)
{
    const letter_t *letter = letter_find (*shape);
    if (letter && !letter->fits)
        return far_skip (in);
    far_item_t item;
    if (!far_read (in, &item))
        return mismatch (out, shape, &(far_item_t){ .type = FAR_TYPE_NIL });
    if (takes_nil && item.type == FAR_TYPE_NIL)
        return true;
    if (letter)
        return letter->fits (&item) || mismatch (out, letter->takes, &item);
    if (*shape == '[')
        return item.type == FAR_TYPE_LIST ? check_list (shape + 1, item.count, in, out)
                                          : mismatch (out, "a list", &item);
    return item.type == FAR_TYPE_MAP ? check_map (shape + 1, item.count, in, out) : mismatch (out, "a map", &item);
}
