/* Rows as an aligned table for people. */
#ifndef FAR_CLI_TABLE_H
#define FAR_CLI_TABLE_H

#include <farcall.h>
#include <stdio.h>

typedef struct table_column {
    const char
        *key; /* of the entry in each row, "a.b" of one in the map that is its entry; NULL ends a list of columns */
    const char *title;
    bool right; /* aligned to the right */
    /* Writes the value, which may be NULL; it is made safe afterwards. NULL: text as it is, else as JSON; "-" for
     * nothing. */
    void (*show) (FILE *out, const far_value_t *value);
} table_column_t;

/* How a column shows a timestamp: as local time. */
void table_show_time (FILE *out, const far_value_t *value);

/* Milliseconds, to the microsecond. */
void table_show_ms (FILE *out, const far_value_t *value);

/* Rows of "name" and "value": a map's entries, but those that are lists or maps themselves. NULL with the last error. */
far_value_t *table_entries (const far_value_t *map);

/* rows is a list of maps. */
void table_print (FILE *out, const table_column_t *columns, const far_value_t *rows);

#endif
