/* How long processes take to answer, of a sample of what they are asked directly: the broker keeps nothing of such a request,
 * but for the few that are followed here, in a table of fixed size. A process that is asked little has all of its requests
 * followed, one that is asked much a thousand a second or so, and never more than 16 at a time. Pure; the time is told. */
#ifndef BROKER_SAMPLER_H
#define BROKER_SAMPLER_H

#include "base/ids.h"
#include "latency.h"

#include <stdbool.h>

/* Of one process; part of its session. All zero: it has not been asked. */
typedef struct sampling {
    uint64_t next;      /* the how manieth request of it is followed next */
    int64_t at_latest;  /* or the first one from then on */
    uint32_t stride;    /* requests from one that is followed to the next */
    uint32_t open;      /* that are followed */
    int64_t began_ns;   /* the last one */
    latency_t *latency; /* NULL: none has been answered yet */
} sampling_t;

enum { SAMPLER_SLOTS = 512 };

typedef struct sample {
    uint64_t caller, request;
    sampling_t *of; /* NULL: the slot is free */
    int64_t began_ns;
} sample_t;

/* All zero: nothing is followed. */
typedef struct sampler {
    sample_t slots[SAMPLER_SLOTS];
} sampler_t;

/* Which slot, if any, a request has. */
static inline sample_t *sampler_slot (sampler_t *self, uint64_t caller, uint64_t request)
{
    return &self->slots[(caller * 61 + request) % SAMPLER_SLOTS]; /* those that follow each other are neighbours */
}

/* The callee, which has been sent so many requests with this one, is to be followed if sampler_wants. */
static inline bool sampler_wants (const sampling_t *of, uint64_t requests, int64_t now_ns)
{
    return requests >= of->next || now_ns >= of->at_latest;
}

/* This request, which is not 0, is followed from now on, if there is a place. */
void sampler_begin (sampler_t *self, sampling_t *of, uint64_t caller, uint64_t request, uint64_t requests,
                    int64_t now_ns);
/* Its answer: told by a callee of which nobody knows whether it is the one that was asked. */
void sampler_end (sample_t *slot, const sampling_t *of, int64_t now_ns);

/* An answer passes. A few instructions where it is none of those that are followed. */
static inline void sampler_pass (sampler_t *self, const sampling_t *of, uint64_t caller, uint64_t request,
                                 int64_t now_ns)
{
    sample_t *slot = sampler_slot (self, caller, request);
    if (slot->request == request && slot->caller == caller)
        sampler_end (slot, of, now_ns);
}

/* The process is gone: what it asked and what it was asked is followed no more. */
void sampler_forget (sampler_t *self, uint64_t process, sampling_t *of);

#endif
