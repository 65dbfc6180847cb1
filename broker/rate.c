/* Counts of the last seconds, each in a slot that is used again eight seconds later. Owns nothing. */
#include "rate.h"

#include <stddef.h>

#define SECOND_NS INT64_C (1000000000)

void rate_add (rate_t *self, uint64_t count, int64_t now_ns)
{
    int64_t number = now_ns / SECOND_NS;
    struct rate_second *second = &self->seconds[number % RATE_SECONDS];
    if (!self->began_ns)
        self->began_ns = now_ns;
    if (second->number != number)
        *second = (struct rate_second){ .number = number };
    second->count += count;
}

double rate_read (const rate_t *self, int64_t now_ns)
{
    int64_t number = now_ns / SECOND_NS, first_ns = (number - RATE_SECONDS + 1) * SECOND_NS;
    uint64_t count = 0;
    for (size_t i = 0; i < RATE_SECONDS; i++)
        if (number - self->seconds[i].number < RATE_SECONDS)
            count += self->seconds[i].count;
    if (self->began_ns > first_ns)
        first_ns = self->began_ns;
    int64_t span_ns = now_ns - first_ns < SECOND_NS ? SECOND_NS : now_ns - first_ns;
    return (double)count * (double)SECOND_NS / (double)span_ns;
}
