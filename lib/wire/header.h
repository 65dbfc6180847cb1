/* The 32 bytes at the front of every frame, and the 24 of every record of a batch. docs/protocol.md, sections 1 and 6. */
#ifndef FAR_WIRE_HEADER_H
#define FAR_WIRE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAR_PROTOCOL_VERSION 1
#define FAR_HEADER_SIZE      32
#define FAR_RECORD_SIZE      24

typedef struct far_header {
    uint8_t type; /* far_message_type_t; may be unknown */
    uint16_t flags;
    uint32_t time_left_ms;
    uint64_t party;
    uint64_t request;
    uint32_t body_size;
    uint32_t fields_size;
} far_header_t;

void far_header_write (const far_header_t *header, uint8_t out[FAR_HEADER_SIZE]);
/* false unless data is a whole frame: long enough, version 1, sizes that add up to size exactly. */
bool far_header_read (const uint8_t *data, size_t size, far_header_t *out);
/* Overwrites parts of a frame that is a whole one. */
void far_header_stamp_party (uint8_t *frame, uint64_t party);
void far_header_stamp_flags (uint8_t *frame, uint16_t flags);

void far_record_write (const far_header_t *header, uint8_t out[FAR_RECORD_SIZE]);
/* Reads the record at data; out->party is left alone. false unless the record, its fields and its body lie within
 * size, and it is not a batch itself. */
bool far_record_read (const uint8_t *data, size_t size, far_header_t *out);

#endif
