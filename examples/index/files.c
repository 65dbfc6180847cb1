/* Walking directories, and reading files plain or compressed. What counts as text: no NUL in it, at most 16 MiB of it.
 * Knows nothing of processes. */
#include "files.h"

#include <errno.h>
#include <fts.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { MOST_BYTES = 16 << 20, GZIP_MAGIC = 0x1f };

/* One and many of each. */
static const char *const fate_names[FILE_FATES][2] = {
    [FILE_LINK] = { "symbolic link", "symbolic links" },
    [FILE_SPECIAL] = { "device, pipe or socket", "devices, pipes or sockets" },
    [FILE_AGAIN] = { "file that had been met", "files that had been met" },
    [FILE_ODD_NAME] = { "file with a newline in its name", "files with a newline in their names" },
    [FILE_UNREADABLE] = { "unreadable", "unreadable" },
    [FILE_DAMAGED] = { "damaged", "damaged" },
    [FILE_BINARY] = { "not text", "not text" },
    [FILE_TOO_LARGE] = { "larger than 16 MiB", "larger than 16 MiB" },
    [FILE_TOO_VARIED] = { "with too many different words", "with too many different words" },
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

/* What an entry of a directory is: FILE_FOUND is to be read, FILE_TAKEN of no interest. */
static file_fate_t judge (files_t *self, const FTSENT *entry)
{
    switch (entry->fts_info) {
    case FTS_F:
        if (strchr (entry->fts_path, '\n'))
            return FILE_ODD_NAME;
        return is_seen (self, entry->fts_statp) ? FILE_AGAIN : FILE_FOUND;
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
        return FILE_TAKEN;
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
        if (fate > FILE_TAKEN)
            self->fates[fate]++;
        if (fate != FILE_FOUND)
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

/* All that comes out, into text of MOST_BYTES + 1. */
static file_fate_t read_all (gzFile in, char *text, size_t *out_size)
{
    int got = gzread (in, text, MOST_BYTES + 1);
    if (got < 0)
        return FILE_DAMAGED;
    if (got > MOST_BYTES)
        return FILE_TOO_LARGE;
    *out_size = (size_t)got;
    /* Other compressors begin like gzip does, and the check by gzip itself would unpack those as well. */
    if (memchr (text, 0, *out_size) || (gzdirect (in) && got > 0 && text[0] == GZIP_MAGIC))
        return FILE_BINARY;
    return FILE_TAKEN;
}

static file_fate_t read_file (const char *path, char **out_text, size_t *out_size)
{
    gzFile in = gzopen (path, "re");
    if (!in)
        return FILE_UNREADABLE;
    char *text = malloc (MOST_BYTES + 1); /* a page is not there until it is written */
    file_fate_t fate = text ? read_all (in, text, out_size) : FILE_UNREADABLE;
    /* An end in the middle is found out when the file is closed. */
    if (gzclose (in) != Z_OK && fate != FILE_TOO_LARGE)
        fate = FILE_DAMAGED;
    char *fitting = fate == FILE_TAKEN ? realloc (text, *out_size + 1) : NULL;
    if (fitting)
        *out_text = fitting;
    else
        free (text);
    return fate == FILE_TAKEN && !fitting ? FILE_UNREADABLE : fate;
}

file_fate_t files_read (files_t *self, size_t number, char **out_text, size_t *out_size)
{
    file_t *file = &self->files[number];
    file_fate_t fate = read_file (file->path, out_text, out_size);
    if (file->fate == FILE_FOUND) {
        file->fate = fate;
        self->fates[fate]++;
    }
    return fate;
}

void files_leave_out (files_t *self, size_t number, file_fate_t fate)
{
    self->fates[self->files[number].fate]--;
    self->fates[fate]++;
    self->files[number].fate = fate;
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
            fprintf (out, "%s%zu %s", before, count, fate_names[fate][count > 1]);
        if (count)
            before = ", ";
    }
    if (*before == ',')
        fputc ('\n', out);
}
