/* Writes MessagePack (by msgpack-c) into a buffer, and gathers the references that the value speaks of. */
#ifndef FAR_WIRE_WRITER_H
#define FAR_WIRE_WRITER_H

#include "base/buffer.h"
#include "base/handle.h"
#include "wire/reader.h"
#include <farcall/value.h>

/* Errors are sticky: write all, check far_writer_status once. */
typedef struct far_writer {
    far_buffer_t *out;         /* borrowed */
    far_handle_t **references; /* owned, one owner of each: in the order of their index */
    size_t reference_count, reference_capacity;
    size_t values;      /* written so far: FAR_LIMIT_VALUES is the most */
    bool travels;       /* it is a message: a handle that has a way of its own to be written is written in that way */
    const void *callee; /* of a request: whose earlier answers it may speak of, as whoever writes knows it; else NULL */
    unsigned depth;     /* lists and maps around what is written next; whoever writes inside of one counts it */
    far_status_t failed; /* the thread's last error says more */
} far_writer_t;

void far_writer_init (far_writer_t *self, far_buffer_t *out);
/* Gives the references back; leaves the buffer alone, and the writer as it was at first, for the same. */
void far_writer_deinit (far_writer_t *self);
/* FAR_OK; or the first error, of the writer or of the buffer; Limit if no message can hold it. */
far_status_t far_writer_status (far_writer_t *self);

void far_write_nil (far_writer_t *self);
void far_write_bool (far_writer_t *self, bool value);
void far_write_int (far_writer_t *self, int64_t value);
void far_write_uint (far_writer_t *self, uint64_t value);
void far_write_float (far_writer_t *self, double value);
/* NotSerializable unless it is UTF-8. */
void far_write_string (far_writer_t *self, const char *text, size_t size);
void far_write_binary (far_writer_t *self, const void *data, size_t size);
void far_write_time (far_writer_t *self, struct timespec value);
/* Only the heads: the items follow. */
void far_write_list (far_writer_t *self, size_t count);
void far_write_map (far_writer_t *self, size_t count);
/* Speaks of an object or proxy, and retains it; or has it write itself, where its kind does that. The same handle twice is the same index. Limit past FAR_LIMIT_FIELDS. */
void far_write_reference (far_writer_t *self, far_handle_t *handle);
/* Speaks of the answer of an earlier request to the same process, or of what lies at a path from it. */
void far_write_answer (far_writer_t *self, uint64_t request, far_text_t path);
/* The message refers to an object or proxy of which the body does not speak. Gives its index. */
size_t far_write_hidden_reference (far_writer_t *self, far_handle_t *handle);
/* One whole value that is encoded already and has no references. */
void far_write_encoded (far_writer_t *self, const void *data, size_t size);

#endif
