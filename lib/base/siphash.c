/* SipHash-2-4, as its paper (Aumasson and Bernstein, 2012) has it. */
#include "base/siphash.h"

static uint64_t rotate (uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void rounds (uint64_t v[4], int count)
{
    while (count--) {
        v[0] += v[1];
        v[1] = rotate (v[1], 13) ^ v[0];
        v[0] = rotate (v[0], 32);
        v[2] += v[3];
        v[3] = rotate (v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate (v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate (v[1], 17) ^ v[2];
        v[2] = rotate (v[2], 32);
    }
}

static uint64_t load (const uint8_t *data, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word |= (uint64_t)data[i] << (8 * i);
    return word;
}

uint64_t far_siphash (const uint64_t key[2], const void *data, size_t size)
{
    uint64_t v[4] = { key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u,
                      key[1] ^ 0x7465646279746573u };
    const uint8_t *at = data;
    size_t left = size;
    for (; left >= 8; at += 8, left -= 8) {
        uint64_t word = load (at, 8);
        v[3] ^= word;
        rounds (v, 2);
        v[0] ^= word;
    }
    uint64_t last = load (at, left) | (uint64_t)size << 56;
    v[3] ^= last;
    rounds (v, 2);
    v[0] ^= last;
    v[2] ^= 0xff;
    rounds (v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
