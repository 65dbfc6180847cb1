/* Makes text that a peer may have chosen safe to print: nothing that a terminal or a log reader would take for more
 * than text. */
#include "base/log.h"
#include "base/utf8.h"

static bool is_control (uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

char *far_escape (const char *text, size_t size, char *out, size_t out_size)
{
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;
    for (size_t at = 0; at < size;) {
        uint32_t code;
        size_t length = far_utf8_next (text + at, size - at, &code);
        bool plain = length && !is_control (code);
        size_t raw = length ? length : 1;
        if (used + (plain ? raw : 4 * raw) >= out_size)
            break;
        for (size_t i = 0; i < raw; i++) {
            uint8_t byte = (uint8_t)text[at + i];
            if (plain) {
                out[used++] = (char)byte;
                continue;
            }
            out[used++] = '\\';
            out[used++] = 'x';
            out[used++] = digits[byte >> 4];
            out[used++] = digits[byte & 15];
        }
        at += raw;
    }
    out[used] = '\0';
    return out;
}
