/* Rewrites the body of a RESULT: where it speaks of what was asked for, that becomes a path from the fleet's modules. All
 * else in it stays as it is, also the fields, behind which one more stands. Owns nothing. */
#include "fleet_import.h"
#include "base/limits.h"
#include "wire/bodies.h"

#include <stdio.h>

#define EXT_REFERENCE 1

typedef struct rewriting {
    far_writer_t writer;
    uint64_t index; /* of the fleet's field */
    far_text_t module;
    bool changed;
} rewriting_t;

/* ext 1: [index, class, path], whose head says its size. */
static void write_name (rewriting_t *self, far_text_t class_name, far_text_t name)
{
    far_buffer_t content = { 0 };
    far_writer_t inner;
    char path[FAR_LIMIT_PATH_BYTES + 1];
    int size = snprintf (path, sizeof path, "%.*s%s%.*s", (int)self->module.size, self->module.data,
                         name.size ? "." : "", (int)name.size, name.data);
    far_writer_init (&inner, &content);
    far_write_list (&inner, 3);
    far_write_uint (&inner, self->index);
    far_write_string (&inner, class_name.data, class_name.size);
    far_write_string (&inner, path, (size_t)size < sizeof path ? (size_t)size : sizeof path - 1);
    const uint8_t head[] = { 0xc8, (uint8_t)(content.size >> 8), (uint8_t)content.size, EXT_REFERENCE };
    far_buffer_append (self->writer.out, head, sizeof head);
    far_buffer_append (self->writer.out, content.data, content.size);
    far_writer_deinit (&inner);
    far_buffer_deinit (&content);
    self->changed = true;
}

/* Copies the value that in is at; in its place stands the name where it is a reference. */
static void rewrite_one (rewriting_t *self, far_reader_t *in, far_text_t name)
{
    far_item_t item;
    far_reference_t reference;
    const uint8_t *start = in->position;
    far_reader_t ahead = *in;
    far_skip (in);
    if (far_read (&ahead, &item) && item.type == FAR_TYPE_REFERENCE && item.ext == EXT_REFERENCE &&
        far_reference_read (&item, &reference) && reference.class_name.size + FAR_LIMIT_PATH_BYTES < UINT16_MAX - 32)
        write_name (self, reference.class_name, name);
    else
        far_buffer_append (self->writer.out, start, (size_t)(in->position - start));
}

static void rewrite_list (rewriting_t *self, far_reader_t *in, const far_request_body_t *asked)
{
    far_item_t list, name;
    far_reader_t names = asked->arguments;
    if (!far_read (in, &list) || list.type != FAR_TYPE_LIST || list.count != asked->argument_count)
        return;
    far_write_list (&self->writer, list.count);
    for (size_t left = list.count; left && far_read (&names, &name); left--)
        rewrite_one (self, in, name.text);
}

bool import_rewrite (const far_message_t *request, const far_message_t *answer, far_process_id_t fleet,
                     far_buffer_t *out, far_message_t *out_answer)
{
    far_request_body_t asked;
    const char *why;
    const far_header_t *header = &answer->header;
    if (far_request_body_read (FAR_IMPORT, request->body, request->header.body_size, &asked) ||
        !far_scan (answer->body, header->body_size, &why))
        return false;
    far_field_t field = { .tag = FAR_FIELD_REFERENCE, .reference = { .owner = fleet } };
    far_buffer_append (out, answer->fields, header->fields_size);
    far_field_append (out, &field);
    size_t fields_size = out->size;
    rewriting_t self = { .index = far_fields_count (answer->fields, header->fields_size, FAR_FIELD_REFERENCE),
                         .module = asked.target.path };
    far_writer_init (&self.writer, out);
    far_reader_t in = { answer->body, answer->body + header->body_size };
    if (asked.has_names)
        rewrite_list (&self, &in, &asked);
    else
        rewrite_one (&self, &in, (far_text_t){ "", 0 });
    bool fine = self.changed && !far_writer_status (&self.writer) && !out->failed;
    far_writer_deinit (&self.writer);
    if (!fine)
        return false;
    *out_answer = *answer;
    out_answer->fields = out->data;
    out_answer->body = out->data + fields_size;
    out_answer->header.fields_size = (uint32_t)fields_size;
    out_answer->header.body_size = (uint32_t)(out->size - fields_size);
    return true;
}
