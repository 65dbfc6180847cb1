/* Asks the merger's index through its proxy. What a query gives is an object of the merger again: it is passed on to an
 * indexer, which takes hits from the merger and their texts from a reader, and then the rest is taken here. All return false
 * after they have printed what is wrong. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>

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

typedef struct {
    crew_t *crew;
    FILE *out;
    size_t number; /* of the query, from 1 */
} asking_t;

static const char *text (const far_value_t *list, size_t index)
{
    return far_value_bytes (far_value_item (list, index)).data;
}

/* The first hits are shown by an indexer: three processes have their hands on them. */
static bool show_some (const asking_t *self, far_proxy_t *hits, const char *query)
{
    far_value_t *list;
    if (far_call (self->crew->indexer, "show", "PPsu>v", hits, self->crew->reader, query, (uint64_t)SHOWN, &list))
        return !far_print_error ("show");
    for (size_t i = 0; i < far_value_count (list); i++) {
        const far_value_t *shown = far_value_item (list, i);
        printf ("    %s: %s\n", text (shown, 0), text (shown, 1));
        fprintf (self->out, "%zu %s\n", self->number, text (shown, 0));
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
            fprintf (self->out, "%zu %s\n", self->number, text (far_value_item (list, i), 1));
        far_value_destroy (&list);
    }
    return true;
}

static bool ask (const asking_t *self, const char *query)
{
    far_proxy_t *hits;
    uint64_t count;
    if (far_call (self->crew->index, "query", "s>P", query, &hits))
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

bool report_queries (crew_t *crew, char *const *queries, size_t count, const char *path)
{
    asking_t self = { .crew = crew, .out = fopen (path, "w") };
    bool answered = self.out;
    while (answered && self.number < count) {
        self.number++;
        answered = ask (&self, queries[self.number - 1]);
    }
    if (self.out)
        return close_written (self.out, path) && answered;
    perror (path);
    return false;
}
