/* Bytes that grow at the end. Errors are sticky: write all, check once. */
#ifndef FAR_BASE_BUFFER_H
#define FAR_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct far_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* no memory: what was written since is lost */
} far_buffer_t;

/* An all-zero buffer is empty and valid. */
void far_buffer_deinit (far_buffer_t *self);
void far_buffer_append (far_buffer_t *self, const void *data, size_t size);
/* Capacity for size bytes more; false without memory. */
bool far_buffer_grow (far_buffer_t *self, size_t size);
/* Opens a gap of size bytes at offset; NULL without memory. */
uint8_t *far_buffer_insert (far_buffer_t *self, size_t offset, size_t size);

/* Room for size bytes at the end, counted as written; NULL without memory. Every head of every value comes by here. */
static inline uint8_t *far_buffer_extend (far_buffer_t *self, size_t size)
{
    if (self->failed || (self->capacity - self->size < size && !far_buffer_grow (self, size)))
        return NULL;
    uint8_t *room = self->data + self->size;
    self->size += size;
    return room;
}

#endif
