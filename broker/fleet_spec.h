/* What the configuration says of a fleet: which workers it has, and how they are looked after. */
#ifndef BROKER_FLEET_SPEC_H
#define BROKER_FLEET_SPEC_H

#include "base/launch.h"
#include "config_file.h"
#include "crew.h"
#include "fleet_settings.h"
#include <stdio.h>

#define FLEET_SPEC_WORDS 32 /* of each kind: modules, variables, limits */

typedef struct fleet_spec {
    char *name;
    char *command; /* for sh -c; NULL: a far-actor with these modules */
    char *modules[FLEET_SPEC_WORDS];
    size_t module_count;
    unsigned slots;
    char *directory;
    char *environment[FLEET_SPEC_WORDS + 1]; /* ends with NULL */
    size_t environment_count;
    far_launch_limit_t limits[FLEET_SPEC_WORDS];
    size_t limit_count;
    crew_settings_t crew;
    fleet_settings_t queue;
    char where[256]; /* where its section began */
} fleet_spec_t;

typedef struct fleet_specs {
    fleet_spec_t **items;
    size_t count;
} fleet_specs_t;

/* What a section may say, but for fleet_settings, which it may say too. Of a fleet_spec_t. */
extern const setting_t fleet_spec_settings[];
extern const size_t fleet_spec_settings_count;

/* A section `fleet` begins, has an entry, ends. BadArguments says what is wrong, where, and what was expected. */
far_status_t fleet_specs_begin (fleet_specs_t *self, const config_entry_t *section);
far_status_t fleet_specs_take (fleet_specs_t *self, const config_entry_t *entry);
far_status_t fleet_specs_end (fleet_specs_t *self, const config_entry_t *section);
/* All zero is empty and valid. */
void fleet_specs_deinit (fleet_specs_t *self);
void fleet_spec_destroy (fleet_spec_t **self_p);
/* NULL if there is none of this name. */
const fleet_spec_t *fleet_specs_find (const fleet_specs_t *self, const char *name);

/* Would workers of both be started alike? */
bool fleet_spec_starts_alike (const fleet_spec_t *a, const fleet_spec_t *b);
/* The keys that a section may have, a line each, for --help. */
void fleet_spec_print_help (FILE *out);

#endif
