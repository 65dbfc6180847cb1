/* Children: processes that a program starts, watches and ends. */
#ifndef FARCALL_SPAWN_H
#define FARCALL_SPAWN_H

#include <farcall/actor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct far_child far_child_t;

/* A bound on what a child may use, soft and hard: resource is RLIMIT_NOFILE or another of setrlimit(2). */
typedef struct far_child_limit {
    int resource;
    uint64_t value;
} far_child_limit_t;

/* A line that a child wrote, without its newline, NUL-terminated; a line of more than 4,096 bytes comes in pieces. Called
 * from the thread that watches the child, one line after the other: far_child_wait is BadArguments there, and
 * far_child_stop and far_child_destroy send TERM and wait for nothing, so that KILL does not follow. */
typedef void far_child_line_fn (void *context, bool is_error, const char *line, size_t size_bytes);

typedef struct far_spawn_options {
    const char *const *command;     /* ends with NULL; the first is looked for in PATH unless it has a slash */
    const char *directory;          /* where it runs; NULL: where the program does */
    const char *const *environment; /* "NAME=value", set over what the program has; ends with NULL; NULL for none */
    const far_child_limit_t *limits;
    size_t limit_count;
    far_child_line_fn *on_line; /* NULL: lines go to the log, at level info, tagged with the command and pid */
    void *context;              /* of on_line; must last until the child has been destroyed */
    int grace_ms;               /* between TERM and KILL; 0: 2 s */
} far_spawn_options_t;

/* Starts a child: a worker, a far-actor, anything. It finds the actor's broker in FAR_BROKER, leads a process group of its
 * own, has /dev/null as stdin, and does not outlive the program: the kernel kills it when the program ends, and when the
 * actor is closed or destroyed it is stopped as far_child_stop does. All is copied but on_line's context. Blocks until the
 * command has been executed. NULL with System (what could not be done: no such command, directory, limit), BadArguments
 * or NoMemory. */
FAR_EXPORT far_child_t *far_spawn (far_actor_t *actor, const far_spawn_options_t *options);
/* Its pid, for people and signals; the process may have ended since. */
FAR_EXPORT int64_t far_child_pid (const far_child_t *child);
/* Waits until it has ended and its lines have been handed over: FAR_OK, or Timeout. */
FAR_EXPORT far_status_t far_child_wait (far_child_t *child, int timeout_ms);
/* Its exit code, or 128 and the number of the signal that ended it, as shells count; -1 while it runs, and where the
 * program ignores SIGCHLD or waits for all its children itself: then it is not known. */
FAR_EXPORT int far_child_exit_code (far_child_t *child);
/* How it ended, for people: "exit code 3", "signal 9 (Killed), out of memory", "signal 11 (Segmentation fault), core
 * dumped", "signal 6 (Aborted), under a limit of 67108864 bytes of memory", "signal 9 (Killed), under a limit of 60 s
 * of CPU"; "running". Out of memory is said where the
 * kernel has counted a process that it killed for that in the child's cgroup, and who sent SIGKILL is not known.
 * Yours: far_string_free. NULL with NoMemory. */
FAR_EXPORT char *far_child_cause (far_child_t *child);
/* Sends it, and what it has started in its group, TERM; and KILL if it still runs after the grace period. Waits until it
 * has ended. Fine on one that has. Must not be called from on_line. */
FAR_EXPORT void far_child_stop (far_child_t *child);
/* Stops it and lets go. Must not be called from on_line. */
FAR_EXPORT void far_child_destroy (far_child_t **child_p);

#ifdef __cplusplus
}
#endif

#endif
