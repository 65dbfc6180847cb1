/* A module for far-actor, the second stage: counts the words of a text. It also shows where words stand in files, for which
 * it is handed objects of two other processes. Keeps nothing, so that it does not matter which worker does what. */
#include "words.h"

#include <ctype.h>
#include <farcall.h>
#include <stdio.h>
#include <string.h>

/* So that the map of them fits into one message (docs/protocol.md, section 10). */
enum { MOST_WORDS = 400000 };

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

static far_status_t indexer_count (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *file;
    if (far_call_args (call, &file))
        return far_call_status (call);
    far_bytes_t path = far_value_bytes (far_value_item (file, 1)), text = far_value_bytes (far_value_item (file, 2));
    words_t words = { 0 };
    bool counted = words_count (&words, text.data, text.size), fits = words.count <= MOST_WORDS;
    far_value_t *counts = counted && fits ? counts_of (&words) : NULL;
    words_deinit (&words);
    if (!fits)
        return far_call_fail (call, "TooManyWords", "more than %d different words", MOST_WORDS);
    if (!counts)
        return far_call_fail (call, "MemoryError", "no memory for the words of a text of %zu bytes", text.size);
    far_status_t status =
        far_call_return (call, "[uyuv]", far_value_uint (far_value_item (file, 0)), &path, (uint64_t)text.size, counts);
    far_value_destroy (&counts);
    return status;
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

static far_status_t show_file (far_proxy_t *reader, const words_t *wanted, const far_value_t *file, far_value_t *shown)
{
    char line[100];
    far_value_t *read;
    far_status_t status = far_call (reader, "read", "v>v", file, &read);
    if (status)
        return status;
    far_bytes_t path = far_value_bytes (far_value_item (read, 1)), text = far_value_bytes (far_value_item (read, 2));
    find_line (wanted, &text, line, sizeof line);
    far_value_t *entry = far_value_new ("[ys]", &path, line);
    far_value_destroy (&read);
    return far_value_append (shown, &entry);
}

/* The hits are an object of the merger, the reader is any worker of another fleet: this process brings them together. */
static far_status_t indexer_show (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *hits, *reader;
    const char *query;
    uint64_t most;
    far_value_t *files;
    far_status_t status = far_call_args (call, &hits, &reader, &query, &most);
    if (!status)
        status = far_call (hits, "take", "u>v", most, &files);
    if (status)
        return status;
    words_t wanted = { 0 };
    far_value_t *shown = far_value_list ();
    if (!words_count (&wanted, query, strlen (query)))
        status = far_call_fail (call, "MemoryError", "no memory for the query");
    for (size_t i = 0; !status && i < far_value_count (files); i++)
        status = show_file (reader, &wanted, far_value_item (files, i), shown);
    if (!status)
        status = far_call_return (call, "v", shown);
    words_deinit (&wanted);
    far_value_destroy (&shown);
    far_value_destroy (&files);
    return status;
}

FAR_MODULE (indexer)
{
    far_module_set_doc (module, "Counts the words of texts.");
    far_module_function (module, "count", indexer_count, "file:[v] -> [v]",
                         "[number, path, text]: the same with the size of the text and {word: count} in its place.");
    far_module_function (module, "show", indexer_show, "hits:P, reader:P, query:s, most:u=3 -> [v]",
                         "The next hits, each with the line that has most words of the query: [path, line].");
}
