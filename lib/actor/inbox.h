/* What comes in: tables are updated in the order of arrival, requests are put aside to be run. */
#ifndef FAR_ACTOR_INBOX_H
#define FAR_ACTOR_INBOX_H

#include "actor/actor.h"
#include "actor/leftovers.h"
#include "object/call.h"
#include "object/pins.h"

/* A request that has arrived. */
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
/* With the lock, of an emptied one: it is taken for one that is to come, unless enough have been (false). */
bool far_inbound_save (far_actor_t *actor, far_inbound_t *inbound);
void far_inbounds_free_spare (far_actor_t *actor);

/* With the lock: handles a frame that has come in. Retains the frame if need be. */
void far_inbox_take (far_actor_t *actor, far_frame_t *frame, far_leftovers_t *leftovers);
/* With the lock: a request can be run. */
void far_inbox_enqueue (far_actor_t *actor, far_inbound_t *inbound);
/* With the lock: takes one that is in the queue out of it. */
void far_inbox_take_out (far_actor_t *actor, far_inbound_t *inbound);
/* Why it is not begun any more. NULL if its answer is still wanted. */
far_error_t *far_inbound_unwanted (const far_actor_t *actor, const far_inbound_t *self);
/* With the lock: ends one that waits, and is out of where it did, with this error, of which one owner is taken. It wants an
 * answer. */
void far_inbox_refuse (far_actor_t *actor, far_inbound_t *inbound, far_error_t *error, far_leftovers_t *leftovers);
/* With the lock: does so with all that wait and want an answer, if the program has let go of the actor: nothing more is
 * run. */
void far_inbox_turn_away (far_actor_t *actor, far_leftovers_t *leftovers);
/* With the lock: takes all requests that wait out of the queue, and those set aside. */
void far_inbox_clear (far_actor_t *actor, far_leftovers_t *leftovers);

#endif
