/* What the broker counts: one table, from which stats() answers. */
#ifndef BROKER_COUNTERS_H
#define BROKER_COUNTERS_H

#include <stdint.h>

#define COUNTERS(ROW) \
    ROW (MESSAGES, "messages")                     /* frames that came in */ \
    ROW (BYTES, "bytes")                           /* of them */ \
    ROW (REQUESTS, "requests")                     /* forwarded, off calls too */ \
    ROW (ANSWERS, "answers")                       /* RESULT and ERROR, forwarded */ \
    ROW (NOTICES, "notices")                       /* DEL and the like, forwarded */ \
    ROW (GRANTS, "grants")                         /* sent */ \
    ROW (DOWNS, "downs")                           /* sent */ \
    ROW (RELEASES, "releases")                     /* DEL in the name of a destination that got nothing */ \
    ROW (REFUSED_OVERLOADED, "refused_overloaded") /* requests, answered */ \
    ROW (DEADLOCKS, "deadlocks")                   /* requests that would close a cycle, answered */ \
    ROW (REFUSED_OFF, "refused_off")               /* off calls, only logged */ \
    ROW (NO_SUCH_PROCESS, "no_such_process")       /* messages to an ID never given out */ \
    ROW (TO_THE_DEAD, "to_the_dead")               /* messages to an ID that is down */ \
    ROW (DROPPED, "dropped")                       /* messages that nobody may have */ \
    ROW (PROTOCOL_ERRORS, "protocol_errors")       /* requests that the protocol has no place for, answered */ \
    ROW (HELLOS_REFUSED, "hellos_refused") \
    ROW (RESETS, "resets") \
    ROW (CUTS, "cuts") \
    ROW (BYES, "byes") \
    ROW (CONNECTIONS_REFUSED, "connections_refused") /* beyond max-connections */ \
    ROW (UNREACHABLE, "unreachable")                 /* frames for a connection that had ended meanwhile */ \
    ROW (PARKED, "parked")                           /* frames that had to wait for a slow destination */ \
    ROW (SERVED, "served")                           /* requests to the broker itself */ \
    ROW (LOG_LINES_SUPPRESSED, "log_lines_suppressed")

typedef enum counter {
#define COUNTER_ENUM(name, text) COUNT_##name,
    COUNTERS (COUNTER_ENUM)
#undef COUNTER_ENUM
        COUNTER_COUNT
} counter_t;

typedef struct counters {
    uint64_t value[COUNTER_COUNT];
} counters_t;

extern const char *const counter_names[COUNTER_COUNT];

#endif
