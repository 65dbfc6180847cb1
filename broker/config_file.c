/* Reads a configuration file by zconfig. That tells of errors on stdout and nowhere else, and forgets on which line an
 * entry stood: so its words are caught, and lines are found again. */
#include "config_file.h"
#include "base/error.h"

#include <czmq.h>
#include <sys/mman.h>

#define LINE_BYTES 512

/* Makes stdout a file that only we see; gives what stdout was. */
static int catch_stdout (int *out_caught)
{
    fflush (stdout);
    *out_caught = memfd_create ("zconfig", MFD_CLOEXEC);
    int was = dup (STDOUT_FILENO);
    if (*out_caught >= 0 && was >= 0)
        dup2 (*out_caught, STDOUT_FILENO);
    return was;
}

static void release_stdout (int was, int caught, char *out, size_t out_size)
{
    fflush (stdout);
    if (was >= 0) {
        dup2 (was, STDOUT_FILENO);
        close (was);
    }
    ssize_t size = caught >= 0 ? pread (caught, out, out_size - 1, 0) : 0;
    out[size > 0 ? size : 0] = 0;
    if (caught >= 0)
        close (caught);
}

/* "... E (zconfig): (2) invalid syntax 'x'" */
static far_status_t tell_syntax (const char *path, const char *said)
{
    static const char start[] = "(zconfig): (";
    const char *found = strstr (said, start);
    char *rest = NULL;
    long line = found ? strtol (found + sizeof start - 1, &rest, 10) : 0;
    if (!line || strncmp (rest, ") ", 2) != 0)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: can't be read as ZPL: expected lines of name = value", path);
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s, line %ld: %.*s: expected name = value, or # and a comment", path, line,
                     (int)strcspn (rest + 2, "\n"), rest + 2);
}

static far_status_t load (const char *path, zconfig_t **out)
{
    struct stat found;
    char said[LINE_BYTES];
    if (stat (path, &found))
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: %s: expected a configuration file", path, strerror (errno));
    if (!S_ISREG (found.st_mode) || access (path, R_OK))
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: expected a configuration file that can be read", path);
    /* Not by zconfig_load: that leaks the file where it can't be read. */
    zchunk_t *text = zchunk_slurp (path, 0);
    int caught, was = catch_stdout (&caught);
    *out = text ? zconfig_chunk_load (text) : NULL;
    release_stdout (was, caught, said, sizeof said);
    zchunk_destroy (&text);
    return *out ? FAR_OK : tell_syntax (path, said);
}

/* The line of the nth entry of this name; 0 if it is not found. */
static size_t line_of (const char *path, const char *name, size_t nth)
{
    FILE *file = fopen (path, "re");
    char *line = NULL;
    size_t capacity = 0, number = 0, found = 0, size = strlen (name);
    while (file && !found && getline (&line, &capacity, file) >= 0) {
        const char *start = line + strspn (line, " ");
        number++;
        if (strncmp (start, name, size) == 0 && strchr (" =\t\r\n#", start[size]) && --nth == 0)
            found = number;
    }
    free (line);
    if (file)
        fclose (file);
    return found;
}

/* Entries of this name up to this one, in the order of the file. */
static bool count_before (zconfig_t *parent, zconfig_t *entry, size_t *count)
{
    for (zconfig_t *at = zconfig_child (parent); at; at = zconfig_next (at)) {
        *count += streq (zconfig_name (at), zconfig_name (entry));
        if (at == entry || count_before (at, entry, count))
            return true;
    }
    return false;
}

typedef struct walk {
    const char *path;
    zconfig_t *root;
    const config_taker_t *taker;
} walk_t;

typedef far_status_t take_fn (void *context, const config_entry_t *entry);

static far_status_t hand_over (const walk_t *self, zconfig_t *at, const char *section, take_fn *take)
{
    char where[LINE_BYTES];
    size_t nth = 0;
    const char *name = zconfig_name (at), *value = zconfig_value (at);
    count_before (self->root, at, &nth);
    snprintf (where, sizeof where, "%s, line %zu", self->path, line_of (self->path, name, nth));
    if (section && zconfig_child (at))
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: section '%s': expected no sections inside of section '%s'", where,
                         name, section);
    return take (self->taker->context, &(config_entry_t){ section, name, value ? value : "", where });
}

static far_status_t read_section (const walk_t *self, zconfig_t *section)
{
    far_status_t status = hand_over (self, section, NULL, self->taker->section);
    for (zconfig_t *at = zconfig_child (section); at && !status; at = zconfig_next (at))
        status = hand_over (self, at, zconfig_name (section), self->taker->entry);
    return status ? status : hand_over (self, section, NULL, self->taker->section_end);
}

far_status_t config_file_read (const char *path, const config_taker_t *taker)
{
    walk_t self = { .path = path, .taker = taker };
    far_status_t status = load (path, &self.root);
    for (zconfig_t *at = status ? NULL : zconfig_child (self.root); at && !status; at = zconfig_next (at))
        status = zconfig_child (at) ? read_section (&self, at) : hand_over (&self, at, NULL, taker->entry);
    zconfig_destroy (&self.root);
    return status;
}
