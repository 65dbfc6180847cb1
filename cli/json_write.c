/* Writes values as JSON. By hand, because what it prints was chosen by other processes: no escape sequence may reach the
 * terminal, no number may lose digits, and keys may be anything. */
#include "json.h"
#include "base64.h"
#include "moment.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct writer {
    FILE *out;
    json_style_t style;
    int depth;
} writer_t;

static void write_value (writer_t *self, const far_value_t *value);

void json_write_string (FILE *out, const char *text, size_t size)
{
    fputc ('"', out);
    text_write (out, text, size, true);
    fputc ('"', out);
}

/* The shortest text that reads back as the same number, and as a float. */
static void write_float (FILE *out, double number)
{
    char text[32];
    if (!isfinite (number)) {
        fprintf (out, "{\"$float\": \"%s\"}", isnan (number) ? "nan" : number < 0 ? "-inf" : "inf");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf (text, sizeof text, "%.*g", digits, number);
        if (strtod (text, NULL) == number)
            break;
    }
    fprintf (out, "%s%s", text, strpbrk (text, ".e") ? "" : ".0");
}

static void write_reference (FILE *out, const far_value_t *value)
{
    far_proxy_t *proxy = NULL;
    char *repr = far_value_get (value, "P", &proxy) ? NULL : far_proxy_repr (proxy);
    const char *text = repr ? repr : "<reference>";
    fputs ("{\"$proxy\": ", out);
    json_write_string (out, text, strlen (text));
    fputc ('}', out);
    far_string_free (&repr);
    far_proxy_destroy (&proxy);
}

static void write_scalar (FILE *out, const far_value_t *value)
{
    far_bytes_t bytes = far_value_bytes (value);
    struct timespec moment = far_value_time (value);
    switch (far_value_type (value)) {
    case FAR_TYPE_BOOL:
        fputs (far_value_bool (value) ? "true" : "false", out);
        break;
    case FAR_TYPE_INT:
        fprintf (out, "%" PRId64, far_value_int (value));
        break;
    case FAR_TYPE_UINT:
        fprintf (out, "{\"$uint\": \"%" PRIu64 "\"}", far_value_uint (value));
        break;
    case FAR_TYPE_FLOAT:
        write_float (out, far_value_float (value));
        break;
    case FAR_TYPE_STRING:
        json_write_string (out, bytes.data, bytes.size);
        break;
    case FAR_TYPE_BINARY:
        fputs ("{\"$binary\": \"", out);
        base64_write (out, bytes.data, bytes.size);
        fputs ("\"}", out);
        break;
    case FAR_TYPE_TIME:
        fputs ("{\"$time\": \"", out);
        moment_write (out, &moment);
        fputs ("\"}", out);
        break;
    case FAR_TYPE_REFERENCE:
        write_reference (out, value);
        break;
    default:
        fputs ("null", out);
    }
}

/* Between two entries, and in front of the first and behind the last one. */
static void break_line (const writer_t *self, bool is_edge)
{
    if (self->style == JSON_INDENTED)
        fprintf (self->out, "\n%*s", self->depth * 2, "");
    else if (!is_edge)
        fputc (' ', self->out);
}

/* Can it be an object whose entries mean what they say? */
static bool has_plain_keys (const far_value_t *map)
{
    for (size_t i = 0; i < far_value_count (map); i++) {
        const far_value_t *key = far_value_key (map, i);
        far_bytes_t name = far_value_bytes (key);
        if (far_value_type (key) != FAR_TYPE_STRING || *(const char *)name.data == '$' ||
            memchr (name.data, 0, name.size)) /* many readers of JSON take no NUL in a key */
            return false;
    }
    return true;
}

static void write_entry (writer_t *self, const far_value_t *key, const far_value_t *item, bool is_plain)
{
    if (!key) {
        write_value (self, item);
        return;
    }
    if (!is_plain)
        fputc ('[', self->out);
    write_value (self, key);
    fputs (is_plain ? ": " : ", ", self->out);
    write_value (self, item);
    if (!is_plain)
        fputc (']', self->out);
}

static void write_container (writer_t *self, const far_value_t *value)
{
    bool is_map = far_value_type (value) == FAR_TYPE_MAP, is_plain = is_map && has_plain_keys (value);
    size_t count = far_value_count (value);
    if (is_map && !is_plain)
        fputs ("{\"$map\": ", self->out);
    fputc (is_plain ? '{' : '[', self->out);
    self->depth++;
    for (size_t i = 0; i < count; i++) {
        if (i)
            fputc (',', self->out);
        break_line (self, !i);
        write_entry (self, far_value_key (value, i), far_value_item (value, i), is_plain);
    }
    self->depth--;
    if (count)
        break_line (self, true);
    fputc (is_plain ? '}' : ']', self->out);
    if (is_map && !is_plain)
        fputc ('}', self->out);
}

static void write_value (writer_t *self, const far_value_t *value)
{
    far_type_t type = far_value_type (value);
    if (type == FAR_TYPE_LIST || type == FAR_TYPE_MAP)
        write_container (self, value);
    else
        write_scalar (self->out, value);
}

void json_write (FILE *out, const far_value_t *value, json_style_t style)
{
    writer_t writer = { .out = out, .style = style };
    write_value (&writer, value);
}
