/* An error as text for people: what went wrong, and then each hop of its way back on a line of its own; then the same of
 * what caused it. Texts of other processes are escaped. */
#include "base/buffer.h"
#include "base/error.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

static void put (far_buffer_t *out, const char *text)
{
    far_buffer_append (out, text, strlen (text));
}

static void put_escaped (far_buffer_t *out, const char *text, size_t size)
{
    size_t most = 4 * size + 1;
    uint8_t *room = far_buffer_extend (out, most);
    if (room)
        out->size -= most - strlen (far_escape (text, size, (char *)room, most));
}

/* Further lines of a message are indented, so that they can't be taken for hops. */
static void put_lines (far_buffer_t *out, const char *text)
{
    for (;;) {
        size_t size = strcspn (text, "\n");
        put_escaped (out, text, size);
        text += size;
        if (!*text)
            return;
        text++;
        if (*text)
            put (out, "\n    ");
    }
}

static void put_name (far_buffer_t *out, const char *text)
{
    put_escaped (out, text, strlen (text));
}

/* "\n  at counter.add (counter.c:42) in process host"; what is not known is left out. */
static void put_hop (far_buffer_t *out, const far_hop_t *hop)
{
    put (out, "\n  at ");
    put_name (out, hop->object);
    if (*hop->object && *hop->method)
        put (out, ".");
    put_name (out, hop->method);
    if (!*hop->object && !*hop->method)
        put (out, "?");
    if (*hop->file) {
        char line[16];
        snprintf (line, sizeof line, ":%d)", hop->line);
        put (out, " (");
        put_name (out, hop->file);
        put (out, line);
    }
    if (*hop->process) {
        put (out, " in process ");
        put_name (out, hop->process);
    }
}

static void put_error (far_buffer_t *out, const far_error_t *error)
{
    const char *kind = far_status_name (far_error_kind (error)), *named = far_error_class (error);
    put (out, kind);
    if (*named && strcmp (kind, named) != 0) {
        put (out, " (");
        put_name (out, named);
        put (out, ")");
    }
    if (*far_error_message (error)) {
        put (out, ": ");
        put_lines (out, far_error_message (error));
    }
    for (size_t i = 0; i < far_error_hop_count (error); i++)
        put_hop (out, far_error_hop (error, i));
}

char *far_error_text (const far_error_t *error)
{
    far_buffer_t out = { 0 };
    put_error (&out, error);
    while ((error = far_error_cause (error))) {
        put (&out, "\ncaused by: ");
        put_error (&out, error);
    }
    far_buffer_append (&out, "", 1);
    if (out.failed)
        far_buffer_deinit (&out);
    return (char *)out.data;
}

int far_print_error (const char *context)
{
    char *text = far_error_text (far_last_error ());
    fprintf (stderr, "%s: %s\n", context, text ? text : "NoMemory");
    far_string_free (&text);
    return 1;
}
