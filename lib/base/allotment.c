/* A receiver's account with all that send to it. Two things hold whatever they do: what they have here and may still send
 * is never more than the room and a first window each (and one message each, since one that has begun to be sent may be of
 * any size); and who has used up its limits is told new ones at the latest when all it has sent is taken. */
#include "base/allotment.h"

static uint64_t smaller (uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t greater (uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Of so many senders each gets an equal part, which changes only where their number passes a power of two. */
static uint64_t window_of (uint64_t room, uint64_t most, uint64_t first, size_t senders)
{
    unsigned shift = 0;
    while (shift < 63 && (size_t)1 << shift < senders)
        shift++;
    return greater (smaller (room >> shift, most), first);
}

/* A small window is promised at once: its sender would wait for each message. */
static uint64_t ahead_of (uint64_t window, unsigned part, uint64_t small)
{
    return greater (window / part, smaller (window, small));
}

static void divide (far_allotment_t *self)
{
    enum { SMALL_MESSAGES = 64, SMALL_BYTES = 256 * 1024 };
    const far_allotment_rules_t *rules = &self->rules;
    self->window.messages =
        window_of (rules->room.messages, rules->most.messages, rules->first.messages, self->senders);
    self->window.bytes = window_of (rules->room.bytes, rules->most.bytes, rules->first.bytes, self->senders);
    self->ahead.messages = ahead_of (self->window.messages, rules->ahead, SMALL_MESSAGES);
    self->ahead.bytes = ahead_of (self->window.bytes, rules->ahead, SMALL_BYTES);
}

void far_allotment_init (far_allotment_t *self, const far_allotment_rules_t *rules)
{
    *self = (far_allotment_t){ .rules = *rules };
    divide (self);
}

void far_allotment_set_room (far_allotment_t *self, far_amount_t room)
{
    self->rules.room = room;
    divide (self);
}

/* What is here, or may come. */
static uint64_t open_of (uint64_t arrived, uint64_t taken, uint64_t told)
{
    return greater (arrived, told) - taken;
}

/* Of it, what is beyond the first window, and takes from the room. */
static uint64_t beyond (uint64_t open, uint64_t first)
{
    return open > first ? open - first : 0;
}

static far_amount_t held_by (const far_allotment_t *self, const far_share_t *share)
{
    const far_amount_t *first = &self->rules.first;
    return (far_amount_t){
        beyond (open_of (share->arrived.messages, share->taken.messages, share->told.messages), first->messages),
        beyond (open_of (share->arrived.bytes, share->taken.bytes, share->told.bytes), first->bytes)
    };
}

/* The share has changed, and held so much before. */
static void hold (far_allotment_t *self, const far_share_t *share, far_amount_t before)
{
    far_amount_t now = held_by (self, share);
    self->held.messages += now.messages - before.messages;
    self->held.bytes += now.bytes - before.bytes;
}

void far_allotment_enter (far_allotment_t *self, far_share_t *share)
{
    *share = (far_share_t){ .told = self->rules.first };
    self->senders++;
    divide (self);
}

void far_allotment_leave (far_allotment_t *self, far_share_t *share)
{
    far_amount_t held = held_by (self, share);
    self->held.messages -= held.messages;
    self->held.bytes -= held.bytes;
    self->senders--;
    divide (self);
}

bool far_allotment_arrive (far_allotment_t *self, far_share_t *share, uint64_t bytes)
{
    if (share->arrived.messages >= share->told.messages || share->arrived.bytes >= share->told.bytes)
        return false;
    share->arrived.messages++;
    if (share->arrived.bytes + bytes <= share->told.bytes) {
        share->arrived.bytes += bytes;
        return true;
    }
    far_amount_t before = held_by (self, share);
    share->arrived.bytes += bytes;
    hold (self, share, before);
    return true;
}

/* Of what is open so much is not any more, and held no more either as far as it is beyond the first window. */
static void let_go (uint64_t *held, uint64_t open, uint64_t amount, uint64_t first)
{
    *held -= beyond (open, first) - beyond (open - amount, first);
}

void far_allotment_take (far_allotment_t *self, far_share_t *share, far_amount_t amount)
{
    const far_amount_t *first = &self->rules.first, *arrived = &share->arrived, *told = &share->told;
    let_go (&self->held.messages, open_of (arrived->messages, share->taken.messages, told->messages), amount.messages,
            first->messages);
    let_go (&self->held.bytes, open_of (arrived->bytes, share->taken.bytes, told->bytes), amount.bytes, first->bytes);
    share->taken.messages += amount.messages;
    share->taken.bytes += amount.bytes;
}

/* No limit that there might be, whatever room is left, is worth a message. */
static bool is_enough (uint64_t arrived, uint64_t taken, uint64_t told, uint64_t first, uint64_t ahead, uint64_t window)
{
    uint64_t highest = greater (smaller (arrived + ahead, taken + window), taken + first);
    bool waits = arrived >= told && taken == arrived;
    return told + (ahead + 1) / 2 > highest && !waits;
}

/* It nearly always is; and this is asked twice for each request. */
static bool has_enough (const far_allotment_t *self, const far_share_t *share)
{
    const far_amount_t *first = &self->rules.first, *arrived = &share->arrived, *taken = &share->taken;
    return is_enough (arrived->messages, taken->messages, share->told.messages, first->messages, self->ahead.messages,
                      self->window.messages) &&
           is_enough (arrived->bytes, taken->bytes, share->told.bytes, first->bytes, self->ahead.bytes,
                      self->window.bytes);
}

/* One number of the two, messages or bytes. */
typedef struct aspect {
    uint64_t arrived, taken, told;
    uint64_t window, ahead, first, room, held;
} aspect_t;

static uint64_t limit_of (const aspect_t *self)
{
    uint64_t open = greater (open_of (self->arrived, self->taken, self->told), self->first);
    uint64_t left = self->room > self->held ? self->room - self->held : 0;
    uint64_t limit = smaller (self->arrived + self->ahead, self->taken + smaller (self->window, open + left));
    return greater (greater (limit, self->taken + self->first), self->told);
}

/* Is the new limit worth a message? It always is where the sender waits and nothing of it is here any more. */
static bool is_worth (const aspect_t *self, uint64_t limit)
{
    bool waits = self->arrived >= self->told && self->taken == self->arrived;
    return limit >= self->told + (self->ahead + 1) / 2 || (waits && limit > self->told);
}

/* Nobody has told it anything, and it has not yet used half of what it may send anyway: most send only a few. */
static bool is_passing_by (const far_allotment_t *self, const far_share_t *share)
{
    const far_amount_t *first = &self->rules.first;
    return share->told.messages == first->messages && share->told.bytes == first->bytes &&
           share->arrived.messages < (first->messages + 1) / 2 && share->arrived.bytes < (first->bytes + 1) / 2;
}

static aspect_t messages_of (const far_allotment_t *self, const far_share_t *share)
{
    return (aspect_t){ share->arrived.messages,   share->taken.messages, share->told.messages,
                       self->window.messages,     self->ahead.messages,  self->rules.first.messages,
                       self->rules.room.messages, self->held.messages };
}

static aspect_t bytes_of (const far_allotment_t *self, const far_share_t *share)
{
    return (aspect_t){ share->arrived.bytes, share->taken.bytes,      share->told.bytes,      self->window.bytes,
                       self->ahead.bytes,    self->rules.first.bytes, self->rules.room.bytes, self->held.bytes };
}

static void set_told (far_allotment_t *self, far_share_t *share, far_amount_t limit)
{
    far_amount_t before = held_by (self, share);
    share->told = limit;
    hold (self, share, before);
}

/* Apart, so that who has enough does not pay for its many variables. */
__attribute__ ((noinline)) static bool raise_limits (far_allotment_t *self, far_share_t *share)
{
    const aspect_t messages = messages_of (self, share), bytes = bytes_of (self, share);
    far_amount_t limit = { limit_of (&messages), limit_of (&bytes) };
    if (!is_worth (&messages, limit.messages) && !is_worth (&bytes, limit.bytes))
        return false;
    set_told (self, share, limit);
    return true;
}

bool far_allotment_tell (far_allotment_t *self, far_share_t *share)
{
    return !has_enough (self, share) && !is_passing_by (self, share) && raise_limits (self, share);
}

bool far_allotment_tell_all (far_allotment_t *self, far_share_t *share)
{
    const aspect_t messages = messages_of (self, share), bytes = bytes_of (self, share);
    far_amount_t limit = { limit_of (&messages), limit_of (&bytes) };
    if (limit.messages <= share->arrived.messages || limit.bytes <= share->arrived.bytes)
        return false; /* it would have to wait all the same */
    set_told (self, share, limit);
    return true;
}
