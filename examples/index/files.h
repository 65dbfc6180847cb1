/* The files to be indexed, and why others are not. A file's number is its place here. */
#ifndef INDEX_FILES_H
#define INDEX_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum {
    FILE_TAKEN,
    FILE_LINK, /* from here on: left out, and why */
    FILE_SPECIAL,
    FILE_AGAIN,
    FILE_ODD_NAME,
    FILE_UNREADABLE, /* from here on a stage may say so, too */
    FILE_DAMAGED,
    FILE_BINARY,
    FILE_TOO_LARGE,
    FILE_TOO_VARIED,
    FILE_FATES
} file_fate_t;

typedef struct {
    char *path; /* absolute, without a newline */
    uint64_t size_bytes;
    file_fate_t fate;
} file_t;

typedef struct {
    file_t *files;
    size_t count, capacity;
    uint64_t size_bytes;      /* of all, on disk */
    void *seen;               /* a tree of what was found, so that nothing is found twice */
    size_t fates[FILE_FATES]; /* how many are left out */
    bool limited;             /* there was more */
} files_t;

/* All zero at the start. */
void files_deinit (files_t *self);

/* Adds the text below a directory (or one file), in the order of names, until there are limit_bytes of it. Symbolic
 * links are not followed, except the argument itself. false, with errno, if it can't be read, or without memory. */
bool files_walk (files_t *self, const char *directory, uint64_t limit_bytes);

/* What an error of this class means for the file that it is about; FILE_TAKEN: nothing. */
file_fate_t files_fate_of (const char *error_class);
/* A file that was taken is left out after all. */
void files_leave_out (files_t *self, size_t number, file_fate_t fate);

/* Writes the paths of what was taken, a line each. */
bool files_write_list (const files_t *self, const char *path);
/* "left out: 3 symbolic links, 1 binary file"; nothing where nothing was. */
void files_print_left_out (const files_t *self, FILE *out);

#endif
