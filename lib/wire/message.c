/* Frames and batches: everything that must hold before anybody looks at a message, but its body. Allocates nothing to
 * read. */
#include "wire/message.h"

#include <string.h>

/* The types that may stand in a batch: docs/protocol.md, section 6. */
#define BATCH_FIRST FAR_IMPORT
#define BATCH_LAST  FAR_CREDIT

/* The record at offset of a batch's body; false if it is malformed. Its fields are not checked. */
static bool record_at (const far_message_t *frame, size_t offset, far_message_t *out)
{
    const uint8_t *data = frame->body + offset;
    if (!far_record_read (data, frame->header.body_size - offset, &out->header))
        return false;
    out->header.party = frame->header.party;
    out->fields = data + FAR_RECORD_SIZE;
    out->body = out->fields + out->header.fields_size;
    return true;
}

static size_t record_size (const far_message_t *record)
{
    return (size_t)FAR_RECORD_SIZE + record->header.fields_size + record->header.body_size;
}

static bool check_batch (const far_message_t *frame)
{
    const far_header_t *header = &frame->header;
    if (header->type || header->request || header->time_left_ms || header->fields_size || !header->body_size)
        return false;
    far_message_t record;
    for (size_t offset = 0; offset < header->body_size; offset += record_size (&record))
        if (!record_at (frame, offset, &record) || record.header.type < BATCH_FIRST ||
            record.header.type > BATCH_LAST || !far_fields_check (record.fields, record.header.fields_size))
            return false;
    return true;
}

bool far_message_read (const uint8_t *frame, size_t size, far_message_t *out)
{
    far_message_t message;
    if (!far_header_read (frame, size, &message.header))
        return false;
    message.fields = frame + FAR_HEADER_SIZE;
    message.body = message.fields + message.header.fields_size;
    bool valid = message.header.flags & FAR_FLAG_BATCH ? check_batch (&message)
                                                       : far_fields_check (message.fields, message.header.fields_size);
    if (valid)
        *out = message;
    return valid;
}

void far_messages_start (far_messages_t *self, const far_message_t *frame)
{
    *self = (far_messages_t){ .frame = *frame, .first = true };
}

bool far_messages_next (far_messages_t *self, far_message_t *out)
{
    if (!(self->frame.header.flags & FAR_FLAG_BATCH)) {
        bool first = self->first;
        self->first = false;
        if (first)
            *out = self->frame;
        return first;
    }
    if (self->offset == self->frame.header.body_size || !record_at (&self->frame, self->offset, out))
        return false;
    self->offset += record_size (out);
    return true;
}

void far_message_begin (far_buffer_t *out)
{
    far_buffer_extend (out, FAR_HEADER_SIZE);
}

void far_message_finish (far_buffer_t *out, far_header_t *header, const uint8_t *field_bytes, size_t fields_size)
{
    out->failed = out->failed || out->size < FAR_HEADER_SIZE; /* begun without memory */
    if (out->failed)
        return;
    header->body_size = (uint32_t)(out->size - FAR_HEADER_SIZE);
    header->fields_size = (uint32_t)fields_size;
    if (fields_size) {
        uint8_t *gap = far_buffer_insert (out, FAR_HEADER_SIZE, fields_size);
        if (!gap)
            return;
        memcpy (gap, field_bytes, fields_size);
    }
    far_header_write (header, out->data);
}
