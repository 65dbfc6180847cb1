/* The words of a text, and a table that numbers and counts them. A word is a run of ASCII letters, as long as can be, in
 * lower case: what `tr -cs A-Za-z '\n' | tr A-Z a-z` gives. */
#ifndef INDEX_WORDS_H
#define INDEX_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t count;
    uint64_t hash;
    size_t at, size; /* where in the table's text */
} word_t;

typedef struct {
    word_t *words; /* by number, from 0 in the order in which they were first seen */
    size_t count, capacity;
    uint32_t *slots; /* number + 1; 0 is empty */
    size_t slot_count;
    char *text;
    size_t text_size, text_capacity;
} words_t;

#define WORDS_NONE SIZE_MAX

/* The next word of the text from *at_p to end, which is moved behind it. The letters are as they stand there. */
bool words_next (const char **at_p, const char *end, const char **out_word, size_t *out_size);

/* A table is all zero at the start. */
void words_deinit (words_t *self);
/* The number of a word, whatever its case; it is added, counted 0 times, if it is new. WORDS_NONE without memory. */
size_t words_number (words_t *self, const char *word, size_t size);
/* The same, but WORDS_NONE if it is not there. */
size_t words_find (const words_t *self, const char *word, size_t size);
/* In lower case. Borrowed until the next word is added. */
const char *words_text (const words_t *self, size_t number);
/* Counts all words of a text. false without memory. */
bool words_count (words_t *self, const char *text, size_t size);

#endif
