/* Random numbers from the kernel, for hash keys and incarnations. */
#ifndef FAR_BASE_RANDOM_H
#define FAR_BASE_RANDOM_H

#include <stddef.h>

/* Fills out. Never fails: where the kernel has no random numbers yet, it waits for them. */
void far_random (void *out, size_t size);

#endif
