/* Who takes part: fleets found by name, what they have done asked of the broker, a worker killed on demand. */
#include "crew.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* For a worker that is being started, and for answers that take no time: only a broken one is slower. */
enum { PATIENCE_MS = 60000 };

/* Consumes the process. NULL with the last error. */
static far_proxy_t *import (far_process_t *process, const char *module)
{
    far_proxy_t *proxy = far_import (process, module);
    far_process_destroy (&process);
    return proxy;
}

static bool find_all (crew_t *self)
{
    far_actor_options_t options = { .name = "feeder", .no_autostart = true, .timeout_ms = PATIENCE_MS };
    if (!(self->me = far_actor_open (&options)) || !(self->broker = import (far_broker (self->me), "broker")) ||
        !(self->reader = import (far_find (self->me, "readers"), "reader")) ||
        !(self->indexer = import (far_find (self->me, "indexers"), "indexer")))
        return false;
    far_proxy_t *merger = import (far_find (self->me, "merger"), "merger");
    self->index = far_getattr (merger, "index");
    far_proxy_destroy (&merger);
    return self->index;
}

bool crew_init (crew_t *self)
{
    *self = (crew_t){ 0 };
    return find_all (self) || !far_print_error ("the crew");
}

void crew_deinit (crew_t *self)
{
    far_proxy_destroy (&self->index);
    far_proxy_destroy (&self->indexer);
    far_proxy_destroy (&self->reader);
    far_proxy_destroy (&self->broker);
    far_actor_destroy (&self->me);
}

static uint64_t number (const far_value_t *map, const char *key)
{
    return far_value_uint (far_value_lookup (map, key));
}

static const char *text (const far_value_t *map, const char *key)
{
    return far_value_bytes (far_value_lookup (map, key)).data;
}

bool crew_kill_one (crew_t *self, const char *fleet)
{
    far_value_t *shown;
    if (far_call (self->broker, "fleets.show", "s>v", fleet, &shown))
        return !far_print_error (fleet);
    const far_value_t *members = far_value_lookup (shown, "members"), *victim = far_value_item (members, 0);
    for (size_t i = 0; i < far_value_count (members); i++)
        if (number (far_value_item (members, i), "running"))
            victim = far_value_item (members, i);
    pid_t pid = (pid_t)number (victim, "pid");
    far_value_destroy (&shown);
    if (!pid || kill (pid, SIGKILL)) {
        fprintf (stderr, "%s: there is none to be killed\n", fleet);
        return false;
    }
    printf ("killed worker %d of the fleet %s\n", (int)pid, fleet);
    fflush (stdout);
    return true;
}

/* The workers of a stage, under it. */
static bool print_stage (crew_t *self, const far_value_t *stage)
{
    char name[80];
    far_value_t *fleet;
    const char *at = text (stage, "at");
    if (far_call (self->broker, "fleets.show", "s>v", at, &fleet))
        return !far_print_error (at);
    snprintf (name, sizeof name, "%s @ %s", text (stage, "path"), at);
    printf ("%-32s%9" PRIu64 "%10" PRIu64 "%9" PRIu64 "\n", name, number (stage, "done"), number (stage, "failed"),
            number (fleet, "retried"));
    const far_value_t *members = far_value_lookup (fleet, "members");
    for (size_t i = 0; i < far_value_count (members); i++)
        printf ("    worker %-21" PRIu64 "%9" PRIu64 "\n", number (far_value_item (members, i), "pid"),
                number (far_value_item (members, i), "done"));
    far_value_destroy (&fleet);
    return true;
}

static bool print_stages (crew_t *self)
{
    far_value_t *line;
    if (far_call (self->broker, "pipelines.show", "s>v", "index", &line))
        return !far_print_error ("the pipeline");
    printf ("\n%-32s%9s%10s%9s\n", "stage, workers", "done", "left out", "again");
    const far_value_t *stages = far_value_lookup (line, "stages");
    bool printed = true;
    for (size_t i = 0; printed && i < far_value_count (stages); i++)
        printed = print_stage (self, far_value_item (stages, i));
    far_value_destroy (&line);
    return printed;
}

bool crew_print (crew_t *self, double seconds)
{
    far_value_t *stats;
    if (far_call (self->index, "stats", ">v", &stats))
        return !far_print_error ("the index");
    double files = (double)number (stats, "files"), mb = (double)number (stats, "bytes") / 1e6;
    double least = seconds > 0 ? seconds : 1e-9;
    printf ("indexed %.0f files, %.1f MB of text, %" PRIu64 " different words, in %.1f s: %.0f files/s, %.1f MB/s\n",
            files, mb, number (stats, "words"), seconds, files / least, mb / least);
    far_value_destroy (&stats);
    return print_stages (self);
}
