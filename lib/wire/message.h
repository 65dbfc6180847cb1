/* A message as a view of a frame (or of a record in a batch), and how one is put together in a buffer. */
#ifndef FAR_WIRE_MESSAGE_H
#define FAR_WIRE_MESSAGE_H

#include "base/buffer.h"
#include "wire/fields.h"
#include "wire/header.h"
#include "wire/types.h"

/* Points into the frame, which must outlive it. Fields have been checked, the body has not. */
typedef struct far_message {
    far_header_t header;
    const uint8_t *fields;
    const uint8_t *body;
} far_message_t;

/* false for a malformed frame: header, fields, or (with BATCH) any record. docs/protocol.md, section 4. */
bool far_message_read (const uint8_t *frame, size_t size, far_message_t *out);

/* Goes through the messages of a frame that was read: the one, or each record of a batch, with the batch's party. */
typedef struct far_messages {
    far_message_t frame;
    size_t offset; /* of the next record in the batch's body */
    bool first;
} far_messages_t;

void far_messages_start (far_messages_t *self, const far_message_t *frame);
bool far_messages_next (far_messages_t *self, far_message_t *out);

/* Puts a message together: begin leaves room for the header in an empty buffer; then the body is appended; then finish
 * opens a gap for fields (field_bytes, may be NULL when 0) and writes the header, whose two sizes it sets. */
void far_message_begin (far_buffer_t *out);
void far_message_finish (far_buffer_t *out, far_header_t *header, const uint8_t *field_bytes, size_t fields_size);

#endif
