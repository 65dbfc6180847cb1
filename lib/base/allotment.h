/* Allotment: how much a receiver lets others send to it. What it keeps and has promised stays within its room, beside a
 * small first window of each sender. docs/protocol.md, section 3, "Credit". */
#ifndef FAR_BASE_ALLOTMENT_H
#define FAR_BASE_ALLOTMENT_H

#include "base/credit.h"

#include <stddef.h>

/* Set once, but for the room. */
typedef struct far_allotment_rules {
    far_amount_t room;  /* for all senders together */
    far_amount_t first; /* what each may send before it is told anything, and have here at any time. Not 0 */
    far_amount_t most;  /* what each may have here when there is room enough */
    unsigned ahead;     /* only 1/ahead of that is promised before anything has come; 1: all */
} far_allotment_rules_t;

/* All is to be read only. */
typedef struct far_allotment {
    far_allotment_rules_t rules;
    size_t senders;
    far_amount_t held;   /* of the room: what has come and is not taken, or was promised */
    far_amount_t window; /* what each may have here, now that there are so many */
    far_amount_t ahead;  /* of this, what is promised before anything has come */
} far_allotment_t;

/* One sender's part of it: totals since the two began. */
typedef struct far_share {
    far_amount_t arrived, taken, told;
} far_share_t;

void far_allotment_init (far_allotment_t *self, const far_allotment_rules_t *rules);
/* What was told stays valid. */
void far_allotment_set_room (far_allotment_t *self, far_amount_t room);

/* A sender more, one less. What the latter has here counts no more. */
void far_allotment_enter (far_allotment_t *self, far_share_t *share);
void far_allotment_leave (far_allotment_t *self, far_share_t *share);

/* A request has come. false: its sender was not allowed to send it, and nothing is counted. */
bool far_allotment_arrive (far_allotment_t *self, far_share_t *share, uint64_t bytes);
/* So much of what has come is here no more. */
void far_allotment_take (far_allotment_t *self, far_share_t *share, far_amount_t amount);
/* Is it time to tell the sender new limits? Then they are share->told, and count as told. To be asked after each arrival
 * and each taking. */
bool far_allotment_tell (far_allotment_t *self, far_share_t *share);
/* The same of a sender that has used up its limits: whatever there is more for it is worth telling. For receivers that ask
 * now and then. */
bool far_allotment_tell_all (far_allotment_t *self, far_share_t *share);

#endif
