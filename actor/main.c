/* far-actor: a process that serves modules out of shared objects, until it is told to end. All of the work is the
 * library's; this file connects, waits, and says in one line what is wrong. */
#include "options.h"
#include "signals.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static void say_what_is_served (const options_t *options, far_actor_t *actor)
{
    const char *name = far_actor_name (actor);
    const char *chosen = options->actor.address ? options->actor.address : getenv ("FAR_BROKER");
    uint64_t id = far_actor_id (actor).value;
    fprintf (stderr, "far-actor: %s (%llx:%llu) serves ", *name ? name : "process", (unsigned long long)(id >> 32),
             (unsigned long long)(id & UINT32_MAX));
    for (size_t i = 0; i < options->offer_count; i++)
        fprintf (stderr, "%s%s", i ? ", " : "", options->offers[i].module);
    fprintf (stderr, " at %s\n", chosen && *chosen ? chosen : "your own broker");
}

static int serve (const options_t *options, signals_t *signals)
{
    far_actor_t *actor = far_actor_open (&options->actor);
    signals_set_actor (signals, actor);
    int code = EXIT_DONE;
    if (actor && options->verbose)
        say_what_is_served (options, actor);
    int threads = options->actor.threads ? options->actor.threads : 1;
    int slots = options->slots ? options->slots : threads;
    bool joined = actor && (!options->fleet || !far_join (actor, options->fleet, slots));
    if (!joined || far_actor_wait_closed (actor, FAR_FOREVER))
        code = far_print_error ("far-actor");
    signals_end (signals);
    far_actor_destroy (&actor);
    return code;
}

static int run (const options_t *options)
{
    signals_t signals;
    if (options->help) {
        options_help ();
        return EXIT_DONE;
    }
    if (options->version) {
        printf ("far-actor %s\n", far_version ());
        return EXIT_DONE;
    }
    if (options->verbose)
        far_log_set_level (FAR_LOG_INFO);
    if (!signals_begin (&signals)) {
        perror ("far-actor: can't wait for signals");
        return EXIT_FAILED;
    }
    return serve (options, &signals);
}

int main (int argc, char **argv)
{
    options_t options;
    int code = options_parse (&options, argc, argv) ? run (&options) : EXIT_USAGE;
    options_deinit (&options);
    return code;
}
