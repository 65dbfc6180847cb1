/* Counts log lines in windows of a second. Knows nothing of what is logged. */
#include "limiter.h"

#define WINDOW_NS 1000000000

bool limiter_allows (limiter_t *self, int64_t now_ns, uint64_t *out_suppressed)
{
    if (now_ns - self->since_ns >= WINDOW_NS || !self->since_ns) {
        self->since_ns = now_ns;
        self->lines = 0;
    }
    if (self->lines >= LIMITER_LINES_PER_SECOND) {
        self->suppressed++;
        return false;
    }
    self->lines++;
    *out_suppressed = self->suppressed;
    self->suppressed = 0;
    return true;
}
