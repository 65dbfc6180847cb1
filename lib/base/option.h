/* The table of options, and a level's settings. The public part is <farcall/options.h>; how the levels ask one another is
 * in proxy/options.h. */
#ifndef FAR_BASE_OPTION_H
#define FAR_BASE_OPTION_H

#include <farcall/options.h>
#include <limits.h>
#include <stdatomic.h>

typedef enum far_level {
    FAR_LEVEL_CALL = 1,
    FAR_LEVEL_PROXY = 2,
    FAR_LEVEL_PROCESS = 4,
    FAR_LEVEL_ACTOR = 8,
    FAR_LEVEL_OBJECT = 16 /* of a hosted object: its references carry them */
} far_level_t;

typedef enum far_option_kind {
    FAR_OPTION_OF_CHOICES,
    FAR_OPTION_OF_MS,
    FAR_OPTION_OF_BOOL,
    FAR_OPTION_OF_SUM,
    FAR_OPTION_OF_NUMBER, /* the default, or from 0 on */
    FAR_OPTION_OF_EITHER_SIGN
} far_option_kind_t;

typedef struct far_option_row {
    const char *name;
    far_option_kind_t kind;
    int usual;              /* the default */
    unsigned levels;        /* far_level_t that it can be set at */
    int most;               /* of choices, the last one; of a sum, all of it */
    const char *expected;   /* for messages */
    const char *choices[4]; /* of choices: their names */
} far_option_row_t;

/* Of an option that there is. */
const far_option_row_t *far_option_row (far_option_t option);
/* The option of a name, which is not NUL-terminated; FAR_OPTION_COUNT if it is none. */
far_option_t far_option_find (const char *name, size_t size);

/* Is this one of its values? */
bool far_option_fits (const far_option_row_t *row, int64_t value);
/* May the option have this value (or FAR_UNSET) at this level? BadArguments says what was expected. */
far_status_t far_option_check (far_option_t option, int64_t value, far_level_t level);
/* The same for each of a list. */
far_status_t far_settings_check (const far_setting_t *settings, far_level_t level);

#define FAR_OPTION_UNSET INT_MIN

/* What has been set at one level. Any thread may read and set. */
typedef struct far_options {
    atomic_int values[FAR_OPTION_COUNT];
} far_options_t;

void far_options_init (far_options_t *self);
/* self becomes what from is now. */
void far_options_copy (far_options_t *self, const far_options_t *from);
/* Checks, and sets. */
far_status_t far_options_set (far_options_t *self, far_option_t option, int64_t value, far_level_t level);
/* Sets what has been checked, unless the option is set already. */
void far_options_default (far_options_t *self, far_option_t option, int64_t value);
/* Is it set here? Then *out is its value. Every call asks for several, at each level. */
static inline bool far_options_get (const far_options_t *self, far_option_t option, int *out)
{
    int value = atomic_load_explicit (&self->values[option], memory_order_relaxed);
    if (value != FAR_OPTION_UNSET)
        *out = value;
    return value != FAR_OPTION_UNSET;
}

#endif
