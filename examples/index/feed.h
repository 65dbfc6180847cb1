/* Sends all files through the pipeline. */
#ifndef INDEX_FEED_H
#define INDEX_FEED_H

#include "crew.h"
#include "files.h"

/* Returns when the merger has all files, but for those that a stage could make nothing of: they are left out, and their
 * errors are written to error_path. With kills one of the indexers is killed when half is on its way. Prints how fast it
 * was. false after it has printed what is wrong: then the index is not to be used. */
bool feed (crew_t *crew, files_t *files, bool kills, const char *error_path);

#endif
