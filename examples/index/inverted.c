/* What the merger holds: words, each with the list of its files. Knows nothing of processes. */
#include "inverted.h"

#include <stdlib.h>
#include <string.h>

void inverted_deinit (inverted_t *self)
{
    for (size_t i = 0; i < self->words.count && i < self->postings_capacity; i++)
        free (self->postings[i].files);
    for (uint32_t file = 0; file < self->files_end; file++)
        free (self->paths[file]);
    free (self->postings);
    free (self->paths);
    words_deinit (&self->words);
    *self = (inverted_t){ 0 };
}

const char *inverted_path (const inverted_t *self, uint32_t file)
{
    return file < self->files_end ? self->paths[file] : NULL;
}

bool inverted_reserve_file (inverted_t *self, uint32_t file)
{
    if (file < self->files_end)
        return true;
    uint32_t end = file + file / 2 + 64;
    char **grown = realloc (self->paths, end * sizeof *grown);
    if (!grown)
        return false;
    memset (grown + self->files_end, 0, (end - self->files_end) * sizeof *grown);
    self->paths = grown;
    self->files_end = end;
    return true;
}

static bool reserve_posting (postings_t *postings)
{
    if (postings->count < postings->capacity)
        return true;
    uint32_t capacity = postings->capacity ? 2 * postings->capacity : 2;
    uint32_t *files = realloc (postings->files, capacity * sizeof *files);
    if (!files)
        return false;
    postings->files = files;
    postings->capacity = capacity;
    return true;
}

size_t inverted_reserve_word (inverted_t *self, const char *word, size_t size)
{
    if (self->words.count == self->postings_capacity) {
        size_t capacity = self->postings_capacity ? 2 * self->postings_capacity : 1024;
        postings_t *grown = realloc (self->postings, capacity * sizeof *grown);
        if (!grown)
            return WORDS_NONE;
        memset (grown + self->postings_capacity, 0, (capacity - self->postings_capacity) * sizeof *grown);
        self->postings = grown;
        self->postings_capacity = capacity;
    }
    size_t number = words_number (&self->words, word, size);
    return number != WORDS_NONE && reserve_posting (&self->postings[number]) ? number : WORDS_NONE;
}

void inverted_put_file (inverted_t *self, uint32_t file, char **path_p)
{
    self->paths[file] = *path_p;
    *path_p = NULL;
}

void inverted_put_word (inverted_t *self, size_t word, uint32_t file, uint64_t count)
{
    postings_t *postings = &self->postings[word];
    self->words.words[word].count += count;
    /* The same word twice for one file ("The", "the") needs one place only. */
    if (!postings->count || postings->files[postings->count - 1] != file)
        postings->files[postings->count++] = file;
}

/* Raises by one what each file that has the word has; false if none has. */
static bool mark (const inverted_t *self, size_t word, uint32_t *marks, uint32_t wanted)
{
    if (word == WORDS_NONE)
        return false;
    const postings_t *postings = &self->postings[word];
    for (uint32_t i = 0; i < postings->count; i++)
        if (marks[postings->files[i]] == wanted)
            marks[postings->files[i]]++;
    return postings->count > 0;
}

uint32_t *inverted_find (const inverted_t *self, const char *query, size_t *out_count)
{
    uint32_t *marks = calloc (self->files_end + 1, sizeof *marks), words = 0;
    if (!marks)
        return NULL;
    const char *at = query, *end = query + strlen (query), *word;
    size_t size, count = 0;
    bool possible = true;
    while (possible && words_next (&at, end, &word, &size))
        possible = mark (self, words_find (&self->words, word, size), marks, words++);
    for (uint32_t file = 0; possible && words && file < self->files_end; file++)
        if (marks[file] == words)
            marks[count++] = file; /* count <= file: what is written over has been read */
    *out_count = count;
    return marks;
}

static int compare_texts (const void *a, const void *b, void *index)
{
    const words_t *words = &((const inverted_t *)index)->words;
    return strcmp (words_text (words, *(const size_t *)a), words_text (words, *(const size_t *)b));
}

static int compare_counts (const void *a, const void *b, void *index)
{
    const word_t *words = ((const inverted_t *)index)->words.words;
    uint64_t of_a = words[*(const size_t *)a].count, of_b = words[*(const size_t *)b].count;
    return of_a != of_b ? (of_a < of_b ? 1 : -1) : compare_texts (a, b, index);
}

static size_t *sorted (const inverted_t *self, int (*compare) (const void *, const void *, void *), size_t *out_count)
{
    size_t *order = malloc ((self->words.count + 1) * sizeof *order), count = 0;
    if (!order)
        return NULL;
    for (size_t i = 0; i < self->words.count; i++)
        if (self->words.words[i].count)
            order[count++] = i;
    qsort_r (order, count, sizeof *order, compare, (void *)(uintptr_t)self);
    *out_count = count;
    return order;
}

size_t *inverted_by_alphabet (const inverted_t *self, size_t *out_count)
{
    return sorted (self, compare_texts, out_count);
}

size_t *inverted_by_count (const inverted_t *self, size_t *out_count)
{
    return sorted (self, compare_counts, out_count);
}
