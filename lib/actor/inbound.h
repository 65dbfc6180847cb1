/* A request that has arrived. */
#ifndef FAR_ACTOR_INBOUND_H
#define FAR_ACTOR_INBOUND_H

#include "actor/actor.h"
#include "object/call.h"
#include "object/pins.h"

struct far_inbound {
    far_inbound_t *next;   /* in the queue, or among the running */
    far_inbound_t **place; /* what points to it in the queue; NULL where it is not in it. Under the lock */
    far_inbound_t *outer;  /* the method that waits while this one runs on the same thread */
    far_frame_t *frame;    /* retained: message points into it */
    far_message_t message;
    far_process_id_t source;
    far_sender_t *sender;      /* whose credit it takes until it is run; NULL: nobody's. Under the lock */
    uint64_t session;          /* in which it arrived */
    far_chain_t chain;         /* of calls, that it is part of. Under the lock */
    far_object_t *object;      /* the target, pinned; NULL if the root is none */
    far_handle_t **references; /* owned */
    size_t reference_count;
    far_kept_t *kept; /* where its answer is to stay, owned; NULL if nowhere */
    far_pins_t pins;  /* of the answers that it refers to */
    far_wanted_t wanted;
    far_waiter_t *waiter; /* of its method, while that waits only as long as it is wanted. Under the lock */
    int cancelled_fd;     /* readable once it is not; -1 while nobody has asked for one. Under the lock */
    far_timer_t timer;    /* while it waits or runs, and has a deadline. Under the lock */
    bool replied;         /* by a reply, while its method runs. Under the lock */
};

/* With the lock: nobody wants the answer any more. */
void far_inbound_cancel (far_actor_t *actor, far_inbound_t *self);
/* Without the lock: a descriptor that is readable from then on, the inbound's; -1 with System. */
int far_inbound_cancelled_fd (far_actor_t *actor, far_inbound_t *self);
/* Without any lock: lets go of what it refers to. */
void far_inbound_empty (far_inbound_t *self);
void far_inbound_free (far_inbound_t *self);
/* With the lock: memory for one; NULL without. All of it is to be set. */
far_inbound_t *far_inbound_new (far_actor_t *actor);
/* With the lock, of an emptied one: it is taken for one that is to come, unless enough have been (false). */
bool far_inbound_save (far_actor_t *actor, far_inbound_t *inbound);
void far_inbounds_free_spare (far_actor_t *actor);
/* Why it is not begun any more. NULL if its answer is still wanted. */
far_error_t *far_inbound_unwanted (const far_actor_t *actor, const far_inbound_t *self);

#endif
