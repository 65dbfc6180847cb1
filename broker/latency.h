/* How long something takes now: percentiles of the last minute, in a fixed 6 KiB, whatever is recorded. Pure; the time is
 * told. A figure is never less than the true one, and greater by no more than a sixteenth of it and 1 us; worst is exact.
 * Times beyond 71 minutes count as that, but for worst.
 *
 *     latency_add (latency, now_ns - began_ns, now_ns);
 *     latency_figures_t figures;
 *     latency_read (latency, now_ns, &figures);
 */
#ifndef BROKER_LATENCY_H
#define BROKER_LATENCY_H

#include <stdint.h>

typedef struct latency latency_t;

/* Of what was recorded in the last 40 to 60 seconds. All zero where nothing was. */
typedef struct latency_figures {
    uint64_t count;
    int64_t p50_ns, p90_ns, p99_ns, worst_ns;
} latency_figures_t;

/* NULL without memory: all others take that for one in which nothing is recorded, so nobody has to look. */
latency_t *latency_new (void);
void latency_destroy (latency_t **self_p);

/* Something ended now that took so long; negative is 0. now_ns never goes back. */
void latency_add (latency_t *self, int64_t took_ns, int64_t now_ns);
/* The same, made when it is first needed: of many things there are that do little. */
void latency_note (latency_t **latency_p, int64_t took_ns, int64_t now_ns);
void latency_read (const latency_t *self, int64_t now_ns, latency_figures_t *out);

#endif
