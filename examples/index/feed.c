/* A few calls are always under way to each indexer, so that it never waits for the reader; whoever answers gets the next
 * file. A file is done when its call has been answered, because the indexer answers when the merger has it. A call that
 * ends with PeerDied says nothing about that: its file is given to another indexer, and the merger passes over what it
 * has already. */
#include "feed.h"
#include "progress.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW = 8 };

typedef struct {
    member_t *indexer;
    size_t file;
    char *text;
    size_t size;
} slot_t;

typedef struct {
    crew_t *crew;
    files_t *files;
    far_request_t *requests[MOST_INDEXERS * WINDOW]; /* NULL: the slot is free */
    size_t under_way;
    slot_t slots[MOST_INDEXERS * WINDOW];
    size_t slot_count;
    slot_t again[MOST_INDEXERS * WINDOW]; /* to be given a second time */
    size_t again_count;
    size_t next; /* file to be read */
    feed_totals_t totals;
} feed_t;

static double now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The next file with its text, into the slot. */
static bool take (feed_t *self, slot_t *slot)
{
    if (self->again_count) {
        member_t *indexer = slot->indexer;
        *slot = self->again[--self->again_count];
        slot->indexer = indexer;
        return true;
    }
    while (self->next < self->files->count) {
        slot->file = self->next++;
        self->totals.disk_bytes += self->files->files[slot->file].size_bytes;
        if (files_read (self->files, slot->file, &slot->text, &slot->size) == FILE_TAKEN)
            return true;
    }
    return false;
}

/* Did the indexer itself go? An error that came back through it (the merger's death, say) has hops. */
static bool is_indexer_gone (far_status_t status)
{
    return (status == FAR_E_PEER_DIED || status == FAR_E_CLOSED) && !far_error_hop_count (far_last_error ());
}

static bool is_refused (far_status_t status)
{
    return status == FAR_E_RAISED && !strcmp (far_error_class (far_last_error ()), "TooManyWords");
}

/* How the call of a slot ended. false if that is the end of all. */
static bool settle (feed_t *self, slot_t *slot, far_status_t status)
{
    bool gone = is_indexer_gone (status), again = gone || status == FAR_E_OVERLOADED;
    slot->indexer->dead |= gone;
    if (!status) {
        self->totals.done++;
        self->totals.text_bytes += slot->size;
    } else if (again) {
        self->again[self->again_count++] = *slot;
        self->totals.again += gone;
    } else if (is_refused (status)) {
        files_leave_out (self->files, slot->file, FILE_TOO_VARIED);
    } else {
        progress_clear ();
        fprintf (stderr, "%s: ", self->files->files[slot->file].path);
        return !far_print_error (slot->indexer->name);
    }
    if (!again)
        free (slot->text);
    slot->text = NULL;
    return true;
}

/* Keeps every slot of the living busy. */
static bool fill (feed_t *self)
{
    for (size_t i = 0; i < self->slot_count; i++) {
        slot_t *slot = &self->slots[i];
        if (self->requests[i] || slot->indexer->dead || !take (self, slot))
            continue;
        far_bytes_t text = { slot->text, slot->size };
        self->requests[i] = far_call_async (slot->indexer->object, "index", "uy", (uint64_t)slot->file, &text);
        self->totals.calls++;
        self->under_way += self->requests[i] != NULL;
        if (!self->requests[i] && !settle (self, slot, far_last_status ()))
            return false;
    }
    return true;
}

/* Waits for one answer. */
static bool collect (feed_t *self)
{
    size_t which;
    if (far_wait_any (self->requests, self->slot_count, FAR_FOREVER, &which))
        return !far_print_error ("waiting");
    bool goes_on = settle (self, &self->slots[which], far_request_result (self->requests[which], NULL));
    far_request_destroy (&self->requests[which]);
    self->under_way--;
    return goes_on;
}

static void kill_one (feed_t *self)
{
    member_t *victim = &self->crew->indexers[0];
    kill (victim->pid, SIGKILL);
    victim->dead = true; /* also where it had nothing to do */
    progress_clear ();
    printf ("killed %s (pid %d) after %zu files\n", victim->name, victim->pid, self->totals.done);
    fflush (stdout);
}

static bool run (feed_t *self, bool kills)
{
    while (fill (self)) {
        if (!self->under_way && !self->again_count)
            return true;
        if (!crew_any_indexer (self->crew)) {
            progress_clear ();
            fprintf (stderr, "no indexer is left; %zu files were done\n", self->totals.done);
            return false;
        }
        if (self->under_way && !collect (self))
            return false;
        if (kills && self->totals.disk_bytes >= self->files->size_bytes / 2) {
            kill_one (self);
            kills = false;
        }
        progress_draw (self->totals.disk_bytes, self->files->size_bytes, self->totals.done);
    }
    return false;
}

bool feed (crew_t *crew, files_t *files, bool kills, feed_totals_t *out_totals)
{
    feed_t self = { .crew = crew, .files = files, .slot_count = crew->indexer_count * WINDOW };
    for (size_t i = 0; i < self.slot_count; i++)
        self.slots[i].indexer = &crew->indexers[i % crew->indexer_count];
    double start = now ();
    bool fed = run (&self, kills);
    progress_clear ();
    self.totals.seconds = now () - start;
    for (size_t i = 0; i < self.slot_count; i++) {
        far_request_destroy (&self.requests[i]);
        free (self.slots[i].text);
    }
    for (size_t i = 0; i < self.again_count; i++)
        free (self.again[i].text);
    *out_totals = self.totals;
    return fed;
}
