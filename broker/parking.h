/* Messages that wait for a destination which does not take them now: one queue for each, counted in bytes. */
#ifndef BROKER_PARKING_H
#define BROKER_PARKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct parked {
    struct parked *next;
    uint8_t *data;
    size_t size;
    int64_t since_ns;
    void *pin; /* what holds data; NULL: data is a copy that stands behind this */
} parked_t;

/* All zero is an empty queue. */
typedef struct parked_queue {
    parked_t *first, *last;
    size_t count, bytes;                 /* bytes: what its messages cost, PARKED_COST of each */
    struct parked_queue *before, *after; /* among the queues that are not empty */
    void *owner;
} parked_queue_t;

/* All queues together. */
typedef struct parking {
    parked_queue_t *busy; /* the first of a ring */
    size_t queues;        /* in the ring */
    size_t count, bytes;
    void (*unpin) (void *pin);
} parking_t;

#define PARKED_COST(size) ((size) + sizeof (parked_t))

/* Copies the message to the end of the queue. false without memory. */
bool parking_copy (parking_t *self, parked_queue_t *queue, const uint8_t *data, size_t size, int64_t now_ns);
/* The same without copying: data stays where it is until pin is let go by unpin. Consumes pin unless it gives false. */
bool parking_pin (parking_t *self, parked_queue_t *queue, void *pin, uint8_t *data, size_t size, int64_t now_ns);
/* Lets go of the first one: it has been sent. */
void parking_drop_first (parking_t *self, parked_queue_t *queue);
void parking_clear (parking_t *self, parked_queue_t *queue);

/* Lowers the time that the message's requests have left by what it has waited; to no less than 1 ms, since 0 means no
 * end: the receiver ends them. */
void parking_age (parked_t *parked, int64_t now_ns);

#endif
