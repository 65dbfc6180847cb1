/* Items of sequences, by index and by slice. Texts are walked, from the nearer end; nothing is built but the result. */
#include "object/builtin_sequence.h"
#include "object/builtin_number.h"
#include "base/buffer.h"
#include "base/error.h"

#include <string.h>

static bool is_continuation (char byte)
{
    return (byte & 0xc0) == 0x80;
}

static const char *next_character (const char *at, const char *end)
{
    at++;
    while (at < end && is_continuation (*at))
        at++;
    return at;
}

static const char *previous_character (const char *at, const char *begin)
{
    at--;
    while (at > begin && is_continuation (*at))
        at--;
    return at;
}

far_bytes_t far_text_part (far_bytes_t text, size_t from, size_t count)
{
    const char *at = text.data, *end = at + text.size;
    for (; from && at < end; from--)
        at = next_character (at, end);
    const char *behind = at;
    for (; count && behind < end; count--)
        behind = next_character (behind, end);
    return (far_bytes_t){ at, (size_t)(behind - at) };
}

far_status_t far_sequence_index (const far_value_t *sequence, const far_value_t *index, size_t *out)
{
    far_number_t number;
    if (!far_number_of (index, &number) || number.is_real)
        return far_raise ("TypeError", "%s indices must be integers or slices, not %s", far_builtin_name (sequence),
                          far_builtin_name (index));
    far_wide_t count = (far_wide_t)far_sequence_count (sequence);
    far_wide_t at = number.whole < 0 ? number.whole + count : number.whole;
    if (at < 0 || at >= count)
        return far_raise ("IndexError", "%s index out of range", far_builtin_name (sequence));
    *out = (size_t)at;
    return FAR_OK;
}

/* A part of a slice, with nil as `otherwise`. */
static far_status_t slice_part (const far_value_t *part, far_wide_t otherwise, far_wide_t *out)
{
    far_number_t number;
    *out = otherwise;
    if (far_value_type (part) == FAR_TYPE_NIL)
        return FAR_OK;
    if (!far_number_of (part, &number) || number.is_real)
        return far_raise ("TypeError", "slice indices must be integers or nil, not %s", far_builtin_name (part));
    *out = number.whole;
    return FAR_OK;
}

static far_wide_t clamp (far_wide_t at, far_wide_t count, far_wide_t least, far_wide_t most)
{
    if (at < 0)
        at += count;
    return at < least ? least : at > most ? most : at;
}

far_status_t far_slice_of (const far_value_t *key, size_t size, far_slice_t *out)
{
    far_wide_t count = (far_wide_t)size, start, stop, step;
    if (far_value_count (key) != 2 && far_value_count (key) != 3)
        return far_raise ("TypeError", "a slice is [start, stop] or [start, stop, step]");
    if (slice_part (far_value_item (key, 2), 1, &step))
        return FAR_E_RAISED;
    if (!step)
        return far_raise ("ValueError", "slice step cannot be zero");
    bool back = step < 0;
    if (slice_part (far_value_item (key, 0), back ? count : 0, &start) ||
        slice_part (far_value_item (key, 1), back ? -1 - count : count, &stop))
        return FAR_E_RAISED;
    start = clamp (start, count, back ? -1 : 0, back ? count - 1 : count);
    stop = clamp (stop, count, back ? -1 : 0, back ? count - 1 : count);
    far_wide_t distance = back ? start - stop : stop - start, stride = back ? -step : step;
    *out = (far_slice_t){ .start = (size_t)(start < 0 ? 0 : start) };
    out->count = distance > 0 ? (size_t)((distance + stride - 1) / stride) : 0;
    out->step = out->count < 2 ? 1 : (ptrdiff_t)step;
    return FAR_OK;
}

static far_status_t list_slice (const far_value_t *list, far_slice_t slice, far_value_t **out)
{
    far_value_t *part = far_value_list ();
    far_status_t status = part ? FAR_OK : FAR_E_NO_MEMORY;
    for (size_t i = 0; !status && i < slice.count; i++) {
        size_t at = slice.start + i * (size_t)slice.step; /* wraps where the step is negative, as it should */
        far_value_t *item = far_value_retain (far_value_item (list, at));
        status = far_value_append (part, &item);
    }
    if (status)
        far_value_destroy (&part);
    else
        *out = part;
    return status;
}

/* Every step-th character, forward or back. */
static far_status_t text_slice (const far_value_t *text, far_slice_t slice, far_value_t **out)
{
    far_bytes_t bytes = far_value_bytes (text), from = far_text_part (bytes, slice.start, 1);
    const char *begin = bytes.data, *end = begin + bytes.size, *at = from.data;
    far_buffer_t part = { 0 };
    for (size_t i = 0; i < slice.count; i++) {
        far_buffer_append (&part, at, (size_t)(next_character (at, end) - at));
        if (i + 1 < slice.count)
            for (ptrdiff_t steps = slice.step; steps; steps += steps < 0 ? 1 : -1)
                at = steps < 0 ? previous_character (at, begin) : next_character (at, end);
    }
    *out = part.failed ? NULL : far_value_make_text (FAR_TYPE_STRING, part.data, part.size);
    far_buffer_deinit (&part);
    return *out ? FAR_OK : far_fail (FAR_E_NO_MEMORY, "no memory for a part of a string");
}

static far_status_t binary_slice (const far_value_t *binary, far_slice_t slice, far_value_t **out)
{
    const char *bytes = far_value_bytes (binary).data;
    far_buffer_t part = { 0 };
    uint8_t *room = far_buffer_extend (&part, slice.count + 1); /* never none */
    for (size_t i = 0; room && i < slice.count; i++)
        room[i] = (uint8_t)bytes[slice.start + i * (size_t)slice.step];
    *out = room ? far_value_make_text (FAR_TYPE_BINARY, part.data, slice.count) : NULL;
    far_buffer_deinit (&part);
    return *out ? FAR_OK : far_fail (FAR_E_NO_MEMORY, "no memory for a part of a binary");
}

static far_status_t slice_item (const far_value_t *sequence, const far_value_t *key, far_value_t **out)
{
    far_slice_t slice;
    far_status_t status = far_slice_of (key, far_sequence_count (sequence), &slice);
    if (status)
        return status;
    switch (far_value_type (sequence)) {
    case FAR_TYPE_STRING:
        return text_slice (sequence, slice, out);
    case FAR_TYPE_BINARY:
        return binary_slice (sequence, slice, out);
    default:
        return list_slice (sequence, slice, out);
    }
}

far_status_t far_sequence_item (far_operator_t of, const far_value_t *sequence, const far_value_t *key,
                                far_value_t **out)
{
    (void)of;
    if (far_value_type (key) == FAR_TYPE_LIST)
        return slice_item (sequence, key, out);
    size_t at;
    far_status_t status = far_sequence_index (sequence, key, &at);
    if (status)
        return status;
    far_bytes_t text = far_value_bytes (sequence);
    if (far_value_type (sequence) == FAR_TYPE_LIST) {
        *out = far_value_retain (far_value_item (sequence, at));
    } else if (far_value_type (sequence) == FAR_TYPE_BINARY) {
        *out = far_value_from_int (((const unsigned char *)text.data)[at]);
    } else {
        far_bytes_t character = far_text_part (text, at, 1);
        *out = far_value_make_text (FAR_TYPE_STRING, character.data, character.size);
    }
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}
