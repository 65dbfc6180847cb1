/* The processes that do the work: a merger that holds the index, and indexers that fill it. */
#ifndef INDEX_CREW_H
#define INDEX_CREW_H

#include <farcall.h>

enum { MOST_INDEXERS = 16 };

typedef struct {
    char name[32];
    int pid;
    far_process_t *process;
    far_proxy_t *object; /* the Indexer, or the Index */
    bool dead;
} member_t;

typedef struct {
    far_actor_t *me;
    member_t merger;
    member_t indexers[MOST_INDEXERS];
    size_t indexer_count;
} crew_t;

/* Finds the processes `merger` and `indexer-1`, ... by name, and makes their objects; the indexers are given the proxy of
 * the merger's. false after it has printed what is wrong. */
bool crew_init (crew_t *self, size_t indexer_count);
/* Tells those who are left to leave. */
void crew_deinit (crew_t *self);

/* One that lives; NULL if none does. */
member_t *crew_any_indexer (crew_t *self);
/* Who did how much. false after it has printed what is wrong. */
bool crew_print (crew_t *self);

#endif
