/* A buffer for each session that is being sent something. Owns them: those that are not in use too, so that on the way
 * of a message nothing is allocated. */
#include "pack.h"
#include "say.h"

#include <stdlib.h>

#define FULL_BYTES ((size_t)64 << 10)
#define KEPT_BYTES ((size_t)128 << 10)

struct packed {
    session_t *session;
    packed_t *next, *previous; /* of those that have something */
    uint64_t party;
    size_t count;
    far_buffer_t bytes; /* room for the header of a batch, and records */
};

static packed_t *begin (pack_t *self, session_t *session, uint64_t party)
{
    packed_t *packed = self->spare;
    if (packed)
        self->spare = packed->next;
    else if (!(packed = calloc (1, sizeof *packed)))
        return NULL;
    packed->session = session;
    packed->party = party;
    packed->previous = NULL;
    packed->next = self->first;
    if (packed->next)
        packed->next->previous = packed;
    self->first = session->packed = packed;
    far_buffer_extend (&packed->bytes, FAR_HEADER_SIZE);
    return packed;
}

static void end (pack_t *self, packed_t *packed)
{
    *(packed->previous ? &packed->previous->next : &self->first) = packed->next;
    if (packed->next)
        packed->next->previous = packed->previous;
    packed->session->packed = NULL;
    packed->count = 0;
    if (packed->bytes.capacity > KEPT_BYTES)
        far_buffer_deinit (&packed->bytes);
    packed->bytes.size = 0;
    packed->next = self->spare;
    self->spare = packed;
}

void pack_deinit (pack_t *self)
{
    while (self->first)
        end (self, self->first);
    while (self->spare) {
        packed_t *packed = self->spare;
        self->spare = packed->next;
        far_buffer_deinit (&packed->bytes);
        free (packed);
    }
}

/* A single record becomes a message of its own: the larger header fits where both headers stand. */
static void send_one (const packed_t *packed, actions_t *actions)
{
    uint8_t *record = packed->bytes.data + FAR_HEADER_SIZE;
    uint8_t *frame = record + FAR_RECORD_SIZE - FAR_HEADER_SIZE;
    far_header_t header;
    far_record_read (record, packed->bytes.size - FAR_HEADER_SIZE, &header);
    header.party = packed->party;
    far_header_write (&header, frame);
    say_frame (actions, packed->session, frame, packed->bytes.size - (size_t)(frame - packed->bytes.data));
}

static void send_batch (const packed_t *packed, actions_t *actions)
{
    const far_header_t header = { .flags = FAR_FLAG_BATCH,
                                  .party = packed->party,
                                  .body_size = (uint32_t)(packed->bytes.size - FAR_HEADER_SIZE) };
    far_header_write (&header, packed->bytes.data);
    say_frame (actions, packed->session, packed->bytes.data, packed->bytes.size);
}

static void send (pack_t *self, packed_t *packed, actions_t *actions)
{
    if (packed->bytes.failed)
        actions->failed = true;
    else if (packed->count == 1)
        send_one (packed, actions);
    else
        send_batch (packed, actions);
    end (self, packed);
}

void pack_add (pack_t *self, actions_t *actions, session_t *to, const far_message_t *message)
{
    packed_t *packed = to->packed;
    if (packed && (packed->party != message->header.party || packed->bytes.size >= FULL_BYTES))
        pack_send (self, actions, to);
    packed = to->packed ? to->packed : begin (self, to, message->header.party);
    if (!packed) {
        actions->failed = true;
        return;
    }
    uint8_t *record = far_buffer_extend (&packed->bytes, FAR_RECORD_SIZE);
    if (record)
        far_record_write (&message->header, record);
    far_buffer_append (&packed->bytes, message->fields, message->header.fields_size);
    far_buffer_append (&packed->bytes, message->body, message->header.body_size);
    packed->count++;
}

void pack_send (pack_t *self, actions_t *actions, session_t *to)
{
    if (to->packed)
        send (self, to->packed, actions);
}

void pack_send_all (pack_t *self, actions_t *actions)
{
    while (self->first)
        send (self, self->first, actions);
}

void pack_drop (pack_t *self, session_t *to)
{
    if (to->packed)
        end (self, to->packed);
}
