/* Sends images to a fleet and writes the thumbnails that come back. `run` starts it with everybody else.
 *
 *     thumbnailer --out DIR [--kill] IMAGE...
 *
 * The files are DIR/NAME-WIDTH.png, for widths of 512, 256 and 64. Exit code 1 if an image could not be made small. */
#include "job.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Images that are under way at a time; and what a worker may take for one, before something must be wrong. */
enum { AHEAD = 16, PATIENCE_MS = 60000, EXIT_USAGE = 2 };

typedef struct {
    const char *out;
    bool kills;
    char **paths;
    size_t count;
} options_t;

static const struct option long_options[] = {
    { "out", required_argument, NULL, 'o' },
    { "kill", no_argument, NULL, 'k' },
    { 0 },
};

static bool same_name (const char *path, const char *other)
{
    return strcmp (basename (path), basename (other)) == 0;
}

static bool parse (options_t *self, int argc, char **argv)
{
    *self = (options_t){ 0 };
    for (int option; (option = getopt_long (argc, argv, "", long_options, NULL)) >= 0;) {
        if (option == '?')
            return false;
        if (option == 'o')
            self->out = optarg;
        self->kills |= option == 'k';
    }
    self->paths = argv + optind;
    self->count = (size_t)(argc - optind);
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < i; j++)
            if (same_name (self->paths[i], self->paths[j])) {
                fprintf (stderr, "%s and %s: their thumbnails would have the same names\n", self->paths[j],
                         self->paths[i]);
                return false;
            }
    if (!self->out || !self->count)
        fprintf (stderr, "usage: thumbnailer --out DIR [--kill] IMAGE...\n");
    return self->out && self->count;
}

/* Each image ends by itself: one that is no good does not keep the others from being made. */
static bool make_all (options_t *options, far_proxy_t *thumbs, const far_value_t *widths)
{
    job_t *jobs = calloc (options->count, sizeof *jobs);
    if (!jobs)
        return false;
    bool good = true;
    for (size_t next = 0, i = 0; i < options->count; i++) {
        for (; next < options->count && next < i + AHEAD; next++) {
            const char *path = options->paths[next];
            jobs[next] = (job_t){ .path = path, .name = basename (path), .kills = &options->kills };
            good = job_start (&jobs[next], thumbs, widths) && good;
        }
        good = (!jobs[i].stream || job_finish (&jobs[i], options->out)) && good;
        job_deinit (&jobs[i]);
    }
    free (jobs);
    return good;
}

int main (int argc, char **argv)
{
    options_t options;
    if (!parse (&options, argc, argv))
        return EXIT_USAGE;
    far_actor_t *me = far_actor_open (
        &(far_actor_options_t){ .name = "thumbnailer", .no_autostart = true, .timeout_ms = PATIENCE_MS });
    far_process_t *fleet = me ? far_find (me, "resize") : NULL;
    far_proxy_t *thumbs = fleet ? far_import (fleet, "thumbs") : NULL;
    far_value_t *widths = far_value_new ("[iii]", 512, 256, 64);
    bool good = thumbs && widths;
    if (!good)
        far_print_error ("resize");
    /* Whatever a worker has done of an image, another one may do it again. */
    good = good && !far_proxy_set (thumbs, FAR_OPTION_IDEMPOTENT, 1) && make_all (&options, thumbs, widths);
    far_value_destroy (&widths);
    far_proxy_destroy (&thumbs);
    far_process_destroy (&fleet);
    far_actor_destroy (&me);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
