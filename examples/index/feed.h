/* Gives all files to the indexers. */
#ifndef INDEX_FEED_H
#define INDEX_FEED_H

#include "crew.h"
#include "files.h"

typedef struct {
    uint64_t calls, text_bytes, disk_bytes;
    size_t done;  /* files that the merger has */
    size_t again; /* files that had to be given to a second indexer */
    double seconds;
} feed_totals_t;

/* Reads each file and gives it to an indexer; returns when the merger has them all. When an indexer dies, what it had
 * under way goes to the others. With kill_one an indexer is killed when half is done. false after it has printed what is
 * wrong: then the index is not to be used. */
bool feed (crew_t *crew, files_t *files, bool kill_one, feed_totals_t *out_totals);

#endif
