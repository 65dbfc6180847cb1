/* SipHash-2-4: a hash of bytes that nobody can aim without the key. */
#ifndef FAR_BASE_SIPHASH_H
#define FAR_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t far_siphash (const uint64_t key[2], const void *data, size_t size);

#endif
