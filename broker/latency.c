/* A log-linear histogram, after Gil Tene's HdrHistogram: the powers of two are cut into 16 equal parts each, so a bucket is
 * found by the place of the highest bit and the 4 bits below it, and is never wider than a sixteenth of what is in it. There
 * are three, of 20 seconds each, used in turn; a reader takes together those that are not too old. */
#include "latency.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    PART_BITS = 4,
    PARTS = 1 << PART_BITS,
    TOP_BIT = 31, /* of what can be told apart, in us */
    BUCKETS = (TOP_BIT - PART_BITS + 2) * PARTS,
    SLICES = 3,
    US_NS = 1000,
};

#define SLICE_NS INT64_C (20000000000)

typedef struct slice {
    int64_t number; /* of the 20 seconds that it is about */
    uint64_t count;
    int64_t worst_ns;
    uint32_t buckets[BUCKETS];
} slice_t;

struct latency {
    slice_t slices[SLICES];
};

latency_t *latency_new (void)
{
    return calloc (1, sizeof (latency_t));
}

void latency_destroy (latency_t **self_p)
{
    free (*self_p);
    *self_p = NULL;
}

static unsigned bucket_of (int64_t took_ns)
{
    const uint64_t most = (UINT64_C (2) << TOP_BIT) - 1;
    uint64_t us = (uint64_t)took_ns / US_NS;
    if (us > most)
        us = most;
    unsigned top_bit = 63U - (unsigned)__builtin_clzll (us | PARTS);
    unsigned shift = top_bit - PART_BITS;
    return shift * PARTS + (unsigned)(us >> shift);
}

/* The least that is beyond it. */
static int64_t end_of (unsigned bucket)
{
    unsigned shift = bucket < PARTS ? 0 : bucket / PARTS - 1;
    return (int64_t)((uint64_t)(bucket - shift * PARTS + 1) << shift) * US_NS;
}

void latency_add (latency_t *self, int64_t took_ns, int64_t now_ns)
{
    if (!self)
        return;
    int64_t number = now_ns / SLICE_NS;
    slice_t *slice = &self->slices[number % SLICES];
    if (slice->number != number) {
        memset (slice, 0, sizeof *slice);
        slice->number = number;
    }
    if (took_ns < 0)
        took_ns = 0;
    if (took_ns > slice->worst_ns)
        slice->worst_ns = took_ns;
    slice->count++;
    slice->buckets[bucket_of (took_ns)]++;
}

void latency_note (latency_t **latency_p, int64_t took_ns, int64_t now_ns)
{
    if (!*latency_p)
        *latency_p = latency_new ();
    latency_add (*latency_p, took_ns, now_ns);
}

static int64_t percentile (const slice_t *const *slices, size_t count, const latency_figures_t *of, unsigned percent)
{
    uint64_t rank = (of->count * percent + 99) / 100, seen = 0;
    for (unsigned bucket = 0; bucket < BUCKETS - 1; bucket++) {
        for (size_t i = 0; i < count; i++)
            seen += slices[i]->buckets[bucket];
        if (seen >= rank)
            return end_of (bucket) < of->worst_ns ? end_of (bucket) : of->worst_ns;
    }
    return of->worst_ns;
}

void latency_read (const latency_t *self, int64_t now_ns, latency_figures_t *out)
{
    const slice_t *recent[SLICES];
    size_t count = 0;
    *out = (latency_figures_t){ 0 };
    for (size_t i = 0; self && i < SLICES; i++)
        if (self->slices[i].count && now_ns / SLICE_NS - self->slices[i].number < SLICES)
            recent[count++] = &self->slices[i];
    for (size_t i = 0; i < count; i++) {
        out->count += recent[i]->count;
        if (recent[i]->worst_ns > out->worst_ns)
            out->worst_ns = recent[i]->worst_ns;
    }
    if (!out->count)
        return;
    out->p50_ns = percentile (recent, count, out, 50);
    out->p90_ns = percentile (recent, count, out, 90);
    out->p99_ns = percentile (recent, count, out, 99);
}
