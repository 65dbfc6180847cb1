/* Sections `fleet` of the configuration file, as a table of settings. Owns the texts of what it has read. */
#include "fleet_spec.h"
#include "base/error.h"
#include "base/limits.h"
#include "setting.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define MS   INT64_C (1000000)
#define HOUR 3600000

static const struct {
    const char *name;
    int resource;
} limit_names[] = {
    { "as", RLIMIT_AS },         { "core", RLIMIT_CORE },   { "cpu", RLIMIT_CPU },
    { "data", RLIMIT_DATA },     { "fsize", RLIMIT_FSIZE }, { "memlock", RLIMIT_MEMLOCK },
    { "nofile", RLIMIT_NOFILE }, { "nproc", RLIMIT_NPROC }, { "stack", RLIMIT_STACK },
};

static bool is_name (const char *text)
{
    size_t size = strlen (text);
    return size && size <= FAR_LIMIT_NAME_BYTES &&
           strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == size;
}

static far_status_t read_name (void *self, const setting_t *setting, const char *text, const char *where)
{
    return is_name (text) ? setting_read_text (self, setting, text, where)
                          : setting_refuse (setting, text, where, "1 to 128 letters, digits, '.', '_' or '-'");
}

/* One word more in a list of texts whose count stands behind it. */
static far_status_t add_word (const setting_t *setting, char **words, size_t *count, const char *word, size_t size,
                              const char *where)
{
    if (*count == FLEET_SPEC_WORDS)
        return setting_refuse (setting, word, where, "no more than 32 of them");
    char *copy = strndup (word, size);
    if (!copy)
        return far_fail (FAR_E_NO_MEMORY, "no memory for the options");
    words[(*count)++] = copy;
    return FAR_OK;
}

static far_status_t read_modules (void *spec, const setting_t *setting, const char *text, const char *where)
{
    fleet_spec_t *self = spec;
    far_status_t status = FAR_OK;
    for (const char *at = text + strspn (text, " ,"); *at && !status; at += strspn (at, " ,")) {
        size_t size = strcspn (at, " ,");
        status = add_word (setting, self->modules, &self->module_count, at, size, where);
        at += size;
    }
    if (!status && !self->module_count)
        return setting_refuse (setting, text, where, setting->takes);
    return status;
}

static far_status_t read_environment (void *spec, const setting_t *setting, const char *text, const char *where)
{
    fleet_spec_t *self = spec;
    const char *equals = strchr (text, '=');
    if (!equals || equals == text)
        return setting_refuse (setting, text, where, setting->takes);
    return add_word (setting, self->environment, &self->environment_count, text, strlen (text), where);
}

static far_status_t read_limit (void *spec, const setting_t *setting, const char *text, const char *where)
{
    fleet_spec_t *self = spec;
    size_t size = strcspn (text, "=");
    for (size_t i = 0; i < sizeof limit_names / sizeof *limit_names; i++) {
        if (strlen (limit_names[i].name) != size || memcmp (limit_names[i].name, text, size) != 0 || !text[size])
            continue;
        long long value;
        far_status_t status = setting_number (setting, text + size + 1, where, &value);
        if (!status && self->limit_count == FLEET_SPEC_WORDS)
            return setting_refuse (setting, text, where, "no more than 32 of them");
        if (!status)
            self->limits[self->limit_count++] =
                (far_launch_limit_t){ limit_names[i].resource, (unsigned long long)value };
        return status;
    }
    return setting_refuse (setting, text, where,
                           "as, core, cpu, data, fsize, memlock, nofile, nproc or stack, and =NUMBER");
}

/* "3", or "2..8". */
static far_status_t read_workers (void *spec, const setting_t *setting, const char *text, const char *where)
{
    fleet_spec_t *self = spec;
    unsigned least, most;
    int end = 0;
    bool range = sscanf (text, "%u..%u%n", &least, &most, &end) == 2 && !text[end];
    if (!range) {
        end = 0;
        if (sscanf (text, "%u%n", &least, &end) != 1 || text[end])
            return setting_refuse (setting, text, where, setting->takes);
        most = least;
    }
    if (text[0] == '-' || least > most || most < 1 || most > CREW_WANTED_MOST)
        return setting_refuse (setting, text, where, "N or N..M, of at most 128");
    self->crew.least = least;
    self->crew.most = most;
    return FAR_OK;
}

#define AT(field) .offset = offsetof (fleet_spec_t, field)

static const setting_t settings[] = {
    { "name", "NAME", read_name, AT (name), .help = "what callers find it by (must be there)" },
    { "modules", "FILE...", read_modules, .help = "its workers are far-actor, with these modules" },
    { "command", "TEXT", setting_read_text, AT (command),
      .help = "or its workers are this, run by sh; it finds the name in FAR_FLEET, the broker in FAR_BROKER" },
    { "workers", "N or N..M", read_workers, .help = "how many; between N and M as the queue needs (default: 1)" },
    { "slots", "COUNT", setting_read_unsigned, AT (slots), 1, 1024,
      .help = "requests that a worker runs at once (default: 1)" },
    { "directory", "PATH", setting_read_text, AT (directory),
      .help = "where workers run (default: where the broker does)" },
    { "environment", "NAME=VALUE", read_environment, .help = "set for workers; may be given several times" },
    { "limit", "NAME=NUMBER", read_limit, .least = 0, .most = LLONG_MAX,
      .help = "of setrlimit(2): as, core, cpu, data, fsize, memlock, nofile, nproc, stack; several times" },
    { "restart_ms", "MS", setting_read_ms, AT (crew.backoff_ns), 0, HOUR,
      .help = "before a worker that ended early is started anew; doubles each time (default: 100)" },
    { "restart_most_ms", "MS", setting_read_ms, AT (crew.backoff_most_ns), 0, HOUR,
      .help = "to what it doubles (default: 10000)" },
    { "early_ms", "MS", setting_read_ms, AT (crew.early_ns), 0, HOUR,
      .help = "a worker that ends sooner than this has ended early (default: 10000)" },
    { "restarts", "COUNT", setting_read_unsigned, AT (crew.restarts), 0, INT_MAX,
      .help = "so many within restarts_ms, and the fleet rests for rest_ms; 0: no limit (default: 20)" },
    { "restarts_ms", "MS", setting_read_ms, AT (crew.within_ns), 1, HOUR,
      .help = "the time in which restarts are counted (default: 60000)" },
    { "rest_ms", "MS", setting_read_ms, AT (crew.rest_ns), 1, HOUR, .help = "how long it rests then (default: 30000)" },
    { "drain_ms", "MS", setting_read_ms, AT (crew.drain_ns), 0, 24 * HOUR,
      .help = "how long a worker that is let go may finish what it has (default: 60000)" },
    { "grace_ms", "MS", setting_read_ms, AT (crew.grace_ns), 0, HOUR, .help = "between TERM and KILL (default: 2000)" },
    { "idle_ms", "MS", setting_read_ms, AT (crew.idle_ns), 1, 24 * HOUR,
      .help = "so long without a queue, and one worker above the least is let go (default: 10000)" },
};

static const fleet_spec_t defaults = { .slots = 1,
                                       .crew = { .least = 1,
                                                 .most = 1,
                                                 .backoff_ns = 100 * MS,
                                                 .backoff_most_ns = 10000 * MS,
                                                 .early_ns = 10000 * MS,
                                                 .restarts = 20,
                                                 .within_ns = 60000 * MS,
                                                 .rest_ns = 30000 * MS,
                                                 .drain_ns = 60000 * MS,
                                                 .grace_ns = 2000 * MS,
                                                 .idle_ns = 10000 * MS } };

void fleet_spec_destroy (fleet_spec_t **self_p)
{
    fleet_spec_t *self = *self_p;
    if (!self)
        return;
    free (self->name);
    free (self->command);
    free (self->directory);
    for (size_t i = 0; i < self->module_count; i++)
        free (self->modules[i]);
    for (size_t i = 0; i < self->environment_count; i++)
        free (self->environment[i]);
    free (self);
    *self_p = NULL;
}

far_status_t fleet_specs_begin (fleet_specs_t *self, const config_entry_t *section)
{
    fleet_spec_t **items = realloc (self->items, (self->count + 1) * sizeof *items);
    if (items)
        self->items = items;
    fleet_spec_t *spec = items ? malloc (sizeof *spec) : NULL;
    if (!spec)
        return far_fail (FAR_E_NO_MEMORY, "no memory for the options");
    *spec = defaults;
    spec->queue = fleet_settings_default;
    snprintf (spec->where, sizeof spec->where, "%s", section->where);
    items[self->count++] = spec;
    return FAR_OK;
}

/* What fleet_settings.c has a row for is said in the same words here. */
static far_status_t take_queue_setting (fleet_spec_t *spec, const config_entry_t *entry)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull (entry->value, &end, 10);
    bool is_number = *entry->value >= '0' && *entry->value <= '9' && !*end && !errno;
    far_value_t *map = far_value_map ();
    far_status_t status = is_number ? far_value_set (map, entry->name, "u", (uint64_t)number)
                                    : far_value_set (map, entry->name, "s", entry->value);
    if (!status)
        status = fleet_settings_set (&spec->queue, map);
    far_value_destroy (&map);
    return status ? far_fail (status, "%s: %s", entry->where, far_error_message (far_last_error ())) : FAR_OK;
}

far_status_t fleet_specs_take (fleet_specs_t *self, const config_entry_t *entry)
{
    fleet_spec_t *spec = self->items[self->count - 1];
    const setting_t *setting =
        setting_find (settings, sizeof settings / sizeof *settings, entry->name, strlen (entry->name));
    if (setting)
        return setting->read (spec, setting, entry->value, entry->where);
    if (fleet_settings_has (entry->name))
        return take_queue_setting (spec, entry);
    return far_fail (FAR_E_BAD_ARGUMENTS,
                     "%s: unknown option '%s' of a fleet: expected one that far-broker --help names", entry->where,
                     entry->name);
}

far_status_t fleet_specs_end (fleet_specs_t *self, const config_entry_t *section)
{
    const fleet_spec_t *spec = self->items[self->count - 1];
    if (!spec->name)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: a fleet without a name: expected name = NAME", section->where);
    if (!spec->command == !spec->module_count)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: fleet '%s': expected either modules or a command", section->where,
                         spec->name);
    const fleet_spec_t *first = fleet_specs_find (self, spec->name);
    if (first != spec)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: fleet '%s' is there already (%s)", section->where, spec->name,
                         first->where);
    return FAR_OK;
}

void fleet_specs_deinit (fleet_specs_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        fleet_spec_destroy (&self->items[i]);
    free (self->items);
    *self = (fleet_specs_t){ 0 };
}

const fleet_spec_t *fleet_specs_find (const fleet_specs_t *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->items[i]->name && strcmp (self->items[i]->name, name) == 0)
            return self->items[i];
    return NULL;
}

static bool same_text (const char *a, const char *b)
{
    return a && b ? strcmp (a, b) == 0 : a == b;
}

static bool same_words (char *const *a, size_t a_count, char *const *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++)
        same = strcmp (a[i], b[i]) == 0;
    return same;
}

bool fleet_spec_starts_alike (const fleet_spec_t *a, const fleet_spec_t *b)
{
    bool same_limits = a->limit_count == b->limit_count;
    for (size_t i = 0; same_limits && i < a->limit_count; i++)
        same_limits = a->limits[i].resource == b->limits[i].resource && a->limits[i].value == b->limits[i].value;
    return same_limits && a->slots == b->slots && same_text (a->command, b->command) &&
           same_text (a->directory, b->directory) &&
           same_words (a->modules, a->module_count, b->modules, b->module_count) &&
           same_words (a->environment, a->environment_count, b->environment, b->environment_count);
}

void fleet_spec_print_help (FILE *out)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char line[64];
        snprintf (line, sizeof line, "%s = %s", settings[i].name, settings[i].takes);
        fprintf (out, "    %-27s %s\n", line, settings[i].help);
    }
    fleet_settings_print_help (out);
}
