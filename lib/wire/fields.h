/* Fields: what stands between header and body for the broker to read. docs/protocol.md, section 2. */
#ifndef FAR_WIRE_FIELDS_H
#define FAR_WIRE_FIELDS_H

#include "base/buffer.h"
#include "base/credit.h"
#include "base/ids.h"

typedef enum far_field_tag {
    FAR_FIELD_REFERENCE = 1,
    FAR_FIELD_RELEASE = 2,
    FAR_FIELD_GRANT = 3,
    FAR_FIELD_DOWN = 4,
    FAR_FIELD_CREDIT = 5,
    FAR_FIELD_PRIORITY = 6,
    FAR_FIELD_DELAY = 7,
    FAR_FIELD_KEY = 8,
    FAR_FIELD_ROUTE = 9, /* those without a size in fields.c are reserved: a place on the wire, not used yet */
    FAR_FIELD_CHAIN = 10,
    FAR_FIELD_ATTACHMENTS = 11,
    FAR_FIELD_WINDOW = 12,
    FAR_FIELD_FORGET = 13,
    FAR_FIELD_REPORT = 14
} far_field_tag_t;

typedef enum far_down_how { FAR_DOWN_DIED = 1, FAR_DOWN_BYE = 2, FAR_DOWN_CUT = 3 } far_down_how_t;

/* A chain of calls, by the request that it began with. All zero: none. */
typedef struct far_chain {
    far_process_id_t process;
    uint64_t request;
} far_chain_t;

/* One field; which member of the union counts is said by tag. Of a tag that is reserved or not known, only tag. */
typedef struct far_field {
    uint16_t tag;
    union {
        struct {
            far_process_id_t owner;
            far_object_id_t object;
        } reference;
        struct {
            far_object_id_t object;
            uint64_t receipts;
        } release;
        struct {
            far_object_id_t object;
            far_process_id_t giver, to;
        } grant;
        struct {
            far_process_id_t process;
            uint32_t how; /* far_down_how_t */
        } down;
        far_amount_t credit;
        int32_t priority;
        uint32_t delay_ms;
        uint64_t key;
        far_chain_t chain;
        uint64_t forget; /* a request ID */
        uint32_t report; /* which of the message's references */
    };
} far_field_t;

#define FAR_REFERENCE_FIELD_SIZE 20 /* bytes on the wire, tag and size included */

/* Are these bytes fields from end to end, no more than FAR_LIMIT_FIELDS, each known one of its size? */
bool far_fields_check (const uint8_t *data, size_t size);

/* Goes through fields that were checked. */
typedef struct far_fields {
    const uint8_t *position, *end;
} far_fields_t;

void far_fields_start (far_fields_t *self, const uint8_t *data, size_t size);
bool far_fields_next (far_fields_t *self, far_field_t *out);
/* How many of this tag, among fields that were checked. */
size_t far_fields_count (const uint8_t *data, size_t size, uint16_t tag);

/* Writes one field to out (4 bytes and the content); gives the bytes written. No reserved tags. */
size_t far_field_write (const far_field_t *field, uint8_t *out);
/* The same at the end of a buffer. */
void far_field_append (far_buffer_t *out, const far_field_t *field);

#endif
