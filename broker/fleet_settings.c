/* One row for each setting. All are numbers; the pause before another attempt is told in milliseconds. */
#include "fleet_settings.h"
#include "base/error.h"

#include <inttypes.h>
#include <string.h>

#define MS 1000000

const fleet_settings_t fleet_settings_default = {
    .queue_requests = 65536, .queue_bytes = (size_t)64 << 20, .attempts = 3, .poison = 3, .backoff_ns = 100 * MS
};

static uint64_t get_requests (const fleet_settings_t *self)
{
    return self->queue_requests;
}

static void set_requests (fleet_settings_t *self, uint64_t value)
{
    self->queue_requests = (size_t)value;
}

static uint64_t get_bytes (const fleet_settings_t *self)
{
    return self->queue_bytes;
}

static void set_bytes (fleet_settings_t *self, uint64_t value)
{
    self->queue_bytes = (size_t)value;
}

static uint64_t get_prefetch (const fleet_settings_t *self)
{
    return self->prefetch;
}

static void set_prefetch (fleet_settings_t *self, uint64_t value)
{
    self->prefetch = (unsigned)value;
}

static uint64_t get_attempts (const fleet_settings_t *self)
{
    return self->attempts;
}

static void set_attempts (fleet_settings_t *self, uint64_t value)
{
    self->attempts = (unsigned)value;
}

static uint64_t get_poison (const fleet_settings_t *self)
{
    return self->poison;
}

static void set_poison (fleet_settings_t *self, uint64_t value)
{
    self->poison = (unsigned)value;
}

static uint64_t get_backoff (const fleet_settings_t *self)
{
    return (uint64_t)self->backoff_ns / MS;
}

static void set_backoff (fleet_settings_t *self, uint64_t value)
{
    self->backoff_ns = (int64_t)value * MS;
}

static uint64_t get_kill (const fleet_settings_t *self)
{
    return (uint64_t)self->kill_ns / MS;
}

static void set_kill (fleet_settings_t *self, uint64_t value)
{
    self->kill_ns = (int64_t)value * MS;
}

static uint64_t get_queue_without_worker (const fleet_settings_t *self)
{
    return !self->fail_without_worker;
}

static void set_queue_without_worker (fleet_settings_t *self, uint64_t value)
{
    self->fail_without_worker = !value;
}

static const struct row {
    const char *name;
    uint64_t least, most;
    uint64_t (*get) (const fleet_settings_t *self);
    void (*set) (fleet_settings_t *self, uint64_t value);
    const char *help;
} rows[] = {
    { "queue_requests", 1, 10000000, get_requests, set_requests, "requests that may wait" },
    { "queue_bytes", 1, (uint64_t)1 << 40, get_bytes, set_bytes, "bytes of all that it keeps" },
    { "prefetch", 0, 65536, get_prefetch, set_prefetch, "idempotent requests that a worker is given beyond its slots" },
    { "attempts", 1, 1000, get_attempts, set_attempts, "workers that may die of one idempotent request" },
    { "poison", 0, 1000, get_poison, set_poison, "deaths that put a request on the dead list; 0: none does" },
    { "backoff_ms", 0, 3600000, get_backoff, set_backoff, "before an attempt that follows a death; doubles each time" },
    { "kill_ms", 0, 3600000, get_kill, set_kill,
      "after a request is given up, before a worker that still runs it is killed; 0: it is not" },
    { "queue_without_worker", 0, 1, get_queue_without_worker, set_queue_without_worker,
      "1: requests wait for a worker to come; 0: they end with NoWorker" },
};

#define ROWS (sizeof rows / sizeof *rows)

static const struct row *find (const far_value_t *key)
{
    far_bytes_t name = far_value_bytes (key);
    for (size_t i = 0; i < ROWS; i++)
        if (far_value_type (key) == FAR_TYPE_STRING && name.size == strlen (rows[i].name) &&
            memcmp (name.data, rows[i].name, name.size) == 0)
            return &rows[i];
    return NULL;
}

far_status_t fleet_settings_set (fleet_settings_t *self, const far_value_t *map)
{
    fleet_settings_t changed = *self;
    for (size_t i = 0; i < far_value_count (map); i++) {
        const struct row *row = find (far_value_key (map, i));
        uint64_t value;
        if (!row)
            return far_fail (FAR_E_BAD_ARGUMENTS, "a fleet has no setting '%.64s'",
                             (const char *)far_value_bytes (far_value_key (map, i)).data);
        if (far_value_get (far_value_item (map, i), "u", &value) || value < row->least || value > row->most)
            return far_fail (FAR_E_BAD_ARGUMENTS, "%s: expected an integer from %" PRIu64 " to %" PRIu64, row->name,
                             row->least, row->most);
        row->set (&changed, value);
    }
    *self = changed;
    return FAR_OK;
}

far_value_t *fleet_settings_get (const fleet_settings_t *self)
{
    far_value_t *map = far_value_map ();
    for (size_t i = 0; map && i < ROWS; i++)
        if (far_value_set (map, rows[i].name, "u", rows[i].get (self)))
            far_value_destroy (&map);
    return map;
}

bool fleet_settings_has (const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp (rows[i].name, name) == 0)
            return true;
    return false;
}

void fleet_settings_print_help (FILE *out)
{
    for (size_t i = 0; i < ROWS; i++) {
        char line[64];
        snprintf (line, sizeof line, "%s = NUMBER", rows[i].name);
        fprintf (out, "    %-27s %s (default: %" PRIu64 ")\n", line, rows[i].help,
                 rows[i].get (&fleet_settings_default));
    }
}
