/* Reads MessagePack head by head, without building anything, and checks a whole body first. msgpack-c's own unpacker
 * allocates by what a head claims before it has seen the items, and can be made to ask for gigabytes by a few bytes. */
#ifndef FAR_WIRE_READER_H
#define FAR_WIRE_READER_H

#include "base/handle.h"
#include <farcall/value.h>

typedef struct far_text {
    const char *data; /* not NUL-terminated; never NULL */
    size_t size;
} far_text_t;

bool far_text_equals (far_text_t text, const char *string);

typedef enum far_ext {
    FAR_EXT_TIMESTAMP = -1,
    FAR_EXT_REFERENCE = 1,
    FAR_EXT_ATTACHMENT = 2, /* reserved */
    FAR_EXT_REQUEST = 3
} far_ext_t;

/* One head: a scalar whole, or how many items follow. */
typedef struct far_item {
    far_type_t type;
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural; /* FAR_TYPE_UINT */
        double real;
        struct timespec time;
        far_text_t text; /* string, binary; FAR_TYPE_REFERENCE: the content of the ext (type in ext) */
        size_t count;    /* list: items; map: entries */
    };
    int8_t ext; /* of FAR_TYPE_REFERENCE: a far_ext_t, but no timestamp */
} far_item_t;

/* A place in a body. */
typedef struct far_reader {
    const uint8_t *position, *end;
} far_reader_t;

/* The whole check of docs/protocol.md, section 7. On false *why is a static text. */
bool far_scan (const uint8_t *data, size_t size, const char **why);
/* The same, and how many exts of type 3 there are. */
bool far_scan_answers (const uint8_t *data, size_t size, const char **why, size_t *answers);
/* Is it UTF-8 (RFC 3629: no surrogates, no overlong forms)? */
bool far_is_utf8 (const char *text, size_t size);

/* The next head; false at the end or where the bytes are no value. */
bool far_read (far_reader_t *self, far_item_t *out);
/* Passes over one whole value. */
bool far_skip (far_reader_t *self);

/* What an ext of type 1 says. Texts are "" where it says nothing. */
typedef struct far_reference {
    uint64_t index;
    far_text_t class_name, path;
    far_reader_t options; /* option_count entries, checked; reference.h reads them */
    size_t option_count;
} far_reference_t;

bool far_reference_read (const far_item_t *item, far_reference_t *out);

/* What an ext of type 3 says: the answer of the request with this ID, or what lies at a path from it. */
typedef struct far_answer {
    uint64_t request;
    far_text_t path;
} far_answer_t;

/* false for any other item, and where the ext is malformed. */
bool far_answer_read (const far_item_t *item, far_answer_t *out);

/* Turns a reference of a body into what it stands for: gives one owner of an object or proxy, or NULL with the thread's
 * last error. */
typedef struct far_resolver {
    far_handle_t *(*resolve) (void *context, const far_reference_t *reference);
    void *context;
    /* What is wanted as a proxy and turned out to be an object of our own: a proxy to it, or NULL with the last error.
     * May be NULL: then it is an error. */
    far_handle_t *(*as_proxy) (void *context, far_handle_t *object);
} far_resolver_t;

#endif
