/* Bytes that came in, shared by all that point into them. */
#ifndef FAR_BASE_FRAME_H
#define FAR_BASE_FRAME_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef struct far_frame far_frame_t;

/* The first member of whatever keeps the bytes. */
struct far_frame {
    atomic_size_t owners;
    const uint8_t *data;
    size_t size;
    void (*release) (far_frame_t *self); /* frees the bytes and the frame */
};

static inline far_frame_t *far_frame_retain (far_frame_t *self)
{
    atomic_fetch_add_explicit (&self->owners, 1, memory_order_relaxed);
    return self;
}

/* Accepts NULL. */
static inline void far_frame_release (far_frame_t *self)
{
    if (self && atomic_fetch_sub_explicit (&self->owners, 1, memory_order_acq_rel) == 1)
        self->release (self);
}

#endif
