/* A table that grows in the actor's thread, while the program's own pushes records. */
#include "tally.h"

#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *key; /* "section what" */
    uint64_t count, kb;
} row_t;

static void *rows; /* a tree */

static int compare (const void *a, const void *b)
{
    return strcmp (((const row_t *)a)->key, ((const row_t *)b)->key);
}

static void free_row (void *row)
{
    free (((row_t *)row)->key);
    free (row);
}

/* NULL without memory. */
static row_t *row_of (const char *section, const char *what)
{
    row_t *row = calloc (1, sizeof *row);
    if (!row)
        return NULL;
    row_t **found = asprintf (&row->key, "%s %s", section, what) > 0 ? tsearch (row, &rows, compare) : NULL;
    if (!found || *found != row)
        free_row (row);
    return found ? *found : NULL;
}

static far_status_t tally_add (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *event;
    if (far_call_args (call, &event))
        return far_call_status (call);
    row_t *row =
        row_of (far_value_bytes (far_value_item (event, 0)).data, far_value_bytes (far_value_item (event, 1)).data);
    if (!row)
        return far_call_fail (call, "MemoryError", "no memory for the tally");
    row->count++;
    row->kb += far_value_uint (far_value_item (event, 2));
    return FAR_OK;
}

FAR_MODULE (tally)
{
    far_module_set_doc (module, "What happened to packages.");
    far_module_function (module, "add", tally_add, "event:[v]", "Count it: [section, what, KB].");
}

typedef struct {
    FILE *out;
    uint64_t count;
} writing_t;

static void write_row (const void *node, VISIT which, void *context)
{
    const row_t *row = *(const row_t *const *)node;
    writing_t *self = context;
    if (which != postorder && which != leaf)
        return;
    fprintf (self->out, "%s %" PRIu64 " %" PRIu64 "\n", row->key, row->count, row->kb);
    self->count += row->count;
}

uint64_t tally_write (FILE *out)
{
    writing_t writing = { .out = out };
    twalk_r (rows, write_row, &writing);
    return writing.count;
}

void tally_clear (void)
{
    tdestroy (rows, free_row);
    rows = NULL;
}
