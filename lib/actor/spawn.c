/* Children of a program. Each has a thread that starts it, so that the kernel's "killed when its parent ends" means this
 * thread, which lives as long as the child; hands its lines over; and reaps it. An actor knows its children, and stops
 * them when it leaves. */
#include "actor/spawn.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/launch.h"
#include "base/lines.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GRACE_MS = 2000 };

typedef enum child_state {
    CHILD_STARTING,
    CHILD_RUNNING,
    CHILD_ENDED,
    CHILD_DONE /* its lines have been taken too */
} child_state_t;

struct far_child {
    atomic_size_t owners;               /* the program, the thread, and whoever stops all */
    far_actor_t *actor;                 /* one user of its memory */
    far_child_t *next;                  /* of the actor's, under its lock */
    const far_spawn_options_t *options; /* while it is starting; the starter's */
    far_child_line_fn *on_line;
    void *context;
    int grace_ms;
    char *command;

    pthread_mutex_t lock; /* guards the rest; the pid is not reaped while it is held */
    pthread_cond_t changed;
    child_state_t state;
    far_error_t *failed; /* why it could not be started */
    far_launched_t launched;
    far_exit_t ended;
};

/* Whose thread this is. That one can't wait for the end which it has to see itself. */
static _Thread_local const far_child_t *watched;

static void child_release (far_child_t *self)
{
    if (atomic_fetch_sub (&self->owners, 1) != 1)
        return;
    far_error_release (&self->failed);
    pthread_cond_destroy (&self->changed);
    pthread_mutex_destroy (&self->lock);
    far_actor_release (self->actor);
    free (self->command);
    free (self);
}

static void set_state (far_child_t *self, child_state_t state)
{
    pthread_mutex_lock (&self->lock);
    self->state = state;
    pthread_cond_broadcast (&self->changed);
    pthread_mutex_unlock (&self->lock);
}

/* With the lock: waits until it is past a state; false once the deadline has passed. */
static bool wait_past (far_child_t *self, child_state_t state, far_deadline_t deadline)
{
    struct timespec until = { .tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000 };
    while (self->state <= state)
        if (deadline == FAR_DEADLINE_NEVER)
            pthread_cond_wait (&self->changed, &self->lock);
        else if (pthread_cond_timedwait (&self->changed, &self->lock, &until) == ETIMEDOUT)
            return self->state > state;
    return true;
}

static void take_line (far_child_t *self, bool is_error, const char *line, size_t size)
{
    if (self->on_line) {
        self->on_line (self->context, is_error, line, size);
        return;
    }
    char text[FAR_LINE_BYTES];
    far_log (FAR_LOG_INFO, "%s (pid %d)%s: %s", self->command, (int)self->launched.pid, is_error ? " stderr" : "",
             far_escape (line, size, text, sizeof text));
}

static void take_out (void *self, const char *line, size_t size)
{
    take_line (self, false, line, size);
}

static void take_err (void *self, const char *line, size_t size)
{
    take_line (self, true, line, size);
}

static bool reap (far_child_t *self)
{
    pthread_mutex_lock (&self->lock);
    bool gone = far_launched_reap (&self->launched, &self->ended);
    if (gone) {
        self->state = CHILD_ENDED;
        pthread_cond_broadcast (&self->changed);
    }
    pthread_mutex_unlock (&self->lock);
    return gone;
}

/* Until it has ended. What it wrote before is read after that once more; what its own children keep open is not waited
 * for. */
static void watch (far_child_t *self)
{
    far_lines_t *lines = calloc (2, sizeof *lines);
    struct pollfd fds[] = { { self->launched.pidfd, POLLIN, 0 },
                            { lines ? self->launched.out : -1, POLLIN, 0 },
                            { lines ? self->launched.err : -1, POLLIN, 0 } };
    far_lines_fn *const take[] = { take_out, take_err };
    for (bool gone = false; !gone;) {
        poll (fds, 3, -1);
        gone = fds[0].revents && reap (self);
        for (int i = 0; i < 2; i++)
            if (fds[i + 1].fd >= 0 && (gone || fds[i + 1].revents) &&
                !far_lines_read (&lines[i], fds[i + 1].fd, take[i], self))
                fds[i + 1].fd = -1;
    }
    for (int i = 0; lines && i < 2; i++)
        far_lines_finish (&lines[i], take[i], self);
    free (lines);
}

static far_status_t wait_executed (far_child_t *self)
{
    char why[512];
    if (!far_launched_failed (&self->launched, why, sizeof why))
        return FAR_OK;
    far_exit_t ended;
    poll (&(struct pollfd){ self->launched.pidfd, POLLIN, 0 }, 1, -1);
    far_launched_reap (&self->launched, &ended);
    far_launched_close (&self->launched);
    return far_fail (FAR_E_SYSTEM, "can't start '%s': %s", self->command, why);
}

static far_status_t start (far_child_t *self)
{
    const far_spawn_options_t *options = self->options;
    far_launch_limit_t *limits = calloc (options->limit_count + 1, sizeof *limits);
    char *broker = NULL;
    far_status_t status = FAR_E_NO_MEMORY;
    if (limits && asprintf (&broker, "FAR_BROKER=%s", self->actor->endpoint) >= 0) {
        for (size_t i = 0; i < options->limit_count; i++)
            limits[i] = (far_launch_limit_t){ options->limits[i].resource, options->limits[i].value };
        const char *const defaults[] = { broker, NULL };
        const far_launch_spec_t spec = { .command = options->command,
                                         .directory = options->directory,
                                         .defaults = defaults,
                                         .environment = options->environment,
                                         .limits = limits,
                                         .limit_count = options->limit_count };
        status = far_launch (&spec, &self->launched);
        if (!status)
            status = wait_executed (self);
    } else {
        far_fail (FAR_E_NO_MEMORY, "no memory to start a child");
    }
    free (limits);
    free (broker);
    return status;
}

static void *run (void *context)
{
    far_child_t *self = context;
    watched = self;
    bool started = !start (self);
    if (!started)
        self->failed = far_error_retain (far_last_error ());
    set_state (self, started ? CHILD_RUNNING : CHILD_DONE);
    if (started) {
        watch (self);
        far_launched_close (&self->launched);
        set_state (self, CHILD_DONE);
    }
    child_release (self);
    return NULL;
}

static far_child_t *child_new (far_actor_t *actor, const far_spawn_options_t *options)
{
    far_child_t *self = calloc (1, sizeof *self);
    char *command = strdup (options->command[0]);
    if (!self || !command) {
        free (self);
        free (command);
        far_fail (FAR_E_NO_MEMORY, "no memory to start a child");
        return NULL;
    }
    atomic_init (&self->owners, 1);
    far_actor_retain (actor);
    self->actor = actor;
    self->options = options;
    self->on_line = options->on_line;
    self->context = options->context;
    self->grace_ms = options->grace_ms ? options->grace_ms : GRACE_MS;
    self->command = command;
    pthread_mutex_init (&self->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init (&self->changed, &monotonic);
    pthread_condattr_destroy (&monotonic);
    return self;
}

/* The program's signals are not for the thread that watches. */
static bool start_thread (far_child_t *self)
{
    sigset_t all, before;
    sigfillset (&all);
    atomic_fetch_add (&self->owners, 1);
    pthread_sigmask (SIG_BLOCK, &all, &before);
    pthread_t thread;
    int failed = pthread_create (&thread, NULL, run, self);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (!failed)
        return !pthread_detach (thread);
    atomic_fetch_sub (&self->owners, 1);
    set_state (self, CHILD_DONE);
    far_fail (FAR_E_SYSTEM, "no thread to watch '%s': %s", self->command, strerror (failed));
    return false;
}

/* Among the actor's, unless that has left: then nobody would stop it. */
static bool enlist (far_child_t *self)
{
    far_actor_t *actor = self->actor;
    pthread_mutex_lock (&actor->caller.lock);
    bool open = !actor->children_stopped;
    if (open) {
        self->next = actor->children;
        actor->children = self;
    }
    pthread_mutex_unlock (&actor->caller.lock);
    if (!open)
        far_fail (FAR_E_CLOSED, "'%s' is not started: this actor has left", self->command);
    return open;
}

static void delist (far_child_t *self)
{
    far_actor_t *actor = self->actor;
    pthread_mutex_lock (&actor->caller.lock);
    for (far_child_t **at = &actor->children; *at; at = &(*at)->next)
        if (*at == self) {
            *at = self->next;
            break;
        }
    pthread_mutex_unlock (&actor->caller.lock);
}

far_child_t *far_spawn (far_actor_t *actor, const far_spawn_options_t *options)
{
    if (!actor || !options || !options->command || !options->command[0]) {
        far_fail (FAR_E_BAD_ARGUMENTS, "far_spawn: expected an actor, and a command of at least one word");
        return NULL;
    }
    far_child_t *self = child_new (actor, options);
    if (!self)
        return NULL;
    bool started = enlist (self) && start_thread (self);
    if (started) {
        pthread_mutex_lock (&self->lock);
        wait_past (self, CHILD_STARTING, FAR_DEADLINE_NEVER);
        pthread_mutex_unlock (&self->lock);
        self->options = NULL;
        started = !self->failed;
        if (!started)
            far_fail_with (far_error_retain (self->failed));
    }
    if (started)
        return self;
    delist (self);
    child_release (self);
    return NULL;
}

int64_t far_child_pid (const far_child_t *child)
{
    return child->launched.pid;
}

far_status_t far_child_wait (far_child_t *child, int timeout_ms)
{
    if (watched == child)
        return far_fail (FAR_E_BAD_ARGUMENTS, "'%s' is waited for where its lines are taken", child->command);
    pthread_mutex_lock (&child->lock);
    bool done = wait_past (child, CHILD_ENDED, far_deadline_in (timeout_ms));
    pthread_mutex_unlock (&child->lock);
    return done ? FAR_OK : far_fail (FAR_E_TIMEOUT, "'%s' still runs after %d ms", child->command, timeout_ms);
}

int far_child_exit_code (far_child_t *child)
{
    pthread_mutex_lock (&child->lock);
    bool ended = child->state >= CHILD_ENDED;
    far_exit_t how = child->ended;
    pthread_mutex_unlock (&child->lock);
    return !ended ? -1 : how.number ? 128 + how.number : how.code;
}

char *far_child_cause (far_child_t *child)
{
    char text[128] = "running";
    pthread_mutex_lock (&child->lock);
    if (child->state >= CHILD_ENDED)
        far_exit_text (&child->ended, text, sizeof text);
    pthread_mutex_unlock (&child->lock);
    char *copy = strdup (text);
    if (!copy)
        far_fail (FAR_E_NO_MEMORY, "no memory for a text");
    return copy;
}

/* With the lock. */
static void send_signal (far_child_t *self, int number)
{
    if (self->state == CHILD_RUNNING)
        far_launched_signal (&self->launched, number);
}

void far_child_stop (far_child_t *child)
{
    pthread_mutex_lock (&child->lock);
    if (watched == child) {
        send_signal (child, SIGTERM);
    } else {
        wait_past (child, CHILD_STARTING, FAR_DEADLINE_NEVER);
        send_signal (child, SIGTERM);
        if (!wait_past (child, CHILD_RUNNING, far_deadline_in (child->grace_ms)))
            send_signal (child, SIGKILL);
        wait_past (child, CHILD_ENDED, FAR_DEADLINE_NEVER);
    }
    pthread_mutex_unlock (&child->lock);
}

void far_child_destroy (far_child_t **child_p)
{
    if (!child_p || !*child_p)
        return;
    far_child_t *self = *child_p;
    *child_p = NULL;
    far_child_stop (self);
    if (watched == self)
        self->on_line = NULL; /* whose context may go now */
    delist (self);
    child_release (self);
}

void far_children_stop (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    actor->children_stopped = true;
    for (far_child_t *child = actor->children; child; child = child->next)
        atomic_fetch_add (&child->owners, 1);
    far_child_t *first = actor->children;
    actor->children = NULL;
    pthread_mutex_unlock (&actor->caller.lock);
    for (far_child_t *child = first; child; child = child->next) { /* all at once, so that the grace periods are one */
        pthread_mutex_lock (&child->lock);
        send_signal (child, SIGTERM);
        pthread_mutex_unlock (&child->lock);
    }
    while (first) {
        far_child_t *child = first;
        first = child->next;
        far_child_stop (child);
        child_release (child);
    }
}
