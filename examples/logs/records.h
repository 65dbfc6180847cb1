/* The records of a file: its lines, or, if the file is a database of dpkg (it begins with "Package:"), its paragraphs. */
#ifndef LOGS_RECORDS_H
#define LOGS_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    char *text; /* of the record, without what stands between two; borrowed until the next one is read */
    size_t size;
    uint64_t line; /* where it begins, from 1 */

    FILE *in;
    bool are_paragraphs;
    char *next; /* line of the file */
    size_t capacity, next_capacity;
    uint64_t lines; /* read so far */
} records_t;

/* false with errno. */
bool records_open (records_t *self, const char *path);
/* false at the end. What can't be read is the end; without memory too: records_failed says so. */
bool records_next (records_t *self);
bool records_failed (const records_t *self);
void records_close (records_t *self);

#endif
