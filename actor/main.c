/* far-actor: a process that serves modules out of shared objects, until it is told to end. All of its work is the
 * library's; this file reads the command line, waits, and says in one line what is wrong. */
#include <farcall.h>

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* How soon it is noticed that another process has closed this one; a signal is noticed at once. */
enum { LOOK_MS = 200 };

typedef struct settings {
    far_actor_options_t actor;
    const char **modules; /* paths; owned, the texts are of argv */
    size_t module_count;
    bool verbose;
    bool help;
    bool version;
} settings_t;

typedef enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_TIME, OPTION_MODULE } option_kind_t;

typedef struct option_row {
    int letter;
    const char *name;
    const char *value; /* what it takes, for people; NULL for a flag */
    option_kind_t kind;
    size_t offset; /* in settings_t */
    const char *says;
} option_row_t;

#define AT(field) offsetof (settings_t, field)

static const option_row_t rows[] = {
    { 'n', "name", "NAME", OPTION_TEXT, AT (actor.name),
      "the name that others find it by (default: none, only its id)" },
    { 'm', "module", "PATH", OPTION_MODULE, 0, "serve the module in this shared object; may be given several times" },
    { 'b', "broker", "ADDRESS", OPTION_TEXT, AT (actor.address),
      "ipc:///PATH or tcp://HOST:PORT (default: $FAR_BROKER, else your own broker)" },
    { 'a', "no-autostart", NULL, OPTION_FLAG, AT (actor.no_autostart),
      "don't start your own broker where none runs (nor does FAR_AUTOSTART=0)" },
    { 'w', "wait", "MS", OPTION_TIME, AT (actor.connect_timeout_ms),
      "how long to wait for the broker at the start (default 10000)" },
    { 't', "timeout", "MS", OPTION_TIME, AT (actor.timeout_ms),
      "how long calls that its modules make wait (default 10000)" },
    { 'v', "verbose", NULL, OPTION_FLAG, AT (verbose), "say on stderr what is served, and log more" },
    { 'h', "help", NULL, OPTION_FLAG, AT (help), "print this" },
    { 'V', "version", NULL, OPTION_FLAG, AT (version), "print the version" },
};

enum { ROWS = sizeof rows / sizeof *rows };

static void print_help (void)
{
    puts ("Usage: far-actor --module PATH [--module PATH...] [--name NAME] [OPTION...]\n"
          "\n"
          "Serves modules to other processes, until SIGTERM, SIGINT or `far close`. A broker that goes away is waited "
          "for.\n"
          "\n"
          "  far-actor --name host --module ./counter.so &\n"
          "  far call host counter.sum 2 40\n"
          "\n"
          "Options:");
    for (const option_row_t *row = rows; row < rows + ROWS; row++) {
        char named[64];
        snprintf (named, sizeof named, "--%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
        printf ("  -%c, %-18s %s\n", row->letter, named, row->says);
    }
    puts ("\n"
          "MS is a number of milliseconds, or 'forever'.\n"
          "\n"
          "Exit codes:\n"
          "  0  it was told to end\n"
          "  1  it can't serve: no broker, the name is taken, a module can't be loaded\n"
          "  2  the command line can't be understood");
}

static bool read_time (const char *text, int *out_ms)
{
    char *end;
    long number = strtol (text, &end, 10);
    bool forever = !strcmp (text, "forever");
    if (!forever && (end == text || *end || number < 1 || number > INT_MAX))
        return false;
    *out_ms = forever ? FAR_FOREVER : (int)number;
    return true;
}

/* false if value is not what the row takes. */
static bool set (settings_t *settings, const option_row_t *row, const char *value)
{
    void *field = (char *)settings + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
        *(const char **)field = value;
        return *value;
    case OPTION_TIME:
        return read_time (value, field);
    case OPTION_MODULE:
        settings->modules[settings->module_count++] = value;
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

/* Says what is wrong, in getopt's words or its own, and gives false. */
static bool parse (settings_t *settings, int argc, char **argv)
{
    struct option options[ROWS + 1] = { 0 };
    char letters[2 * ROWS + 1], *end = letters;
    for (size_t i = 0; i < ROWS; i++) {
        options[i] =
            (struct option){ rows[i].name, rows[i].value ? required_argument : no_argument, NULL, rows[i].letter };
        *end++ = (char)rows[i].letter;
        if (rows[i].value)
            *end++ = ':';
    }
    *end = '\0';
    for (int letter; (letter = getopt_long (argc, argv, letters, options, NULL)) != -1;) {
        const option_row_t *row = find_row (letter);
        if (!row)
            return false;
        if (!set (settings, row, optarg)) {
            fprintf (stderr, "far-actor: option '--%s' does not take '%s'\n", row->name, optarg);
            return false;
        }
    }
    if (optind < argc) {
        fprintf (stderr, "far-actor: '%s' is no option\n", argv[optind]);
        return false;
    }
    if (!settings->module_count && !settings->help && !settings->version) {
        fputs ("far-actor: nothing to serve: no --module\n", stderr);
        return false;
    }
    return true;
}

/* The line that a failure is worth, without the hops of an error. */
static int fail (void)
{
    const far_error_t *error = far_last_error ();
    fprintf (stderr, "far-actor: %s: %s\n", far_status_name (far_error_kind (error)), far_error_message (error));
    return EXIT_FAILED;
}

static void say_what_is_served (const settings_t *settings, far_actor_t *actor)
{
    uint64_t id = far_actor_id (actor).value;
    const char *chosen = settings->actor.address ? settings->actor.address : getenv ("FAR_BROKER");
    fprintf (stderr, "far-actor: %s (%llx:%llu) serves ", *far_actor_name (actor) ? far_actor_name (actor) : "process",
             (unsigned long long)(id >> 32), (unsigned long long)(id & UINT32_MAX));
    for (size_t i = 0; i < settings->module_count; i++)
        fprintf (stderr, "%s%s", i ? ", " : "", settings->modules[i]);
    fprintf (stderr, " at %s\n", chosen && *chosen ? chosen : "the user's own broker");
}

/* Waits for a signal of ends, or until another process has closed the actor. */
static int wait_for_end (far_actor_t *actor, const sigset_t *ends)
{
    static const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
    far_status_t status;
    do {
        if (sigtimedwait (ends, NULL, &pause) > 0)
            return EXIT_DONE;
        status = far_actor_wait_closed (actor, 0);
    } while (status == FAR_E_TIMEOUT);
    return status ? fail () : EXIT_DONE;
}

static int serve (const settings_t *settings, const sigset_t *ends)
{
    far_actor_t *actor = far_actor_open (&settings->actor);
    int code = actor ? EXIT_DONE : fail ();
    for (size_t i = 0; !code && i < settings->module_count; i++)
        if (far_actor_load (actor, settings->modules[i]))
            code = fail ();
    if (!code) {
        if (settings->verbose)
            say_what_is_served (settings, actor);
        code = wait_for_end (actor, ends);
    }
    far_actor_destroy (&actor);
    return code;
}

int main (int argc, char **argv)
{
    settings_t settings = { .modules = calloc ((size_t)argc, sizeof *settings.modules) };
    int code = EXIT_DONE;
    sigset_t ends;
    sigemptyset (&ends);
    sigaddset (&ends, SIGTERM);
    sigaddset (&ends, SIGINT);
    pthread_sigmask (SIG_BLOCK, &ends, NULL); /* before there are threads: they inherit it */
    if (!settings.modules || !parse (&settings, argc, argv)) {
        fputs ("far-actor: see 'far-actor --help'\n", stderr);
        code = EXIT_USAGE;
    } else if (settings.help) {
        print_help ();
    } else if (settings.version) {
        printf ("far-actor %s\n", far_version ());
    } else {
        if (settings.verbose)
            far_log_set_level (FAR_LOG_INFO);
        code = serve (&settings, &ends);
    }
    free (settings.modules);
    return code;
}
