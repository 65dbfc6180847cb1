/* A module for far-actor, the last stage: the index itself, an object that is told the words of one file in each call, and
 * Hits, what a query gives. A stage may be run twice for one input; a file that is there already is passed over. */
#include "inverted.h"

#include <farcall.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    inverted_t inverted;
    size_t *order, order_count; /* by the alphabet, while nothing is added */
    uint64_t files, bytes;
} index_t;

typedef struct {
    far_object_t *index;
    uint32_t *files;
    size_t count, at;
} hits_t;

static far_status_t no_memory (far_call_t *call)
{
    return far_call_fail (call, "MemoryError", "no memory for the index");
}

static void hits_fini (void *self)
{
    hits_t *hits = self;
    free (hits->files);
    far_object_destroy (&hits->index);
}

static far_status_t hits_count (far_call_t *call, void *self)
{
    return far_call_return (call, "u", (uint64_t)((hits_t *)self)->count);
}

static far_status_t hits_take (far_call_t *call, void *self)
{
    hits_t *hits = self;
    const index_t *index = far_object_data (hits->index);
    uint64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    far_value_t *list = far_value_list ();
    for (; most && hits->at < hits->count; most--, hits->at++) {
        const char *name = inverted_path (&index->inverted, hits->files[hits->at]);
        far_bytes_t path = { name, strlen (name) };
        far_value_t *file = far_value_new ("[uy]", (uint64_t)hits->files[hits->at], &path);
        if (far_value_append (list, &file))
            break;
    }
    far_status_t status = far_call_return (call, "v", list);
    far_value_destroy (&list);
    return status;
}

static const far_method_t hits_methods[] = {
    { "count", hits_count, "-> u", "How many files there are, taken or not." },
    { "take", hits_take, "most:u=20 -> [v]", "The next files: [number, path]; none at the end." },
    { 0 },
};

static const far_class_t hits_class = {
    .name = "Hits",
    .doc = "The files that match a query.",
    .size = sizeof (hits_t),
    .fini = hits_fini,
    .methods = hits_methods,
};

static void index_fini (void *self)
{
    index_t *index = self;
    inverted_deinit (&index->inverted);
    free (index->order);
}

/* Numbers the words and makes room for them: nothing can fail after this. */
static far_status_t reserve (far_call_t *call, index_t *index, uint32_t file, const far_value_t *counts,
                             size_t *numbers)
{
    if (!inverted_reserve_file (&index->inverted, file))
        return no_memory (call);
    for (size_t i = 0; i < far_value_count (counts); i++) {
        far_bytes_t word = far_value_bytes (far_value_key (counts, i));
        const char *at = word.data, *found;
        size_t size;
        words_next (&at, at + word.size, &found, &size);
        if (!size || size != word.size || far_value_int (far_value_item (counts, i)) < 1)
            return far_call_fail (call, "ValueError", "'%s': no word, or no count", (const char *)word.data);
        numbers[i] = inverted_reserve_word (&index->inverted, found, size);
        if (numbers[i] == WORDS_NONE)
            return no_memory (call);
    }
    return FAR_OK;
}

static far_status_t add (far_call_t *call, index_t *index, uint32_t file, far_bytes_t path, const far_value_t *counts)
{
    char *name = strdup (path.data);
    size_t *numbers = malloc ((far_value_count (counts) + 1) * sizeof *numbers);
    far_status_t status = name && numbers ? reserve (call, index, file, counts, numbers) : no_memory (call);
    for (size_t i = 0; !status && i < far_value_count (counts); i++)
        inverted_put_word (&index->inverted, numbers[i], file, far_value_uint (far_value_item (counts, i)));
    if (!status)
        inverted_put_file (&index->inverted, file, &name);
    free (numbers);
    free (name);
    return status;
}

static far_status_t index_add (far_call_t *call, void *self)
{
    index_t *index = self;
    const far_value_t *given;
    if (far_call_args (call, &given))
        return far_call_status (call);
    uint64_t file = far_value_uint (far_value_item (given, 0));
    const far_value_t *counts = far_value_item (given, 3);
    if (file >= INVERTED_MOST_FILES || far_value_type (counts) != FAR_TYPE_MAP)
        return far_call_fail (call, "ValueError", "file %" PRIu64 ": too large a number, or no counts", file);
    if (inverted_path (&index->inverted, (uint32_t)file))
        return far_call_return (call, "b", false);
    far_status_t status = add (call, index, (uint32_t)file, far_value_bytes (far_value_item (given, 1)), counts);
    if (status)
        return status;
    index->files++;
    index->bytes += far_value_uint (far_value_item (given, 2));
    free (index->order);
    index->order = NULL;
    return far_call_return (call, "b", true);
}

/* The answer is an object: it comes to the caller as a proxy, and lives as long as somebody holds it. */
static far_status_t index_query (far_call_t *call, void *self)
{
    index_t *index = self;
    const char *words;
    if (far_call_args (call, &words))
        return far_call_status (call);
    far_object_t *object = far_object_new (far_call_actor (call), &hits_class, NULL);
    if (!object)
        return far_last_status ();
    hits_t *hits = far_object_data (object);
    hits->index = far_object_retain (far_call_object (call));
    hits->files = inverted_find (&index->inverted, words, &hits->count);
    far_status_t status = hits->files ? far_call_return (call, "O", object) : no_memory (call);
    far_object_destroy (&object);
    return status;
}

/* A list of [word, how often, in how many files], of most words from order[first] on. */
static far_status_t return_words (far_call_t *call, const index_t *index, const size_t *order, size_t count,
                                  size_t first, size_t most)
{
    far_value_t *list = far_value_list ();
    for (size_t i = first; i < count && i - first < most; i++) {
        far_value_t *entry = far_value_new ("[suu]", words_text (&index->inverted.words, order[i]),
                                            index->inverted.words.words[order[i]].count,
                                            (uint64_t)index->inverted.postings[order[i]].count);
        if (far_value_append (list, &entry))
            break;
    }
    far_status_t status = far_call_return (call, "v", list);
    far_value_destroy (&list);
    return status;
}

static far_status_t index_top (far_call_t *call, void *self)
{
    index_t *index = self;
    uint64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    size_t count = 0, *order = inverted_by_count (&index->inverted, &count);
    far_status_t status = order ? return_words (call, index, order, count, 0, most) : no_memory (call);
    free (order);
    return status;
}

static far_status_t index_table (far_call_t *call, void *self)
{
    index_t *index = self;
    uint64_t first, most;
    if (far_call_args (call, &first, &most))
        return far_call_status (call);
    if (!index->order)
        index->order = inverted_by_alphabet (&index->inverted, &index->order_count);
    if (!index->order)
        return no_memory (call);
    return return_words (call, index, index->order, index->order_count, first, most);
}

static far_status_t index_stats (far_call_t *call, void *self)
{
    index_t *index = self;
    return far_call_return (call, "{su su su}", "files", index->files, "bytes", index->bytes, "words",
                            (uint64_t)index->inverted.words.count);
}

static const far_method_t index_methods[] = {
    { "add", index_add, "file:[v] -> b", "[number, path, size, {word: count}]: add it; false if it is there already." },
    { "query", index_query, "words:s -> P", "The files that have all of these words: Hits." },
    { "top", index_top, "most:u -> [v]", "The most frequent words: [word, count, files]." },
    { "table", index_table, "first:u, most:u -> [v]", "A page of all words by the alphabet: [word, count, files]." },
    { "stats", index_stats, "-> v", "How many files, bytes of text and different words there are." },
    { 0 },
};

static const far_class_t index_class = {
    .name = "Index",
    .doc = "Which words are how often in which files.",
    .size = sizeof (index_t),
    .fini = index_fini,
    .methods = index_methods,
};

FAR_MODULE (merger)
{
    far_module_set_doc (module, "The index that the last stage fills.");
    far_object_t *index = far_object_new (far_module_actor (module), &index_class, NULL);
    far_module_object (module, "index", &index);
}
