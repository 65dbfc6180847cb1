/* Messages as text for people: one line, no longer than there is room, whatever the peer has sent. Knows nothing of
 * where the lines go. */
#include "wire/summary.h"
#include "base/log.h"
#include "wire/bodies.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MOST_TEXT 60 /* bytes of one string that are shown */

typedef struct line {
    char *data;
    size_t size, used;
    bool full;
} line_t;

static void put (line_t *self, const char *format, ...) FAR_PRINTF (2, 3);

static void put (line_t *self, const char *format, ...)
{
    if (self->full)
        return;
    va_list args;
    va_start (args, format);
    int size = vsnprintf (self->data + self->used, self->size - self->used, format, args);
    va_end (args);
    if (size >= 0 && (size_t)size < self->size - self->used) {
        self->used += (size_t)size;
        return;
    }
    self->full = true;
    memcpy (self->data + self->size - 4, "...", 4);
}

static void put_text (line_t *self, far_text_t text)
{
    char escaped[4 * MOST_TEXT + 1];
    far_escape (text.data, text.size < MOST_TEXT ? text.size : MOST_TEXT, escaped, sizeof escaped);
    put (self, "%s%s", escaped, text.size > MOST_TEXT ? "..." : "");
}

static void put_time (line_t *self, struct timespec time)
{
    struct tm parts;
    char text[64];
    if (gmtime_r (&time.tv_sec, &parts) && strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts))
        put (self, "%s.%09ldZ", text, time.tv_nsec);
    else
        put (self, "%" PRId64 " s", (int64_t)time.tv_sec);
}

static void put_items (line_t *self, far_reader_t *in, size_t count, bool is_map);

static void put_reference (line_t *self, const far_item_t *item)
{
    far_reference_t reference;
    far_answer_t answer;
    if (far_answer_read (item, &answer)) {
        put (self, "<answer of %" PRIu64 "%s", answer.request, answer.path.size ? "." : "");
        put_text (self, answer.path);
        put (self, ">");
        return;
    }
    if (!far_reference_read (item, &reference)) {
        put (self, "<ext %d, %zu bytes>", item->ext, item->text.size);
        return;
    }
    put (self, "<ref %" PRIu64, reference.index);
    far_text_t texts[] = { reference.class_name, reference.path };
    for (size_t i = 0; i < 2; i++) {
        put (self, texts[i].size ? " " : "");
        put_text (self, texts[i]);
    }
    put (self, reference.option_count ? " {" : "");
    put_items (self, &reference.options, reference.option_count, true);
    put (self, reference.option_count ? "}>" : ">");
}

static void put_value (line_t *self, far_reader_t *in);

static void put_items (line_t *self, far_reader_t *in, size_t count, bool is_map)
{
    for (size_t i = 0; i < count && !self->full; i++) {
        put (self, i ? ", " : "");
        put_value (self, in);
        if (is_map) {
            put (self, ": ");
            put_value (self, in);
        }
    }
}

/* Of a body that was scanned. Once the line is full the reader is left where it is. */
static void put_value (line_t *self, far_reader_t *in)
{
    far_item_t item;
    if (self->full || !far_read (in, &item))
        return;
    switch (item.type) {
    case FAR_TYPE_NIL:
        put (self, "nil");
        break;
    case FAR_TYPE_BOOL:
        put (self, item.boolean ? "true" : "false");
        break;
    case FAR_TYPE_INT:
        put (self, "%" PRId64, item.integer);
        break;
    case FAR_TYPE_UINT:
        put (self, "%" PRIu64, item.natural);
        break;
    case FAR_TYPE_FLOAT:
        put (self, "%g", item.real);
        break;
    case FAR_TYPE_STRING:
        put (self, "\"");
        put_text (self, item.text);
        put (self, "\"");
        break;
    case FAR_TYPE_BINARY:
        put (self, "<%zu bytes>", item.text.size);
        break;
    case FAR_TYPE_LIST:
        put (self, "[");
        put_items (self, in, item.count, false);
        put (self, "]");
        break;
    case FAR_TYPE_MAP:
        put (self, "{");
        put_items (self, in, item.count, true);
        put (self, "}");
        break;
    case FAR_TYPE_TIME:
        put_time (self, item.time);
        break;
    case FAR_TYPE_REFERENCE:
        put_reference (self, &item);
        break;
    }
}

static void put_target (line_t *self, const far_target_t *target)
{
    if (target->root == FAR_ROOT_OBJECT)
        put (self, "#%" PRIu64, target->id);
    else if (target->root == FAR_ROOT_REQUEST)
        put (self, "answer of %" PRIu64, target->id);
    put (self, target->root != FAR_ROOT_MODULES && target->path.size ? "." : "");
    put_text (self, target->path);
}

static void put_keywords (line_t *self, const far_request_body_t *body)
{
    far_reader_t in = body->keywords;
    for (size_t i = 0; i < body->keyword_count && !self->full; i++) {
        far_item_t name;
        far_read (&in, &name);
        put (self, i || body->argument_count ? ", " : "");
        put_text (self, name.text);
        put (self, "=");
        put_value (self, &in);
    }
}

static void put_request (line_t *self, const far_message_t *message)
{
    far_request_body_t body;
    uint8_t type = message->header.type;
    if (far_request_body_read (type, message->body, message->header.body_size, &body)) {
        put (self, "? ");
        put_text (self, (far_text_t){ far_error_message (far_last_error ()),
                                      strlen (far_error_message (far_last_error ())) });
        return;
    }
    if (type != FAR_TRANSFER && type != FAR_CLOSE)
        put_target (self, &body.target);
    far_reader_t in = body.arguments;
    put (self, type == FAR_CALL || body.has_names ? "(" : "");
    put_items (self, &in, body.argument_count, false);
    put_keywords (self, &body);
    put (self, type == FAR_CALL || body.has_names ? ")" : "");
}

static void put_body (line_t *self, const far_message_t *message)
{
    const char *why;
    far_reader_t in = { message->body, message->body + message->header.body_size };
    if (far_message_role (message->header.type) == FAR_ROLE_REQUEST)
        put_request (self, message);
    else if (message->header.body_size && far_scan (message->body, message->header.body_size, &why))
        put_value (self, &in);
    else if (message->header.body_size)
        put (self, "? %s", why);
}

static void put_field (line_t *self, const far_field_t *field)
{
    static const char *const how[] = { "?", "died", "said BYE", "was cut" };
    char one[32], other[32];
    switch (field->tag) {
    case FAR_FIELD_REFERENCE:
        put (self, " ref %s/%" PRIu64, far_process_text (field->reference.owner.value, one),
             field->reference.object.value);
        break;
    case FAR_FIELD_RELEASE:
        put (self, " release %" PRIu64 " x%" PRIu64, field->release.object.value, field->release.receipts);
        break;
    case FAR_FIELD_GRANT:
        put (self, " grant %" PRIu64 " of %s to %s", field->grant.object.value,
             far_process_text (field->grant.giver.value, one), far_process_text (field->grant.to.value, other));
        break;
    case FAR_FIELD_DOWN:
        put (self, " %s %s", far_process_text (field->down.process.value, one),
             how[field->down.how <= FAR_DOWN_CUT ? field->down.how : 0]);
        break;
    case FAR_FIELD_FORGET:
        put (self, " forget %" PRIu64, field->forget);
        break;
    case FAR_FIELD_REPORT:
        put (self, " report to #%" PRIu32, field->report);
        break;
    default:
        put (self, " field %u", field->tag);
        break;
    }
}

char *far_process_text (uint64_t process, char out[32])
{
    if (process == FAR_PARTY_SESSION || process == FAR_PARTY_BROKER)
        strcpy (out, process == FAR_PARTY_SESSION ? "session" : "broker");
    else
        snprintf (out, 32, "%08" PRIx32 ":%" PRIu32, (uint32_t)(process >> 32), (uint32_t)process);
    return out;
}

char *far_request_text (uint64_t caller, uint64_t request, char out[64])
{
    char process[32];
    snprintf (out, 64, "%s/%" PRIu64, far_process_text (caller, process), request);
    return out;
}

void far_summary (const far_message_t *message, char *out, size_t out_size)
{
    line_t line = { .data = out, .size = out_size };
    *out = '\0';
    put_body (&line, message);
    far_fields_t fields;
    far_field_t field;
    far_fields_start (&fields, message->fields, message->header.fields_size);
    while (!line.full && far_fields_next (&fields, &field))
        put_field (&line, &field);
}
