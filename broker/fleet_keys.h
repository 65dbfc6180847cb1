/* Which worker of a fleet has which key. */
#ifndef BROKER_FLEET_KEYS_H
#define BROKER_FLEET_KEYS_H

#include "base/map.h"
#include "fleet_job.h"

#define FLEET_KEYS_MOST 65536 /* beyond this, the one that was used longest ago is forgotten */

typedef struct fleet_key fleet_key_t;

/* All zero is empty and valid. */
typedef struct fleet_keys {
    far_map_t by_key;
    fleet_key_t *oldest, *newest;
} fleet_keys_t;

void keys_deinit (fleet_keys_t *self);
/* The worker that has the key; NULL if nobody has. */
fleet_worker_t *keys_worker (fleet_keys_t *self, uint64_t key);
/* Gives it a free key. Without memory nothing happens: the next request with the key may go to another one. */
void keys_bind (fleet_keys_t *self, uint64_t key, fleet_worker_t *worker);
/* The worker has no key any more. */
void keys_drop (fleet_keys_t *self, const fleet_worker_t *worker);

#endif
