/* A table by caller and request in which nobody makes room: a request whose place is taken is not followed. So one that
 * takes long is not lost to those that come after it, which would make the figures better than things are. Owns the
 * figures of the processes. */
#include "sampler.h"

#include <stdbool.h>
#include <stddef.h>

enum { OPEN_MOST = 16, STRIDE_MOST = 1024 };

#define APART_NS    INT64_C (1000000)      /* between two that are followed: not less, if the stride can help it */
#define WITHIN_NS   INT64_C (100000000)    /* not more, where there are any */
#define KEPT_FOR_NS INT64_C (600000000000) /* then the place of one that has not been answered may be taken */

/* Twice as far where they came too fast, half as far where they came slowly; all where there are few. */
static uint32_t next_stride (const sampling_t *of, int64_t now_ns)
{
    int64_t apart = now_ns - of->began_ns;
    if (!of->stride || apart >= WITHIN_NS)
        return 1;
    if (apart < APART_NS)
        return of->stride >= STRIDE_MOST ? STRIDE_MOST : of->stride * 2;
    return apart > 4 * APART_NS && of->stride > 1 ? of->stride / 2 : of->stride;
}

static void clear (sample_t *slot)
{
    slot->of->open--;
    *slot = (sample_t){ 0 };
}

void sampler_begin (sampler_t *self, sampling_t *of, uint64_t caller, uint64_t request, uint64_t requests,
                    int64_t now_ns)
{
    of->stride = next_stride (of, now_ns);
    of->next = requests + of->stride;
    of->at_latest = now_ns + WITHIN_NS;
    of->began_ns = now_ns;
    sample_t *slot = sampler_slot (self, caller, request);
    if (slot->of && now_ns - slot->began_ns > KEPT_FOR_NS)
        clear (slot);
    if (slot->of || of->open == OPEN_MOST)
        return;
    of->open++;
    *slot = (sample_t){ .caller = caller, .request = request, .of = of, .began_ns = now_ns };
}

void sampler_end (sample_t *slot, const sampling_t *of, int64_t now_ns)
{
    if (!slot->of || slot->of != of)
        return;
    latency_note (&slot->of->latency, now_ns - slot->began_ns, now_ns);
    clear (slot);
}

void sampler_forget (sampler_t *self, uint64_t process, sampling_t *of)
{
    for (size_t i = 0; i < SAMPLER_SLOTS; i++)
        if (self->slots[i].of && (self->slots[i].of == of || self->slots[i].caller == process))
            clear (&self->slots[i]);
    latency_destroy (&of->latency);
}
