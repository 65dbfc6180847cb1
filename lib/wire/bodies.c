/* The bodies of requests. Nothing is built: what is read points into the body. */
#include "wire/bodies.h"
#include "base/limits.h"
#include "wire/bytes.h"
#include "wire/types.h"

#include <string.h>

/* A body being read, and for messages: the type, and the element that is read now. */
typedef struct reading {
    far_reader_t in;
    uint8_t type;
    const char *element;
    far_request_body_t *out;
} reading_t;

typedef far_status_t read_element_fn (reading_t *self, const far_item_t *item);

static far_status_t expected (const reading_t *self, const char *what, const far_item_t *item)
{
    return far_fail (FAR_E_PROTOCOL_ERROR, "body of %s: expected %s as %s, found %s", far_message_name (self->type),
                     what, self->element, far_type_name (item->type));
}

static far_status_t check_path (const reading_t *self, far_text_t path)
{
    if (path.size <= FAR_LIMIT_PATH_BYTES)
        return FAR_OK;
    return far_fail (FAR_E_BAD_ARGUMENTS, "body of %s: a %s of %zu bytes: %d is the most",
                     far_message_name (self->type), self->element, path.size, FAR_LIMIT_PATH_BYTES);
}

static far_status_t read_root (reading_t *self, const far_item_t *item)
{
    far_target_t *target = &self->out->target;
    if (item->type == FAR_TYPE_NIL) {
        target->root = FAR_ROOT_MODULES;
    } else if (item->type == FAR_TYPE_UINT || (item->type == FAR_TYPE_INT && item->integer >= 0)) {
        target->root = FAR_ROOT_OBJECT;
        target->id = item->type == FAR_TYPE_UINT ? item->natural : (uint64_t)item->integer;
    } else {
        far_answer_t answer;
        if (!far_answer_read (item, &answer) || answer.path.size)
            return expected (self, "nil, an object ID or a request ID", item);
        target->root = FAR_ROOT_REQUEST;
        target->id = answer.request;
        self->out->answers--;
    }
    return FAR_OK;
}

static far_status_t read_path (reading_t *self, const far_item_t *item)
{
    if (item->type != FAR_TYPE_STRING)
        return expected (self, "a string", item);
    self->out->target.path = item->text;
    return check_path (self, item->text);
}

/* Passes over count values. Every so many must be a string: 1 is each of a list, 2 the keys of a map, 0 none. */
static far_status_t pass_over (reading_t *self, size_t count, size_t string_every)
{
    for (size_t i = 0; i < count; i++) {
        far_reader_t at = self->in;
        far_skip (&self->in);
        if (!string_every || i % string_every)
            continue;
        far_item_t item;
        far_read (&at, &item);
        if (item.type != FAR_TYPE_STRING)
            return expected (self, string_every == 1 ? "a list of strings" : "a map with string keys", &item);
    }
    return FAR_OK;
}

static far_status_t read_names (reading_t *self, const far_item_t *item)
{
    if (item->type == FAR_TYPE_NIL)
        return FAR_OK;
    if (item->type != FAR_TYPE_LIST)
        return expected (self, "a list of strings", item);
    self->out->has_names = true;
    self->out->arguments = self->in;
    self->out->argument_count = item->count;
    return pass_over (self, item->count, 1);
}

static far_status_t read_arguments (reading_t *self, const far_item_t *item)
{
    if (item->type != FAR_TYPE_LIST)
        return expected (self, "a list", item);
    self->out->arguments = self->in;
    self->out->argument_count = item->count;
    return pass_over (self, item->count, 0);
}

static far_status_t read_keywords (reading_t *self, const far_item_t *item)
{
    if (item->type != FAR_TYPE_MAP)
        return expected (self, "a map with string keys", item);
    self->out->keywords = self->in;
    self->out->keyword_count = item->count;
    return pass_over (self, 2 * item->count, 2);
}

static far_status_t read_returns (reading_t *self, const far_item_t *item)
{
    if (item->type != FAR_TYPE_INT || item->integer < 0 || item->integer > UINT32_MAX)
        return expected (self, "a sum of kinds (32 bits)", item);
    self->out->returns = (uint32_t)item->integer;
    return FAR_OK;
}

/* The elements of each body that is a list; the first must be there. */
typedef struct element {
    const char *name;
    read_element_fn *read;
} element_t;

#define MOST_ELEMENTS 5

static const element_t bodies[][MOST_ELEMENTS] = {
    [FAR_IMPORT] = { { "module", read_path }, { "names", read_names }, { "returns", read_returns } },
    [FAR_GETATTR] = { { "root", read_root }, { "path", read_path }, { "returns", read_returns } },
    [FAR_GETVALUE] = { { "root", read_root }, { "path", read_path } },
    [FAR_CALL] = { { "root", read_root },
                   { "path", read_path },
                   { "arguments", read_arguments },
                   { "keywords", read_keywords },
                   { "returns", read_returns } },
};

static far_status_t read_list (reading_t *self, const element_t *elements)
{
    far_item_t item;
    size_t most = 0;
    while (most < MOST_ELEMENTS && elements[most].name)
        most++;
    self->element = "the body";
    far_read (&self->in, &item);
    if (item.type != FAR_TYPE_LIST)
        return expected (self, "a list", &item);
    if (item.count < 1 || item.count > most)
        return far_fail (FAR_E_PROTOCOL_ERROR, "body of %s: expected 1 to %zu elements, found %zu",
                         far_message_name (self->type), most, item.count);
    far_status_t status = FAR_OK;
    for (size_t i = 0, count = item.count; i < count && !status; i++) {
        self->element = elements[i].name;
        far_read (&self->in, &item);
        status = elements[i].read (self, &item);
    }
    return status;
}

far_status_t far_request_body_read (uint8_t type, const uint8_t *body, size_t size, far_request_body_t *out)
{
    far_reader_t in = { body, size ? body + size : body };
    far_request_body_t read = {
        .target = { .path = { "", 0 } }, .arguments = in, .keywords = in, .returns = FAR_BY_VALUE_USUAL
    };
    const char *why;
    far_status_t status = FAR_OK;
    if (type == FAR_CLOSE)
        why = size ? "expected none, found one" : NULL;
    else if (far_message_role (type) != FAR_ROLE_REQUEST)
        why = "this type is not a request";
    else if (far_scan_answers (body, size, &why, &read.answers))
        why = NULL;
    if (why)
        return far_fail (FAR_E_PROTOCOL_ERROR, "body of %s: %s", far_message_name (type), why);
    if (type == FAR_TRANSFER)
        read.argument_count = 1;
    else if (type != FAR_CLOSE)
        status = read_list (&(reading_t){ .in = in, .type = type, .out = &read }, bodies[type]);
    if (!status)
        *out = read;
    return status;
}

static void refuse_path (far_writer_t *out, size_t size)
{
    if (!out->failed)
        out->failed = far_fail (FAR_E_BAD_ARGUMENTS, "a path of %zu bytes: %d is the most", size, FAR_LIMIT_PATH_BYTES);
}

/* The two paths, neither empty, with a dot between. */
static void write_joined (far_writer_t *out, far_text_t path, far_text_t path2)
{
    char joined[FAR_LIMIT_PATH_BYTES];
    size_t size = path.size + 1 + path2.size;
    if (size > sizeof joined) {
        refuse_path (out, size);
        return;
    }
    memcpy (joined, path.data, path.size);
    joined[path.size] = '.';
    memcpy (joined + path.size + 1, path2.data, path2.size);
    far_write_string (out, joined, size);
}

static void write_path (far_writer_t *out, far_text_t path)
{
    if (path.size <= FAR_LIMIT_PATH_BYTES)
        far_write_string (out, path.data, path.size);
    else
        refuse_path (out, path.size);
}

void far_target_write (far_writer_t *out, const far_target_t *target, const char *path2)
{
    if (target->root == FAR_ROOT_MODULES) {
        far_write_nil (out);
    } else if (target->root == FAR_ROOT_OBJECT) {
        far_write_uint (out, target->id);
    } else {
        far_write_answer (out, target->id, (far_text_t){ "", 0 });
    }
    far_text_t path = target->path, behind = { path2 ? path2 : "", path2 ? strlen (path2) : 0 };
    if (path.size && behind.size)
        write_joined (out, path, behind);
    else
        write_path (out, path.size ? path : behind);
}
