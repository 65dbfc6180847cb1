/* Sections `fleet` of the configuration file, as a table of settings. Owns the texts of what it has read. */
#include "fleet_spec.h"
#include "base/error.h"
#include "base/limits.h"
#include "setting.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

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

static far_status_t copy_name (fleet_spec_t *self, const char *text)
{
    char *copy = setting_copy (text);
    free (copy ? self->name : NULL);
    self->name = copy ? copy : self->name;
    return copy ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t read_name (void *self, const setting_t *setting, const char *text, const char *where)
{
    return is_name (text) ? copy_name (self, text)
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

#define AT(field) offsetof (fleet_spec_t, field)

const setting_t fleet_spec_settings[] = {
    { "name", "NAME", SETTING_OWN, AT (name), .read = read_name, .help = "what callers find it by (must be there)" },
    { "modules", "FILE...", SETTING_OWN, .read = read_modules,
      .help = "its workers are far-actor, with these modules" },
    { "command", "TEXT", SETTING_TEXT, AT (command),
      .help = "or its workers are this, run by sh; it finds the name in FAR_FLEET, the broker in FAR_BROKER" },
    { "workers", "N or N..M", SETTING_OWN, .read = read_workers, .usual = "1",
      .help = "how many; between N and M as the queue needs" },
    { "slots", "COUNT", SETTING_UNSIGNED, AT (slots), 1, 1024, "1", .help = "requests that a worker runs at once" },
    { "directory", "PATH", SETTING_TEXT, AT (directory), .help = "where workers run, if not where the broker does" },
    { "environment", "NAME=VALUE", SETTING_OWN, .read = read_environment,
      .help = "set for workers; may be given several times" },
    { "limit", "NAME=NUMBER", SETTING_OWN, .read = read_limit, .least = 0, .most = LLONG_MAX,
      .help = "of setrlimit(2): as, core, cpu, data, fsize, memlock, nofile, nproc, stack; several times" },
    { "restart_ms", "MS", SETTING_MS, AT (crew.backoff_ns), 0, HOUR, "100",
      .help = "before a worker that ended early is started anew; doubles each time" },
    { "restart_most_ms", "MS", SETTING_MS, AT (crew.backoff_most_ns), 0, HOUR, "10000", .help = "to what it doubles" },
    { "early_ms", "MS", SETTING_MS, AT (crew.early_ns), 0, HOUR, "10000",
      .help = "a worker that ends sooner than this has ended early" },
    { "restarts", "COUNT", SETTING_UNSIGNED, AT (crew.restarts), 0, INT_MAX, "20",
      .help = "so many within restarts_ms, and the fleet rests for rest_ms; 0: no limit" },
    { "restarts_ms", "MS", SETTING_MS, AT (crew.within_ns), 1, HOUR, "60000",
      .help = "the time in which restarts are counted" },
    { "rest_ms", "MS", SETTING_MS, AT (crew.rest_ns), 1, HOUR, "30000", .help = "how long it rests then" },
    { "drain_ms", "MS", SETTING_MS, AT (crew.drain_ns), 0, 24 * HOUR, "60000",
      .help = "how long a worker that is let go may finish what it has" },
    { "grace_ms", "MS", SETTING_MS, AT (crew.grace_ns), 0, HOUR, "2000", .help = "between TERM and KILL" },
    { "idle_ms", "MS", SETTING_MS, AT (crew.idle_ns), 1, 24 * HOUR, "10000",
      .help = "so long without a queue, and one worker above the least is let go" },
};

const size_t fleet_spec_settings_count = sizeof fleet_spec_settings / sizeof *fleet_spec_settings;

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
    fleet_spec_t *spec = items ? calloc (1, sizeof *spec) : NULL;
    if (!spec)
        return far_fail (FAR_E_NO_MEMORY, "no memory for the options");
    setting_reset (spec, fleet_spec_settings, fleet_spec_settings_count);
    spec->queue = fleet_settings_usual ();
    snprintf (spec->where, sizeof spec->where, "%s", section->where);
    items[self->count++] = spec;
    return FAR_OK;
}

far_status_t fleet_specs_take (fleet_specs_t *self, const config_entry_t *entry)
{
    fleet_spec_t *spec = self->items[self->count - 1];
    size_t size = strlen (entry->name);
    const setting_t *setting = setting_find (fleet_spec_settings, fleet_spec_settings_count, entry->name, size);
    if (setting)
        return setting_read (spec, setting, entry->value, entry->where);
    setting = setting_find (fleet_settings, fleet_settings_count, entry->name, size);
    if (setting)
        return setting_read (&spec->queue, setting, entry->value, entry->where);
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
    setting_print_section (fleet_spec_settings, fleet_spec_settings_count, out);
    setting_print_section (fleet_settings, fleet_settings_count, out);
}
