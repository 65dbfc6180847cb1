/* A module for far-actor, the second stage: the section of a package, which the database of dpkg knows. The database is read
 * once, when the worker starts; the variable LOGS_DATABASE says where it is. */
#include <farcall.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *package, *section;
} entry_t;

static void *entries; /* a tree, by the package */

static int compare (const void *a, const void *b)
{
    return strcmp (((const entry_t *)a)->package, ((const entry_t *)b)->package);
}

static void free_entry (void *entry)
{
    free (((entry_t *)entry)->package);
    free (((entry_t *)entry)->section);
    free (entry);
}

static void forget_all (void *tree)
{
    tdestroy (*(void **)tree, free_entry);
}

/* The first that is said of a package counts: with several architectures it is there several times. */
static void note (const char *package, const char *section)
{
    entry_t *entry = malloc (sizeof *entry);
    if (!entry)
        return;
    *entry = (entry_t){ strdup (package), strdup (section) };
    entry_t **found = entry->package && entry->section ? tsearch (entry, &entries, compare) : NULL;
    if (!found || *found != entry)
        free_entry (entry);
}

static void read_database (FILE *in)
{
    char *line = NULL, package[128] = "", section[128];
    size_t capacity = 0;
    while (getline (&line, &capacity, in) > 0)
        if (sscanf (line, "Package: %127s", package) != 1 && sscanf (line, "Section: %127s", section) == 1)
            note (package, section);
    free (line);
}

static far_status_t sections_find (far_call_t *call, void *tree)
{
    const far_value_t *event;
    if (far_call_args (call, &event))
        return far_call_status (call);
    entry_t wanted = { .package = (char *)(uintptr_t)far_value_bytes (far_value_item (event, 0)).data };
    entry_t **found = tfind (&wanted, tree, compare);
    if (!found)
        return far_call_fail (call, "NoSection", "the database does not know the package %s", wanted.package);
    return far_call_return (call, "[svv]", (*found)->section, far_value_item (event, 1), far_value_item (event, 2));
}

FAR_MODULE (sections)
{
    const char *path = getenv ("LOGS_DATABASE");
    FILE *in = fopen (path ? path : "", "re");
    if (in) {
        read_database (in);
        fclose (in);
    } else {
        perror ("LOGS_DATABASE");
    }
    far_module_set_doc (module, "The sections of packages.");
    far_module_set_data (module, &entries, forget_all);
    far_module_function (module, "find", sections_find, "event:[v] -> [v]",
                         "[package, what, KB]: the same with the section in the package's place.");
}
