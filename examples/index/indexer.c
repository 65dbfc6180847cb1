/* A module for far-actor: the class Indexer, which counts the words of texts for an index that lives in a third process.
 * It never opens a file: texts travel to it in calls, and to show where a word stands it asks for the text again. */
#include "words.h"

#include <ctype.h>
#include <farcall.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* So that the map of them fits into one message (docs/protocol.md, section 10). */
enum { MOST_WORDS = 400000 };

typedef struct {
    far_proxy_t *index; /* of the merger */
    uint64_t files, bytes, words;
} indexer_t;

static far_status_t indexer_init (far_call_t *call, void *self)
{
    indexer_t *indexer = self;
    far_proxy_t *index;
    if (far_call_args (call, &index))
        return far_call_status (call);
    indexer->index = far_proxy_retain (index);
    /* A slow machine is no error, and a dead merger is told. */
    return far_proxy_set (indexer->index, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER);
}

static void indexer_fini (void *self)
{
    far_proxy_destroy (&((indexer_t *)self)->index);
}

/* {word: count}; NULL without memory. */
static far_value_t *counts_of (const words_t *words)
{
    far_value_t *counts = far_value_map ();
    for (size_t i = 0; i < words->count; i++)
        if (far_value_set (counts, words_text (words, i), "u", words->words[i].count)) {
            far_value_destroy (&counts);
            break;
        }
    return counts;
}

/* Answers once the merger has the file. While it waits for that, this process takes the next call. */
static far_status_t indexer_index (far_call_t *call, void *self)
{
    indexer_t *indexer = self;
    uint64_t file, total = 0;
    far_bytes_t text;
    far_status_t status = far_call_args (call, &file, &text);
    if (status)
        return status;
    words_t words = { 0 };
    bool counted = words_count (&words, text.data, text.size), fits = words.count <= MOST_WORDS;
    far_value_t *counts = counted && fits ? counts_of (&words) : NULL;
    for (size_t i = 0; i < words.count; i++)
        total += words.words[i].count;
    words_deinit (&words);
    if (!fits)
        return far_call_fail (call, "TooManyWords", "more than %d different words", MOST_WORDS);
    if (!counts)
        return far_call_fail (call, "MemoryError", "no memory for the words of a text of %zu bytes", text.size);
    status = far_call (indexer->index, "add", "uv", file, counts);
    far_value_destroy (&counts);
    if (status)
        return status;
    indexer->files++;
    indexer->bytes += text.size;
    indexer->words += total;
    return FAR_OK;
}

/* How many of the wanted words (of the first 64) are in the line? */
static int count_wanted (const words_t *wanted, const char *line, const char *end)
{
    uint64_t found = 0;
    const char *word;
    size_t size;
    while (words_next (&line, end, &word, &size)) {
        size_t number = words_find (wanted, word, size);
        if (number < 64)
            found |= UINT64_C (1) << number;
    }
    return __builtin_popcountll (found);
}

/* The line of the text that has most of these words; an empty one if none has any. */
static void find_line (const words_t *wanted, const far_bytes_t *text, char *out, size_t out_size)
{
    const char *at = text->data, *end = at + text->size, *best = end;
    for (int most = 0; at < end;) {
        const char *newline = memchr (at, '\n', (size_t)(end - at)), *line = at;
        at = newline ? newline + 1 : end;
        int found = count_wanted (wanted, line, at);
        if (found > most) {
            most = found;
            best = line;
        }
    }
    while (best < end && isspace ((unsigned char)*best))
        best++;
    size_t length = 0;
    for (; best < end && *best != '\n' && length + 1 < out_size; best++)
        out[length++] = isprint ((unsigned char)*best) ? *best : ' ';
    out[length] = '\0';
}

static far_status_t show_file (far_proxy_t *library, const words_t *wanted, uint64_t file, far_value_t *shown)
{
    char line[100];
    far_bytes_t text = { 0 };
    far_status_t status = far_call (library, "read", "u>y", file, &text);
    if (status)
        return status;
    find_line (wanted, &text, line, sizeof line);
    far_bytes_free (&text);
    far_value_t *entry = far_value_new ("[us]", file, line);
    return far_value_append (shown, &entry);
}

/* Hits lives in the merger, the library with the reader: this process brings them together. */
static far_status_t indexer_show (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *hits, *library;
    const char *query;
    uint64_t most;
    far_value_t *files;
    far_status_t status = far_call_args (call, &hits, &library, &query, &most);
    if (!status)
        status = far_call (hits, "take", "u>v", most, &files);
    if (status)
        return status;
    words_t wanted = { 0 };
    far_value_t *shown = far_value_list ();
    if (!words_count (&wanted, query, strlen (query)))
        status = far_call_fail (call, "MemoryError", "no memory for the query");
    for (size_t i = 0; !status && i < far_value_count (files); i++)
        status = show_file (library, &wanted, far_value_uint (far_value_item (files, i)), shown);
    if (!status)
        status = far_call_return (call, "v", shown);
    words_deinit (&wanted);
    far_value_destroy (&shown);
    far_value_destroy (&files);
    return status;
}

static far_status_t indexer_stats (far_call_t *call, void *self)
{
    indexer_t *indexer = self;
    return far_call_return (call, "{si su su su}", "pid", (int)getpid (), "files", indexer->files, "bytes",
                            indexer->bytes, "words", indexer->words);
}

static const far_method_t indexer_methods[] = {
    { "index", indexer_index, "file:u, text:y", "Count the words of a text, and hand them to the index." },
    { "show", indexer_show, "hits:P, library:P, query:s, most:u=3 -> [v]",
      "The next hits, each with the line that has most words of the query: [file, line]." },
    { "stats", indexer_stats, "-> v", "What this process has done." },
    { 0 },
};

static const far_class_t indexer_class = {
    .name = "Indexer",
    .doc = "Counts words for an index.",
    .size = sizeof (indexer_t),
    .init = indexer_init,
    .init_takes = "index:P",
    .fini = indexer_fini,
    .methods = indexer_methods,
};

FAR_MODULE (indexer)
{
    far_module_set_doc (module, "Counts the words of texts.");
    far_module_class (module, &indexer_class);
}
