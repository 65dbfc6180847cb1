/* Who waits for a name to appear: finds that have not been answered yet. */
#ifndef BROKER_FINDS_H
#define BROKER_FINDS_H

#include "base/clock.h"
#include "base/ids.h"

typedef struct find {
    far_process_id_t asker;
    uint64_t party, request; /* of the asker's message: what the answer has to say */
    far_deadline_t deadline;
    struct find *next;
    char name[];
} find_t;

typedef struct finds {
    find_t *first;
    size_t count;
    far_deadline_t earliest; /* no deadline is before this; it may itself be too early */
} finds_t;

#define FINDS_MOST        16384
#define FINDS_MOST_OF_ONE 256

void finds_init (finds_t *self);
/* find is copied, but for its name, which is the text. Overloaded, NoMemory. */
far_status_t finds_add (finds_t *self, const find_t *find, const char *name);

/* Each takes one out, which the caller frees; NULL when there is none: of this name; of this asker (and this request,
 * unless 0); whose deadline is not after now_ns. */
find_t *finds_take_named (finds_t *self, const char *name);
find_t *finds_take_asked (finds_t *self, far_process_id_t asker, uint64_t request);
find_t *finds_take_expired (finds_t *self, int64_t now_ns);

#endif
