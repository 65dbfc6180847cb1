/* Credit that a resident gives: docs/protocol.md, section 3, "Credit". Processes are told how much they may send; other
 * residents are not, and have to try again. */
#ifndef BROKER_RESIDENT_CREDIT_H
#define BROKER_RESIDENT_CREDIT_H

#include "resident.h"

/* Once, before anybody sends. ahead: as far_allotment_rules_t says. */
void resident_credit_init (resident_t *self, far_amount_t room, unsigned ahead);
void resident_credit_deinit (resident_t *self);

/* A request has come. false: its sender was not allowed to send it. */
bool resident_credit_arrive (residents_t *all, resident_t *self, session_t *from, const far_message_t *message);
/* So much of what this process has sent is here no more. */
void resident_credit_take (residents_t *all, resident_t *self, far_process_id_t from, far_amount_t amount);
/* Of a request that has come: the bytes that it takes credit for. */
static inline uint64_t resident_credit_size (const far_message_t *message)
{
    return (uint64_t)message->header.fields_size + message->header.body_size;
}

/* The process is down: what it has here counts no more. */
void resident_credit_leave (resident_t *self, far_process_id_t id);
/* Now and then: the room is this; who waits for some is given what has become free. */
void resident_credit_look (residents_t *all, resident_t *self, far_amount_t room);

#endif
