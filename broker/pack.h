/* Small messages that processes inside the broker send: those to one destination are put together, and leave as one
 * batch when all that has come in has been looked at. */
#ifndef BROKER_PACK_H
#define BROKER_PACK_H

#include "actions.h"

/* All zero is empty and valid. */
typedef struct pack {
    packed_t *first; /* of those for whom something waits */
    packed_t *spare; /* memory for others */
} pack_t;

/* What waits goes nowhere. */
void pack_deinit (pack_t *self);

/* Puts a message, of a type that may stand in a batch, behind the others for its destination. Sends those before, if
 * they are from another party or are many bytes already. header's sizes are those of fields and body. */
void pack_add (pack_t *self, actions_t *actions, session_t *to, const far_message_t *message);
/* Sends what waits for one: before something is said to it in another way. */
void pack_send (pack_t *self, actions_t *actions, session_t *to);
void pack_send_all (pack_t *self, actions_t *actions);
/* What has been put together for this one goes nowhere: before its session ends. */
void pack_drop (pack_t *self, session_t *to);

#endif
