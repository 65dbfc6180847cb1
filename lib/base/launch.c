/* Starting child processes. A child is spawned as far-launch, which gets what is to be set as arguments, and the end of a
 * pipe on which it says why the command could not be executed; the pipe closes by itself when it was. */
#include "base/launch.h"
#include "base/beside.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { REPORT_FD = 3, ARGUMENT_BYTES = 64 };

typedef struct launching {
    const far_launch_spec_t *spec;
    int out[2], err[2], report[2];
    char program[PATH_MAX];
    char parent[ARGUMENT_BYTES];
    char (*limits)[ARGUMENT_BYTES];
    const char **arguments;
    char **environment;
} launching_t;

static void close_pair (int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close (pair[i]);
}

static void launching_deinit (launching_t *self)
{
    close_pair (self->out);
    close_pair (self->err);
    close_pair (self->report);
    free (self->limits);
    free (self->arguments);
    free (self->environment);
}

static size_t count_texts (const char *const *texts)
{
    size_t count = 0;
    while (texts && texts[count])
        count++;
    return count;
}

/* far-launch PARENT DIRECTORY LIMITS [RESOURCE=VALUE...] COMMAND... */
static bool make_arguments (launching_t *self)
{
    const far_launch_spec_t *spec = self->spec;
    size_t words = count_texts (spec->command), count = 0;
    self->limits = calloc (spec->limit_count + 1, sizeof *self->limits);
    self->arguments = calloc (words + spec->limit_count + 5, sizeof *self->arguments);
    if (!self->limits || !self->arguments)
        return false;
    snprintf (self->parent, sizeof self->parent, "%d", (int)getpid ());
    snprintf (self->limits[0], ARGUMENT_BYTES, "%zu", spec->limit_count);
    self->arguments[count++] = self->program;
    self->arguments[count++] = self->parent;
    self->arguments[count++] = spec->directory ? spec->directory : "";
    self->arguments[count++] = self->limits[0];
    for (size_t i = 0; i < spec->limit_count; i++) {
        snprintf (self->limits[i + 1], ARGUMENT_BYTES, "%d=%llu", spec->limits[i].resource,
                  (unsigned long long)spec->limits[i].value);
        self->arguments[count++] = self->limits[i + 1];
    }
    memcpy (self->arguments + count, spec->command, words * sizeof *spec->command);
    return true;
}

static bool sets_same (const char *a, const char *b)
{
    size_t size = strcspn (a, "=");
    return strncmp (a, b, size) == 0 && b[size] == '=';
}

static bool is_set (const char *const *texts, const char *variable)
{
    for (; texts && *texts; texts++)
        if (sets_same (*texts, variable))
            return true;
    return false;
}

/* Ours, without what the defaults set; those, without what the spec sets; and that. */
static bool make_environment (launching_t *self)
{
    const char *const *lists[] = { (const char *const *)environ, self->spec->defaults, self->spec->environment };
    size_t most = 0, count = 0;
    for (size_t i = 0; i < 3; i++)
        most += count_texts (lists[i]);
    self->environment = calloc (most + 1, sizeof *self->environment);
    if (!self->environment)
        return false;
    for (size_t i = 0; i < 3; i++)
        for (const char *const *text = lists[i]; text && *text; text++)
            if ((i > 0 || !is_set (lists[1], *text)) && (i > 1 || !is_set (lists[2], *text)))
                self->environment[count++] = (char *)(uintptr_t)*text;
    return true;
}

static int spawn (launching_t *self, pid_t *out_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset (&none);
    sigfillset (&all);
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_addopen (&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2 (&actions, self->out[1], 1);
    posix_spawn_file_actions_adddup2 (&actions, self->err[1], 2);
    posix_spawn_file_actions_adddup2 (&actions, self->report[1], REPORT_FD);
    posix_spawnattr_init (&attributes);
    posix_spawnattr_setsigmask (&attributes, &none);
    posix_spawnattr_setsigdefault (&attributes, &all);
    posix_spawnattr_setpgroup (&attributes, 0);
    posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawnp (out_pid, self->program, &actions, &attributes, (char **)(uintptr_t)self->arguments,
                               self->environment);
    posix_spawnattr_destroy (&attributes);
    posix_spawn_file_actions_destroy (&actions);
    return failed;
}

/* Above the descriptors that a child gets, so that none is overwritten before it is duplicated. */
static bool open_pipe (int out[2])
{
    int pair[2];
    if (pipe2 (pair, O_CLOEXEC))
        return false;
    for (int i = 0; i < 2; i++) {
        out[i] = fcntl (pair[i], F_DUPFD_CLOEXEC, REPORT_FD + 1);
        close (pair[i]);
    }
    return out[0] >= 0 && out[1] >= 0;
}

bool far_launched_failed (const far_launched_t *self, char *out, size_t out_size)
{
    size_t size = 0;
    ssize_t got = 1;
    while (size < out_size - 1 && (got > 0 || errno == EINTR)) {
        got = read (self->report, out + size, out_size - 1 - size);
        size += got > 0 ? (size_t)got : 0;
        if (!got)
            break;
    }
    out[size] = 0;
    return size;
}

/* Of a child that has ended already, and was reaped by the kernel as this program ignores SIGCHLD or by another thread of
 * it, one that says so. */
static int pidfd_of (pid_t pid)
{
    int fd = (int)syscall (SYS_pidfd_open, pid, 0);
    return fd < 0 && errno == ESRCH ? eventfd (1, EFD_CLOEXEC) : fd;
}

static far_status_t start (launching_t *self, far_launched_t *out)
{
    const char *what = self->spec->command[0];
    int failed = spawn (self, &out->pid);
    if (failed)
        return far_fail (FAR_E_SYSTEM, "can't start '%s' by '%s': %s", what, self->program, strerror (failed));
    far_oom_mark ("/proc", out->pid, &out->oom);
    out->pidfd = pidfd_of (out->pid);
    if (out->pidfd >= 0)
        return FAR_OK;
    far_fail_errno ("can't watch '%s'", what);
    kill (out->pid, SIGKILL);
    while (waitpid (out->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return FAR_E_SYSTEM;
}

/* The least of the limits of one of these resources. */
static uint64_t limit_of (const far_launch_spec_t *spec, int resource, int other)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < spec->limit_count; i++) {
        const far_launch_limit_t *limit = &spec->limits[i];
        if ((limit->resource == resource || limit->resource == other) && limit->value < least)
            least = limit->value;
    }
    return least;
}

/* What of it the parent keeps. */
static int take_end (int pair[2])
{
    int kept = pair[0];
    pair[0] = -1;
    return kept;
}

far_status_t far_launch (const far_launch_spec_t *spec, far_launched_t *out)
{
    launching_t self = { .spec = spec, .out = { -1, -1 }, .err = { -1, -1 }, .report = { -1, -1 } };
    far_launched_t launched = { .pidfd = -1,
                                .memory_bytes = limit_of (spec, RLIMIT_AS, RLIMIT_DATA),
                                .cpu_s = limit_of (spec, RLIMIT_CPU, RLIMIT_CPU),
                                .ends_its_group = spec->ends_its_group };
    far_status_t status;
    far_program_beside ("far-launch", "FAR_LAUNCH_PROGRAM", self.program, sizeof self.program);
    if (!spec->command || !spec->command[0])
        status = far_fail (FAR_E_BAD_ARGUMENTS, "there is no command to start");
    else if (!open_pipe (self.out) || !open_pipe (self.err) || !open_pipe (self.report))
        status = far_fail_errno ("can't start '%s'", spec->command[0]);
    else if (!make_arguments (&self) || !make_environment (&self))
        status = far_fail (FAR_E_NO_MEMORY, "no memory to start '%s'", spec->command[0]);
    else
        status = start (&self, &launched);
    if (!status) {
        launched.out = take_end (self.out);
        launched.err = take_end (self.err);
        launched.report = take_end (self.report);
        fcntl (launched.out, F_SETFL, O_NONBLOCK);
        fcntl (launched.err, F_SETFL, O_NONBLOCK);
        *out = launched;
    }
    launching_deinit (&self);
    return status;
}

void far_launched_close (far_launched_t *self)
{
    const int fds[] = { self->pidfd, self->out, self->err, self->report };
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close (fds[i]);
}

void far_launched_signal (far_launched_t *self, int number)
{
    self->killed = self->killed || number == SIGKILL;
    if (kill (-self->pid, number))
        kill (self->pid, number); /* it has left the group that it led */
}

/* Programs that get no memory end in one of these ways, mostly. */
static bool may_lack_memory (const far_exit_t *ended)
{
    return ended->code > 0 || ended->number == SIGABRT || ended->number == SIGSEGV || ended->number == SIGBUS;
}

/* The kernel kills by ticks that it has counted, which on a machine that is short of processors may be many more than were
 * really used. */
static bool may_have_used_up (const struct rusage *used, uint64_t limit_s)
{
    int64_t seconds = used->ru_utime.tv_sec + used->ru_stime.tv_sec;
    int64_t micros = used->ru_utime.tv_usec + used->ru_stime.tv_usec;
    return (double)seconds + (double)micros * 1e-6 >= (double)limit_s * 0.5;
}

/* While it can still be looked at in /proc. */
static void explain (const far_launched_t *self, const struct rusage *used, far_exit_t *ended)
{
    bool was_killed = ended->number == SIGKILL && !self->killed;
    if (was_killed && far_oom_killed ("/proc", self->pid, &self->oom)) {
        ended->why = FAR_EXIT_OUT_OF_MEMORY;
    } else if (was_killed && may_have_used_up (used, self->cpu_s)) {
        ended->why = FAR_EXIT_CPU_LIMIT;
        ended->limit = self->cpu_s;
    } else if (self->memory_bytes != UINT64_MAX && may_lack_memory (ended)) {
        ended->why = FAR_EXIT_MEMORY_LIMIT;
        ended->limit = self->memory_bytes;
    }
}

/* As waitid(2), which tells in C what a process has used only by this way. */
static int wait_for (pid_t pid, siginfo_t *info, int options, struct rusage *used)
{
    return (int)syscall (SYS_waitid, P_PID, pid, info, options, used);
}

bool far_launched_reap (const far_launched_t *self, far_exit_t *out)
{
    siginfo_t info = { 0 };
    struct rusage used = { 0 };
    int found = wait_for (self->pid, &info, WEXITED | WNOHANG | WNOWAIT, &used);
    if (found && errno == ECHILD) { /* the program ignores SIGCHLD, or waits for whatever ends */
        *out = (far_exit_t){ .code = -1 };
        return true;
    }
    if (found || info.si_pid != self->pid)
        return false;
    bool exited = info.si_code == CLD_EXITED;
    *out = (far_exit_t){ .code = exited ? info.si_status : -1,
                         .number = exited ? 0 : info.si_status,
                         .core = info.si_code == CLD_DUMPED };
    explain (self, &used, out);
    if (self->ends_its_group)
        kill (-self->pid, SIGKILL);
    wait_for (self->pid, &info, WEXITED | WNOHANG, NULL); /* from here on its pid may be another's */
    return true;
}
