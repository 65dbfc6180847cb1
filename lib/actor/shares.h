/* What an actor lets others send to it: credit per sender. docs/protocol.md, section 3, "Credit". */
#ifndef FAR_ACTOR_SHARES_H
#define FAR_ACTOR_SHARES_H

#include "actor/inbound.h"

/* Whoever has sent a request that takes credit, until it is down. */
struct far_sender {
    far_process_id_t id;
    far_share_t share;
    bool reported; /* it has sent something without credit, and the log has it */
};

void far_shares_init (far_actor_t *actor);

/* All with the lock. A request has come; *out_sender is whose credit it takes, NULL where it takes none. false: its sender
 * was not allowed to send it. */
bool far_shares_arrive (far_actor_t *actor, const far_message_t *message, far_sender_t **out_sender);
/* A request of this sender (NULL: of none) is begun, or is gone without that. Tells the sender, if need be. */
void far_shares_take (far_actor_t *actor, far_sender_t *sender, const far_message_t *message);
/* The same of one that has waited here. */
void far_shares_take_inbound (far_actor_t *actor, far_inbound_t *inbound);
/* The process is down, and its requests are nobody's. */
void far_shares_leave (far_actor_t *actor, far_process_id_t id);
/* Requests of this list that are this process's (0: all) take nobody's credit any more. */
void far_shares_disown (far_inbound_t *first, far_process_id_t id);
/* The session is over, and no request is left. */
void far_shares_clear (far_actor_t *actor);

#endif
