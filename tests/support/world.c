/* A private world for a flow test. */
#include "support/world.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

void world_assert_status (far_status_t status, far_status_t expected, const char *what, const char *file, int line)
{
    if (status == expected)
        return;
    char *text = status ? far_error_text (far_last_error ()) : NULL;
    print_error ("%s\n  gave %s, expected %s\n%s\n", what, far_status_name (status), far_status_name (expected),
                 text ? text : "");
    far_string_free (&text);
    _fail (file, line);
}

void world_assert_made (const void *pointer, const char *what, const char *file, int line)
{
    if (pointer)
        return;
    char *text = far_error_text (far_last_error ());
    print_error ("%s is NULL\n%s\n", what, text ? text : "");
    far_string_free (&text);
    _fail (file, line);
}

void world_assert_says (const char *part)
{
    const char *message = far_error_message (far_last_error ());
    if (!strstr (message, part))
        fail_msg ("\"%s\" does not say \"%s\"", message, part);
}

void world_assert_text (char **text, const char *expected)
{
    assert_string_equal (*text, expected);
    far_string_free (text);
}

static pid_t spawn (world_t *self, char *const arguments[])
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_addopen (&actions, 1, self->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_addopen (&actions, 2, self->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    pid_t pid;
    int failed = posix_spawn (&pid, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy (&actions);
    if (failed)
        fail_msg ("%s: %s", arguments[0], strerror (failed));
    return pid;
}

void world_start_broker (world_t *self)
{
    char *const arguments[] = { FAR_BROKER_PROGRAM, "--bind", self->endpoint, self->config[0] ? "--config" : NULL,
                                self->config,       NULL };
    self->broker = spawn (self, arguments);
}

static world_t *make (void)
{
    world_t *self = test_calloc (1, sizeof *self);
    strcpy (self->directory, "/tmp/far-test-XXXXXX");
    if (!mkdtemp (self->directory))
        fail_msg ("mkdtemp: %s", strerror (errno));
    snprintf (self->endpoint, sizeof self->endpoint, "ipc://%s/broker", self->directory);
    snprintf (self->log, sizeof self->log, "%s/log", self->directory);
    return self;
}

world_t *world_new (void)
{
    world_t *self = make ();
    world_start_broker (self);
    return self;
}

world_t *world_new_configured (const char *text)
{
    world_t *self = make ();
    snprintf (self->config, sizeof self->config, "%s/config", self->directory);
    FILE *file = fopen (self->config, "w");
    if (!file || fputs (text, file) < 0 || fclose (file))
        fail_msg ("%s: %s", self->config, strerror (errno));
    world_start_broker (self);
    return self;
}

static int wait_for (pid_t pid)
{
    int status = -1;
    while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static void print_log (const world_t *self)
{
    char line[4096];
    FILE *log = fopen (self->log, "r");
    while (log && fgets (line, sizeof line, log))
        print_message ("    log: %s", line);
    if (log)
        fclose (log);
}

/* By a signal, and not by who traces it. */
static bool is_stopped (pid_t pid)
{
    char path[64], state = 0;
    snprintf (path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *stat = fopen (path, "r");
    bool read = stat && fscanf (stat, "%*d (%*[^)]) %c", &state) == 1;
    if (stat)
        fclose (stat);
    return read && state == 'T';
}

/* Ends the process with TERM. Was that clean? One that is leaving already may be looked through for leaks, which stops it by
 * being traced: CONT would take that stop away, and LeakSanitizer wait for it for ever. */
static bool end_cleanly (pid_t pid, const char *what)
{
    if (is_stopped (pid))
        kill (pid, SIGCONT);
    kill (pid, SIGTERM);
    int status = wait_for (pid);
    if (status)
        print_error ("%s %d ended with status %x\n", what, (int)pid, (unsigned)status);
    return status == 0;
}

void world_destroy (world_t **self_p)
{
    world_t *self = *self_p;
    bool is_clean = true;
    for (size_t i = 0; i < self->count; i++)
        is_clean &= end_cleanly (self->processes[i], "the process");
    if (self->broker > 0)
        is_clean &= end_cleanly (self->broker, "the broker");
    char command[128];
    if (!is_clean)
        print_log (self);
    snprintf (command, sizeof command, "rm -rf '%s'", self->directory);
    if (system (command))
        print_error ("%s failed\n", command);
    test_free (self);
    *self_p = NULL;
    if (!is_clean)
        exit (EXIT_FAILURE); /* and no fail_msg: cmocka returns 0 when a group's teardown fails */
}

int world_set_up (void **state)
{
    *state = world_new ();
    return 0;
}

int world_tear_down (void **state)
{
    world_destroy ((world_t **)state);
    return 0;
}

static pid_t start (world_t *self, char *const arguments[])
{
    pid_t pid = spawn (self, arguments);
    if (self->count == sizeof self->processes / sizeof *self->processes)
        fail_msg ("too many processes in one world");
    self->processes[self->count++] = pid;
    return pid;
}

static pid_t host (world_t *self, const char *name, const char *module, const char *option, const char *value)
{
    char path[512];
    snprintf (path, sizeof path, "%s/tests/modules/%s.so", FAR_BUILD_DIR, module);
    char *const arguments[] = { FAR_ACTOR_PROGRAM,        "--broker", self->endpoint, "--name",
                                (char *)(uintptr_t)name,  "--module", path,           (char *)(uintptr_t)option,
                                (char *)(uintptr_t)value, NULL };
    return start (self, arguments);
}

pid_t world_host (world_t *self, const char *name)
{
    return host (self, name, "probe", NULL, NULL);
}

int world_set_up_host (void **state)
{
    world_set_up (state);
    world_host (*state, "host");
    return 0;
}

pid_t world_host_module (world_t *self, const char *name, const char *module)
{
    return host (self, name, module, NULL, NULL);
}

pid_t world_host_with (world_t *self, const char *name, const char *option, const char *value)
{
    return host (self, name, "probe", option, value);
}

int world_wait (world_t *self, pid_t pid)
{
    int status = wait_for (pid);
    for (size_t i = 0; i < self->count; i++)
        if (self->processes[i] == pid)
            self->processes[i--] = self->processes[--self->count];
    return status;
}

pid_t world_host_module_with (world_t *self, const char *name, const char *module, const char *option,
                              const char *value)
{
    return host (self, name, module, option, value);
}

pid_t world_worker (world_t *self, const char *fleet, int slots)
{
    char count[16], module[] = FAR_BUILD_DIR "/tests/modules/probe.so";
    snprintf (count, sizeof count, "%d", slots);
    char *const arguments[] = { FAR_ACTOR_PROGRAM, "--broker", self->endpoint, "--fleet", (char *)(uintptr_t)fleet,
                                "--slots",         count,      "--module",     module,    NULL };
    return start (self, arguments);
}

void world_signal (world_t *self, pid_t pid, int number)
{
    if (kill (pid, number))
        fail_msg ("kill: %s", strerror (errno));
    if (number == SIGSTOP)
        waitpid (pid, NULL, WUNTRACED); /* its threads run on for a moment */
    if (number != SIGKILL && number != SIGTERM)
        return;
    int status = world_wait (self, pid);
    if (number == SIGTERM && status) {
        print_log (self);
        fail_msg ("the process %d ended with status %x", (int)pid, (unsigned)status);
    }
}

void world_kill_broker (world_t *self)
{
    kill (self->broker, SIGKILL);
    wait_for (self->broker);
    self->broker = 0;
}

far_actor_t *world_actor (world_t *self, const char *name)
{
    far_actor_t *actor = far_actor_new (self->endpoint, name);
    assert_made (actor);
    return actor;
}

far_actor_t *world_open (world_t *self, const far_actor_options_t *options)
{
    far_actor_options_t at_broker = *options;
    at_broker.address = self->endpoint;
    far_actor_t *actor = far_actor_open (&at_broker);
    assert_made (actor);
    return actor;
}

far_proxy_t *world_at_broker (far_actor_t *actor, const char *path)
{
    far_process_t *broker = far_broker (actor);
    far_proxy_t *proxy = far_import_deferred (broker, path);
    assert_made (proxy);
    far_process_destroy (&broker);
    return proxy;
}

far_proxy_t *world_proxy_of (far_actor_t *owner, far_object_t *object, far_actor_t *actor, const char *process)
{
    far_proxy_t *to_owner = world_probe (owner, process), *to_actor = world_probe (actor, process), *proxy = NULL;
    assert_ok (far_call (to_owner, "hold", "O", object));
    assert_ok (far_call (to_actor, "held", ">P", &proxy));
    assert_ok (far_call (to_owner, "drop", ""));
    far_proxy_destroy (&to_owner);
    far_proxy_destroy (&to_actor);
    return proxy;
}

far_status_t world_post (far_call_t *call, void *semaphore)
{
    (void)call;
    sem_post (semaphore);
    return FAR_OK;
}

/* Not sem_clockwait, which ThreadSanitizer does not know of. */
void world_assert_posted (sem_t *semaphore)
{
    struct timespec until;
    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    assert_int_equal (sem_timedwait (semaphore, &until), 0);
}

far_proxy_t *world_probe (far_actor_t *actor, const char *name)
{
    far_process_t *process = far_find (actor, name);
    assert_made (process);
    far_proxy_t *probe = far_import (process, "probe");
    assert_made (probe);
    far_process_destroy (&process);
    return probe;
}

int world_log_lines (const world_t *self, const char *text)
{
    char line[4096];
    int lines = 0;
    FILE *log = fopen (self->log, "r");
    while (log && fgets (line, sizeof line, log))
        lines += strstr (line, text) != NULL;
    if (log)
        fclose (log);
    return lines;
}
