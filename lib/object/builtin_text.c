/* What the methods of strings and binary share, and the tables of both. */
#include "object/builtin_text.h"
#include "object/builtin_methods.h"
#include "object/hosted.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define MOST_ARGUMENTS 3

far_status_t far_text_run (far_call_t *call, void *self, far_text_fn *does)
{
    far_value_t *arguments[MOST_ARGUMENTS] = { NULL }, *result = NULL, *text = far_hosted_read (self);
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && i < call->signature->count; i++) {
        far_reader_t in = call->bound[i];
        far_value_t *sent = far_value_read (&in, &call->resolver);
        arguments[i] = sent ? far_hosted_operand (sent) : NULL;
        status = arguments[i] ? FAR_OK : far_last_status ();
        far_value_destroy (&sent);
    }
    if (!status)
        status = does (text, arguments, &result);
    for (size_t i = 0; i < MOST_ARGUMENTS; i++)
        far_value_destroy (&arguments[i]);
    far_value_destroy (&text);
    return far_hosted_answer (call, status, &result);
}

far_status_t far_text_argument (const far_value_t *self, const far_value_t *argument, far_bytes_t *out)
{
    if (far_value_type (self) != far_value_type (argument))
        return far_raise ("TypeError", "a %s is required, not %s", far_builtin_name (self),
                          far_builtin_name (argument));
    *out = far_value_bytes (argument);
    return FAR_OK;
}

far_status_t far_text_finish (const far_value_t *self, far_buffer_t *text, far_value_t **out)
{
    far_status_t status = FAR_OK;
    if (text->size > FAR_LIMIT_MESSAGE_BYTES)
        status = far_fail (FAR_E_LIMIT, "the result, a %s, would be too large for a message", far_builtin_name (self));
    else if (text->failed || !(*out = far_value_make_text (far_value_type (self), text->data, text->size)))
        status = far_fail (FAR_E_NO_MEMORY, "no memory for a %s", far_builtin_name (self));
    far_buffer_deinit (text);
    return status;
}

far_value_t *far_text_slice (const far_value_t *self, const char *from, const char *to)
{
    return far_value_make_text (far_value_type (self), from, (size_t)(to - from));
}

size_t far_text_code (const far_value_t *self, const char *at, const char *end, uint32_t *out)
{
    *out = (unsigned char)*at;
    return far_value_type (self) == FAR_TYPE_BINARY ? 1 : far_utf8_next (at, (size_t)(end - at), out);
}

static void write_backwards (char *to, const char *from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = from[size - 1 - i];
}

far_status_t far_backwards_init (far_backwards_t *self, const char *from, const char *to, far_bytes_t part)
{
    size_t size = (size_t)(to - from);
    *self = (far_backwards_t){ .begin = from, .left = size, .part_size = part.size };
    self->text = malloc (size + part.size);
    if (!self->text)
        return far_fail (FAR_E_NO_MEMORY, "no memory to search a text");
    self->part = self->text + size;
    write_backwards (self->text, from, size);
    write_backwards (self->part, part.data, part.size);
    return FAR_OK;
}

void far_backwards_deinit (far_backwards_t *self)
{
    free (self->text);
}

const char *far_backwards_next (far_backwards_t *self)
{
    const char *end = self->part, *from = end - self->left;
    const char *at = memmem (from, self->left, self->part, self->part_size);
    if (!at)
        return NULL;
    self->left = (size_t)(end - at) - self->part_size;
    return self->begin + self->left;
}

bool far_text_is_space (const far_value_t *self, uint32_t code)
{
    static const uint16_t wide[] = { 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 };
    if (code == ' ' || (code >= '\t' && code <= '\r'))
        return true;
    if (far_value_type (self) == FAR_TYPE_BINARY)
        return false;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (code == wide[i])
            return true;
    return (code >= 0x1c && code <= 0x1f) || (code >= 0x2000 && code <= 0x200a);
}

static far_status_t text_encode (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    far_bytes_t text = far_value_bytes (self);
    *out = far_value_make_text (FAR_TYPE_BINARY, text.data, text.size);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

FAR_TEXT_METHOD (encode)

static far_status_t text_decode (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    far_bytes_t text = far_value_bytes (self);
    if (!far_is_utf8 (text.data, text.size))
        return far_raise ("UnicodeDecodeError", "these %zu bytes are not UTF-8", text.size);
    *out = far_value_make_text (FAR_TYPE_STRING, text.data, text.size);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

FAR_TEXT_METHOD (decode)

static far_status_t text_hex (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    far_bytes_t bytes = far_value_bytes (self);
    far_buffer_t text = { 0 };
    if (bytes.size > FAR_LIMIT_MESSAGE_BYTES / 2)
        return far_fail (FAR_E_LIMIT, "the result, a string, would be too large for a message");
    uint8_t *room = far_buffer_extend (&text, 2 * bytes.size + 1); /* never none */
    for (size_t i = 0; room && i < bytes.size; i++) {
        uint8_t byte = ((const uint8_t *)bytes.data)[i];
        room[2 * i] = (uint8_t) "0123456789abcdef"[byte >> 4];
        room[2 * i + 1] = (uint8_t) "0123456789abcdef"[byte & 15];
    }
    *out = room ? far_value_make_text (FAR_TYPE_STRING, text.data, 2 * bytes.size) : NULL;
    far_buffer_deinit (&text);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

FAR_TEXT_METHOD (hex)

#define MOST "9223372036854775807"

/* What both have. The letter of a result of self's type is its own. */
#define TEXT_METHODS(own) \
    { "upper", far_text_upper, "-> " own, "In capitals." }, \
        { "lower", far_text_lower, "-> " own, "In small letters." }, \
        { "capitalize", far_text_capitalize, "-> " own, "The first letter in capitals, the others small." }, \
        { "title", far_text_title, "-> " own, "The first letter of each word in capitals." }, \
        { "swapcase", far_text_swapcase, "-> " own, "Small letters in capitals, and the other way round." }, \
        { "strip", far_text_strip, "chars:v=nil -> " own, "Without blanks, or these characters, at both ends." }, \
        { "lstrip", far_text_lstrip, "chars:v=nil -> " own, "The same at the beginning." }, \
        { "rstrip", far_text_rstrip, "chars:v=nil -> " own, "The same at the end." }, \
        { "split", far_text_split, "sep:v=nil, maxsplit:l=-1 -> [" own "]", "Parts between blanks, or separators." }, \
        { "rsplit", far_text_rsplit, "sep:v=nil, maxsplit:l=-1 -> [" own "]", "The same, from the end." }, \
        { "splitlines", far_text_splitlines, "keepends:b=false -> [" own "]", "Lines." }, \
        { "partition", far_text_partition, "sep:v -> [" own "]", "Before, the separator, behind." }, \
        { "rpartition", far_text_rpartition, "sep:v -> [" own "]", "The same at the last separator." }, \
        { "join", far_text_join, "items:v -> " own, "The items of a list, with self between them." }, \
        { "startswith", far_text_startswith, "prefix:v -> b", "Does it begin so? A list: with one of them." }, \
        { "endswith", far_text_endswith, "suffix:v -> b", "Does it end so? A list: with one of them." }, \
        { "removeprefix", far_text_removeprefix, "prefix:v -> " own, "Without it." }, \
        { "removesuffix", far_text_removesuffix, "suffix:v -> " own, "Without it." }, \
        { "find", far_text_find, "part:v, start:l=0, stop:l=" MOST " -> l", "Where the part is first; -1: nowhere." }, \
        { "rfind", far_text_rfind, "part:v, start:l=0, stop:l=" MOST " -> l", "Where it is last; -1: nowhere." }, \
        { "index", far_text_index, "part:v, start:l=0, stop:l=" MOST " -> l", \
          "As find, but ValueError for nowhere." }, \
        { "rindex", far_text_rindex, "part:v, start:l=0, stop:l=" MOST " -> l", \
          "As rfind, but ValueError for nowhere." }, \
        { "count", far_text_occurrences, "part:v, start:l=0, stop:l=" MOST " -> l", "How often the part is there." }, \
        { "replace", far_text_replace, "old:v, new:v, count:l=-1 -> " own, "With new for old, at most count times." }, \
        { "ljust", far_text_ljust, "width:l, fill:v=nil -> " own, "Filled up at the end, with blanks by default." }, \
        { "rjust", far_text_rjust, "width:l, fill:v=nil -> " own, "Filled up at the beginning." }, \
        { "center", far_text_center, "width:l, fill:v=nil -> " own, "Filled up at both ends." }, \
        { "zfill", far_text_zfill, "width:l -> " own, "Filled up with 0 behind the sign." }, \
        { "isalpha", far_text_isalpha, "-> b", "Letters, and at least one?" }, \
        { "isdigit", far_text_isdigit, "-> b", "Digits, and at least one?" }, \
        { "isalnum", far_text_isalnum, "-> b", "Letters and digits, and at least one?" }, \
        { "isspace", far_text_isspace, "-> b", "Blanks, and at least one?" }, \
        { "isupper", far_text_isupper, "-> b", "No small letter, and a capital one?" }, \
    { \
        "islower", far_text_islower, "-> b", "No capital letter, and a small one?" \
    }

const far_method_t far_string_methods[] = {
    TEXT_METHODS ("s"),
    { "encode", far_text_encode, "-> y", "Its UTF-8 as binary." },
    { 0 },
};

const far_method_t far_binary_methods[] = {
    TEXT_METHODS ("y"),
    { "decode", far_text_decode, "-> s", "As a string, if it is UTF-8; UnicodeDecodeError if not." },
    { "hex", far_text_hex, "-> s", "Two digits for each byte." },
    { 0 },
};
