/* The answers that one request refers to: found when it arrives, so that a FORGET behind it changes nothing for it. */
#ifndef FAR_OBJECT_PINS_H
#define FAR_OBJECT_PINS_H

#include "object/kept.h"
#include "wire/message.h"

typedef struct far_pin {
    uint64_t request;
    far_kept_t *kept; /* one owner */
} far_pin_t;

/* All-zero is empty and valid. */
typedef struct far_pins {
    far_pin_t *pins;
    size_t count;
} far_pins_t;

/* With the table's lock: those that the message speaks of and that are there. The others are found missing where they
 * are used. Costs nothing unless the sender has answers kept here. */
void far_pins_take (far_pins_t *self, const far_keeps_t *keeps, const far_message_t *message);
/* Without the lock. */
void far_pins_release (far_pins_t *self);

/* With the lock: are all of them there? */
bool far_pins_settled (const far_pins_t *self);
/* Once all are there: what the first that failed has failed with; NULL if none did. Borrowed. */
const far_error_t *far_pins_error (const far_pins_t *self);
/* Borrowed; NULL with Stale: unknown or forgotten. */
far_kept_t *far_pins_find (const far_pins_t *self, uint64_t request);

#endif
