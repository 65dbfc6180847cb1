/* What happened to packages, by the logs and the database of dpkg. `run` starts it, after a broker that starts the workers.
 *
 *     logs --out DIR [--kill] FILE...
 *
 * Each record of the files (records.h) is an input of a pipeline, whose last stage (tally.h) and error sink (sink.h) are in
 * this program. Leaves DIR/totals, lines "SECTION WHAT COUNT KB", and DIR/errors, lines "FILE LINE STAGE CLASS", of the
 * records that are in no total. */
#include "records.h"
#include "sink.h"
#include "tally.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Records until a worker is killed, and what one may take before something must be wrong. */
enum { KILL_AT = 50, PATIENCE_MS = 60000, EXIT_USAGE = 2 };

typedef struct {
    const char *path;
    uint64_t line;
} place_t;

typedef struct {
    const char *out;
    bool kills;
    far_actor_t *me;
    far_pipeline_t *line;
    place_t *places; /* of the inputs, in the order of pushing */
    size_t count, capacity;
} logs_t;

/* What the broker says of the fleet, when a worker is there: one has answered. */
static far_status_t show_fleet (const logs_t *self, far_value_t **out)
{
    far_process_t *parsers = far_find (self->me, "parsers"), *process = far_broker (self->me);
    far_proxy_t *parse = far_import (parsers, "parse"), *broker = far_import_deferred (process, "broker");
    far_status_t status = parse ? far_call (broker, "fleets.show", "s>v", "parsers", out) : far_last_status ();
    far_proxy_destroy (&broker);
    far_proxy_destroy (&parse);
    far_process_destroy (&process);
    far_process_destroy (&parsers);
    return status;
}

/* The first worker of the first stage. */
static bool kill_one (const logs_t *self)
{
    far_value_t *fleet;
    if (show_fleet (self, &fleet))
        return !far_print_error ("parsers");
    const far_value_t *first = far_value_item (far_value_lookup (fleet, "members"), 0);
    pid_t pid = (pid_t)far_value_int (far_value_lookup (first, "pid"));
    far_value_destroy (&fleet);
    if (!pid || kill (pid, SIGKILL)) {
        fprintf (stderr, "there is no parser to be killed\n");
        return false;
    }
    printf ("killed worker %d\n", (int)pid);
    return true;
}

static bool push (logs_t *self, const char *path, const records_t *record)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? 2 * self->capacity : 1024;
        place_t *places = realloc (self->places, capacity * sizeof *places);
        if (!places) {
            perror (path);
            return false;
        }
        self->places = places;
        self->capacity = capacity;
    }
    self->places[self->count++] = (place_t){ path, record->line };
    if (self->kills && self->count == KILL_AT && !kill_one (self))
        return false;
    far_bytes_t text = { record->text, record->size };
    return !far_pipeline_push (self->line, "y", &text) || !far_print_error (path); /* waits while it is full */
}

static bool push_file (logs_t *self, const char *path)
{
    records_t records;
    if (!records_open (&records, path)) {
        perror (path);
        return false;
    }
    bool pushed = true;
    while (pushed && records_next (&records))
        pushed = push (self, path, &records);
    if (pushed && records_failed (&records)) {
        perror (path);
        pushed = false;
    }
    records_close (&records);
    return pushed;
}

static bool push_all (logs_t *self, char **paths)
{
    const far_pipeline_options_t options = {
        .stages = "parse.event @ parsers | sections.find @ sections | tally.add @ totals",
        .errors = "sink.take @ totals",
        .name = "logs",
        .deadline_ms = PATIENCE_MS,
    };
    self->me =
        far_actor_open (&(far_actor_options_t){ .name = "totals", .no_autostart = true, .timeout_ms = PATIENCE_MS });
    if (!self->me || far_actor_register (self->me, "tally", far_module_tally) ||
        far_actor_register (self->me, "sink", far_module_sink))
        return !far_print_error ("totals");
    self->line = far_pipeline_open (self->me, &options);
    if (!self->line)
        return !far_print_error ("the pipeline");
    for (; *paths; paths++)
        if (!push_file (self, *paths))
            return false;
    return !far_pipeline_finish (self->line) || !far_print_error ("the pipeline");
}

/* In DIR. */
static FILE *create (const logs_t *self, const char *name)
{
    char path[4096];
    snprintf (path, sizeof path, "%s/%s", self->out, name);
    FILE *file = fopen (path, "w");
    if (!file)
        perror (path);
    return file;
}

/* The first error of each stage is shown whole. */
static bool write_errors (const logs_t *self, size_t *out_count)
{
    uint64_t shown = 0; /* a bit for each stage */
    FILE *errors = create (self, "errors");
    if (!errors)
        return false;
    const refused_t *item;
    for (*out_count = 0; (item = sink_item (*out_count)); ++*out_count) {
        const place_t *place = &self->places[item->input - 1];
        fprintf (errors, "%s %" PRIu64 " %" PRIu64 " %s\n", place->path, place->line, item->stage, item->why);
        if (!(shown & UINT64_C (1) << item->stage))
            printf ("%s:%" PRIu64 ": %s\n", place->path, place->line, item->text);
        shown |= UINT64_C (1) << item->stage;
    }
    return !fclose (errors);
}

static bool write_all (const logs_t *self)
{
    size_t refused;
    FILE *totals = create (self, "totals");
    if (!totals)
        return false;
    uint64_t counted = tally_write (totals);
    if (fclose (totals) || !write_errors (self, &refused))
        return false;
    printf ("%zu records: %" PRIu64 " are counted, %zu are not\n", self->count, counted, refused);
    return true;
}

static char **parse (logs_t *self, int argc, char **argv)
{
    static const struct option options[] = {
        { "out", required_argument, NULL, 'o' },
        { "kill", no_argument, NULL, 'k' },
        { 0 },
    };
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) >= 0;) {
        if (option == '?')
            return NULL;
        if (option == 'o')
            self->out = optarg;
        self->kills |= option == 'k';
    }
    if (self->out && optind < argc)
        return argv + optind;
    fprintf (stderr, "usage: logs --out DIR [--kill] FILE...\n");
    return NULL;
}

int main (int argc, char **argv)
{
    logs_t self = { 0 };
    char **paths = parse (&self, argc, argv);
    if (!paths)
        return EXIT_USAGE;
    bool done = push_all (&self, paths);
    far_pipeline_destroy (&self.line);
    far_actor_destroy (&self.me); /* nothing is counted after this */
    done = done && write_all (&self);
    tally_clear ();
    sink_clear ();
    free (self.places);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
