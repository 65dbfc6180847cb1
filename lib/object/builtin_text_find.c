/* Looking for a text in another, replacing it, and filling up to a width. Places are counted in characters. */
#include "object/builtin_sequence.h"
#include "object/builtin_text.h"
#include "base/error.h"
#include "base/limits.h"

#include <string.h>

/* Where to look: a part of a text, and what for. */
typedef struct search {
    const char *begin, *from, *to; /* the whole begins at begin */
    far_bytes_t part;
    bool outside; /* start is behind the end: not even an empty part is there */
} search_t;

static int64_t from_end (int64_t index, int64_t count)
{
    return index < 0 ? (index < -count ? 0 : index + count) : index;
}

static far_status_t search_of (const far_value_t *self, far_value_t *const *arguments, search_t *out)
{
    far_status_t status = far_text_argument (self, arguments[0], &out->part);
    if (status)
        return status;
    far_bytes_t text = far_value_bytes (self);
    int64_t count = (int64_t)far_sequence_count (self);
    int64_t start = from_end (far_value_int (arguments[1]), count),
            stop = from_end (far_value_int (arguments[2]), count);
    out->outside = start > count || start > stop;
    start = start > count ? count : start;
    stop = stop > count ? count : stop < start ? start : stop;
    far_bytes_t part = { (const char *)text.data + start, (size_t)(stop - start) };
    if (far_value_type (self) == FAR_TYPE_STRING)
        part = far_text_part (text, (size_t)start, (size_t)(stop - start));
    out->begin = text.data;
    out->from = part.data;
    out->to = out->from + part.size;
    return FAR_OK;
}

static const char *find_first (const search_t *search)
{
    if (!search->part.size)
        return search->from;
    return memmem (search->from, (size_t)(search->to - search->from), search->part.data, search->part.size);
}

static far_status_t find_last (const search_t *search, const char **out)
{
    *out = search->to;
    if (!search->part.size)
        return FAR_OK;
    far_backwards_t backwards;
    far_status_t status = far_backwards_init (&backwards, search->from, search->to, search->part);
    if (!status)
        *out = far_backwards_next (&backwards);
    far_backwards_deinit (&backwards);
    return status;
}

/* The place, in characters; -1: nowhere, or ValueError. */
static far_status_t locate (const far_value_t *self, far_value_t *const *arguments, bool last, bool must,
                            far_value_t **out)
{
    search_t search;
    far_status_t status = search_of (self, arguments, &search);
    if (status)
        return status;
    const char *at = search.outside || last ? NULL : find_first (&search);
    if (last && !search.outside)
        status = find_last (&search, &at);
    if (status)
        return status;
    if (!at && must)
        return far_raise ("ValueError", "the part was not found");
    size_t bytes = at ? (size_t)(at - search.begin) : 0;
    bool is_binary = far_value_type (self) == FAR_TYPE_BINARY;
    *out = far_value_from_int (at ? (int64_t)(is_binary ? bytes : far_text_count (search.begin, bytes)) : -1);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t text_find (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return locate (self, arguments, false, false, out);
}

FAR_TEXT_METHOD (find)

static far_status_t text_rfind (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return locate (self, arguments, true, false, out);
}

FAR_TEXT_METHOD (rfind)

static far_status_t text_index (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return locate (self, arguments, false, true, out);
}

FAR_TEXT_METHOD (index)

static far_status_t text_rindex (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return locate (self, arguments, true, true, out);
}

FAR_TEXT_METHOD (rindex)

/* An empty part is before each character, and at the end. */
static far_status_t text_occurrences (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    search_t search;
    far_status_t status = search_of (self, arguments, &search);
    if (status)
        return status;
    size_t count = 0, size = (size_t)(search.to - search.from);
    if (search.outside)
        count = 0;
    else if (!search.part.size)
        count = 1 + (far_value_type (self) == FAR_TYPE_BINARY ? size : far_text_count (search.from, size));
    else
        for (const char *at; (at = find_first (&search)); search.from = at + search.part.size)
            count++;
    *out = far_value_from_uint (count);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

FAR_TEXT_METHOD (occurrences)

static bool has_end (far_bytes_t text, far_bytes_t part, bool at_begin)
{
    const char *from = text.data;
    return text.size >= part.size && !memcmp (at_begin ? from : from + text.size - part.size, part.data, part.size);
}

/* One text, or a list of them. */
static far_status_t ends_with (const far_value_t *self, const far_value_t *argument, bool at_begin, far_value_t **out)
{
    bool is_list = far_value_type (argument) == FAR_TYPE_LIST, found = false;
    for (size_t i = 0; !found && i < (is_list ? far_value_count (argument) : 1); i++) {
        far_bytes_t part;
        far_status_t status = far_text_argument (self, is_list ? far_value_item (argument, i) : argument, &part);
        if (status)
            return status;
        found = has_end (far_value_bytes (self), part, at_begin);
    }
    *out = far_value_from_bool (found);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t text_startswith (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return ends_with (self, arguments[0], true, out);
}

FAR_TEXT_METHOD (startswith)

static far_status_t text_endswith (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return ends_with (self, arguments[0], false, out);
}

FAR_TEXT_METHOD (endswith)

static far_status_t without_end (const far_value_t *self, const far_value_t *argument, bool at_begin, far_value_t **out)
{
    far_bytes_t text = far_value_bytes (self), part;
    far_status_t status = far_text_argument (self, argument, &part);
    if (status)
        return status;
    size_t cut = has_end (text, part, at_begin) ? part.size : 0;
    const char *from = text.data, *to = from + text.size;
    *out = at_begin ? far_text_slice (self, from + cut, to) : far_text_slice (self, from, to - cut);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t text_removeprefix (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return without_end (self, arguments[0], true, out);
}

FAR_TEXT_METHOD (removeprefix)

static far_status_t text_removesuffix (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return without_end (self, arguments[0], false, out);
}

FAR_TEXT_METHOD (removesuffix)

/* The next place where old is: for an empty one behind the next character. NULL: there is none any more. */
static const char *next_place (const far_value_t *self, const char *from, const char *end, far_bytes_t old, bool first)
{
    uint32_t code;
    if (old.size)
        return memmem (from, (size_t)(end - from), old.data, old.size);
    if (first)
        return from;
    return from < end ? from + far_text_code (self, from, end, &code) : NULL;
}

static far_status_t text_replace (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    far_bytes_t whole = far_value_bytes (self), old, new;
    far_status_t status = far_text_argument (self, arguments[0], &old);
    if (!status)
        status = far_text_argument (self, arguments[1], &new);
    if (status)
        return status;
    far_buffer_t text = { 0 };
    const char *from = whole.data, *end = from + whole.size, *at;
    int64_t most = far_value_int (arguments[2]); /* a negative one never comes down to 0 */
    for (bool first = true; most && text.size <= FAR_LIMIT_MESSAGE_BYTES; most--, first = false) {
        if (!(at = next_place (self, from, end, old, first)))
            break;
        far_buffer_append (&text, from, (size_t)(at - from));
        far_buffer_append (&text, new.data, new.size);
        from = at + old.size;
    }
    far_buffer_append (&text, from, (size_t)(end - from));
    return far_text_finish (self, &text, out);
}

FAR_TEXT_METHOD (replace)

/* What is missing to a width, in characters. Limit. */
static far_status_t missing (const far_value_t *self, const far_value_t *width, size_t *out)
{
    int64_t wanted = far_value_int (width), count = (int64_t)far_sequence_count (self);
    *out = wanted > count ? (size_t)(wanted - count) : 0;
    if (*out > FAR_LIMIT_MESSAGE_BYTES)
        return far_fail (FAR_E_LIMIT, "the result, a %s, would be too large for a message", far_builtin_name (self));
    return FAR_OK;
}

static far_status_t fill_of (const far_value_t *self, const far_value_t *argument, far_bytes_t *out)
{
    *out = (far_bytes_t){ " ", 1 };
    if (far_value_type (argument) == FAR_TYPE_NIL)
        return FAR_OK;
    far_status_t status = far_text_argument (self, argument, out);
    if (!status && far_sequence_count (argument) != 1)
        status = far_raise ("TypeError", "the fill character must be exactly one character long");
    return status;
}

static void append_times (far_buffer_t *text, far_bytes_t fill, size_t times)
{
    for (; times && text->size <= FAR_LIMIT_MESSAGE_BYTES; times--)
        far_buffer_append (text, fill.data, fill.size);
}

/* `left` of what is missing goes to the beginning. */
static far_status_t pad (const far_value_t *self, far_bytes_t fill, size_t left, size_t right, far_value_t **out)
{
    far_bytes_t whole = far_value_bytes (self);
    far_buffer_t text = { 0 };
    append_times (&text, fill, left);
    far_buffer_append (&text, whole.data, whole.size);
    append_times (&text, fill, right);
    return far_text_finish (self, &text, out);
}

static far_status_t text_ljust (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    size_t count;
    far_bytes_t fill;
    if (missing (self, arguments[0], &count) || fill_of (self, arguments[1], &fill))
        return far_error_kind (far_last_error ());
    return pad (self, fill, 0, count, out);
}

FAR_TEXT_METHOD (ljust)

static far_status_t text_rjust (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    size_t count;
    far_bytes_t fill;
    if (missing (self, arguments[0], &count) || fill_of (self, arguments[1], &fill))
        return far_error_kind (far_last_error ());
    return pad (self, fill, count, 0, out);
}

FAR_TEXT_METHOD (rjust)

/* Of an odd rest the one goes to the left where the width is odd too, as in CPython. */
static far_status_t text_center (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    size_t count;
    far_bytes_t fill;
    if (missing (self, arguments[0], &count) || fill_of (self, arguments[1], &fill))
        return far_error_kind (far_last_error ());
    size_t left = count / 2 + (count & (size_t)far_value_int (arguments[0]) & 1);
    return pad (self, fill, left, count - left, out);
}

FAR_TEXT_METHOD (center)

static far_status_t text_zfill (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    size_t count;
    if (missing (self, arguments[0], &count))
        return far_error_kind (far_last_error ());
    far_bytes_t whole = far_value_bytes (self);
    const char *digits = whole.data;
    size_t sign = whole.size && (*digits == '-' || *digits == '+');
    far_buffer_t text = { 0 };
    far_buffer_append (&text, digits, sign);
    append_times (&text, (far_bytes_t){ "0", 1 }, count);
    far_buffer_append (&text, digits + sign, whole.size - sign);
    return far_text_finish (self, &text, out);
}

FAR_TEXT_METHOD (zfill)
