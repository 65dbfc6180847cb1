/* Roles: what the processes of a measurement do. The driver starts its own program again for each of them. */
#ifndef BENCH_ROLE_H
#define BENCH_ROLE_H

#include "load.h"

typedef struct bench_role_args {
    const char *address;    /* "ipc:///path" */
    const char *far_broker; /* path of the program */
    double seconds;
    bench_load_t load;
} bench_role_args_t;

/* What a role is: runs until it is killed, or until its work is done; gives the exit status. It says on stdout "ready"
 * (a server), or its rate (a caller). */
typedef int bench_role_fn (const bench_role_args_t *args);

bench_role_fn bench_raw_broker, bench_raw_worker, bench_raw_caller;     /* raw.c */
bench_role_fn bench_far_broker, bench_far_host, bench_far_caller;       /* far.c */
bench_role_fn bench_raw_balancer, bench_raw_workers, bench_raw_clients; /* raw_fleet.c */
bench_role_fn bench_far_workers, bench_far_clients;                     /* far_fleet.c */

/* Says on stdout that a server can be used. */
void bench_role_ready (void);
/* Says the rate on stdout. */
void bench_role_rate (double rate);
/* Runs the load of args, and says the rate on stdout. Gives the exit status. */
int bench_role_call (const bench_role_args_t *args, const bench_caller_t *caller);

/* The command line of a role is: PROGRAM --role NAME CORE ADDRESS LOAD SECONDS FAR_BROKER; core -1 is any. */
enum { BENCH_ROLE_ARGUMENTS = 8 };
/* Does this command line ask for a role? */
bool bench_role_is_asked (int argc, char **argv);
/* Plays the role: the exit status. */
int bench_role_main (char **argv);

#endif
