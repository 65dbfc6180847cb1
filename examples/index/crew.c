/* Who takes part: found by name, given their objects, asked what they have done, sent home. */
#include "crew.h"

#include <inttypes.h>
#include <stdio.h>

/* How long to wait for a process that is being started, and for answers that take no time: only a broken one is slower. */
enum { START_MS = 60000 };

static bool pid_of (member_t *member)
{
    far_value_t *stats;
    if (far_call (member->object, "stats", ">v", &stats))
        return false;
    member->pid = (int)far_value_int (far_value_lookup (stats, "pid"));
    far_value_destroy (&stats);
    return true;
}

static bool engage (crew_t *self, member_t *member, const char *class_path, far_proxy_t *index)
{
    member->process = far_find (self->me, member->name);
    if (member->process && index)
        member->object = far_new (member->process, class_path, "P", index);
    else if (member->process)
        member->object = far_new (member->process, class_path, NULL);
    if (member->object && pid_of (member))
        return true;
    far_print_error (member->name);
    return false;
}

bool crew_init (crew_t *self, size_t indexer_count)
{
    *self = (crew_t){ 0 };
    far_actor_options_t options = { .name = "reader", .no_autostart = true, .timeout_ms = START_MS };
    self->me = far_actor_open (&options);
    if (!self->me) {
        far_print_error ("the broker");
        return false;
    }
    snprintf (self->merger.name, sizeof self->merger.name, "merger");
    if (!engage (self, &self->merger, "merger.Index", NULL))
        return false;
    while (self->indexer_count < indexer_count) {
        member_t *indexer = &self->indexers[self->indexer_count++];
        snprintf (indexer->name, sizeof indexer->name, "indexer-%zu", self->indexer_count);
        if (!engage (self, indexer, "indexer.Indexer", self->merger.object))
            return false;
    }
    return true;
}

static void dismiss (member_t *member)
{
    far_proxy_destroy (&member->object);
    if (member->process && !member->dead)
        far_process_close (member->process, true); /* who runs us ends the broker next, and waits for them */
    far_process_destroy (&member->process);
}

void crew_deinit (crew_t *self)
{
    for (size_t i = 0; i < self->indexer_count; i++)
        dismiss (&self->indexers[i]);
    dismiss (&self->merger);
    far_actor_destroy (&self->me);
}

member_t *crew_any_indexer (crew_t *self)
{
    for (size_t i = 0; i < self->indexer_count; i++)
        if (!self->indexers[i].dead)
            return &self->indexers[i];
    return NULL;
}

static uint64_t number (const far_value_t *stats, const char *key)
{
    return far_value_uint (far_value_lookup (stats, key));
}

bool crew_print (crew_t *self)
{
    far_value_t *stats;
    printf ("\n%-12s%8s%10s%10s%14s\n", "process", "pid", "files", "MB", "words");
    for (size_t i = 0; i < self->indexer_count; i++) {
        member_t *indexer = &self->indexers[i];
        printf ("%-12s%8d", indexer->name, indexer->pid);
        if (indexer->dead) {
            printf ("  died\n");
            continue;
        }
        if (far_call (indexer->object, "stats", ">v", &stats))
            return !far_print_error (indexer->name);
        printf ("%10" PRIu64 "%10.1f%14" PRIu64 "\n", number (stats, "files"), (double)number (stats, "bytes") / 1e6,
                number (stats, "words"));
        far_value_destroy (&stats);
    }
    if (far_call (self->merger.object, "stats", ">v", &stats))
        return !far_print_error (self->merger.name);
    printf ("%-12s%8d%10" PRIu64 "%10s%14" PRIu64 " different", self->merger.name, self->merger.pid,
            number (stats, "files"), "", number (stats, "words"));
    if (number (stats, "repeats"))
        printf ("; %" PRIu64 " files came twice and were counted once", number (stats, "repeats"));
    printf ("\n");
    far_value_destroy (&stats);
    return true;
}
