/* The check of strings. Most are ASCII: those go by eight bytes at a time. */
#include "base/utf8.h"
#include "wire/reader.h"

#include <string.h>

bool far_is_utf8 (const char *text, size_t size)
{
    while (size) {
        while (size >= 8) {
            uint64_t word;
            memcpy (&word, text, sizeof word);
            if (word & 0x8080808080808080u)
                break;
            text += 8;
            size -= 8;
        }
        uint32_t code;
        for (size_t stop = size > 8 ? size - 8 : 0; size > stop;) {
            size_t length = far_utf8_next (text, size, &code);
            if (!length)
                return false;
            text += length;
            size -= length;
        }
    }
    return true;
}
