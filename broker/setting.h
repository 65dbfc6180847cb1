/* Settings as rows of a table: each has a name, a type and bounds, what it usually is, and its place in a struct. The
 * same row reads a text, takes and gives a number, and is a line of --help. Used for the broker's options and for what is
 * said of fleets. */
#ifndef BROKER_SETTING_H
#define BROKER_SETTING_H

#include <farcall/base.h>
#include <stdio.h>

typedef struct setting setting_t;

typedef enum setting_type {
    SETTING_NOWHERE, /* has no place: is looked for, not read */
    SETTING_INT,
    SETTING_UNSIGNED,
    SETTING_SIZE,   /* size_t */
    SETTING_MS,     /* a number of milliseconds, in an int64_t of nanoseconds */
    SETTING_SWITCH, /* bool */
    SETTING_TEXT,   /* char *, not empty, freed by whoever owns the struct */
    SETTING_OWN     /* by the row's own function */
} setting_type_t;

/* Reads text into the struct; where says where it stood. BadArguments: what is wrong, where, and what was expected. */
typedef far_status_t setting_read_fn (void *self, const setting_t *setting, const char *text, const char *where);

struct setting {
    const char *name, *takes; /* takes NULL: a switch of the command line */
    setting_type_t type;
    size_t offset;         /* of its place in the struct */
    long long least, most; /* of numbers */
    const char *usual;     /* what it is where nothing is said, as a text; NULL: nothing, 0 */
    const char *help;
    setting_read_fn *read; /* OWN */
};

/* NULL if there is none of this name. */
const setting_t *setting_find (const setting_t *settings, size_t count, const char *name, size_t size);
/* Makes all of a struct what they usually are; the others are left alone. */
void setting_reset (void *self, const setting_t *settings, size_t count);
far_status_t setting_read (void *self, const setting_t *setting, const char *text, const char *where);

/* Of numbers, and of switches, which are 0 or 1. false: it is out of bounds, and nothing has changed. */
bool setting_set (void *self, const setting_t *setting, long long number);
long long setting_get (const void *self, const setting_t *setting);
long long setting_most (const setting_t *setting);

/* For rows with a function of their own. BadArguments: "WHERE: NAME = 'TEXT': expected EXPECTED". */
far_status_t setting_refuse (const setting_t *setting, const char *text, const char *where, const char *expected);
far_status_t setting_number (const setting_t *setting, const char *text, const char *where, long long *out);
void *setting_place (void *self, const setting_t *setting);
/* strdup that says NoMemory. */
char *setting_copy (const char *text);

/* Its help, further lines of which begin at this column, and what it usually is. */
void setting_print_help (const setting_t *setting, FILE *out, int column);
/* A line "name = takes   help" of each, as in a section of the file. */
void setting_print_section (const setting_t *settings, size_t count, FILE *out);

#endif
