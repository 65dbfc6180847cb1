/* Chains of calls: a call that a method makes belongs to the chain of the call that it answers. docs/protocol.md,
 * section 3. */
#ifndef FAR_ACTOR_CHAIN_H
#define FAR_ACTOR_CHAIN_H

#include "actor/server.h"

/* The chain that a request which has come in belongs to; none for one that began none. */
far_chain_t far_chain_of (const far_message_t *message);
bool far_chain_equals (const far_chain_t *a, const far_chain_t *b);
/* With the lock: the calling thread sends this request. Says what it is part of, what it holds up, and
 * how long it has: Timeout where that is over. */
far_status_t far_chain_mark (far_actor_t *actor, far_outgoing_t *out);

#endif
