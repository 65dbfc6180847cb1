/* An inverted index: for each word, how often it occurs and in which files. Files are numbers that have paths. */
#ifndef INDEX_INVERTED_H
#define INDEX_INVERTED_H

#include "words.h"

typedef struct {
    uint32_t *files; /* as they came, each once */
    uint32_t count, capacity;
} postings_t;

typedef struct {
    words_t words; /* a word whose count is 0 is known, but in no file */
    postings_t *postings;
    size_t postings_capacity;
    char **paths;       /* of the files that are in it, by their numbers; NULL: that one is not */
    uint32_t files_end; /* paths has so many */
} inverted_t;

enum { INVERTED_MOST_FILES = 1 << 26 };

/* An index is all zero at the start. */
void inverted_deinit (inverted_t *self);

/* NULL if it is not in it. Borrowed. */
const char *inverted_path (const inverted_t *self, uint32_t file);
/* Adding a file cannot fail in the middle: first room is made for the file and for each word (false, or WORDS_NONE,
 * without memory, and the index says the same as before), then everything is put in. */
bool inverted_reserve_file (inverted_t *self, uint32_t file);
size_t inverted_reserve_word (inverted_t *self, const char *word, size_t size);
void inverted_put_file (inverted_t *self, uint32_t file, char **path_p); /* takes the path */
void inverted_put_word (inverted_t *self, size_t word, uint32_t file, uint64_t count);

/* The files that have all words of the query, in the order of their numbers; free it. NULL without memory. */
uint32_t *inverted_find (const inverted_t *self, const char *query, size_t *out_count);

/* The numbers of all words, in the order of the alphabet or the most frequent first; free it. NULL without memory. */
size_t *inverted_by_alphabet (const inverted_t *self, size_t *out_count);
size_t *inverted_by_count (const inverted_t *self, size_t *out_count);

#endif
