/* Base64, strictly: no blanks, no other alphabet, and the padding must be there. */
#include "base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write (FILE *out, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t at = 0; at < size; at += 3) {
        size_t left = size - at;
        uint32_t group =
            (uint32_t)bytes[at] << 16 | (left > 1 ? (uint32_t)bytes[at + 1] << 8 : 0) | (left > 2 ? bytes[at + 2] : 0);
        fputc (digits[group >> 18], out);
        fputc (digits[group >> 12 & 63], out);
        fputc (left > 1 ? digits[group >> 6 & 63] : '=', out);
        fputc (left > 2 ? digits[group & 63] : '=', out);
    }
}

/* Four digits, of which the last `padded` are '='. */
static bool read_group (const char *text, size_t padded, uint32_t *out_group)
{
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *found = text[i] ? strchr (digits, text[i]) : NULL;
        if (i >= 4 - padded ? text[i] != '=' : !found)
            return false;
        group = group << 6 | (found ? (uint32_t)(found - digits) : 0);
    }
    *out_group = group;
    return !(group & ((1u << 8 * padded) - 1)); /* bits that no byte takes are 0 */
}

bool base64_read (const char *text, size_t text_size, uint8_t *out, size_t *out_size)
{
    if (text_size % 4)
        return false;
    size_t size = 0;
    for (size_t at = 0; at < text_size; at += 4) {
        bool last = at + 4 == text_size;
        size_t padded = !last ? 0 : (size_t)(text[at + 3] == '=') + (text[at + 2] == '=' && text[at + 3] == '=');
        uint32_t group;
        if (!read_group (text + at, padded, &group))
            return false;
        for (size_t i = 0; i < 3 - padded; i++)
            out[size++] = (uint8_t)(group >> (16 - 8 * i));
    }
    *out_size = size;
    return true;
}
