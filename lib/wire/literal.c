/* Reads literals and writes them as MessagePack. Knows nothing of what they are the values of. */
#include "wire/literal.h"
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* A sign stands in front of a number or of its exponent: "1->l" is a number and an arrow. */
static size_t number_size (const char *text)
{
    size_t size = 0;
    while (text[size] && strchr ("+-0123456789.eE", text[size])) {
        bool sign = text[size] == '+' || text[size] == '-';
        if (sign && size && text[size - 1] != 'e' && text[size - 1] != 'E')
            break;
        size++;
    }
    return size;
}

/* The decimal point is a point in every locale. */
static double read_float (const char *number, char **out_end)
{
    locale_t plain = newlocale (LC_ALL_MASK, "C", (locale_t)0);
    double real = plain ? strtod_l (number, out_end, plain) : strtod (number, out_end);
    if (plain)
        freelocale (plain);
    return real;
}

/* A number is a float if it is written like one. */
static size_t write_number (far_writer_t *out, const char *text, const char **out_why)
{
    size_t size = number_size (text);
    char number[64], *end;
    if (!size || size >= sizeof number) {
        *out_why = "expected nil, true, false, a number, or a text in ''";
        return 0;
    }
    memcpy (number, text, size);
    number[size] = '\0';
    errno = 0;
    if (strpbrk (number, ".eE"))
        far_write_float (out, read_float (number, &end));
    else if (number[0] == '-')
        far_write_int (out, strtoll (number, &end, 10));
    else
        far_write_uint (out, strtoull (number, &end, 10));
    if (!*end && !errno)
        return size;
    *out_why = "this number can't be read, or is out of range";
    return 0;
}

static size_t write_text (far_writer_t *out, const char *text, const char **out_why)
{
    const char *end = strchr (text + 1, '\'');
    if (!end) {
        *out_why = "the text has no end";
        return 0;
    }
    far_write_string (out, text + 1, (size_t)(end - text - 1));
    if (!far_writer_status (out))
        return (size_t)(end + 1 - text);
    *out_why = "the text is not UTF-8";
    return 0;
}

static size_t word_size (const char *text, const char *word)
{
    size_t size = strlen (word);
    bool is_word = !strncmp (text, word, size) && !isalnum ((unsigned char)text[size]) && text[size] != '_';
    return is_word ? size : 0;
}

size_t far_literal_write (far_writer_t *out, const char *text, const char **out_why)
{
    size_t size = word_size (text, "nil");
    if (size) {
        far_write_nil (out);
        return size;
    }
    size = word_size (text, "true");
    if (size) {
        far_write_bool (out, true);
        return size;
    }
    size = word_size (text, "false");
    if (size) {
        far_write_bool (out, false);
        return size;
    }
    return *text == '\'' ? write_text (out, text, out_why) : write_number (out, text, out_why);
}
