/* Rows as an aligned table for people. */
#ifndef FAR_CLI_TABLE_H
#define FAR_CLI_TABLE_H

#include <farcall.h>
#include <stdio.h>

typedef struct table_column {
    const char *key; /* of the entry in each row; NULL ends a list of columns */
    const char *title;
    bool right; /* aligned to the right */
    /* Writes the value, which may be NULL; it is made safe afterwards. NULL: text as it is, else as JSON; "-" for
     * nothing. */
    void (*show) (FILE *out, const far_value_t *value);
} table_column_t;

/* rows is a list of maps. */
void table_print (FILE *out, const table_column_t *columns, const far_value_t *rows);

#endif
