/* Random numbers from the kernel. */
#include "base/random.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

void far_random (void *out, size_t size)
{
    uint8_t *at = out;
    while (size) {
        ssize_t got = getrandom (at, size, 0);
        if (got < 0 && errno != EINTR)
            abort (); /* no such system call: older than any kernel that we run on, and keys would be guessable */
        if (got > 0) {
            at += got;
            size -= (size_t)got;
        }
    }
}
