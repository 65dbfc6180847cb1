/* Stop three of a call: the routing core. A pure step from an event to the actions that follow: no sockets, no clock, no
 * allocation on the way of a message from one process to another. */
#ifndef BROKER_ROUTER_H
#define BROKER_ROUTER_H

#include "actions.h"
#include "counters.h"
#include "processes.h"

typedef struct router_options {
    uint32_t incarnation; /* random, not 0 */
    size_t parked_bytes;  /* for one destination, from which on requests are refused; at twice this it is cut */
    size_t message_bytes; /* told in WELCOME */
} router_options_t;

typedef struct router {
    processes_t *processes;
    counters_t counters;
    sampler_t sampler;
    router_options_t options;
} router_t;

/* NULL without memory. */
router_t *router_new (const router_options_t *options);
/* Asserts that all sessions have ended. */
void router_destroy (router_t **self_p);

typedef enum event_kind {
    EVENT_FRAME, /* session sent a frame */
    EVENT_CUT,   /* session is to be cut: why */
    EVENT_ENDED  /* session's connection has ended, and all that it had sent has been stepped through. Frees it; the
                  * caller has emptied its parked queue */
} event_kind_t;

typedef struct event {
    event_kind_t kind;
    session_t *session; /* from processes_open */
    uint8_t *frame;     /* FRAME: will be stamped in place */
    size_t size;
    const char *why; /* CUT: static text. ENDED: how the process ended, NULL where that is not known */
} event_t;

/* Adds to actions. now_ns is monotonic. */
void router_step (router_t *self, const event_t *event, int64_t now_ns, actions_t *actions);
/* Does party stand for the broker's own objects? */
bool router_is_broker (const router_t *self, uint64_t party);

#endif
