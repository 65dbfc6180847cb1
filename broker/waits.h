/* Who waits for whom, of the processes that serve nothing while they wait: each for one answer at most. */
#ifndef BROKER_WAITS_H
#define BROKER_WAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One process; part of its session. All zero: it does not wait. */
typedef struct waits waits_t;

struct waits {
    const waits_t *on; /* who is to answer; NULL: it does not wait */
    uint64_t request;
};

/* It waits for this answer now, and for nothing that it waited for before. false if that would close a cycle, in which all
 * wait for each other: then nothing has changed. */
bool waits_begin (waits_t *self, const waits_t *on, uint64_t request);
/* If that is what it waits for: it does not any more. */
void waits_end (waits_t *self, const waits_t *on, uint64_t request);
/* The other one is gone: nobody waits for it. */
void waits_lose (waits_t *self, const waits_t *gone);

/* What a process is called: writes at most size bytes. */
typedef void waits_name_fn (const waits_t *self, char *out, size_t size);
/* The cycle that waits_begin found: "a waits for b, b waits for c, c waits for a". Cut off where it does not fit. */
void waits_describe (const waits_t *self, const waits_t *on, waits_name_fn *name, char *out, size_t size);

#endif
