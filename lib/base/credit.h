/* Credit: how much more a process may send to another. docs/protocol.md, section 3, "Credit". The receiver's side is in
 * base/allotment.h. */
#ifndef FAR_BASE_CREDIT_H
#define FAR_BASE_CREDIT_H

#include <stdbool.h>
#include <stdint.h>

/* Of requests: how many, and the bytes of their fields and bodies. */
typedef struct far_amount {
    uint64_t messages, bytes;
} far_amount_t;

/* A sender's account with one receiver: totals since the two began. */
typedef struct far_credit {
    far_amount_t sent, limit;
} far_credit_t;

/* May it send another request, of whatever size? */
static inline bool far_credit_left (const far_credit_t *self)
{
    return self->sent.messages < self->limit.messages && self->sent.bytes < self->limit.bytes;
}

static inline void far_credit_use (far_credit_t *self, uint64_t bytes)
{
    self->sent.messages++;
    self->sent.bytes += bytes;
}

/* The receiver has told these limits. Lower ones say nothing. */
void far_credit_raise (far_credit_t *self, far_amount_t limit);
/* So much of what was sent has not come to the receiver. */
void far_credit_return (far_credit_t *self, far_amount_t undelivered);

#endif
