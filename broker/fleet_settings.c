/* One row for each setting of a queue. */
#include "fleet_settings.h"
#include "base/error.h"

#include <string.h>

#define AT(field) offsetof (fleet_settings_t, field)
#define HOUR      3600000

const setting_t fleet_settings[] = {
    { "queue_requests", "COUNT", SETTING_SIZE, AT (queue_requests), 1, 10000000, "65536",
      .help = "requests that may wait" },
    { "queue_bytes", "BYTES", SETTING_SIZE, AT (queue_bytes), 1, 1LL << 40, "67108864",
      .help = "of all that it keeps" },
    { "prefetch", "COUNT", SETTING_UNSIGNED, AT (prefetch), 0, 65536, "0",
      .help = "idempotent requests that a worker is given beyond its slots" },
    { "attempts", "COUNT", SETTING_UNSIGNED, AT (attempts), 1, 1000, "3",
      .help = "workers that an idempotent request is given to, if each dies of it" },
    { "poison", "COUNT", SETTING_UNSIGNED, AT (poison), 0, 1000, "3",
      .help = "deaths that put a request on the dead list; 0: none does" },
    { "backoff_ms", "MS", SETTING_MS, AT (backoff_ns), 0, HOUR, "100",
      .help = "before an attempt that follows a death; doubles each time" },
    { "kill_ms", "MS", SETTING_MS, AT (kill_ns), 0, HOUR, "0",
      .help = "after a request is given up, before a worker that still runs it is killed; 0: it is not" },
    { "queue_without_worker", "0|1", SETTING_SWITCH, AT (queue_without_worker), .usual = "1",
      .help = "1: requests wait for a worker to come; 0: they end with NoWorker" },
};

const size_t fleet_settings_count = sizeof fleet_settings / sizeof *fleet_settings;

fleet_settings_t fleet_settings_usual (void)
{
    fleet_settings_t usual = { 0 };
    setting_reset (&usual, fleet_settings, fleet_settings_count);
    return usual;
}

static const setting_t *find (const far_value_t *key)
{
    far_bytes_t name = far_value_bytes (key);
    return far_value_type (key) == FAR_TYPE_STRING
               ? setting_find (fleet_settings, fleet_settings_count, name.data, name.size)
               : NULL;
}

far_status_t fleet_settings_set (fleet_settings_t *self, const far_value_t *map)
{
    fleet_settings_t changed = *self;
    for (size_t i = 0; i < far_value_count (map); i++) {
        const setting_t *setting = find (far_value_key (map, i));
        int64_t number;
        if (!setting)
            return far_fail (FAR_E_BAD_ARGUMENTS, "a fleet has no setting '%.64s'",
                             (const char *)far_value_bytes (far_value_key (map, i)).data);
        if (far_value_get (far_value_item (map, i), "l", &number) || !setting_set (&changed, setting, number))
            return far_fail (FAR_E_BAD_ARGUMENTS, "%s: expected an integer from %lld to %lld", setting->name,
                             setting->least, setting_most (setting));
    }
    *self = changed;
    return FAR_OK;
}

far_value_t *fleet_settings_get (const fleet_settings_t *self)
{
    far_value_t *map = far_value_map ();
    for (size_t i = 0; map && i < fleet_settings_count; i++)
        if (far_value_set (map, fleet_settings[i].name, "u", (uint64_t)setting_get (self, &fleet_settings[i])))
            far_value_destroy (&map);
    return map;
}
