/* Settings as rows of a table: each has a name, what it takes, and a function that reads a text into its place of a
 * struct. Used for the broker's options and for what is said of a fleet. */
#ifndef BROKER_SETTING_H
#define BROKER_SETTING_H

#include <farcall/base.h>

typedef struct setting setting_t;

/* Reads text into the struct; where says where it stood. BadArguments: what is wrong, where, and what was expected. */
typedef far_status_t setting_read_fn (void *self, const setting_t *setting, const char *text, const char *where);

struct setting {
    const char *name, *takes; /* takes NULL: a switch */
    setting_read_fn *read;
    size_t offset; /* of its place in the struct */
    long long least, most;
    const char *help;
    bool line_only; /* of the command line alone */
};

/* NULL if there is none of this name. */
const setting_t *setting_find (const setting_t *settings, size_t count, const char *name, size_t size);
void *setting_place (void *self, const setting_t *setting);
/* BadArguments: "WHERE: NAME = 'TEXT': expected EXPECTED". */
far_status_t setting_refuse (const setting_t *setting, const char *text, const char *where, const char *expected);
far_status_t setting_number (const setting_t *setting, const char *text, const char *where, long long *out);

/* The usual kinds, by what the place is. */
far_status_t setting_read_int (void *self, const setting_t *setting, const char *text, const char *where);
far_status_t setting_read_unsigned (void *self, const setting_t *setting, const char *text, const char *where);
far_status_t setting_read_size (void *self, const setting_t *setting, const char *text, const char *where);
/* A number of milliseconds, kept as int64_t nanoseconds. */
far_status_t setting_read_ms (void *self, const setting_t *setting, const char *text, const char *where);
far_status_t setting_read_switch (void *self, const setting_t *setting, const char *text, const char *where);
/* A char * that is freed by whoever owns the struct; not empty. */
far_status_t setting_read_text (void *self, const setting_t *setting, const char *text, const char *where);
/* strdup that says NoMemory. */
char *setting_copy (const char *text);

#endif
