/* The states of the lifetime model, and the set of those that have been seen. One owner O of one object, two holders S
 * and D, the broker between them, and links that keep their order. */
#ifndef FAR_TESTS_BROKER_LIFETIME_STATE_H
#define FAR_TESTS_BROKER_LIFETIME_STATE_H

#include "support/cm.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { O, S, D, PARTIES };

#define MOST_EXPORTS 3
#define IDS          (MOST_EXPORTS + 1)
#define QUEUE        12
#define NO_STATE     UINT32_MAX

/* SENT: a reference from a to b. DEL: a gives back n receipts. END: of a's connection. GRANT: giver a, to b. DOWN: of a.
 * CLAIM: only where a rule is broken: b says that it received one from a. */
typedef enum kind { SENT = 1, DEL, END, GRANT, DOWN, CLAIM } kind_t;

typedef struct message {
    uint8_t kind, a, b, id, n;
} message_t;

typedef struct queue {
    uint8_t size;
    message_t at[QUEUE]; /* unused ones are zero */
} queue_t;

/* All of it bytes: no padding, so that states can be compared and kept as bytes. */
typedef struct facts {
    uint8_t own; /* O's program holds the object itself */
    uint8_t last_id;
    uint8_t counts[PARTIES][IDS];   /* O's table */
    uint8_t received[PARTIES][IDS]; /* by S and D, and not given back */
    uint8_t alive[PARTIES];
    uint8_t broker_knows_dead[PARTIES], owner_knows_dead[PARTIES];
    uint8_t met_owner[PARTIES]; /* as the broker has it */
    uint8_t exports, handoffs, crashes, refusals, lies;
    uint8_t entitled[PARTIES]; /* with a liar: who was ever sent a reference by one who had it */
} facts_t;

typedef struct state {
    facts_t facts;
    queue_t up[PARTIES], down[PARTIES]; /* to the broker, and from it */
} state_t;

static inline void push (queue_t *queue, message_t message)
{
    assert_true (queue->size < QUEUE);
    queue->at[queue->size++] = message;
}

static inline message_t shift (queue_t *queue)
{
    message_t first = queue->at[0];
    memmove (queue->at, queue->at + 1, sizeof *queue->at * (QUEUE - 1));
    memset (&queue->at[--queue->size], 0, sizeof *queue->at);
    memset (&queue->at[QUEUE - 1], 0, sizeof *queue->at);
    return first;
}

static inline size_t held (const uint8_t counts[IDS])
{
    size_t sum = 0;
    for (size_t id = 1; id < IDS; id++)
        sum += counts[id];
    return sum;
}

/* Is the object there? */
static inline bool exists (const facts_t *facts)
{
    return facts->own || held (facts->counts[S]) || held (facts->counts[D]);
}

/* How a state came to be: from which, and by what. */
typedef struct origin {
    uint32_t parent;
    const char *step; /* static text; %c is party */
    uint8_t party;
} origin_t;

/* Every state once, as bytes: the facts, and of each queue what is in it. */
typedef struct seen {
    uint8_t *bytes;
    size_t size, capacity;
    size_t *starts; /* of each state in bytes, and behind the last */
    origin_t *origins;
    uint32_t count, room;
    uint32_t *slots; /* index + 1 of a state, by hash; slot_count is a power of 2 */
    size_t slot_count;
} seen_t;

static inline void *resized (void *memory, size_t size)
{
    void *result = realloc (memory, size);
    assert_non_null (result);
    return result;
}

static inline void seen_init (seen_t *self, uint32_t room)
{
    *self = (seen_t){ .room = room, .slot_count = 1024 };
    while (self->slot_count < (size_t)room * 2)
        self->slot_count *= 2;
    self->starts = resized (NULL, (room + 1) * sizeof *self->starts);
    self->starts[0] = 0;
    self->origins = resized (NULL, room * sizeof *self->origins);
    self->slots = calloc (self->slot_count, sizeof *self->slots);
    assert_non_null (self->slots);
}

static inline void seen_deinit (seen_t *self)
{
    free (self->bytes);
    free (self->starts);
    free (self->origins);
    free (self->slots);
}

static inline void append (seen_t *self, const void *data, size_t size)
{
    if (self->size + size > self->capacity) {
        self->capacity = 2 * self->capacity + sizeof (state_t);
        self->bytes = resized (self->bytes, self->capacity);
    }
    memcpy (self->bytes + self->size, data, size);
    self->size += size;
}

static inline void append_queues (seen_t *self, const queue_t queues[PARTIES])
{
    for (size_t p = O; p <= D; p++) {
        append (self, &queues[p].size, 1);
        append (self, queues[p].at, queues[p].size * sizeof (message_t));
    }
}

static inline uint64_t hash (const uint8_t *bytes, size_t size)
{
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ bytes[i]) * 1099511628211u;
    return sum ^ sum >> 29;
}

/* Keeps the state if it is new. */
static inline void seen_add (seen_t *self, const state_t *state, origin_t origin)
{
    size_t start = self->starts[self->count];
    append (self, &state->facts, sizeof state->facts);
    append_queues (self, state->up);
    append_queues (self, state->down);
    size_t size = self->size - start, slot = (size_t)hash (self->bytes + start, size) & (self->slot_count - 1);
    for (; self->slots[slot]; slot = (slot + 1) & (self->slot_count - 1)) {
        size_t other = self->starts[self->slots[slot] - 1], other_end = self->starts[self->slots[slot]];
        if (other_end - other == size && !memcmp (self->bytes + start, self->bytes + other, size)) {
            self->size = start;
            return;
        }
    }
    assert_true (self->count < self->room);
    self->origins[self->count++] = origin;
    self->starts[self->count] = self->size;
    self->slots[slot] = self->count;
}

static inline const uint8_t *take_queues (queue_t queues[PARTIES], const uint8_t *from)
{
    for (size_t p = O; p <= D; p++) {
        queues[p].size = *from++;
        memcpy (queues[p].at, from, queues[p].size * sizeof (message_t));
        from += queues[p].size * sizeof (message_t);
    }
    return from;
}

static inline state_t seen_get (const seen_t *self, uint32_t index)
{
    state_t state = { 0 };
    const uint8_t *from = self->bytes + self->starts[index];
    memcpy (&state.facts, from, sizeof state.facts);
    take_queues (state.down, take_queues (state.up, from + sizeof state.facts));
    return state;
}

/* How many steps lead to this state; prints them if it is wanted. */
static inline size_t seen_steps (const seen_t *self, uint32_t index, bool print)
{
    const origin_t *origin = &self->origins[index];
    if (origin->parent == NO_STATE)
        return 0;
    size_t steps = 1 + seen_steps (self, origin->parent, print);
    if (print)
        print_error ("%4zu. %c %s\n", steps, "OSD"[origin->party], origin -> step);
    return steps;
}

#endif
