/* The bodies of requests and errors. docs/protocol.md, sections 3 and 7. */
#ifndef FAR_WIRE_BODIES_H
#define FAR_WIRE_BODIES_H

#include "base/error.h"
#include "wire/reader.h"
#include "wire/writer.h"
#include <farcall/options.h>

typedef enum far_root { FAR_ROOT_MODULES, FAR_ROOT_OBJECT, FAR_ROOT_REQUEST } far_root_t;

/* What a request is about. */
typedef struct far_target {
    far_root_t root;
    uint64_t id;     /* of the object or request */
    far_text_t path; /* "" for the root itself */
} far_target_t;

/* A request's body, read. Points into the body. */
typedef struct far_request_body {
    far_target_t target;
    far_reader_t arguments; /* CALL: at the first of argument_count values. IMPORT: of names. TRANSFER: of 1 */
    size_t argument_count;
    bool has_names;        /* IMPORT: a list of names was given */
    far_reader_t keywords; /* at the first of keyword_count pairs */
    size_t keyword_count;
    uint32_t returns; /* which results come by value: a sum of far_by_value_t */
    size_t answers;   /* of earlier requests, spoken of behind the root */
} far_request_body_t;

/* Scans and reads the body of a request of this type. ProtocolError says what was expected where; BadArguments for a
 * path that is too long. */
far_status_t far_request_body_read (uint8_t type, const uint8_t *body, size_t size, far_request_body_t *out);

/* Writes root and path: the first two elements of GETATTR, GETVALUE and CALL. path2 ("" or NULL for none) is put behind
 * path with a dot. */
void far_target_write (far_writer_t *out, const far_target_t *target, const char *path2);

void far_error_write (far_writer_t *out, const far_error_t *error);
/* Reads the body of an ERROR; a malformed one gives a ProtocolError that says so. Never NULL. */
far_error_t *far_error_read (const uint8_t *body, size_t size);

#endif
