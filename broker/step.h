/* What the functions of one step of the router share. Only for router.c, route.c and refuse.c, and for processes inside
 * the broker, which send as any other does. */
#ifndef BROKER_STEP_H
#define BROKER_STEP_H

#include "router.h"
#include "say.h"

typedef struct step {
    router_t *router;
    session_t *from;
    uint8_t *frame;
    size_t size;
    far_message_t message;
    far_message_role_t role; /* of the message; UNKNOWN of a batch */
    int64_t now_ns;
    actions_t *actions;
} step_t;

static inline void step_count (step_t *self, counter_t counter)
{
    self->router->counters.value[counter]++;
}

static inline bool step_is_batch (const step_t *self)
{
    return self->message.header.flags & FAR_FLAG_BATCH;
}

/* One line about the sender, unless there have been too many. */
void step_log (step_t *self, const char *format, ...) FAR_PRINTF (2, 3);

/* Sends the message on to the process that it names, or answers for it. */
void route (step_t *self);

/* Notes what the message says of who waits for whom. false for a request that nobody would ever answer, as all in a cycle
 * of processes would wait for each other. */
bool note_waiting (step_t *self, session_t *to, const far_message_t *one);
/* The cycle that it would close, for people. */
void describe_cycle (const session_t *from, const session_t *to, char *out, size_t size);
/* GRANT to the owners of what the message refers to, for to. A message of step->from. */
void step_grant_references (step_t *self, session_t *to, const far_message_t *one);
/* Behind such a message: references of a process that is down are not counted by anybody, so to learns that they are
 * broken. */
void step_tell_of_the_dead (step_t *self, session_t *to, const far_message_t *one);

/* Answers for a destination that does not get the message, or one of the messages of a batch: an ERROR of this kind if
 * it is a request, and DEL for the references of the sender's own. */
void refuse (step_t *self, const far_message_t *one, far_status_t kind);
void refuse_all (step_t *self, far_status_t kind);

#endif
