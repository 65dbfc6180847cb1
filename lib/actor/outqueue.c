/* The out-queue: a ring of whole frames. It knows of their bytes only what it needs to say which of them can travel
 * together, and never changes their order. */
#include "actor/outqueue.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

enum {
    BATCHED_BYTES = 8192, /* a message larger than this travels alone */
    BATCH_BYTES = 128 * 1024,
    JOINED_FIELDS_BYTES = 20 * 512
};

void far_outqueue_clear (far_outqueue_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free (self->entries[(self->first + i) & (self->capacity - 1)].data);
    free (self->entries);
    *self = (far_outqueue_t){ 0 };
}

bool far_outqueue_is_full (const far_outqueue_t *self)
{
    return self->bytes > FAR_OUTQUEUE_FULL_BYTES || self->count > FAR_OUTQUEUE_FULL_ENTRIES;
}

static bool grow (far_outqueue_t *self)
{
    size_t capacity = self->capacity ? self->capacity * 2 : 256;
    far_outqueue_entry_t *entries = malloc (capacity * sizeof *entries);
    if (!entries)
        return false;
    for (size_t i = 0; i < self->count; i++)
        entries[i] = self->entries[(self->first + i) & (self->capacity - 1)];
    free (self->entries);
    self->entries = entries;
    self->first = 0;
    self->capacity = capacity;
    return true;
}

bool far_outqueue_push (far_outqueue_t *self, far_buffer_t *frame)
{
    if (self->count == self->capacity && !grow (self))
        return false;
    self->entries[(self->first + self->count++) & (self->capacity - 1)] =
        (far_outqueue_entry_t){ frame->data, frame->size };
    self->bytes += frame->size;
    *frame = (far_buffer_t){ 0 };
    return true;
}

bool far_outqueue_join (far_outqueue_t *self, uint64_t party, const uint8_t *fields, size_t fields_size)
{
    if (!self->count)
        return false;
    far_outqueue_entry_t *last = &self->entries[(self->first + self->count - 1) & (self->capacity - 1)];
    far_header_t header;
    if (!far_header_read (last->data, last->size, &header) || header.type != FAR_DEL || header.party != party ||
        header.fields_size + fields_size > JOINED_FIELDS_BYTES)
        return false;
    uint8_t *grown = realloc (last->data, last->size + fields_size);
    if (!grown)
        return false;
    memcpy (grown + last->size, fields, fields_size);
    last->data = grown;
    last->size += fields_size;
    self->bytes += fields_size;
    header.fields_size += (uint32_t)fields_size;
    far_header_write (&header, grown);
    return true;
}

/* May this one travel in a batch? */
static bool fits_batch (const far_outqueue_entry_t *entry, uint64_t *party)
{
    far_header_t header;
    if (entry->size > BATCHED_BYTES || !far_header_read (entry->data, entry->size, &header) ||
        header.type < FAR_IMPORT || header.party == FAR_PARTY_SESSION || header.flags & FAR_FLAG_HOLDS)
        return false;
    *party = header.party;
    return true;
}

size_t far_outqueue_take (far_outqueue_t *self, far_outqueue_entry_t *out, size_t most)
{
    size_t taken = 0, bytes = 0;
    uint64_t party = 0, other = 0;
    while (self->count && taken < most) {
        const far_outqueue_entry_t *entry = &self->entries[self->first];
        bool batched = fits_batch (entry, taken ? &other : &party);
        if (taken && (!batched || other != party || bytes + entry->size > BATCH_BYTES))
            break;
        bytes += entry->size;
        out[taken++] = *entry;
        self->first = (self->first + 1) & (self->capacity - 1);
        self->count--;
        if (!batched)
            break;
    }
    self->bytes -= bytes;
    return taken;
}
