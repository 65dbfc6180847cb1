/* Asks the merger's index through its proxy. What a query gives is an object of the merger again: the reader passes it on
 * to an indexer, which takes hits from the merger and their texts from the reader, and then the reader takes the rest.
 * All return false after they have printed what is wrong. */
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 10000, SHOWN = 3 };

bool report_top (far_proxy_t *index, uint64_t most)
{
    far_value_t *list;
    if (far_call (index, "top", "u>v", most, &list))
        return !far_print_error ("top");
    printf ("\nthe most frequent words\n");
    for (size_t i = 0; i < far_value_count (list); i++) {
        const far_value_t *entry = far_value_item (list, i);
        printf ("%12" PRIu64 "  %-20s in %" PRIu64 " files\n", far_value_uint (far_value_item (entry, 1)),
                (const char *)far_value_bytes (far_value_item (entry, 0)).data,
                far_value_uint (far_value_item (entry, 2)));
    }
    far_value_destroy (&list);
    return true;
}

static void write_words (FILE *out, const far_value_t *list)
{
    for (size_t i = 0; i < far_value_count (list); i++) {
        const far_value_t *entry = far_value_item (list, i);
        fprintf (out, "%s %" PRIu64 " %" PRIu64 "\n", (const char *)far_value_bytes (far_value_item (entry, 0)).data,
                 far_value_uint (far_value_item (entry, 1)), far_value_uint (far_value_item (entry, 2)));
    }
}

static bool close_written (FILE *out, const char *path)
{
    bool failed = ferror (out);
    if (!fclose (out) && !failed)
        return true;
    perror (path);
    return false;
}

bool report_words (far_proxy_t *index, const char *path)
{
    FILE *out = fopen (path, "w");
    if (!out) {
        perror (path);
        return false;
    }
    size_t count = PAGE;
    for (uint64_t first = 0; count == PAGE; first += count) {
        far_value_t *list;
        if (far_call (index, "table", "uu>v", first, (uint64_t)PAGE, &list)) {
            fclose (out);
            return !far_print_error ("table");
        }
        write_words (out, list);
        count = far_value_count (list);
        far_value_destroy (&list);
    }
    return close_written (out, path);
}

/* What the reader hosts for the indexers: the files. */
typedef struct {
    files_t *files;
} library_t;

static far_status_t library_read (far_call_t *call, void *self)
{
    const library_t *library = self;
    uint64_t number;
    far_status_t status = far_call_args (call, &number);
    if (status)
        return status;
    char *text;
    far_bytes_t bytes;
    if (number >= library->files->count || files_read (library->files, number, &text, &bytes.size) != FILE_TAKEN)
        return far_call_fail (call, "FileError", "file %" PRIu64 " can't be read", number);
    bytes.data = text;
    status = far_call_return (call, "y", &bytes);
    free (text);
    return status;
}

static const far_method_t library_methods[] = {
    { "read", library_read, "file:u -> y", "The text of a file, by its number." },
    { 0 },
};

static const far_class_t library_class = {
    .name = "Library",
    .doc = "The files that are indexed.",
    .size = sizeof (library_t),
    .methods = library_methods,
};

typedef struct {
    crew_t *crew;
    files_t *files;
    far_object_t *library;
    FILE *out;
    size_t number; /* of the query, from 1 */
} asking_t;

static const char *path_of (const asking_t *self, const far_value_t *file)
{
    uint64_t number = far_value_uint (file);
    return number < self->files->count ? self->files->files[number].path : "?";
}

/* The first hits are taken by an indexer: three processes have their hands on them. */
static bool show_some (const asking_t *self, far_proxy_t *hits, const char *query)
{
    far_value_t *list;
    if (far_call (crew_any_indexer (self->crew)->object, "show", "POsu>v", hits, self->library, query, (uint64_t)SHOWN,
                  &list))
        return !far_print_error ("show");
    for (size_t i = 0; i < far_value_count (list); i++) {
        const far_value_t *entry = far_value_item (list, i);
        const char *path = path_of (self, far_value_item (entry, 0));
        printf ("    %s: %s\n", path, (const char *)far_value_bytes (far_value_item (entry, 1)).data);
        fprintf (self->out, "%zu %s\n", self->number, path);
    }
    far_value_destroy (&list);
    return true;
}

static bool take_rest (const asking_t *self, far_proxy_t *hits)
{
    for (size_t count = PAGE; count == PAGE;) {
        far_value_t *list;
        if (far_call (hits, "take", "u>v", (uint64_t)PAGE, &list))
            return !far_print_error ("take");
        count = far_value_count (list);
        for (size_t i = 0; i < count; i++)
            fprintf (self->out, "%zu %s\n", self->number, path_of (self, far_value_item (list, i)));
        far_value_destroy (&list);
    }
    return true;
}

static bool ask (const asking_t *self, const char *query)
{
    far_proxy_t *hits;
    uint64_t count;
    if (far_call (self->crew->merger.object, "query", "s>P", query, &hits))
        return !far_print_error ("query");
    bool answered = !far_call (hits, "count", ">u", &count);
    if (answered) {
        printf ("\n%s: %" PRIu64 " file%s\n", query, count, count == 1 ? "" : "s");
        answered = show_some (self, hits, query) && take_rest (self, hits);
    } else {
        far_print_error ("count");
    }
    far_proxy_destroy (&hits);
    return answered;
}

bool report_queries (crew_t *crew, files_t *files, char *const *queries, size_t count, const char *path)
{
    asking_t self = { .crew = crew, .files = files, .out = fopen (path, "w") };
    if (!self.out) {
        perror (path);
        return false;
    }
    bool answered = (self.library = far_object_new (crew->me, &library_class, NULL));
    if (answered)
        ((library_t *)far_object_data (self.library))->files = files;
    else
        far_print_error ("library");
    while (answered && self.number < count) {
        self.number++;
        answered = ask (&self, queries[self.number - 1]);
    }
    far_object_destroy (&self.library);
    return close_written (self.out, path) && answered;
}
