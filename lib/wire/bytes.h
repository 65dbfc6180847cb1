/* Big-endian numbers at any address. */
#ifndef FAR_WIRE_BYTES_H
#define FAR_WIRE_BYTES_H

#include <stdint.h>
#include <string.h>

static inline uint16_t far_get16 (const uint8_t *at)
{
    uint16_t value;
    memcpy (&value, at, sizeof value);
    return __builtin_bswap16 (value);
}

static inline uint32_t far_get32 (const uint8_t *at)
{
    uint32_t value;
    memcpy (&value, at, sizeof value);
    return __builtin_bswap32 (value);
}

static inline uint64_t far_get64 (const uint8_t *at)
{
    uint64_t value;
    memcpy (&value, at, sizeof value);
    return __builtin_bswap64 (value);
}

static inline void far_put16 (uint8_t *at, uint16_t value)
{
    value = __builtin_bswap16 (value);
    memcpy (at, &value, sizeof value);
}

static inline void far_put32 (uint8_t *at, uint32_t value)
{
    value = __builtin_bswap32 (value);
    memcpy (at, &value, sizeof value);
}

static inline void far_put64 (uint8_t *at, uint64_t value)
{
    value = __builtin_bswap64 (value);
    memcpy (at, &value, sizeof value);
}

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the swaps above are for little-endian machines"
#endif

#endif
