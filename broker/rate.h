/* How often something happens now: per second, over the last eight. Pure; the time is told. All zero is one that has not
 * happened yet. */
#ifndef BROKER_RATE_H
#define BROKER_RATE_H

#include <stdint.h>

enum { RATE_SECONDS = 8 };

typedef struct rate {
    int64_t began_ns; /* the first time */
    struct rate_second {
        int64_t number;
        uint64_t count;
    } seconds[RATE_SECONDS];
} rate_t;

/* It happened now, so many times. now_ns never goes back. */
void rate_add (rate_t *self, uint64_t count, int64_t now_ns);
/* Per second; what began less than a second ago counts as of one second. */
double rate_read (const rate_t *self, int64_t now_ns);

#endif
