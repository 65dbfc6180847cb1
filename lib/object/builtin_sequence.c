/* Lists, strings and binary as sequences. Whatever could grow without end is measured before it is made. */
#include "object/builtin_sequence.h"
#include "object/builtin_number.h"
#include "base/error.h"
#include "base/limits.h"

#include <string.h>

static bool is_text (const far_value_t *value)
{
    return far_value_type (value) == FAR_TYPE_STRING || far_value_type (value) == FAR_TYPE_BINARY;
}

size_t far_text_count (const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += (text[i] & 0xc0) != 0x80; /* all but continuations */
    return count;
}

size_t far_sequence_count (const far_value_t *value)
{
    far_bytes_t text = far_value_bytes (value);
    if (far_value_type (value) == FAR_TYPE_STRING)
        return far_text_count (text.data, text.size);
    return far_value_type (value) == FAR_TYPE_BINARY ? text.size : far_value_count (value);
}

far_status_t far_sequence_contains (far_operator_t of, const far_value_t *sequence, const far_value_t *item,
                                    far_value_t **out)
{
    (void)of;
    bool found = false;
    far_number_t byte;
    far_bytes_t whole = far_value_bytes (sequence), part = far_value_bytes (item);
    if (far_value_type (sequence) == FAR_TYPE_LIST) {
        for (size_t i = 0; !found && i < far_value_count (sequence); i++)
            found = far_builtin_equals (far_value_item (sequence, i), item);
    } else if (far_value_type (item) == far_value_type (sequence)) {
        found = !part.size || memmem (whole.data, whole.size, part.data, part.size);
    } else if (far_value_type (sequence) == FAR_TYPE_STRING || !far_number_of (item, &byte) || byte.is_real) {
        return far_raise ("TypeError", "'in <%s>' requires a %s, not %s", far_builtin_name (sequence),
                          far_builtin_name (sequence), far_builtin_name (item));
    } else if (byte.whole < 0 || byte.whole > 255) {
        return far_raise ("ValueError", "byte must be in range(0, 256)");
    } else {
        found = memchr (whole.data, (int)byte.whole, whole.size);
    }
    *out = far_value_from_bool (found);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t append_all (far_value_t *list, const far_value_t *from)
{
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && i < far_value_count (from); i++) {
        far_value_t *item = far_value_retain (far_value_item (from, i));
        status = far_value_append (list, &item);
    }
    return status;
}

/* Would a text or list of times the sizes of a and b (NULL: none) still fit a message? */
static far_status_t check_size (const far_value_t *a, const far_value_t *b, far_wide_t times)
{
    far_wide_t size = is_text (a) ? (far_wide_t)(far_value_bytes (a).size + far_value_bytes (b).size)
                                  : (far_wide_t)far_value_weight (a, FAR_LIMIT_VALUES) +
                                        (b ? (far_wide_t)far_value_weight (b, FAR_LIMIT_VALUES) : 0) - 1;
    far_wide_t most = is_text (a) ? (far_wide_t)FAR_LIMIT_MESSAGE_BYTES : FAR_LIMIT_VALUES - 1;
    if (size && times > most / size)
        return far_fail (FAR_E_LIMIT, "the result, a %s, would be too large for a message", far_builtin_name (a));
    return FAR_OK;
}

/* A text of what is in a, times over, and b. */
static far_status_t make_text (const far_value_t *a, size_t times, const far_value_t *b, far_value_t **out)
{
    far_bytes_t first = far_value_bytes (a), second = far_value_bytes (b);
    far_buffer_t text = { 0 };
    uint8_t *room = far_buffer_extend (&text, first.size * times + second.size + 1); /* never none */
    if (room) {
        for (size_t i = 0; first.size && i < times; i++, room += first.size)
            memcpy (room, first.data, first.size);
        memcpy (room, second.data, second.size);
        *out = far_value_make_text (far_value_type (a), text.data, text.size - 1);
    }
    far_buffer_deinit (&text);
    return room && *out ? FAR_OK : far_fail (FAR_E_NO_MEMORY, "no memory for a %s", far_builtin_name (a));
}

static far_status_t make_list (const far_value_t *a, size_t times, const far_value_t *b, far_value_t **out)
{
    far_value_t *list = far_value_list ();
    far_status_t status = list ? FAR_OK : FAR_E_NO_MEMORY;
    for (size_t i = 0; !status && far_value_count (a) && i < times; i++)
        status = append_all (list, a);
    if (!status)
        status = append_all (list, b);
    if (status)
        far_value_destroy (&list);
    else
        *out = list;
    return status;
}

far_status_t far_sequence_concat (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out)
{
    (void)of;
    far_status_t status = check_size (a, b, 1);
    return status ? status : is_text (a) ? make_text (a, 1, b, out) : make_list (a, 1, b, out);
}

far_status_t far_sequence_repeat (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out)
{
    (void)of;
    far_number_t times;
    const far_value_t *sequence = far_number_of (a, &times) ? b : a;
    far_number_of (sequence == a ? b : a, &times);
    if (times.whole < 0)
        times.whole = 0;
    far_status_t status = check_size (sequence, NULL, times.whole);
    if (status)
        return status;
    return is_text (sequence) ? make_text (sequence, (size_t)times.whole, NULL, out)
                              : make_list (sequence, (size_t)times.whole, NULL, out);
}

static far_status_t characters (const far_value_t *text, far_value_t **out)
{
    far_bytes_t bytes = far_value_bytes (text);
    const char *at = bytes.data, *end = at + bytes.size;
    bool is_binary = far_value_type (text) == FAR_TYPE_BINARY;
    if (far_sequence_count (text) >= FAR_LIMIT_VALUES)
        return far_fail (FAR_E_LIMIT, "a list of %d values or more", FAR_LIMIT_VALUES);
    far_value_t *list = far_value_list ();
    far_status_t status = list ? FAR_OK : FAR_E_NO_MEMORY;
    while (!status && at < end) {
        far_bytes_t character =
            is_binary ? (far_bytes_t){ at, 1 } : far_text_part ((far_bytes_t){ at, (size_t)(end - at) }, 0, 1);
        far_value_t *item = is_binary ? far_value_from_int ((unsigned char)*at)
                                      : far_value_make_text (FAR_TYPE_STRING, character.data, character.size);
        status = far_value_append (list, &item);
        at += character.size;
    }
    if (status)
        far_value_destroy (&list);
    else
        *out = list;
    return status;
}

static far_status_t keys (const far_value_t *map, far_value_t **out)
{
    far_value_t *list = far_value_list ();
    far_status_t status = list ? FAR_OK : FAR_E_NO_MEMORY;
    for (size_t i = 0; !status && i < far_value_count (map); i++) {
        far_value_t *key = far_value_retain (far_value_key (map, i));
        status = far_value_append (list, &key);
    }
    if (status)
        far_value_destroy (&list);
    else
        *out = list;
    return status;
}

far_status_t far_sequence_items (const far_value_t *value, far_value_t **out)
{
    switch (far_value_type (value)) {
    case FAR_TYPE_LIST:
        *out = far_value_retain (value);
        return FAR_OK;
    case FAR_TYPE_MAP:
        return keys (value, out);
    case FAR_TYPE_STRING:
    case FAR_TYPE_BINARY:
        return characters (value, out);
    default:
        return far_raise ("TypeError", "'%s' is not iterable", far_builtin_name (value));
    }
}
