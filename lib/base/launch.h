/* Starting child processes: through the program far-launch, which sets what posix_spawn has no means for. Knows nothing
 * of who watches them. */
#ifndef FAR_BASE_LAUNCH_H
#define FAR_BASE_LAUNCH_H

#include "base/exit.h"
#include "base/oom.h"
#include <farcall/base.h>

/* A bound on what a child may use: RLIMIT_NOFILE and the others of setrlimit(2), both the soft and the hard one. */
typedef struct far_launch_limit {
    int resource;
    uint64_t value;
} far_launch_limit_t;

typedef struct far_launch_spec {
    const char *const *command;     /* ends with NULL; the first is looked for in PATH unless it has a slash */
    const char *directory;          /* where it runs; NULL: here */
    const char *const *defaults;    /* "NAME=value", set over what this process has; ends with NULL; NULL for none */
    const char *const *environment; /* set over both, likewise */
    const far_launch_limit_t *limits;
    size_t limit_count;
    bool ends_its_group; /* what it leaves behind in its process group is killed when it is reaped */
} far_launch_spec_t;

typedef struct far_launched {
    pid_t pid;             /* leads a process group of its own */
    int pidfd;             /* readable once it has ended */
    int out, err;          /* what it writes to stdout and stderr; not blocking */
    int report;            /* on which far-launch says what has failed; ends when the command has been executed */
    bool ends_its_group;   /* as the spec says */
    bool killed;           /* it was sent SIGKILL by far_launched_signal */
    uint64_t memory_bytes; /* the least of its limits RLIMIT_AS and RLIMIT_DATA; UINT64_MAX */
    uint64_t cpu_s;        /* RLIMIT_CPU; UINT64_MAX */
    far_oom_mark_t oom;
} far_launched_t;

/* Starts it. System with what failed here; whether the command could be executed is known later. It gets no signals blocked
 * or ignored, /dev/null as stdin, and is killed when the calling THREAD ends (prctl(2), PR_SET_PDEATHSIG). */
far_status_t far_launch (const far_launch_spec_t *spec, far_launched_t *out);
/* What kept the command from being executed, as a text; false if nothing did. Blocks until that is known, which it is when
 * the process has ended. */
bool far_launched_failed (const far_launched_t *self, char *out, size_t out_size);
/* Closes the descriptors. */
void far_launched_close (far_launched_t *self);
/* To it and what it has started, as far as that is in its group. Only until it has been reaped. */
void far_launched_signal (far_launched_t *self, int number);

/* Has it ended? Then reaps it. How it ended is not known where the program has it reaped by others: it ignores SIGCHLD, or
 * waits for whatever child ends. Never blocks. */
bool far_launched_reap (const far_launched_t *self, far_exit_t *out);

#endif
