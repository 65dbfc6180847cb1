/* The processes of a measurement, after they have been started: from a command line to the function that plays the
 * role. Each is bound to its core before it makes a thread, and dies with the driver. */
#include "role.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

static const struct {
    const char *name;
    bench_role_fn *play;
} roles[] = {
    { "raw-broker", bench_raw_broker },     { "raw-worker", bench_raw_worker },   { "raw-caller", bench_raw_caller },
    { "far-broker", bench_far_broker },     { "far-host", bench_far_host },       { "far-caller", bench_far_caller },
    { "raw-balancer", bench_raw_balancer }, { "raw-workers", bench_raw_workers }, { "raw-clients", bench_raw_clients },
    { "far-workers", bench_far_workers },   { "far-clients", bench_far_clients },
};

static bool pin (int core)
{
    cpu_set_t set;
    CPU_ZERO (&set);
    CPU_SET ((size_t)core, &set);
    if (!sched_setaffinity (0, sizeof set, &set))
        return true;
    perror ("compare: sched_setaffinity");
    return false;
}

void bench_role_ready (void)
{
    puts ("ready");
    fflush (stdout);
}

void bench_role_rate (double rate)
{
    printf ("%.3f\n", rate);
    fflush (stdout);
}

int bench_role_call (const bench_role_args_t *args, const bench_caller_t *caller)
{
    double rate;
    if (!bench_load_run (caller, args->load, args->seconds, &rate))
        return 1;
    bench_role_rate (rate);
    return 0;
}

bool bench_role_is_asked (int argc, char **argv)
{
    return argc == BENCH_ROLE_ARGUMENTS && !strcmp (argv[1], "--role");
}

int bench_role_main (char **argv)
{
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    int core = atoi (argv[3]);
    if (core >= 0 && !pin (core))
        return 1;
    bench_role_args_t args = {
        .address = argv[4], .load = bench_load_find (argv[5]), .seconds = strtod (argv[6], NULL), .far_broker = argv[7]
    };
    for (size_t i = 0; args.load < BENCH_LOADS && i < sizeof roles / sizeof *roles; i++)
        if (!strcmp (roles[i].name, argv[2]))
            return roles[i].play (&args);
    return 2;
}
