/* Text of other processes, made safe for a terminal: control characters (C0, DEL and C1) and what changes the direction
 * of a line are escaped, everything else stays readable. Locales are left alone: a peer's text is UTF-8 whatever ours is. */
#include "text.h"

#include <stdint.h>
#include <string.h>

typedef struct range {
    uint32_t first, last;
} range_t;

static const range_t unsafe[] = {
    { 0x00, 0x1f },     { 0x7f, 0x9f },     { 0x061c, 0x061c }, { 0x200e, 0x200f },
    { 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
};

/* The large blocks of Unicode's combining characters, and of its wide ones: what a name or a line of help has. */
static const range_t narrow[] = {
    { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x064b, 0x065f }, { 0x1ab0, 0x1aff },
    { 0x1dc0, 0x1dff }, { 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
};
static const range_t wide[] = {
    { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },   { 0xac00, 0xd7a3 },
    { 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
    { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

#define IS_IN(ranges, code) is_in (ranges, sizeof ranges / sizeof *ranges, code)

static bool is_in (const range_t *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

/* The code point at text, and its bytes. A byte that begins none is taken for a control character of that number. */
static uint32_t decode (const char *text, size_t size, size_t *out_length)
{
    uint8_t lead = (uint8_t)*text;
    size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
    *out_length = 1;
    if (length == 1)
        return lead;
    if (!length || length > size)
        return lead & 0x9f;
    uint32_t code = lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return lead & 0x9f;
        code = code << 6 | ((uint8_t)text[i] & 0x3fu);
    }
    *out_length = length;
    return code;
}

static void write_escape (FILE *out, uint32_t code)
{
    static const char named[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
    const char *found = code && code < 0x80 ? strchr (named, (int)code) : NULL;
    if (found)
        fprintf (out, "\\%c", letters[found - named]);
    else
        fprintf (out, "\\u%04x", (unsigned)code);
}

void text_write (FILE *out, const char *text, size_t size, bool quoted)
{
    for (size_t at = 0, length; at < size; at += length) {
        uint32_t code = decode (text + at, size - at, &length);
        if (IS_IN (unsafe, code) || (quoted && (code == '"' || code == '\\')))
            write_escape (out, code);
        else
            fwrite (text + at, 1, length, out);
    }
}

size_t text_width (const char *text)
{
    size_t width = 0;
    for (size_t left = strlen (text), length; left; left -= length, text += length) {
        uint32_t code = decode (text, left, &length);
        width += IS_IN (wide, code) ? 2 : IS_IN (narrow, code) ? 0 : 1;
    }
    return width;
}
