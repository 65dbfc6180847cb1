/* Plain values as text, as Python's repr and str write them. A timestamp is written as ISO 8601 has it, in UTC, a
 * reference by its class. */
#include "object/builtin_repr.h"
#include "object/builtin_number.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/handle.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A text being written: past what a message can hold it takes no more. */
typedef struct text {
    far_buffer_t out;
    bool full;
} text_t;

static void write_bytes (text_t *self, const void *data, size_t size)
{
    if (self->out.size + size > FAR_LIMIT_MESSAGE_BYTES)
        self->full = true;
    else
        far_buffer_append (&self->out, data, size);
}

static void write_text (text_t *self, const char *text)
{
    write_bytes (self, text, strlen (text));
}

/* Characters that can't be seen, or can't be told from a blank. */
static bool is_hidden (uint32_t code)
{
    static const uint32_t ranges[][2] = {
        { 0, 0x1f },        { 0x7f, 0xa0 },     { 0xad, 0xad },     { 0x600, 0x605 },
        { 0x61c, 0x61c },   { 0x1680, 0x1680 }, { 0x180e, 0x180e }, { 0x2000, 0x200f },
        { 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x3000, 0x3000 }, { 0xe000, 0xf8ff },
        { 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff }, { 0xe0000, 0x10ffff },
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return false;
}

static void write_escaped (text_t *self, uint32_t code)
{
    char escape[16];
    const char *format = code < 0x100 ? "\\x%02" PRIx32 : code < 0x10000 ? "\\u%04" PRIx32 : "\\U%08" PRIx32;
    snprintf (escape, sizeof escape, format, code);
    write_text (self, escape);
}

/* true: it has a short escape, which has been written. */
static bool write_short_escape (text_t *self, uint32_t code, char quote)
{
    const char *escape = code == '\n'                   ? "\\n"
                         : code == '\r'                 ? "\\r"
                         : code == '\t'                 ? "\\t"
                         : code == '\\'                 ? "\\\\"
                         : code == (unsigned char)quote ? (quote == '"' ? "\\\"" : "\\'")
                                                        : NULL;
    if (escape)
        write_text (self, escape);
    return escape;
}

/* In single quotes, unless there are some inside and no double ones. */
static void write_quoted (text_t *self, far_bytes_t bytes, bool is_binary)
{
    const char *at = bytes.data, *end = at + bytes.size;
    char quote = memchr (at, '\'', bytes.size) && !memchr (at, '"', bytes.size) ? '"' : '\'';
    write_text (self, is_binary ? "b" : "");
    write_bytes (self, &quote, 1);
    while (at < end && !self->full) {
        uint32_t code = (unsigned char)*at;
        size_t size = is_binary ? 1 : far_utf8_next (at, (size_t)(end - at), &code);
        if (!write_short_escape (self, code, quote)) {
            if (is_binary ? code < 0x20 || code > 0x7e : is_hidden (code))
                write_escaped (self, code);
            else
                write_bytes (self, at, size);
        }
        at += size;
    }
    write_bytes (self, &quote, 1);
}

static void write_number (text_t *self, const far_value_t *value)
{
    char text[FAR_REAL_TEXT];
    if (far_value_type (value) == FAR_TYPE_FLOAT)
        far_real_text (far_value_float (value), text);
    else if (far_value_type (value) == FAR_TYPE_UINT)
        snprintf (text, sizeof text, "%" PRIu64, far_value_uint (value));
    else
        snprintf (text, sizeof text, "%" PRId64, far_value_int (value));
    write_text (self, text);
}

static void write_time (text_t *self, struct timespec time)
{
    char text[64], fraction[16] = "";
    struct tm parts;
    if (time.tv_nsec)
        snprintf (fraction, sizeof fraction, ".%09ld", time.tv_nsec);
    if (gmtime_r (&time.tv_sec, &parts) && strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts)) {
        write_text (self, text);
        write_text (self, fraction);
        write_text (self, "Z");
        return;
    }
    snprintf (text, sizeof text, "%" PRId64 "%s s", (int64_t)time.tv_sec, fraction); /* no year that a calendar has */
    write_text (self, text);
}

static void write_value (text_t *self, const far_value_t *value);

static void write_items (text_t *self, const far_value_t *value, bool is_map)
{
    write_text (self, is_map ? "{" : "[");
    for (size_t i = 0; i < far_value_count (value) && !self->full; i++) {
        write_text (self, i ? ", " : "");
        if (is_map) {
            write_value (self, far_value_key (value, i));
            write_text (self, ": ");
        }
        write_value (self, far_value_item (value, i));
    }
    write_text (self, is_map ? "}" : "]");
}

static void write_reference (text_t *self, const far_handle_t *handle)
{
    write_text (self, "<");
    write_text (self, handle->kind->class_name (handle));
    write_text (self, ">");
}

static void write_value (text_t *self, const far_value_t *value)
{
    switch (far_value_type (value)) {
    case FAR_TYPE_NIL:
        write_text (self, "None");
        break;
    case FAR_TYPE_BOOL:
        write_text (self, far_value_bool (value) ? "True" : "False");
        break;
    case FAR_TYPE_INT:
    case FAR_TYPE_UINT:
    case FAR_TYPE_FLOAT:
        write_number (self, value);
        break;
    case FAR_TYPE_STRING:
    case FAR_TYPE_BINARY:
        write_quoted (self, far_value_bytes (value), far_value_type (value) == FAR_TYPE_BINARY);
        break;
    case FAR_TYPE_LIST:
    case FAR_TYPE_MAP:
        write_items (self, value, far_value_type (value) == FAR_TYPE_MAP);
        break;
    case FAR_TYPE_TIME:
        write_time (self, far_value_time (value));
        break;
    case FAR_TYPE_REFERENCE:
        write_reference (self, far_value_handle (value));
        break;
    }
}

far_status_t far_builtin_text (const far_value_t *value, bool is_str, far_value_t **out)
{
    if (is_str && far_value_type (value) == FAR_TYPE_STRING) {
        *out = far_value_retain (value);
        return FAR_OK;
    }
    text_t text = { 0 };
    write_value (&text, value);
    far_status_t status = FAR_OK;
    if (text.full)
        status = far_fail (FAR_E_LIMIT, "the text of a %s is too long for a message", far_builtin_name (value));
    else if (text.out.failed || !(*out = far_value_make_text (FAR_TYPE_STRING, text.out.data, text.out.size)))
        status = far_fail (FAR_E_NO_MEMORY, "no memory for the text of a %s", far_builtin_name (value));
    far_buffer_deinit (&text.out);
    return status;
}

far_status_t far_raise_missing (const far_value_t *key)
{
    far_value_t *text = NULL;
    far_status_t status = far_builtin_text (key, false, &text);
    if (status)
        return status;
    far_bytes_t shown = far_value_bytes (text);
    const char *letters = shown.data;
    if (shown.size > 200)
        for (shown.size = 200; (letters[shown.size] & 0xc0) == 0x80;) /* not in the middle of a character */
            shown.size--;
    status = far_raise ("KeyError", "%.*s", (int)shown.size, letters);
    far_value_destroy (&text);
    return status;
}
