/* The command line of far-actor: one table, which getopt_long, the help and the settings are made from. */
#include "options.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_TIME,
    OPTION_NUMBER,
    OPTION_POLICY,
    OPTION_MODULE
} option_kind_t;

typedef struct option_row {
    char letter;
    const char *name;
    const char *value; /* what it takes, for people; NULL for a flag */
    option_kind_t kind;
    size_t offset; /* in options_t */
    const char *says;
} option_row_t;

#define AT(field) offsetof (options_t, field)

static const option_row_t rows[] = {
    { 'm', "module", "PATH", OPTION_MODULE, 0, "serve the module in this shared object; may be given several times" },
    { 'n', "name", "NAME", OPTION_TEXT, AT (actor.name),
      "the name that others find it by (default: none, only its id)" },
    { 'f', "fleet", "NAME", OPTION_TEXT, AT (fleet), "be one of the workers of this fleet" },
    { 's', "slots", "N", OPTION_NUMBER, AT (slots),
      "how many requests of the fleet it is given at a time (default: one for each thread)" },
    { 'b', "broker", "ADDRESS", OPTION_TEXT, AT (actor.address),
      "ipc:///PATH or tcp://HOST:PORT (default: $FAR_BROKER, else your own broker)" },
    { 'a', "no-autostart", NULL, OPTION_FLAG, AT (actor.no_autostart),
      "don't start your own broker where none runs (nor does FAR_AUTOSTART=0)" },
    { 'w', "wait", "MS", OPTION_TIME, AT (actor.connect_timeout_ms),
      "how long to wait for the broker at the start (default 10000)" },
    { 't', "timeout", "MS", OPTION_TIME, AT (actor.timeout_ms),
      "how long calls that its modules make wait (default 10000)" },
    { 'T', "threads", "N", OPTION_NUMBER, AT (actor.threads),
      "run methods on N threads, 1 to 256 (default: in one, one after the other)" },
    { 'r', "reentrancy", "HOW", OPTION_POLICY, AT (actor.reentrancy),
      "while a method waits, serve all (interleave, the default), its chain (chain), nothing (queue)" },
    { 'v', "verbose", NULL, OPTION_FLAG, AT (verbose), "say on stderr what is served, and log more" },
    { 'h', "help", NULL, OPTION_FLAG, AT (help), "print this" },
    { 'V', "version", NULL, OPTION_FLAG, AT (version), "print the version" },
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool misused (const char *problem, const char *word)
{
    fprintf (stderr, "far-actor: %s '%s'; see 'far-actor --help'\n", problem, word);
    return false;
}

static bool read_number (const char *text, int *out)
{
    char *end;
    long number = strtol (text, &end, 10);
    if (end == text || *end || number < 1 || number > INT_MAX)
        return false;
    *out = (int)number;
    return true;
}

static bool read_time (const char *text, int *out_ms)
{
    if (strcmp (text, "forever"))
        return read_number (text, out_ms);
    *out_ms = FAR_FOREVER;
    return true;
}

static bool read_policy (const char *text, far_reentrancy_t *out)
{
    static const char *const policies[] = {
        [FAR_REENTRANCY_INTERLEAVE] = "interleave", [FAR_REENTRANCY_CHAIN] = "chain", [FAR_REENTRANCY_QUEUE] = "queue"
    };
    for (unsigned i = 0; i < sizeof policies / sizeof *policies; i++)
        if (!strcmp (text, policies[i])) {
            *out = (far_reentrancy_t)i;
            return true;
        }
    return false;
}

/* false if value is not what the row takes. */
static bool set (options_t *options, const option_row_t *row, const char *value)
{
    void *field = (char *)options + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
        *(const char **)field = value;
        return *value;
    case OPTION_TIME:
        return read_time (value, field);
    case OPTION_NUMBER:
        return read_number (value, field);
    case OPTION_POLICY:
        return read_policy (value, field);
    case OPTION_MODULE:
        options->offers[options->offer_count++].module = value;
        return *value;
    }
    return false;
}

static const option_row_t *find_row (int letter)
{
    for (const option_row_t *row = rows; row < rows + ROWS; row++)
        if (row->letter == letter)
            return row;
    return NULL;
}

/* Fills what getopt_long reads. letters has room for 2 * ROWS + 2. */
static void list_options (struct option *options, char *letters)
{
    *letters++ = ':'; /* a missing value is told from an unknown option, and nothing is printed */
    for (size_t i = 0; i < ROWS; i++) {
        int takes = rows[i].value ? required_argument : no_argument;
        options[i] = (struct option){ .name = rows[i].name, .has_arg = takes, .val = rows[i].letter };
        *letters++ = rows[i].letter;
        if (rows[i].value)
            *letters++ = ':';
    }
    *letters = '\0';
}

bool options_parse (options_t *out, int argc, char **argv)
{
    struct option options[ROWS + 1] = { 0 };
    char letters[2 * ROWS + 2];
    list_options (options, letters);
    *out = (options_t){ .offers = calloc ((size_t)argc + 1, sizeof *out->offers) };
    if (!out->offers)
        return misused ("no memory for", argv[0]);
    out->actor.offers = out->offers;
    for (int letter; (letter = getopt_long (argc, argv, letters, options, NULL)) != -1;) {
        const option_row_t *row = find_row (letter);
        if (letter == ':')
            return misused ("no value for option", argv[optind - 1]);
        if (!row)
            return misused ("not an option:", argv[optind - 1]);
        if (!set (out, row, optarg))
            return misused ("not for this option:", optarg);
    }
    if (optind < argc)
        return misused ("not an option:", argv[optind]);
    if (!out->offer_count && !out->help && !out->version)
        return misused ("nothing to serve: no", "--module");
    return true;
}

void options_deinit (options_t *self)
{
    free (self->offers);
    *self = (options_t){ 0 };
}

void options_help (void)
{
    puts ("Usage: far-actor --module PATH [--module PATH...] [--name NAME] [OPTION...]\n"
          "\n"
          "Serves modules to other processes, until SIGTERM, SIGINT or `far close`. A broker that goes away is waited "
          "for.\n"
          "\n"
          "  far-actor --name host --module ./counter.so &\n"
          "  far call host counter.sum 2 40\n"
          "  far-actor --fleet sums --module ./counter.so &   # again and again: workers behind one name\n"
          "\n"
          "Options:");
    for (const option_row_t *row = rows; row < rows + ROWS; row++) {
        char named[64];
        snprintf (named, sizeof named, "--%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
        printf ("  -%c, %-18s %s\n", row->letter, named, row->says);
    }
    puts ("\n"
          "MS is a number of milliseconds, or 'forever'. A signal lets what runs come to its end for 5 s; a second one "
          "ends\n"
          "it at once.\n"
          "\n"
          "Exit codes:\n"
          "  0  it was told to end\n"
          "  1  it can't serve (no broker, the name is taken, a module can't be loaded), or a method would not end\n"
          "  2  the command line can't be understood");
}
