/* No more than some log lines a second about one peer. */
#ifndef BROKER_LIMITER_H
#define BROKER_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#define LIMITER_LINES_PER_SECOND 10

/* All zero is valid. */
typedef struct limiter {
    int64_t since_ns;
    uint32_t lines;
    uint64_t suppressed; /* since the last line that was allowed */
} limiter_t;

/* May one more line be printed? If so *out_suppressed says how many were not, since the last. */
bool limiter_allows (limiter_t *self, int64_t now_ns, uint64_t *out_suppressed);

#endif
