/* The settings of a fleet as a table: what `set` takes, what `show` gives, and the defaults. */
#ifndef BROKER_FLEET_SETTINGS_H
#define BROKER_FLEET_SETTINGS_H

#include "fleet.h"
#include <farcall/value.h>
#include <stdio.h>

extern const fleet_settings_t fleet_settings_default;

/* Takes those that are in the map, all or none. BadArguments says what was expected. */
far_status_t fleet_settings_set (fleet_settings_t *self, const far_value_t *map);
/* Is there one of this name? */
bool fleet_settings_has (const char *name);
/* A line for each. */
void fleet_settings_print_help (FILE *out);
/* All of them; NULL with the last error. */
far_value_t *fleet_settings_get (const fleet_settings_t *self);

#endif
