/* The one way out: messages in the order in which they were submitted, until the link takes them. */
#ifndef FAR_ACTOR_OUTQUEUE_H
#define FAR_ACTOR_OUTQUEUE_H

#include "base/buffer.h"

typedef struct far_outqueue_entry {
    uint8_t *data; /* a whole frame, malloc'ed */
    size_t size;
} far_outqueue_entry_t;

/* A ring; not thread-safe: the caller's lock guards it. */
typedef struct far_outqueue {
    far_outqueue_entry_t *entries;
    size_t first, count, capacity; /* capacity is 0 or a power of 2 */
    size_t bytes;
} far_outqueue_t;

/* Past this much the callers wait (the place where credit per destination will stand). */
#define FAR_OUTQUEUE_FULL_BYTES   ((size_t)16 << 20)
#define FAR_OUTQUEUE_FULL_ENTRIES 65536u

/* An all-zero queue is empty and valid. Frees what is in it. */
void far_outqueue_clear (far_outqueue_t *self);
bool far_outqueue_is_full (const far_outqueue_t *self);
/* Takes the frame in the buffer, which is empty afterwards; false without memory, then nothing has changed. */
bool far_outqueue_push (far_outqueue_t *self, far_buffer_t *frame);
/* If the last message is a DEL to the same process, with room for more fields, joins this one with it. */
bool far_outqueue_join (far_outqueue_t *self, uint64_t party, const uint8_t *fields, size_t fields_size);
/* Takes from the front what can travel as one frame: one message, or as many small ones to the same process as fit.
 * Gives how many; the entries' data then belongs to the caller. */
size_t far_outqueue_take (far_outqueue_t *self, far_outqueue_entry_t *out, size_t most);

#endif
