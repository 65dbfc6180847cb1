/* Headers and records, as bytes. Knows nothing of what the types mean, nor of fields and bodies but their sizes. */
#include "wire/header.h"
#include "wire/bytes.h"
#include "wire/types.h"

/* Offsets in a header. */
enum { TYPE = 1, FLAGS = 2, TIME_LEFT = 4, PARTY = 8, REQUEST = 16, BODY_SIZE = 24, FIELDS_SIZE = 28 };
/* Offsets in a record: type, zero and flags stand in front. */
enum {
    RECORD_ZERO = 1,
    RECORD_FLAGS = 2,
    RECORD_TIME_LEFT = 4,
    RECORD_REQUEST = 8,
    RECORD_BODY = 16,
    RECORD_FIELDS = 20
};

void far_header_write (const far_header_t *header, uint8_t out[FAR_HEADER_SIZE])
{
    out[0] = FAR_PROTOCOL_VERSION;
    out[TYPE] = header->type;
    far_put16 (out + FLAGS, header->flags);
    far_put32 (out + TIME_LEFT, header->time_left_ms);
    far_put64 (out + PARTY, header->party);
    far_put64 (out + REQUEST, header->request);
    far_put32 (out + BODY_SIZE, header->body_size);
    far_put32 (out + FIELDS_SIZE, header->fields_size);
}

bool far_header_read (const uint8_t *data, size_t size, far_header_t *out)
{
    if (size < FAR_HEADER_SIZE || data[0] != FAR_PROTOCOL_VERSION)
        return false;
    uint32_t body_size = far_get32 (data + BODY_SIZE), fields_size = far_get32 (data + FIELDS_SIZE);
    if ((uint64_t)FAR_HEADER_SIZE + body_size + fields_size != size)
        return false;
    *out = (far_header_t){ .type = data[TYPE],
                           .flags = far_get16 (data + FLAGS),
                           .time_left_ms = far_get32 (data + TIME_LEFT),
                           .party = far_get64 (data + PARTY),
                           .request = far_get64 (data + REQUEST),
                           .body_size = body_size,
                           .fields_size = fields_size };
    return true;
}

void far_header_stamp_party (uint8_t *frame, uint64_t party)
{
    far_put64 (frame + PARTY, party);
}

void far_header_stamp_flags (uint8_t *frame, uint16_t flags)
{
    far_put16 (frame + FLAGS, flags);
}

void far_record_write (const far_header_t *header, uint8_t out[FAR_RECORD_SIZE])
{
    out[0] = header->type;
    out[RECORD_ZERO] = 0;
    far_put16 (out + RECORD_FLAGS, header->flags);
    far_put32 (out + RECORD_TIME_LEFT, header->time_left_ms);
    far_put64 (out + RECORD_REQUEST, header->request);
    far_put32 (out + RECORD_BODY, header->body_size);
    far_put32 (out + RECORD_FIELDS, header->fields_size);
}

bool far_record_read (const uint8_t *data, size_t size, far_header_t *out)
{
    if (size < FAR_RECORD_SIZE || data[RECORD_ZERO] != 0)
        return false;
    uint16_t flags = far_get16 (data + RECORD_FLAGS);
    uint32_t body_size = far_get32 (data + RECORD_BODY), fields_size = far_get32 (data + RECORD_FIELDS);
    if ((uint64_t)FAR_RECORD_SIZE + body_size + fields_size > size || flags & FAR_FLAG_BATCH)
        return false;
    out->type = data[0];
    out->flags = flags;
    out->time_left_ms = far_get32 (data + RECORD_TIME_LEFT);
    out->request = far_get64 (data + RECORD_REQUEST);
    out->body_size = body_size;
    out->fields_size = fields_size;
    return true;
}
