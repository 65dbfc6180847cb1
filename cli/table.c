/* Rows as an aligned table. Cells are written twice, once to measure them: rows are few, and nothing is kept. */
#include "table.h"
#include "json.h"
#include "moment.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16, GAP = 2 };

static void show_plain (FILE *out, const far_value_t *value)
{
    bool is_text = value && far_value_type (value) == FAR_TYPE_STRING;
    far_bytes_t text = is_text ? far_value_bytes (value) : (far_bytes_t){ "", 0 };
    if (is_text && text.size)
        fwrite (text.data, 1, text.size, out);
    else if (is_text || !value || far_value_type (value) == FAR_TYPE_NIL)
        fputc ('-', out);
    else
        json_write (out, value, JSON_ONE_LINE);
}

void table_show_time (FILE *out, const far_value_t *value)
{
    struct timespec since = value ? far_value_time (value) : (struct timespec){ 0 };
    moment_show (out, &since);
}

void table_show_ms (FILE *out, const far_value_t *value)
{
    if (value && far_value_type (value) == FAR_TYPE_FLOAT)
        fprintf (out, "%.3f", far_value_float (value));
    else
        fputc ('-', out);
}

/* Latencies of nothing are no latencies. */
static const far_value_t *entry_of (const far_value_t *row, const char *key)
{
    char first[32];
    const char *dot = strchr (key, '.');
    if (!dot)
        return far_value_lookup (row, key);
    snprintf (first, sizeof first, "%.*s", (int)(dot - key), key);
    const far_value_t *map = far_value_lookup (row, first);
    const far_value_t *count = map ? far_value_lookup (map, "count") : NULL;
    return map && !(count && !far_value_uint (count)) ? far_value_lookup (map, dot + 1) : NULL;
}

far_value_t *table_entries (const far_value_t *map)
{
    far_value_t *rows = far_value_list ();
    for (size_t i = 0; rows && i < far_value_count (map); i++) {
        const far_value_t *item = far_value_item (map, i);
        if (far_value_type (item) == FAR_TYPE_LIST || far_value_type (item) == FAR_TYPE_MAP)
            continue;
        far_value_t *row = far_value_new ("{sv sv}", "name", far_value_key (map, i), "value", item);
        if (far_value_append (rows, &row))
            far_value_destroy (&rows);
    }
    return rows;
}

/* The cell as safe text, to be freed; NULL without memory. */
static char *cell_text (const table_column_t *column, const far_value_t *row)
{
    char *raw = NULL, *safe = NULL;
    size_t raw_size, safe_size;
    FILE *out = open_memstream (&raw, &raw_size);
    if (!out)
        return NULL;
    (column->show ? column->show : show_plain) (out, entry_of (row, column->key));
    if (!fclose (out) && (out = open_memstream (&safe, &safe_size))) {
        text_write (out, raw, raw_size, false);
        fclose (out);
    }
    free (raw);
    return safe;
}

static void print_cell (FILE *out, const table_column_t *column, const char *text, size_t width)
{
    size_t used = text_width (text), padding = width > used ? width - used : 0;
    bool last = !column[1].key;
    if (column->right)
        fprintf (out, "%*s", (int)padding, "");
    fputs (text, out);
    if (!last)
        fprintf (out, "%*s", (int)(column->right ? 0 : padding) + GAP, "");
}

void table_print (FILE *out, const table_column_t *columns, const far_value_t *rows)
{
    size_t widths[COLUMNS_MAX] = { 0 };
    size_t count = far_value_count (rows);
    for (size_t at = 0; at < COLUMNS_MAX && columns[at].key; at++) {
        widths[at] = text_width (columns[at].title);
        for (size_t i = 0; i < count; i++) {
            char *text = cell_text (&columns[at], far_value_item (rows, i));
            size_t width = text ? text_width (text) : 0;
            widths[at] = width > widths[at] ? width : widths[at];
            free (text);
        }
    }
    for (size_t i = 0; i <= count; i++) {
        for (size_t at = 0; at < COLUMNS_MAX && columns[at].key; at++) {
            char *text = i ? cell_text (&columns[at], far_value_item (rows, i - 1)) : strdup (columns[at].title);
            print_cell (out, &columns[at], text ? text : "?", widths[at]);
            free (text);
        }
        fputc ('\n', out);
    }
}
