/* What the index says, printed for people and written to files for `check`. */
#ifndef INDEX_REPORT_H
#define INDEX_REPORT_H

#include "crew.h"

/* Prints the most frequent words. */
bool report_top (far_proxy_t *index, uint64_t most);
/* Writes all words to a file, in lines "word count files". */
bool report_words (far_proxy_t *index, const char *path);
/* Asks each query, prints how many files match and a few of them with a line, and writes all to a file, in lines "number
 * of the query, path". */
bool report_queries (crew_t *crew, char *const *queries, size_t count, const char *path);

#endif
