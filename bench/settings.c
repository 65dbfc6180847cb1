/* The command line of the driver: one table, from which it is read and --help is printed. */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef bool set_fn (bench_settings_t *self, const char *value);

static bool read_number (const char *text, double min, double max, double *out)
{
    char *end;
    *out = strtod (text, &end);
    return end != text && !*end && *out >= min && *out <= max;
}

static bool set_quick (bench_settings_t *self, const char *value)
{
    (void)value;
    self->is_quick = true;
    return true;
}

static bool set_json (bench_settings_t *self, const char *value)
{
    (void)value;
    self->is_json = true;
    return true;
}

static bool set_rounds (bench_settings_t *self, const char *value)
{
    double rounds;
    if (!read_number (value, 1, 10000, &rounds))
        return false;
    self->rounds = (long)rounds;
    return true;
}

static bool set_seconds (bench_settings_t *self, const char *value)
{
    return read_number (value, 0.001, 3600, &self->seconds);
}

static bool set_budget (bench_settings_t *self, const char *value)
{
    return read_number (value, 0, 1e6, &self->budget_s);
}

static bool set_only (bench_settings_t *self, const char *value)
{
    self->only = bench_load_find (value);
    return self->only != BENCH_LOADS;
}

static bool set_far_broker (bench_settings_t *self, const char *value)
{
    return (size_t)snprintf (self->far_broker, sizeof self->far_broker, "%s", value) < sizeof self->far_broker;
}

static const struct option {
    const char *name;
    const char *takes; /* NULL: nothing */
    set_fn *set;
    const char *help;
} options[] = {
    { "--quick", NULL, set_quick, "short measurements, as many rounds as fit into 40 seconds" },
    { "--json", NULL, set_json, "print one JSON object and nothing else" },
    { "--rounds", "N", set_rounds, "rounds, at most (15)" },
    { "--seconds", "S", set_seconds, "length of each measurement (1; with --quick 0.5)" },
    { "--budget", "S", set_budget, "begin no round that would end later than this (no limit)" },
    { "--only", "W1|W2|W3|F", set_only, "this load only" },
    { "--far-broker", "PATH", set_far_broker, "the broker's program (the one built beside this one)" },
};
enum { OPTIONS = sizeof options / sizeof *options };

static void print_help (void)
{
    puts ("Usage: compare [OPTION...]\n"
          "Measures farcall beside a raw ZeroMQ loop that does the same, in alternating rounds.\n");
    for (int i = 0; i < OPTIONS; i++) {
        char left[40];
        snprintf (left, sizeof left, "%s %s", options[i].name, options[i].takes ? options[i].takes : "");
        printf ("  %-20s  %s\n", left, options[i].help);
    }
    puts ("  --help                this text\n\n"
          "Loads: W1 one call at a time, every process on one core; W2 1000 calls in flight;\n"
          "W3 one way, confirmed every 10,000 messages, at most 2 such blocks outstanding; F a fleet: 4 clients with\n"
          "100 calls in flight each, 4 workers, against a raw broker that gives each in turn.");
}

static const struct option *find_option (const char *name)
{
    for (int i = 0; i < OPTIONS; i++)
        if (!strcmp (options[i].name, name))
            return &options[i];
    return NULL;
}

static bool read_options (bench_settings_t *self, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const struct option *option = find_option (argv[i]);
        if (!option) {
            fprintf (stderr, "compare: no option %s (see --help)\n", argv[i]);
            return false;
        }
        const char *value = option->takes ? argv[++i] : NULL;
        if ((option->takes && !value) || !option->set (self, value)) {
            fprintf (stderr, "compare: %s takes %s\n", option->name, option->takes);
            return false;
        }
    }
    return true;
}

static bool find_self (bench_settings_t *self)
{
    ssize_t length = readlink ("/proc/self/exe", self->program, sizeof self->program - 1);
    if (length < 0) {
        fprintf (stderr, "compare: /proc/self/exe: %m\n");
        return false;
    }
    self->program[length] = '\0';
    return true;
}

/* The programs of a build stand in bin/, beside the folder of this one. */
static bool find_far_broker (bench_settings_t *self)
{
    if (!self->far_broker[0]) {
        char path[PATH_MAX + sizeof "/../bin/far-broker"];
        int folder_length = (int)(strrchr (self->program, '/') - self->program);
        snprintf (path, sizeof path, "%.*s/../bin/far-broker", folder_length, self->program);
        if (!set_far_broker (self, path))
            return false;
    }
    if (!access (self->far_broker, X_OK))
        return true;
    fprintf (stderr, "compare: far-broker not found at %s (say where with --far-broker PATH)\n", self->far_broker);
    return false;
}

bool bench_settings_read (bench_settings_t *self, int argc, char **argv, int *out_status)
{
    *self = (bench_settings_t){ .only = BENCH_LOADS };
    for (int i = 1; i < argc; i++)
        if (!strcmp (argv[i], "--help")) {
            print_help ();
            *out_status = 0;
            return false;
        }
    *out_status = 2;
    if (!read_options (self, argc, argv))
        return false;
    if (!self->rounds)
        self->rounds = self->is_quick ? 10000 : 15;
    if (self->seconds <= 0)
        self->seconds = self->is_quick ? 0.5 : 1;
    if (self->budget_s <= 0 && self->is_quick)
        self->budget_s = 40;
    *out_status = 1;
    return find_self (self) && find_far_broker (self);
}
