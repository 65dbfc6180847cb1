/* The processes that the driver starts, and the private folder in which they meet. Whatever happens, they and the
 * folder are gone after bench_family_deinit. Errors: false, with one line on stderr. */
#ifndef BENCH_FAMILY_H
#define BENCH_FAMILY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { BENCH_CHILDREN = 3 };

typedef struct bench_child {
    const char *name;
    pid_t pid;
    int pid_fd;
    int out_fd; /* what it writes to stdout */
} bench_child_t;

typedef struct bench_family {
    bench_child_t children[BENCH_CHILDREN];
    size_t count;
    int signal_fd;
    sigset_t old_signals;
    char folder[64];
} bench_family_t;

/* From here on SIGINT, SIGTERM and SIGHUP end bench_family_read, and nothing else. */
bool bench_family_init (bench_family_t *self);
void bench_family_deinit (bench_family_t *self);

/* Starts argv[0]. Borrows name, for the lines on stderr, until bench_family_end. */
bool bench_family_start (bench_family_t *self, const char *name, char *const argv[]);
/* Waits for the next line from the child that was started last, without its newline. Fails as soon as any child ends,
 * on a signal, and after timeout_ms. */
bool bench_family_read (bench_family_t *self, int timeout_ms, char *out, size_t out_size);
/* Ends all children, the last first: asks, waits 2 s, kills. */
void bench_family_end (bench_family_t *self);

#endif
