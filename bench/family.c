/* Child processes of the driver: starting them, waiting for what they say while watching that all live, ending them.
 * Owns their descriptors and the private folder. Knows nothing of what they are for. */
#include "family.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { END_MS = 2000 };

static bool fail (const char *what)
{
    fprintf (stderr, "compare: %s: %m\n", what);
    return false;
}

bool bench_family_init (bench_family_t *self)
{
    sigset_t signals;
    *self = (bench_family_t){ .signal_fd = -1 };
    sigemptyset (&signals);
    sigaddset (&signals, SIGINT);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGHUP);
    sigprocmask (SIG_BLOCK, &signals, &self->old_signals);
    self->signal_fd = signalfd (-1, &signals, SFD_CLOEXEC);
    if (self->signal_fd < 0)
        return fail ("signalfd");
    const char *parent = getenv ("TMPDIR");
    /* A name of an ipc socket has 107 bytes at most. */
    if (!parent || strlen (parent) > sizeof self->folder - sizeof "/far-bench-XXXXXX")
        parent = "/tmp";
    snprintf (self->folder, sizeof self->folder, "%s/far-bench-XXXXXX", parent);
    if (mkdtemp (self->folder))
        return true;
    fail (self->folder);
    self->folder[0] = '\0';
    return false;
}

/* There is nothing but sockets and files in it. */
static void remove_folder (const char *path)
{
    DIR *folder = opendir (path);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir (folder));)
        unlinkat (dirfd (folder), entry->d_name, 0);
    closedir (folder);
    rmdir (path);
}

void bench_family_deinit (bench_family_t *self)
{
    bench_family_end (self);
    if (self->folder[0])
        remove_folder (self->folder);
    if (self->signal_fd >= 0)
        close (self->signal_fd);
    /* A signal that was held back ends the program here, as it would have without us. */
    sigprocmask (SIG_SETMASK, &self->old_signals, NULL);
}

static int spawn (const bench_family_t *self, char *const argv[], int out_fd, pid_t *out_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, out_fd, STDOUT_FILENO);
    posix_spawnattr_init (&attributes);
    posix_spawnattr_setsigmask (&attributes, &self->old_signals);
    posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK);
    int error = posix_spawn (out_pid, argv[0], &actions, &attributes, argv, environ);
    posix_spawnattr_destroy (&attributes);
    posix_spawn_file_actions_destroy (&actions);
    return error;
}

bool bench_family_start (bench_family_t *self, const char *name, char *const argv[])
{
    int ends[2];
    bench_child_t child = { .name = name };
    if (pipe2 (ends, O_CLOEXEC))
        return fail ("pipe2");
    errno = spawn (self, argv, ends[1], &child.pid);
    close (ends[1]);
    if (errno) {
        close (ends[0]);
        return fail (argv[0]);
    }
    child.out_fd = ends[0];
    child.pid_fd = pidfd_open (child.pid, 0);
    self->children[self->count++] = child;
    return child.pid_fd >= 0 || fail ("pidfd_open");
}

/* One line on stderr for whoever has ended, if somebody has. */
static bool is_all_alive (const bench_family_t *self)
{
    for (size_t i = 0; i < self->count; i++) {
        const bench_child_t *child = &self->children[i];
        siginfo_t info = { 0 };
        if (waitid (P_PIDFD, (id_t)child->pid_fd, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
            continue;
        fprintf (stderr, "compare: %s ended too early (%s %d)\n", child->name,
                 info.si_code == CLD_EXITED ? "exit status" : "signal", info.si_status);
        return false;
    }
    return true;
}

/* Adds what there is to the text; true once its line is whole. */
static bool read_line (int fd, char *text, size_t size)
{
    size_t length = strlen (text);
    ssize_t got = read (fd, text + length, size - 1 - length);
    text[length + (size_t)(got > 0 ? got : 0)] = '\0';
    char *newline = strchr (text, '\n');
    if (newline)
        *newline = '\0';
    return newline;
}

static int now_ms (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int)(now.tv_sec % 1000000) * 1000 + (int)(now.tv_nsec / 1000000);
}

bool bench_family_read (bench_family_t *self, int timeout_ms, char *out, size_t out_size)
{
    const bench_child_t *child = &self->children[self->count - 1];
    struct pollfd fds[2 + BENCH_CHILDREN] = { { self->signal_fd, POLLIN, 0 }, { child->out_fd, POLLIN, 0 } };
    for (size_t i = 0; i < self->count; i++)
        fds[2 + i] = (struct pollfd){ self->children[i].pid_fd, POLLIN, 0 };
    int end_ms = now_ms () + timeout_ms;
    for (out[0] = '\0';;) {
        int left_ms = end_ms - now_ms ();
        if (left_ms <= 0 || poll (fds, 2 + self->count, left_ms) == 0) {
            fprintf (stderr, "compare: nothing heard from %s within %d s\n", child->name, timeout_ms / 1000);
            return false;
        }
        if (fds[0].revents) {
            fprintf (stderr, "compare: interrupted\n");
            return false;
        }
        if (fds[1].revents & POLLIN && read_line (child->out_fd, out, out_size))
            return true;
        if (!is_all_alive (self))
            return false;
    }
}

static void end_child (bench_child_t *child)
{
    struct pollfd ended = { child->pid_fd, POLLIN, 0 };
    kill (child->pid, SIGTERM);
    if (poll (&ended, 1, END_MS) != 1)
        kill (child->pid, SIGKILL);
    waitpid (child->pid, NULL, 0);
    if (child->pid_fd >= 0)
        close (child->pid_fd);
    close (child->out_fd);
}

void bench_family_end (bench_family_t *self)
{
    while (self->count)
        end_child (&self->children[--self->count]);
}
