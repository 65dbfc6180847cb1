/* Puts answers into bodies: copied head by head, since lists and maps need not be understood for it. */
#include "object/expand.h"
#include "object/path.h"
#include "base/error.h"

#include <stdlib.h>

/* Into another process nothing is followed here: the path is left to whoever uses the reference. */
static far_handle_t *elsewhere (const far_incoming_t *incoming, far_handle_t *handle, far_text_t path)
{
    if (incoming->take_proxy)
        return incoming->take_proxy (handle, &(far_reference_t){ .class_name = { "", 0 }, .path = path });
    far_fail (FAR_E_PROTOCOL_ERROR, "a path from a reference of another process can't be followed here");
    return NULL;
}

static far_status_t write_at_path (far_writer_t *out, const far_incoming_t *incoming, const far_outcome_t *outcome,
                                   far_text_t path, far_call_t *call)
{
    if (outcome->object) {
        far_value_t *value = NULL;
        far_status_t status = far_path_follow (outcome->object, path, call, &value);
        if (!status)
            far_value_write (out, value);
        far_value_destroy (&value);
        return status;
    }
    far_handle_t *found = elsewhere (incoming, far_value_handle (outcome->value), path);
    if (!found)
        return far_last_status ();
    far_write_reference (out, found);
    far_handle_release (found);
    return FAR_OK;
}

static far_status_t write_answer (far_writer_t *out, const far_incoming_t *incoming, const far_item_t *item,
                                  far_call_t *call)
{
    far_answer_t answer;
    if (!far_answer_read (item, &answer))
        return far_fail (FAR_E_PROTOCOL_ERROR, "an ext of type 3 is a request ID of 8 bytes and a path");
    const far_kept_t *kept = far_pins_find (&incoming->pins, answer.request);
    if (!kept)
        return FAR_E_STALE;
    if (answer.path.size)
        return write_at_path (out, incoming, &kept->outcome, answer.path, call);
    far_value_write (out, kept->outcome.value);
    return FAR_OK;
}

/* The indexes of the message's own references stay what they are. */
static far_status_t take_references (far_writer_t *out, const far_incoming_t *incoming)
{
    size_t count = incoming->reference_count;
    if (!count)
        return FAR_OK;
    out->references = calloc (count, sizeof (far_handle_t *));
    if (!out->references)
        return far_fail (FAR_E_NO_MEMORY, "no memory for %zu references", count);
    out->reference_count = out->reference_capacity = count;
    for (size_t i = 0; i < count; i++)
        out->references[i] = far_handle_retain (incoming->references[i]);
    return FAR_OK;
}

far_status_t far_expand (far_expansion_t *self, const far_incoming_t *incoming, bool has_root, far_call_t *call)
{
    const far_message_t *message = &incoming->message;
    far_reader_t in = { message->body, message->body + message->header.body_size };
    bool at_root = has_root;
    far_writer_init (&self->writer, &self->body);
    far_status_t status = take_references (&self->writer, incoming);
    while (!status && in.position != in.end) {
        const uint8_t *start = in.position;
        far_item_t item;
        if (!far_read (&in, &item))
            return far_fail (FAR_E_PROTOCOL_ERROR, "the body can't be read");
        bool speaks = item.type == FAR_TYPE_REFERENCE && item.ext == FAR_EXT_REQUEST;
        if (speaks && !at_root) {
            status = write_answer (&self->writer, incoming, &item, call);
            if (!status) /* looked at each time: a few bytes may stand for megabytes, many times over */
                status = far_writer_status (&self->writer);
        } else {
            far_buffer_append (&self->body, start, (size_t)(in.position - start));
        }
        at_root = at_root && !speaks;
    }
    return status ? status : far_writer_status (&self->writer);
}

void far_expansion_deinit (far_expansion_t *self)
{
    if (self->writer.out)
        far_writer_deinit (&self->writer);
    far_buffer_deinit (&self->body);
}
