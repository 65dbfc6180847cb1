/* MessagePack by msgpack-c's packer, onto a buffer; heads of one byte, which most are, in place. Owns one owner of each handle that the value speaks of, so that they
 * live until the message has gone. Knows nothing of messages: who sends turns the references into fields. */
#include "wire/writer.h"
#include "base/error.h"
#include "base/limits.h"
#include "wire/reference.h"
#include "wire/bytes.h"

#include <msgpack/pack.h>
#include <stdlib.h>
#include <string.h>

static int put (void *data, const char *bytes, size_t size)
{
    far_buffer_t *out = data;
    far_buffer_append (out, bytes, size);
    return out->failed ? -1 : 0;
}

/* A packer of msgpack-c costs nothing to make: two pointers. */
static inline msgpack_packer packer_of (far_buffer_t *out)
{
    msgpack_packer packer;
    msgpack_packer_init (&packer, out, put);
    return packer;
}

static void fail (far_writer_t *self, far_status_t status)
{
    if (!self->failed)
        self->failed = status;
}

/* What a pack call gave, and one value more. */
static inline void packed (far_writer_t *self, int result)
{
    self->values++;
    if (result < 0 && !self->failed)
        fail (self, far_fail (FAR_E_NO_MEMORY, "no memory for a message of %zu bytes", self->out->size));
}

/* A value, or the head of one, that is one byte. */
static inline void put_byte (far_writer_t *self, unsigned byte)
{
    uint8_t *room = far_buffer_extend (self->out, 1);
    if (room)
        *room = (uint8_t)byte;
    packed (self, room ? 0 : -1);
}

void far_writer_init (far_writer_t *self, far_buffer_t *out)
{
    *self = (far_writer_t){ .out = out };
}

void far_writer_deinit (far_writer_t *self)
{
    for (size_t i = 0; i < self->reference_count; i++)
        far_handle_release (self->references[i]);
    free (self->references);
    *self = (far_writer_t){ .out = self->out, .travels = self->travels };
}

far_status_t far_writer_status (far_writer_t *self)
{
    if (self->failed)
        return self->failed;
    if (self->out->failed)
        fail (self, far_fail (FAR_E_NO_MEMORY, "no memory for a message of %zu bytes", self->out->size));
    else if (self->out->size > FAR_LIMIT_MESSAGE_BYTES)
        fail (self, far_fail (FAR_E_LIMIT, "a message of %zu bytes: %zu is the most", self->out->size,
                              FAR_LIMIT_MESSAGE_BYTES));
    else if (self->values > FAR_LIMIT_VALUES)
        fail (self, far_fail (FAR_E_LIMIT, "%zu values in a message: %d is the most", self->values, FAR_LIMIT_VALUES));
    return self->failed;
}

void far_write_nil (far_writer_t *self)
{
    put_byte (self, 0xc0);
}

void far_write_bool (far_writer_t *self, bool value)
{
    put_byte (self, value ? 0xc3 : 0xc2);
}

void far_write_int (far_writer_t *self, int64_t value)
{
    if (value >= -32 && value < 128) {
        put_byte (self, (uint8_t)value);
        return;
    }
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_int64 (&packer, value));
}

void far_write_uint (far_writer_t *self, uint64_t value)
{
    if (value < 128) {
        put_byte (self, (uint8_t)value);
        return;
    }
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_uint64 (&packer, value));
}

void far_write_float (far_writer_t *self, double value)
{
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_double (&packer, value));
}

/* What can't fit is refused before a byte of it is copied. */
static bool has_room (far_writer_t *self, size_t size)
{
    if (size <= FAR_LIMIT_MESSAGE_BYTES)
        return true;
    fail (self, far_fail (FAR_E_LIMIT, "%zu bytes: %zu is the most in a message", size, FAR_LIMIT_MESSAGE_BYTES));
    return false;
}

void far_write_string (far_writer_t *self, const char *text, size_t size)
{
    if (!has_room (self, size))
        return;
    if (!far_is_utf8 (text, size)) {
        fail (self, far_fail (FAR_E_NOT_SERIALIZABLE, "a string of %zu bytes is not UTF-8", size));
        return;
    }
    if (size < 32) {
        put_byte (self, 0xa0 | (unsigned)size);
        far_buffer_append (self->out, text, size);
        return;
    }
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_str_with_body (&packer, text, size));
}

void far_write_binary (far_writer_t *self, const void *data, size_t size)
{
    if (!has_room (self, size))
        return;
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_bin_with_body (&packer, data, size));
}

void far_write_time (far_writer_t *self, struct timespec value)
{
    if (value.tv_nsec < 0 || value.tv_nsec >= 1000000000) {
        fail (self, far_fail (FAR_E_NOT_SERIALIZABLE, "a timestamp with %ld nanoseconds: below 1000000000 was expected",
                              value.tv_nsec));
        return;
    }
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_timestamp (&packer, &(msgpack_timestamp){ value.tv_sec, (uint32_t)value.tv_nsec }));
}

static bool may_open (far_writer_t *self, size_t count)
{
    if (count <= FAR_LIMIT_VALUES && self->depth < FAR_LIMIT_DEPTH)
        return true;
    fail (self, count > FAR_LIMIT_VALUES
                    ? far_fail (FAR_E_LIMIT, "%zu items: %d is the most in a message", count, FAR_LIMIT_VALUES)
                    : far_fail (FAR_E_LIMIT, "a value is nested more than %d deep in its message", FAR_LIMIT_DEPTH));
    return false;
}

void far_write_list (far_writer_t *self, size_t count)
{
    if (!may_open (self, count))
        return;
    if (count < 16) {
        put_byte (self, 0x90 | (unsigned)count);
        return;
    }
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_array (&packer, count));
}

void far_write_map (far_writer_t *self, size_t count)
{
    if (!may_open (self, count))
        return;
    if (count < 16) {
        put_byte (self, 0x80 | (unsigned)count);
        return;
    }
    msgpack_packer packer = packer_of (self->out);
    packed (self, msgpack_pack_map (&packer, count));
}

/* Finds or adds the handle. false without room. */
static bool index_of (far_writer_t *self, far_handle_t *handle, size_t *out)
{
    for (*out = 0; *out < self->reference_count; ++*out)
        if (self->references[*out] == handle)
            return true;
    if (self->reference_count == FAR_LIMIT_FIELDS) {
        fail (self, far_fail (FAR_E_LIMIT, "more than %d references in a message", FAR_LIMIT_FIELDS));
        return false;
    }
    if (self->reference_count == self->reference_capacity) {
        size_t capacity = self->reference_capacity ? 2 * self->reference_capacity : 8;
        far_handle_t **references = realloc (self->references, capacity * sizeof *references);
        if (!references) {
            fail (self, far_fail (FAR_E_NO_MEMORY, "no memory for %zu references", capacity));
            return false;
        }
        self->references = references;
        self->reference_capacity = capacity;
    }
    self->references[self->reference_count++] = far_handle_retain (handle);
    return true;
}

typedef struct head {
    uint8_t bytes[8]; /* 6 is the most that the head of an ext has */
    size_t size;
} head_t;

static int put_head (void *data, const char *bytes, size_t size)
{
    head_t *head = data;
    memcpy (head->bytes + head->size, bytes, size);
    head->size += size;
    return 0;
}

void far_write_reference (far_writer_t *self, far_handle_t *handle)
{
    size_t index, start = self->out->size;
    if (handle->kind->write && self->travels) {
        handle->kind->write (handle, self);
        return;
    }
    if (self->failed || !index_of (self, handle, &index))
        return;
    const far_handle_kind_t *kind = handle->kind;
    const char *class_name = kind->class_name (handle), *path = kind->path (handle);
    far_writer_t content = { .out = self->out }; /* a value of its own */
    far_reference_write_content (&content, index, class_name ? class_name : "", path ? path : "",
                                 kind->options ? kind->options (handle) : NULL);
    if (content.failed) {
        fail (self, content.failed);
        return;
    }
    /* Its size is known only now, and the head stands in front. */
    head_t head = { .size = 0 };
    msgpack_packer packer;
    msgpack_packer_init (&packer, &head, put_head);
    msgpack_pack_ext (&packer, self->out->size - start, FAR_EXT_REFERENCE);
    uint8_t *gap = far_buffer_insert (self->out, start, head.size);
    if (gap)
        memcpy (gap, head.bytes, head.size);
    packed (self, gap ? 0 : -1);
}

size_t far_write_hidden_reference (far_writer_t *self, far_handle_t *handle)
{
    size_t index = 0;
    if (!self->failed)
        index_of (self, handle, &index);
    return index;
}

void far_write_answer (far_writer_t *self, uint64_t request, far_text_t path)
{
    uint8_t id[8];
    far_put64 (id, request);
    msgpack_packer packer = packer_of (self->out);
    int result = msgpack_pack_ext (&packer, sizeof id + path.size, FAR_EXT_REQUEST);
    result = result ? result : msgpack_pack_ext_body (&packer, id, sizeof id);
    packed (self, result ? result : msgpack_pack_ext_body (&packer, path.data, path.size));
}

void far_write_encoded (far_writer_t *self, const void *data, size_t size)
{
    far_buffer_append (self->out, data, size);
    packed (self, self->out->failed ? -1 : 0);
}
