/* Taking texts apart, and putting them together. */
#include "object/builtin_sequence.h"
#include "object/builtin_text.h"
#include "base/error.h"
#include "base/limits.h"

#include <string.h>

static const char *previous (const far_value_t *self, const char *at, const char *begin)
{
    at--;
    while (far_value_type (self) == FAR_TYPE_STRING && at > begin && (*at & 0xc0) == 0x80)
        at--;
    return at;
}

/* Is the character one of these, or, without any, a blank? */
static bool is_among (const far_value_t *self, const char *at, const char *end, const far_bytes_t *chars)
{
    uint32_t code;
    size_t size = far_text_code (self, at, end, &code);
    return chars ? memmem (chars->data, chars->size, at, size) != NULL : far_text_is_space (self, code);
}

static far_status_t strip_ends (const far_value_t *self, const far_value_t *argument, bool left, bool right,
                                far_value_t **out)
{
    far_bytes_t text = far_value_bytes (self), given, *chars = NULL;
    if (far_value_type (argument) != FAR_TYPE_NIL) {
        chars = &given;
        far_status_t status = far_text_argument (self, argument, chars);
        if (status)
            return status;
    }
    const char *from = text.data, *to = from + text.size;
    uint32_t code;
    while (left && from < to && is_among (self, from, to, chars))
        from += far_text_code (self, from, to, &code);
    while (right && from < to && is_among (self, previous (self, to, from), to, chars))
        to = previous (self, to, from);
    *out = far_text_slice (self, from, to);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t text_strip (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return strip_ends (self, arguments[0], true, true, out);
}

FAR_TEXT_METHOD (strip)

static far_status_t text_lstrip (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return strip_ends (self, arguments[0], true, false, out);
}

FAR_TEXT_METHOD (lstrip)

static far_status_t text_rstrip (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return strip_ends (self, arguments[0], false, true, out);
}

FAR_TEXT_METHOD (rstrip)

static far_status_t add_part (far_value_t *list, const far_value_t *self, const char *from, const char *to)
{
    if (far_value_count (list) + 2 > FAR_LIMIT_VALUES)
        return far_fail (FAR_E_LIMIT, "a list of %d values or more", FAR_LIMIT_VALUES);
    far_value_t *part = far_text_slice (self, from, to);
    return far_value_append (list, &part);
}

static far_status_t split_at (const far_value_t *self, far_bytes_t separator, int64_t most, far_value_t *list)
{
    far_bytes_t text = far_value_bytes (self);
    const char *from = text.data, *end = from + text.size, *at;
    far_status_t status = FAR_OK;
    for (; !status && most && (at = memmem (from, (size_t)(end - from), separator.data, separator.size)); most--) {
        status = add_part (list, self, from, at);
        from = at + separator.size;
    }
    return status ? status : add_part (list, self, from, end);
}

static far_status_t split_back_at (const far_value_t *self, far_bytes_t separator, int64_t most, far_value_t *list)
{
    far_bytes_t text = far_value_bytes (self);
    const char *begin = text.data, *to = begin + text.size, *at;
    far_backwards_t search;
    far_status_t status = far_backwards_init (&search, begin, to, separator);
    for (; !status && most && (at = far_backwards_next (&search)); most--) {
        status = add_part (list, self, at + separator.size, to);
        to = at;
    }
    far_backwards_deinit (&search);
    return status ? status : add_part (list, self, begin, to);
}

static const char *skip (const far_value_t *self, const char *at, const char *end, bool blanks)
{
    uint32_t code;
    while (at < end && is_among (self, at, end, NULL) == blanks)
        at += far_text_code (self, at, end, &code);
    return at;
}

static const char *skip_back (const far_value_t *self, const char *begin, const char *at, bool blanks)
{
    while (at > begin && is_among (self, previous (self, at, begin), at, NULL) == blanks)
        at = previous (self, at, begin);
    return at;
}

far_bytes_t far_text_trim (const far_value_t *self)
{
    far_bytes_t text = far_value_bytes (self);
    const char *from = text.data, *end = from + text.size;
    from = skip (self, from, end, true);
    return (far_bytes_t){ from, (size_t)(skip_back (self, from, end, true) - from) };
}

/* Between runs of blanks. What is left over at last goes to its end, without the blanks around it. */
static far_status_t split_blanks (const far_value_t *self, int64_t most, far_value_t *list)
{
    far_bytes_t text = far_value_bytes (self);
    const char *begin = text.data, *end = begin + text.size, *at = skip (self, begin, end, true);
    far_status_t status = FAR_OK;
    for (; !status && at < end && most; most--) {
        const char *behind = skip (self, at, end, false);
        status = add_part (list, self, at, behind);
        at = skip (self, behind, end, true);
    }
    return status || at == end ? status : add_part (list, self, at, end);
}

static far_status_t split_blanks_back (const far_value_t *self, int64_t most, far_value_t *list)
{
    far_bytes_t text = far_value_bytes (self);
    const char *begin = text.data, *at = skip_back (self, begin, begin + text.size, true);
    far_status_t status = FAR_OK;
    for (; !status && at > begin && most; most--) {
        const char *from = skip_back (self, begin, at, false);
        status = add_part (list, self, from, at);
        at = skip_back (self, begin, from, true);
    }
    return status || at == begin ? status : add_part (list, self, begin, at);
}

static void turn_round (far_value_t *list)
{
    far_value_t **items = far_value_order (list);
    for (size_t i = 0, count = far_value_count (list); i < count / 2; i++) {
        far_value_t *item = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = item;
    }
}

static far_status_t split_any (const far_value_t *self, far_value_t *const *arguments, bool back, far_value_t **out)
{
    bool blanks = far_value_type (arguments[0]) == FAR_TYPE_NIL;
    int64_t most = far_value_int (arguments[1]); /* negative ones never come down to 0 */
    far_bytes_t separator = { "", 1 };
    far_status_t status = blanks ? FAR_OK : far_text_argument (self, arguments[0], &separator);
    if (!status && !separator.size)
        status = far_raise ("ValueError", "empty separator");
    if (status)
        return status;
    far_value_t *list = far_value_list ();
    if (!list)
        return FAR_E_NO_MEMORY;
    if (blanks)
        status = (back ? split_blanks_back : split_blanks) (self, most, list);
    else
        status = (back ? split_back_at : split_at) (self, separator, most, list);
    if (status) {
        far_value_destroy (&list);
        return status;
    }
    if (back)
        turn_round (list);
    *out = list;
    return FAR_OK;
}

static far_status_t text_split (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return split_any (self, arguments, false, out);
}

FAR_TEXT_METHOD (split)

static far_status_t text_rsplit (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return split_any (self, arguments, true, out);
}

FAR_TEXT_METHOD (rsplit)

/* Bytes of the line end at `at`; 0: there is none. */
static size_t line_end (const far_value_t *self, const char *at, const char *end)
{
    uint32_t code;
    size_t size = far_text_code (self, at, end, &code);
    if (code == '\r')
        return at + 1 < end && at[1] == '\n' ? 2 : 1;
    if (code == '\n')
        return 1;
    bool ends =
        far_value_type (self) == FAR_TYPE_STRING && (code == 0x0b || code == 0x0c || (code >= 0x1c && code <= 0x1e) ||
                                                     code == 0x85 || code == 0x2028 || code == 0x2029);
    return ends ? size : 0;
}

static far_status_t text_splitlines (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    bool keeps_ends = far_value_bool (arguments[0]);
    far_bytes_t text = far_value_bytes (self);
    const char *from = text.data, *end = from + text.size;
    far_value_t *list = far_value_list ();
    far_status_t status = list ? FAR_OK : FAR_E_NO_MEMORY;
    while (!status && from < end) {
        const char *at = from;
        size_t size = 0;
        uint32_t code;
        while (at < end && !(size = line_end (self, at, end)))
            at += far_text_code (self, at, end, &code);
        status = add_part (list, self, from, keeps_ends ? at + size : at);
        from = at + size;
    }
    if (status)
        far_value_destroy (&list);
    else
        *out = list;
    return status;
}

FAR_TEXT_METHOD (splitlines)

/* Where the separator is first or last; NULL in *out: nowhere. */
static far_status_t find_separator (far_bytes_t text, far_bytes_t separator, bool back, const char **out)
{
    const char *begin = text.data;
    if (!back) {
        *out = memmem (begin, text.size, separator.data, separator.size);
        return FAR_OK;
    }
    far_backwards_t search;
    far_status_t status = far_backwards_init (&search, begin, begin + text.size, separator);
    if (!status)
        *out = far_backwards_next (&search);
    far_backwards_deinit (&search);
    return status;
}

static far_status_t part_in_three (const far_value_t *self, const far_value_t *argument, bool back, far_value_t **out)
{
    far_bytes_t text = far_value_bytes (self), separator;
    const char *begin = text.data, *end = begin + text.size, *at = NULL;
    far_status_t status = far_text_argument (self, argument, &separator);
    if (!status)
        status =
            separator.size ? find_separator (text, separator, back, &at) : far_raise ("ValueError", "empty separator");
    if (status)
        return status;
    const char *behind = at ? at + separator.size : back ? begin : end;
    if (!at)
        at = behind;
    far_value_t *list = far_value_list ();
    status = list ? add_part (list, self, begin, at) : FAR_E_NO_MEMORY;
    if (!status)
        status = add_part (list, self, at, behind);
    if (!status)
        status = add_part (list, self, behind, end);
    if (status)
        far_value_destroy (&list);
    else
        *out = list;
    return status;
}

static far_status_t text_partition (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return part_in_three (self, arguments[0], false, out);
}

FAR_TEXT_METHOD (partition)

static far_status_t text_rpartition (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    return part_in_three (self, arguments[0], true, out);
}

FAR_TEXT_METHOD (rpartition)

static far_status_t text_join (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    far_bytes_t between = far_value_bytes (self), item;
    far_value_t *items = NULL;
    far_buffer_t text = { 0 };
    far_status_t status = far_sequence_items (arguments[0], &items);
    for (size_t i = 0; !status && i < far_value_count (items); i++) {
        status = far_text_argument (self, far_value_item (items, i), &item);
        if (status || text.size > FAR_LIMIT_MESSAGE_BYTES)
            break;
        if (i)
            far_buffer_append (&text, between.data, between.size);
        far_buffer_append (&text, item.data, item.size);
    }
    far_value_destroy (&items);
    if (!status)
        return far_text_finish (self, &text, out);
    far_buffer_deinit (&text);
    return status;
}

FAR_TEXT_METHOD (join)
