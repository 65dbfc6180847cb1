/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing past U+10FFFF. */
#ifndef FAR_BASE_UTF8_H
#define FAR_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Decodes the character at text; gives its bytes (1 to 4), or 0 where there is no valid one within size. */
static inline size_t far_utf8_next (const char *text, size_t size, uint32_t *out_code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (size == 0)
        return 0;
    uint8_t first = (uint8_t)text[0];
    if (first < 0x80) {
        *out_code = first;
        return 1;
    }
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size < length)
        return 0;
    uint32_t code = first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        uint8_t byte = (uint8_t)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (byte & 0x3f);
    }
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0;
    *out_code = code;
    return length;
}

#endif
