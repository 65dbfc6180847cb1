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

static size_t count_before (zconfig_t *root, zconfig_t *entry)
{
    size_t count = 1;
    for (zconfig_t *at = zconfig_child (root); at && at != entry; at = zconfig_next (at))
        count += streq (zconfig_name (at), zconfig_name (entry));
    return count;
}

far_status_t config_file_read (const char *path, far_status_t (*take) (void *context, const config_entry_t *entry),
                               void *context)
{
    zconfig_t *root = NULL;
    far_status_t status = load (path, &root);
    for (zconfig_t *at = status ? NULL : zconfig_child (root); at && !status; at = zconfig_next (at)) {
        char where[LINE_BYTES];
        const char *name = zconfig_name (at), *value = zconfig_value (at);
        snprintf (where, sizeof where, "%s, line %zu", path, line_of (path, name, count_before (root, at)));
        if (zconfig_child (at))
            status = far_fail (FAR_E_BAD_ARGUMENTS, "%s: section '%s': expected options at the margin, no sections",
                               where, name);
        else
            status = take (context, &(config_entry_t){ name, value ? value : "", where });
    }
    zconfig_destroy (&root);
    return status;
}
