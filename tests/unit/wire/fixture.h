/* What the tests of the wire share: handles that stand for nothing, bytes from hex, and a PRNG with a seed. */
#ifndef FAR_TESTS_WIRE_FIXTURE_H
#define FAR_TESTS_WIRE_FIXTURE_H

#include "support/cm.h"

#include "base/buffer.h"
#include "base/error.h"
#include "wire/picture.h"

#include <stdlib.h>
#include <string.h>

typedef struct fake {
    far_handle_t handle;
    const char *class_name, *path;
    int ended;
} fake_t;

static void fake_last (far_handle_t *handle)
{
    ((fake_t *)handle)->ended += far_handle_drop (handle);
}

static const char *fake_class (const far_handle_t *handle)
{
    return ((const fake_t *)handle)->class_name;
}

static const char *fake_path (const far_handle_t *handle)
{
    return ((const fake_t *)handle)->path;
}

static const far_handle_kind_t fake_object = {
    .name = "object", .last = fake_last, .class_name = fake_class, .path = fake_path
};
static const far_handle_kind_t fake_proxy = {
    .name = "proxy", .last = fake_last, .class_name = fake_class, .path = fake_path
};

static inline void fake_init (fake_t *self, const far_handle_kind_t *kind, const char *class_name, const char *path)
{
    *self = (fake_t){ .class_name = class_name, .path = path };
    far_handle_init (&self->handle, kind);
}

static inline size_t owners_of (fake_t *self)
{
    return atomic_load (&self->handle.owners);
}

/* Resolves by the index, in a table that ends with NULL; past its end there is an error. */
static inline far_handle_t *fake_resolve (void *context, const far_reference_t *reference)
{
    far_handle_t **table = context;
    for (uint64_t i = 0; table[i]; i++)
        if (i == reference->index)
            return far_handle_retain (table[i]);
    far_fail (FAR_E_PROTOCOL_ERROR, "no reference %llu", (unsigned long long)reference->index);
    return NULL;
}

/* Bytes from "81 a1 78 05"; *size is how many. */
static inline uint8_t *from_hex (const char *hex, size_t *size)
{
    uint8_t *bytes = malloc (strlen (hex) + 1);
    *size = 0;
    for (char *end; *hex; hex = end) {
        unsigned long byte = strtoul (hex, &end, 16);
        if (end == hex)
            break;
        bytes[(*size)++] = (uint8_t)byte;
    }
    return bytes;
}

#define assert_bytes(buffer, hex) \
    do { \
        size_t wanted_size_; \
        uint8_t *wanted_ = from_hex (hex, &wanted_size_); \
        assert_int_equal ((buffer)->size, wanted_size_); \
        assert_memory_equal ((buffer)->data, wanted_, wanted_size_); \
        free (wanted_); \
    } while (0)

#define assert_failed(status, kind, text) \
    do { \
        assert_int_equal (status, kind); \
        assert_int_equal (far_error_kind (far_last_error ()), kind); \
        assert_string_equal (far_error_message (far_last_error ()), text); \
    } while (0)

/* xorshift64*: the same numbers on every machine. */
static inline uint64_t next_random (uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717u;
}

#endif
