/* Walking directories, and keeping the books on what is left out. Opens no file, and knows nothing of processes. */
#include "files.h"

#include <errno.h>
#include <fts.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
    const char *one, *many;
    const char *error_class; /* of the stage that finds it out; NULL: none does */
} fates[FILE_FATES] = {
    [FILE_LINK] = { "symbolic link", "symbolic links", NULL },
    [FILE_SPECIAL] = { "device, pipe or socket", "devices, pipes or sockets", NULL },
    [FILE_AGAIN] = { "file that had been met", "files that had been met", NULL },
    [FILE_ODD_NAME] = { "file with a newline in its name", "files with a newline in their names", NULL },
    [FILE_UNREADABLE] = { "unreadable", "unreadable", "Unreadable" },
    [FILE_DAMAGED] = { "damaged", "damaged", "Damaged" },
    [FILE_BINARY] = { "not text", "not text", "NotText" },
    [FILE_TOO_LARGE] = { "larger than 16 MiB", "larger than 16 MiB", "TooLarge" },
    [FILE_TOO_VARIED] = { "with too many different words", "with too many different words", "TooManyWords" },
};

void files_deinit (files_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free (self->files[i].path);
    free (self->files);
    tdestroy (self->seen, free);
    *self = (files_t){ 0 };
}

static int compare_identities (const void *a, const void *b)
{
    const uint64_t *of_a = a, *of_b = b;
    if (of_a[0] != of_b[0])
        return of_a[0] < of_b[0] ? -1 : 1;
    return of_a[1] < of_b[1] ? -1 : of_a[1] > of_b[1];
}

/* Is it a file that we have met, by this or another name? Without memory it is a new one. */
static bool is_seen (files_t *self, const struct stat *status)
{
    uint64_t *identity = malloc (2 * sizeof *identity);
    if (!identity)
        return false;
    identity[0] = status->st_dev;
    identity[1] = status->st_ino;
    uint64_t **found = tsearch (identity, &self->seen, compare_identities);
    if (found && *found == identity)
        return false;
    free (identity);
    return found != NULL;
}

static bool add (files_t *self, const char *path, uint64_t size_bytes)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? 2 * self->capacity : 1024;
        file_t *files = realloc (self->files, capacity * sizeof *files);
        if (!files)
            return false;
        self->files = files;
        self->capacity = capacity;
    }
    char *copy = strdup (path);
    if (!copy)
        return false;
    self->files[self->count++] = (file_t){ .path = copy, .size_bytes = size_bytes };
    self->size_bytes += size_bytes;
    return true;
}

/* What becomes of an entry of a directory; FILE_FATES: it is of no interest. */
static file_fate_t judge (files_t *self, const FTSENT *entry)
{
    switch (entry->fts_info) {
    case FTS_F:
        if (strchr (entry->fts_path, '\n'))
            return FILE_ODD_NAME;
        return is_seen (self, entry->fts_statp) ? FILE_AGAIN : FILE_TAKEN;
    case FTS_SL:
    case FTS_SLNONE:
        return FILE_LINK;
    case FTS_DEFAULT:
        return FILE_SPECIAL;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return FILE_UNREADABLE;
    default:
        return FILE_FATES;
    }
}

static int compare_names (const FTSENT **a, const FTSENT **b)
{
    return strcmp ((*a)->fts_name, (*b)->fts_name);
}

/* Gives 0, or an errno. */
static int walk (files_t *self, FTS *tree, uint64_t limit_bytes)
{
    uint64_t size_bytes = 0;
    FTSENT *entry;
    while ((entry = fts_read (tree))) {
        file_fate_t fate = judge (self, entry);
        if (fate == FILE_UNREADABLE && entry->fts_level == FTS_ROOTLEVEL)
            return entry->fts_errno;
        if (fate > FILE_TAKEN && fate < FILE_FATES)
            self->fates[fate]++;
        if (fate != FILE_TAKEN)
            continue;
        size_bytes += (uint64_t)entry->fts_statp->st_size;
        if (size_bytes > limit_bytes) {
            self->limited = true;
            return 0;
        }
        if (!add (self, entry->fts_path, (uint64_t)entry->fts_statp->st_size))
            return ENOMEM;
    }
    return errno; /* fts_read leaves 0 at the end */
}

bool files_walk (files_t *self, const char *directory, uint64_t limit_bytes)
{
    char *roots[] = { realpath (directory, NULL), NULL };
    if (!roots[0])
        return false;
    FTS *tree = fts_open (roots, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
    int error = tree ? walk (self, tree, limit_bytes) : errno;
    if (tree)
        fts_close (tree);
    free (roots[0]);
    errno = error;
    return error == 0;
}

file_fate_t files_fate_of (const char *error_class)
{
    for (file_fate_t fate = FILE_TAKEN; fate < FILE_FATES; fate++)
        if (fates[fate].error_class && !strcmp (fates[fate].error_class, error_class))
            return fate;
    return FILE_TAKEN;
}

void files_leave_out (files_t *self, size_t number, file_fate_t fate)
{
    self->files[number].fate = fate;
    self->fates[fate]++;
}

bool files_write_list (const files_t *self, const char *path)
{
    FILE *out = fopen (path, "w");
    if (!out)
        return false;
    for (size_t i = 0; i < self->count; i++)
        if (self->files[i].fate == FILE_TAKEN)
            fprintf (out, "%s\n", self->files[i].path);
    bool failed = ferror (out);
    return !fclose (out) && !failed;
}

void files_print_left_out (const files_t *self, FILE *out)
{
    const char *before = "left out: ";
    for (size_t fate = FILE_TAKEN + 1; fate < FILE_FATES; fate++) {
        size_t count = self->fates[fate];
        if (count)
            fprintf (out, "%s%zu %s", before, count, count > 1 ? fates[fate].many : fates[fate].one);
        if (count)
            before = ", ";
    }
    if (*before == ',')
        fputc ('\n', out);
}
