/* What happened to packages, by the logs and the database of dpkg. `run` starts it, after a broker that starts the workers.
 *
 *     logs --out DIR [--kill] FILE...
 *
 * Each record of the files (records.h) is an input of a pipeline, whose last stage is in this program (tally.h). Leaves
 * DIR/totals, lines "SECTION WHAT COUNT KB", and DIR/errors, lines "FILE LINE CLASS", of the records that are in no total. */
#include "records.h"
#include "tally.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Records until a worker is killed, and what one may take before something must be wrong. */
enum { KILL_AT = 50, PATIENCE_MS = 60000, EXIT_USAGE = 2 };

/* Errors that say that a record is not to be counted. */
static const char *const error_classes[] = { "NoPackage", "NoSection" };
enum { ERROR_CLASSES = sizeof error_classes / sizeof *error_classes };

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
    size_t count, capacity, error_counts[ERROR_CLASSES];
    FILE *errors;
    bool failed;
} logs_t;

/* The error sink. The first error of each class is shown whole. One of no class is no record's, and the end. */
static void note_error (void *context, uint64_t input, const far_error_t *error)
{
    logs_t *self = context;
    const place_t *place = &self->places[input - 1];
    size_t class = 0;
    while (class < ERROR_CLASSES && strcmp (error_classes[class], far_error_class (error)))
        class ++;
    if (class == ERROR_CLASSES)
        self->failed = true;
    else
        fprintf (self->errors, "%s %" PRIu64 " %s\n", place->path, place->line, error_classes[class]);
    if (class < ERROR_CLASSES && self->error_counts[class]++)
        return;
    char *text = far_error_text (error);
    fprintf (self->failed ? stderr : stdout, "%s:%" PRIu64 ": %s\n", place->path, place->line, text ? text : "?");
    far_string_free (&text);
}

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
        if (!places)
            return false;
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
    while (pushed && !self->failed && records_next (&records))
        pushed = push (self, path, &records);
    if (pushed && !self->failed && records_failed (&records)) {
        perror (path);
        pushed = false;
    }
    records_close (&records);
    return pushed;
}

static bool push_all (logs_t *self, char **paths)
{
    const far_pipeline_options_t options = {
        .stages = "parse.event @ parsers | sections.find @ sections | tally.add @ tally",
        .name = "logs",
        .deadline_ms = PATIENCE_MS,
        .on_error = note_error,
        .context = self,
    };
    self->me =
        far_actor_open (&(far_actor_options_t){ .name = "tally", .no_autostart = true, .timeout_ms = PATIENCE_MS });
    if (!self->me || far_actor_register (self->me, "tally", far_module_tally))
        return !far_print_error ("tally");
    self->line = far_pipeline_open (self->me, &options);
    bool pushed = self->line || !far_print_error ("the pipeline");
    while (pushed && *paths)
        pushed = push_file (self, *paths++);
    if (pushed && far_pipeline_finish (self->line))
        pushed = !far_print_error ("the pipeline");
    return pushed && !self->failed;
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

static bool write_totals (const logs_t *self)
{
    FILE *totals = create (self, "totals");
    if (!totals)
        return false;
    uint64_t counted = tally_write (totals);
    printf ("%zu records, %" PRIu64 " were counted", self->count, counted);
    for (size_t i = 0; i < ERROR_CLASSES; i++)
        printf (", %zu %s", self->error_counts[i], error_classes[i]);
    printf ("\n");
    return !fclose (totals);
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
    self.errors = create (&self, "errors");
    bool done = self.errors && push_all (&self, paths);
    far_pipeline_destroy (&self.line);
    far_actor_destroy (&self.me); /* nothing is counted after this */
    done = self.errors && !fclose (self.errors) && done && write_totals (&self);
    tally_clear ();
    free (self.places);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
