/* The processes that do the work. The broker starts them (its configuration is in `run`), in three fleets: `readers`,
 * `indexers` and `merger`, which has one worker. */
#ifndef INDEX_CREW_H
#define INDEX_CREW_H

#include <farcall.h>

typedef struct {
    far_actor_t *me;
    far_proxy_t *broker;           /* its module of that name */
    far_proxy_t *reader, *indexer; /* modules of fleets: each call may run in another worker */
    far_proxy_t *index; /* an object of the merger: if the merger dies, another one does not stand in for it */
} crew_t;

/* false after it has printed what is wrong; crew_deinit in any case. */
bool crew_init (crew_t *self);
void crew_deinit (crew_t *self);

/* Kills a worker of the fleet, one that has work if there is one, and prints which. false after it has printed what is
 * wrong. */
bool crew_kill_one (crew_t *self, const char *fleet);
/* What the pipeline and the fleets have done, in so many seconds. false after it has printed what is wrong. */
bool crew_print (crew_t *self, double seconds);

#endif
