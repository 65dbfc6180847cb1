/* Several processes that play one role together: all get ready, then all begin at once. */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include "role.h"

enum { BENCH_CROWD = 4 };

typedef struct bench_crowd bench_crowd_t;

/* What each of them does: gets ready, calls bench_crowd_meet, and does its work. Its exit status. */
typedef int bench_member_fn (const bench_role_args_t *args, bench_crowd_t *crowd);

/* Waits until all are ready. Servers say "ready" on stdout then, once for all. */
void bench_crowd_meet (bench_crowd_t *crowd);
/* Runs the load of args, and keeps the rate for the sum that bench_crowd_call says. Gives the exit status. */
int bench_crowd_run (const bench_role_args_t *args, const bench_caller_t *caller, bench_crowd_t *crowd);

/* Starts them and waits for their ends. serve: they are servers; call: says the sum of their rates on stdout. */
int bench_crowd_serve (const bench_role_args_t *args, bench_member_fn *member);
int bench_crowd_call (const bench_role_args_t *args, bench_member_fn *member);

#endif
