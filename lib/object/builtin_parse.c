/* Texts and numbers: int() and float() of a text, and the text of a float. In every locale the decimal point is a point. */
#include "object/builtin_number.h"
#include "object/builtin_text.h"
#include "base/error.h"
#include "base/log.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static locale_t plain;
static pthread_once_t plain_once = PTHREAD_ONCE_INIT;

static void make_plain (void)
{
    plain = newlocale (LC_ALL_MASK, "C", (locale_t)0);
}

/* Without `_` between digits; NUL-terminated, yours to free. NULL without memory. *out_bad: a `_` stands elsewhere, or
 * there is a NUL inside. */
static char *tidy (far_bytes_t text, bool *out_bad)
{
    const char *from = text.data, *end = from + text.size;
    char *copy = malloc ((size_t)(end - from) + 1), *to = copy;
    if (!copy)
        return NULL;
    *out_bad = false;
    for (; from < end; from++) {
        if (*from != '_')
            *to++ = *from;
        else if (to == copy || !isdigit ((unsigned char)to[-1]) || end - from < 2 || !isdigit ((unsigned char)from[1]))
            *out_bad = true;
    }
    *to = '\0';
    *out_bad |= strlen (copy) != (size_t)(to - copy);
    return copy;
}

static far_status_t unreadable (const char *what, far_bytes_t text)
{
    char shown[128];
    far_escape (text.data, text.size, shown, sizeof shown);
    return far_raise ("ValueError", "this is no %s: '%s'", what, shown);
}

static far_status_t parse_whole (const char *text, far_bytes_t given, far_value_t **out)
{
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    if (!*text || text[strspn (text, "0123456789")])
        return unreadable ("integer", given);
    far_wide_t whole = 0;
    for (; *text && whole < (far_wide_t)1 << 80; text++)
        whole = whole * 10 + (*text - '0');
    return far_whole_value (negative ? -whole : whole, out);
}

/* digits [. digits] [e digits], and the words. What strtod takes besides (hex, nan(...)) is none. */
static bool is_real (const char *text)
{
    text += *text == '-' || *text == '+';
    if (!strcasecmp (text, "inf") || !strcasecmp (text, "infinity") || !strcasecmp (text, "nan"))
        return true;
    size_t whole = strspn (text, "0123456789");
    text += whole;
    if (*text == '.') {
        size_t fraction = strspn (++text, "0123456789");
        text += fraction;
        whole += fraction;
    }
    if (whole && (*text == 'e' || *text == 'E')) {
        text++;
        text += *text == '-' || *text == '+';
        size_t digits = strspn (text, "0123456789");
        return digits && !text[digits];
    }
    return whole && !*text;
}

static far_status_t parse_real (const char *text, far_bytes_t given, far_value_t **out)
{
    if (!is_real (text))
        return unreadable ("float", given);
    pthread_once (&plain_once, make_plain);
    *out = plain ? far_value_from_float (strtod_l (text, NULL, plain)) : NULL;
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t parse (far_operator_t of, far_bytes_t text, far_value_t **out)
{
    bool bad = false;
    char *copy = tidy (text, &bad);
    if (!copy)
        return far_fail (FAR_E_NO_MEMORY, "no memory to read a number");
    far_status_t status = bad             ? unreadable (of == FAR_INT ? "integer" : "float", text)
                          : of == FAR_INT ? parse_whole (copy, text, out)
                                          : parse_real (copy, text, out);
    free (copy);
    return status;
}

far_status_t far_number_convert (far_operator_t of, const far_value_t *value, far_value_t **out)
{
    far_number_t number;
    if (!far_number_of (value, &number))
        return parse (of, far_text_trim (value), out);
    if (of == FAR_INT)
        return number.is_real ? far_whole_from_real (number.real, out) : far_whole_value (number.whole, out);
    *out = far_value_from_float (number.is_real ? number.real : (double)number.whole);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

/* The fewest digits that read as the same float: "d.ddde+xx". Below the normal floats fewer than 15 may do. */
static void shortest (double value, char *text, size_t size)
{
    for (int digits = fabs (value) < 0x1p-1022 ? 0 : 14; digits <= 16; digits++) {
        snprintf (text, size, "%.*e", digits, value);
        if (strtod (text, NULL) == value)
            return;
    }
}

/* Fixed notation where the point stands near the digits, else with an exponent of two digits or more. */
static void place_point (const char *digits, int count, int exponent, char *out)
{
    if (exponent < -4 || exponent >= 16) {
        out += sprintf (out, count > 1 ? "%c.%s" : "%c%s", digits[0], digits + 1);
        sprintf (out, "e%c%02d", exponent < 0 ? '-' : '+', abs (exponent));
    } else if (exponent < 0) {
        sprintf (out, "0.%.*s%s", -exponent - 1, "000", digits);
    } else if (exponent >= count - 1) {
        sprintf (out, "%s%.*s.0", digits, exponent - count + 1, "000000000000000");
    } else {
        sprintf (out, "%.*s.%s", exponent + 1, digits, digits + exponent + 1);
    }
}

void far_real_text (double value, char *text)
{
    if (!isfinite (value)) {
        strcpy (text, isnan (value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    char written[FAR_REAL_TEXT], digits[FAR_REAL_TEXT];
    shortest (fabs (value), written, sizeof written);
    int count = 0;
    for (const char *at = written; *at != 'e'; at++) /* whatever the locale puts between them */
        if (isdigit ((unsigned char)*at))
            digits[count++] = *at;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    digits[count] = '\0';
    if (signbit (value))
        *text++ = '-';
    place_point (digits, count, atoi (strchr (written, 'e') + 1), text);
}
