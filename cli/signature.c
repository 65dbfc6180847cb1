/* Signatures as people read them: the letters of farcall/value.h become words, names and defaults stay as they are. */
#include "signature.h"

#include <stdbool.h>
#include <string.h>

static const struct letter {
    char letter;
    const char *word;
} letters[] = {
    { 'n', "nil" },  { 'b', "bool" },      { 'i', "int32" },     { 'l', "int" },
    { 'u', "uint" }, { 'f', "float" },     { 's', "string" },    { 'y', "binary" },
    { 't', "time" }, { 'P', "reference" }, { 'O', "reference" }, { 'v', "any" },
};

enum { DEPTH_MAX = 16 };

/* Writes one shape, "l", "[s]" or "{sv}", and gives what stands behind it. */
static const char *write_shape (FILE *out, const char *text, int depth)
{
    if ((*text == '[' || *text == '{') && depth < DEPTH_MAX) {
        bool is_map = *text == '{';
        fputc (*text, out);
        text = write_shape (out, text + 1, depth + 1);
        if (is_map && *text && *text != '}') {
            fputs (": ", out);
            text = write_shape (out, text, depth + 1);
        }
        if (*text != (is_map ? '}' : ']'))
            return text;
        fputc (*text, out);
        return text + 1;
    }
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (*text == letters[i].letter) {
            fputs (letters[i].word, out);
            return text + 1;
        }
    }
    return text;
}

static const char *skip_blanks (const char *text)
{
    return text + strspn (text, " \t");
}

static bool is_arrow (const char *text)
{
    return text[0] == '-' && text[1] == '>';
}

/* Writes a default, which may be 'text' with commas and arrows in it. */
static const char *write_default (FILE *out, const char *text)
{
    bool quoted = false;
    for (; *text && (quoted || (*text != ',' && *text != ' ' && !is_arrow (text))); text++) {
        quoted ^= *text == '\'';
        fputc (*text, out);
    }
    return text;
}

/* Writes the parameters and gives what stands behind them: the arrow, or the end. */
static const char *write_parameters (FILE *out, const char *text)
{
    for (text = skip_blanks (text); *text && !is_arrow (text); text = skip_blanks (text)) {
        const char *before = text;
        for (; *text && !strchr (":=, ", *text) && !is_arrow (text); text++)
            fputc (*text, out);
        if (*text == ':') {
            fputs (": ", out);
            text = write_shape (out, skip_blanks (text + 1), 0);
        }
        text = skip_blanks (text);
        if (*text == '=') {
            fputs (" = ", out);
            text = write_default (out, skip_blanks (text + 1));
        }
        text = skip_blanks (text);
        if (*text == ',') {
            fputs (", ", out);
            text++;
        }
        if (text == before) /* it can't be read: as it is, letter by letter */
            fputc (*text++, out);
    }
    return text;
}

void signature_write (FILE *out, const char *signature)
{
    fputc ('(', out);
    const char *rest = write_parameters (out, signature);
    fputc (')', out);
    if (!is_arrow (rest))
        return;
    rest = skip_blanks (rest + 2);
    if (*rest == 'n' && !*skip_blanks (rest + 1))
        return;
    fputs (" -> ", out);
    fputs (write_shape (out, rest, 0), out);
}

void signature_write_type (FILE *out, const char *type)
{
    const char *rest = skip_blanks (write_shape (out, skip_blanks (type), 0));
    fputs (*rest == '=' ? " or nil" : rest, out);
}
