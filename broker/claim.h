/* The path of an ipc endpoint, claimed for one broker: a directory that is ours alone, and a lock beside the socket. */
#ifndef BROKER_CLAIM_H
#define BROKER_CLAIM_H

#include "base/address.h"

#include <sys/types.h>

typedef struct claim {
    far_address_t address;
    int lock_fd;
    dev_t device; /* of the socket file that we bound */
    ino_t inode;
} claim_t;

/* Before it is bound: binding would take the address away from another broker without a word. Denied for a directory
 * that others may write to; System where another broker has it. claim_release cleans up, also after failure. */
far_status_t claim_take (claim_t *self, const char *endpoint);
/* After it is bound: remembers which file is ours. */
far_status_t claim_bound (claim_t *self);
/* Is the file there, and ours? */
bool claim_holds (const claim_t *self);
/* Removes the socket file if it is ours, and gives up the lock, whose file stays. */
void claim_release (claim_t *self);

#endif
