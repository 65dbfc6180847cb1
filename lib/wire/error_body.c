/* The body of ERROR: an error with its hops, and with its cause, to and from MessagePack. */
#include "base/limits.h"
#include "base/log.h"
#include "wire/bodies.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define HOP_TEXTS 4

/* A text of an error may have come from anywhere: what can't be sent is sent escaped. */
static void write_text (far_writer_t *out, const char *text)
{
    size_t size = strlen (text);
    if (far_is_utf8 (text, size)) {
        far_write_string (out, text, size);
        return;
    }
    char escaped[1024];
    far_escape (text, size, escaped, sizeof escaped);
    far_write_string (out, escaped, strlen (escaped));
}

static void write_hop (far_writer_t *out, const far_hop_t *hop)
{
    far_write_list (out, HOP_TEXTS + 1);
    write_text (out, hop->process);
    write_text (out, hop->object);
    write_text (out, hop->method);
    write_text (out, hop->file);
    far_write_int (out, hop->line);
}

/* The cause is the last element: so those of a chain follow one another, and need no recursion. */
void far_error_write (far_writer_t *out, const far_error_t *error)
{
    for (; error; error = far_error_cause (error)) {
        size_t hops = far_error_hop_count (error);
        bool caused = far_error_cause (error);
        far_write_list (out, caused ? 5 : hops ? 4 : 3);
        far_write_int (out, far_error_kind (error));
        write_text (out, far_error_class (error));
        write_text (out, far_error_message (error));
        if (!hops && !caused)
            return;
        far_write_list (out, hops);
        for (size_t i = 0; i < hops; i++)
            write_hop (out, far_error_hop (error, i));
    }
}

static bool read_text (far_reader_t *in, far_text_t *out)
{
    far_item_t item;
    if (!far_read (in, &item) || item.type != FAR_TYPE_STRING)
        return false;
    *out = item.text;
    return true;
}

static bool read_int (far_reader_t *in, int *out)
{
    far_item_t item;
    if (!far_read (in, &item) || item.type != FAR_TYPE_INT || item.integer < INT_MIN || item.integer > INT_MAX)
        return false;
    *out = (int)item.integer;
    return true;
}

static bool read_list (far_reader_t *in, size_t least, size_t most, size_t *count)
{
    far_item_t item;
    if (!far_read (in, &item) || item.type != FAR_TYPE_LIST || item.count < least || item.count > most)
        return false;
    *count = item.count;
    return true;
}

/* Hops as they stand in the body: their texts do not end with a NUL. */
typedef struct hops {
    far_text_t texts[FAR_LIMIT_HOPS][HOP_TEXTS];
    int lines[FAR_LIMIT_HOPS];
    size_t count, text_bytes;
} hops_t;

static bool read_hop (far_reader_t *in, far_text_t texts[HOP_TEXTS], int *line)
{
    size_t elements;
    if (!read_list (in, HOP_TEXTS + 1, HOP_TEXTS + 1, &elements))
        return false;
    for (size_t i = 0; i < HOP_TEXTS; i++)
        if (!read_text (in, &texts[i]))
            return false;
    return read_int (in, line);
}

/* What is past the limit is read, and left out. */
static bool read_hops (far_reader_t *in, hops_t *out)
{
    size_t count;
    if (!read_list (in, 0, FAR_LIMIT_VALUES, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        far_text_t texts[HOP_TEXTS];
        int line;
        if (!read_hop (in, texts, &line))
            return false;
        if (i >= FAR_LIMIT_HOPS)
            continue;
        memcpy (out->texts[i], texts, sizeof texts);
        out->lines[i] = line;
        out->count++;
        for (size_t t = 0; t < HOP_TEXTS; t++)
            out->text_bytes += texts[t].size + 1;
    }
    return true;
}

static void add_hops (far_error_t **error_p, const hops_t *hops)
{
    far_hop_t copies[FAR_LIMIT_HOPS];
    char *room = malloc (hops->text_bytes + 1), *at = room;
    if (!room)
        return; /* the error without its hops says more than that there was no memory for them */
    for (size_t i = 0; i < hops->count; i++) {
        const char *texts[HOP_TEXTS];
        for (size_t t = 0; t < HOP_TEXTS; t++) {
            far_text_t text = hops->texts[i][t];
            texts[t] = memcpy (at, text.data, text.size);
            at[text.size] = '\0';
            at += text.size + 1;
        }
        copies[i] = (far_hop_t){ texts[0], texts[1], texts[2], texts[3], hops->lines[i] };
    }
    far_error_t *whole = far_error_with_hops (*error_p, copies, hops->count);
    far_error_release (error_p);
    *error_p = whole;
    free (room);
}

/* A kind that this version does not know is a ProtocolError that still says all. */
static far_error_t *make (int kind, far_text_t error_class, far_text_t message)
{
    if (kind > FAR_OK && kind <= FAR_E_SYSTEM)
        return far_error_from ((far_status_t)kind, error_class.data, error_class.size, message.data, message.size);
    return far_error_new (FAR_E_PROTOCOL_ERROR, "an ERROR of the unknown kind %d: %.*s: %.*s", kind,
                          (int)error_class.size, error_class.data, (int)message.size, message.data);
}

/* One error without its cause; *out_caused: that follows, as another one or nil. NULL if it is malformed. */
static far_error_t *read_one (far_reader_t *in, bool *out_caused, const char **out_why)
{
    size_t count;
    int kind;
    far_text_t error_class, message;
    if (!read_list (in, 3, 5, &count) || !read_int (in, &kind) || !read_text (in, &error_class) ||
        !read_text (in, &message)) {
        *out_why = "the body of an ERROR is not [kind, class, message, hops, cause]";
        return NULL;
    }
    hops_t hops = { .count = 0 };
    if (count >= 4 && !read_hops (in, &hops)) {
        *out_why = "the hops of an ERROR are not [process, object, method, file, line]";
        return NULL;
    }
    *out_caused = count == 5;
    far_error_t *error = make (kind, error_class, message);
    add_hops (&error, &hops);
    return error;
}

static bool is_nil (far_reader_t in)
{
    far_item_t item;
    return far_read (&in, &item) && item.type == FAR_TYPE_NIL;
}

/* An error, then its cause, then the cause of that; what is past the limit is not looked at. Gives how many. */
static size_t read_chain (far_reader_t *in, far_error_t *chain[FAR_LIMIT_CAUSES + 1], const char **out_why)
{
    size_t count = 0;
    bool caused = true;
    while (caused && count <= FAR_LIMIT_CAUSES && !(count && is_nil (*in))) {
        far_error_t *error = read_one (in, &caused, out_why);
        if (!error)
            break;
        chain[count++] = error;
    }
    return count;
}

/* Makes one error of a chain of at least one. Consumes them. */
static far_error_t *join (far_error_t **chain, size_t count)
{
    while (--count) {
        far_error_t *whole = far_error_with_cause (chain[count - 1], chain[count]);
        far_error_release (&chain[count - 1]);
        far_error_release (&chain[count]);
        chain[count - 1] = whole;
    }
    return chain[0];
}

far_error_t *far_error_read (const uint8_t *body, size_t size)
{
    const char *why = NULL;
    if (!far_scan (body, size, &why))
        return far_error_new (FAR_E_PROTOCOL_ERROR, "the body of an ERROR can't be read: %s", why);
    far_reader_t in = { body, body + size };
    far_error_t *chain[FAR_LIMIT_CAUSES + 1];
    size_t count = read_chain (&in, chain, &why);
    far_error_t *error = count ? join (chain, count) : NULL;
    if (!why)
        return error;
    far_error_release (&error);
    return far_error_new (FAR_E_PROTOCOL_ERROR, "%s", why);
}
