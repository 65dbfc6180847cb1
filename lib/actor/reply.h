/* Requests that are answered later than their methods end. The public part is in <farcall/reply.h>. */
#ifndef FAR_ACTOR_REPLY_H
#define FAR_ACTOR_REPLY_H

#include "actor/inbound.h"
#include "object/call.h"

/* What a call is told that may be put off: lies on the stack of whoever runs it. */
typedef struct far_putting_off {
    far_deferral_t deferral; /* the first member */
    far_actor_t *actor;
    far_inbound_t *inbound; /* the reply's, once there is one */
} far_putting_off_t;

void far_putting_off_init (far_putting_off_t *self, far_actor_t *actor, far_inbound_t *inbound);
/* With the lock: the method of a request that was put off has ended: it is its reply's from here on. True if that has
 * answered it already: then it is the caller's, to free. */
bool far_reply_take_over (far_actor_t *actor, far_inbound_t *inbound);

#endif
