/* A sender's account. What comes from the other side is only ever compared: no number in it can do harm. */
#include "base/credit.h"

static uint64_t greater (uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t less (uint64_t from, uint64_t amount)
{
    return from > amount ? from - amount : 0;
}

void far_credit_raise (far_credit_t *self, far_amount_t limit)
{
    self->limit.messages = greater (self->limit.messages, limit.messages);
    self->limit.bytes = greater (self->limit.bytes, limit.bytes);
}

void far_credit_return (far_credit_t *self, far_amount_t undelivered)
{
    self->sent.messages = less (self->sent.messages, undelivered.messages);
    self->sent.bytes = less (self->sent.bytes, undelivered.bytes);
}
