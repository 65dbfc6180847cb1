/* The program: finds the files, pushes them into the pipeline, asks the merger what there is, and leaves behind what `check`
 * needs to count for itself. `run` starts it, after a broker that starts the workers.
 *
 *     index --work DIR [--limit MB] [--kill] [--query WORDS]... DIRECTORY...
 */
#include "feed.h"
#include "report.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_QUERIES = 20, TOP = 20, EXIT_USAGE = 2 };

typedef struct {
    const char *work;
    uint64_t limit_bytes; /* of each directory */
    bool kills;
    char *queries[MOST_QUERIES];
    size_t query_count;
    char **directories;
} options_t;

static const struct option long_options[] = {
    { "work", required_argument, NULL, 'w' },
    { "limit", required_argument, NULL, 'l' },
    { "kill", no_argument, NULL, 'k' },
    { "query", required_argument, NULL, 'q' },
    { 0 },
};

/* A number of an option, from 1 to most. */
static bool parse_number (const char *text, uint64_t most, uint64_t *out)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull (text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || !number || number > most) {
        fprintf (stderr, "'%s': expected a number from 1 to %" PRIu64 "\n", text, most);
        return false;
    }
    *out = number;
    return true;
}

static bool parse_one (options_t *self, int option)
{
    uint64_t number = 0;
    switch (option) {
    case 'w':
        self->work = optarg;
        return true;
    case 'k':
        self->kills = true;
        return true;
    case 'l':
        if (!parse_number (optarg, 1000000, &number))
            return false;
        self->limit_bytes = number * 1000000;
        return true;
    case 'q':
        if (self->query_count == MOST_QUERIES || strchr (optarg, '\n')) {
            fprintf (stderr, "--query: at most %d of one line each\n", MOST_QUERIES);
            return false;
        }
        self->queries[self->query_count++] = optarg;
        return true;
    default:
        return false;
    }
}

static bool parse (options_t *self, int argc, char **argv)
{
    *self = (options_t){ .limit_bytes = UINT64_MAX };
    int option;
    while ((option = getopt_long (argc, argv, "", long_options, NULL)) >= 0)
        if (!parse_one (self, option))
            return false;
    self->directories = argv + optind;
    if (self->work && *self->directories)
        return true;
    fprintf (stderr, "usage: index --work DIR [--limit MB] [--kill] [--query WORDS]... DIRECTORY...\n");
    return false;
}

static bool find_files (const options_t *options, files_t *files)
{
    for (char **directory = options->directories; *directory; directory++)
        if (!files_walk (files, *directory, options->limit_bytes)) {
            fprintf (stderr, "%s: %s\n", *directory, strerror (errno));
            return false;
        }
    printf ("found %zu files, %.1f MB on disk", files->count, (double)files->size_bytes / 1e6);
    if (files->limited)
        printf (" (at most %" PRIu64 " MB of each directory; there is more)", options->limit_bytes / 1000000);
    printf ("\n");
    fflush (stdout);
    return true;
}

/* In the work folder. */
static const char *in_work (const options_t *options, const char *name)
{
    static char path[4096];
    snprintf (path, sizeof path, "%s/%s", options->work, name);
    return path;
}

static bool write_lists (const options_t *options, const files_t *files)
{
    const char *path = in_work (options, "list");
    if (!files_write_list (files, path)) {
        perror (path);
        return false;
    }
    FILE *out = fopen (in_work (options, "queries"), "w");
    for (size_t i = 0; out && i < options->query_count; i++)
        fprintf (out, "%s\n", options->queries[i]);
    if (out && !fclose (out))
        return true;
    perror ("queries");
    return false;
}

static bool work (options_t *options, crew_t *crew, files_t *files)
{
    return crew_init (crew) && feed (crew, files, options->kills, in_work (options, "errors")) &&
           report_top (crew->index, TOP) &&
           report_queries (crew, options->queries, options->query_count, in_work (options, "hits")) &&
           report_words (crew->index, in_work (options, "words")) && write_lists (options, files);
}

int main (int argc, char **argv)
{
    options_t options;
    files_t files = { 0 };
    crew_t crew = { 0 };
    if (!parse (&options, argc, argv) || !find_files (&options, &files)) {
        files_deinit (&files);
        return EXIT_USAGE;
    }
    bool done = work (&options, &crew, &files);
    crew_deinit (&crew);
    files_deinit (&files);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
