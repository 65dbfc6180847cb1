/* Bytes that grow by doubling. Owns its memory; knows nothing of what is in it. */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

/* Messages and answers are mostly smaller, and are freed by another thread than the one that made them: which is cheap
 * for glibc as long as they are of at most 120 bytes. */
#define FIRST_CAPACITY 112

void far_buffer_deinit (far_buffer_t *self)
{
    free (self->data);
    *self = (far_buffer_t){ 0 };
}

bool far_buffer_grow (far_buffer_t *self, size_t size)
{
    size_t capacity = self->capacity ? self->capacity : FIRST_CAPACITY;
    if (size > SIZE_MAX / 2 - self->size)
        goto no_memory;
    while (capacity < self->size + size)
        capacity *= 2;
    uint8_t *data = realloc (self->data, capacity);
    if (!data)
        goto no_memory;
    self->data = data;
    self->capacity = capacity;
    return true;
no_memory:
    self->failed = true;
    return false;
}

void far_buffer_append (far_buffer_t *self, const void *data, size_t size)
{
    if (size == 0)
        return;
    uint8_t *room = far_buffer_extend (self, size);
    if (room)
        memcpy (room, data, size);
}

uint8_t *far_buffer_insert (far_buffer_t *self, size_t offset, size_t size)
{
    size_t behind = self->size - offset;
    if (!far_buffer_extend (self, size))
        return NULL;
    memmove (self->data + offset + size, self->data + offset, behind);
    return self->data + offset;
}
