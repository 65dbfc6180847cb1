/* The settings of a fleet's queue as a table: what the configuration and `set` take, what `show` gives, the defaults. */
#ifndef BROKER_FLEET_SETTINGS_H
#define BROKER_FLEET_SETTINGS_H

#include "fleet.h"
#include "setting.h"
#include <farcall/value.h>

/* Of a fleet_settings_t. All are numbers. */
extern const setting_t fleet_settings[];
extern const size_t fleet_settings_count;

/* As they are where nothing is said. */
fleet_settings_t fleet_settings_usual (void);
/* Takes those that are in the map, all or none. BadArguments says what was expected. */
far_status_t fleet_settings_set (fleet_settings_t *self, const far_value_t *map);
/* All of them; NULL with the last error. */
far_value_t *fleet_settings_get (const fleet_settings_t *self);

#endif
