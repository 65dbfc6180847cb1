/* Children of a program: started with what they are to have, watched line by line, ended in each of the ways in which
 * they can end, and never left behind. */
#include "support/world.h"

#include "support/cm.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PATIENCE_MS = 30000 };

typedef struct written {
    pthread_mutex_t lock;
    char out[1024], err[1024];
} written_t;

static void note (void *context, bool is_error, const char *line, size_t size)
{
    written_t *self = context;
    char *to = is_error ? self->err : self->out;
    pthread_mutex_lock (&self->lock);
    snprintf (to + strlen (to), sizeof self->out - strlen (to), "[%.*s]", (int)size, line);
    pthread_mutex_unlock (&self->lock);
}

static far_child_t *start (far_actor_t *actor, const char *script, written_t *written, int grace_ms)
{
    const char *const command[] = { "sh", "-c", script, NULL };
    far_spawn_options_t options = { .command = command, .on_line = note, .context = written, .grace_ms = grace_ms };
    far_child_t *child = far_spawn (actor, &options);
    assert_made (child);
    return child;
}

static void assert_cause (far_child_t *child, const char *expected)
{
    char *cause = far_child_cause (child);
    assert_int_equal (strncmp (cause, expected, strlen (expected)), 0);
    far_string_free (&cause);
}

static void wait_written (written_t *written, const char *text)
{
    bool seen = false;
    while (!seen) {
        pthread_mutex_lock (&written->lock);
        seen = strstr (written->out, text);
        pthread_mutex_unlock (&written->lock);
        poll (NULL, 0, seen ? 0 : 1);
    }
}

static void lines_and_exit_code (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    written_t written = { .lock = PTHREAD_MUTEX_INITIALIZER };
    far_child_t *child = start (me, "echo one; echo two >&2; printf three; exit 3", &written, 0);
    assert_true (far_child_pid (child) > 1);
    assert_ok (far_child_wait (child, PATIENCE_MS));
    assert_int_equal (far_child_exit_code (child), 3);
    assert_cause (child, "exit code 3");
    assert_string_equal (written.out, "[one][three]");
    assert_string_equal (written.err, "[two]");
    far_child_stop (child);
    far_child_destroy (&child);
    assert_null (child);
    far_child_destroy (&child);
    far_actor_destroy (&me);
}

static void directory_environment_and_limits (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    written_t written = { .lock = PTHREAD_MUTEX_INITIALIZER };
    const char *const command[] = { "sh", "-c", "pwd; echo $FAR_TEST_WORD; ulimit -n; echo $FAR_BROKER; cat", NULL };
    const char *const environment[] = { "FAR_TEST_WORD=new", NULL }, *const lost[] = { "FAR_BROKER=none", NULL };
    const far_child_limit_t limits[] = { { RLIMIT_NOFILE, 77 } };
    far_spawn_options_t options = { .command = command,
                                    .directory = "/usr",
                                    .environment = environment,
                                    .limits = limits,
                                    .limit_count = 1,
                                    .on_line = note,
                                    .context = &written };
    setenv ("FAR_TEST_WORD", "old", 1);
    far_child_t *child = far_spawn (me, &options);
    assert_made (child);
    assert_ok (far_child_wait (child, PATIENCE_MS));
    char expected[256];
    snprintf (expected, sizeof expected, "[/usr][new][77][%s]", ((world_t *)*state)->endpoint);
    assert_string_equal (written.out, expected);
    far_child_destroy (&child);
    options.environment = lost; /* what is set counts more than what the library sets */
    written.out[0] = 0;
    assert_made (child = far_spawn (me, &options));
    assert_ok (far_child_wait (child, PATIENCE_MS));
    assert_string_equal (written.out, "[/usr][old][77][none]");
    far_child_destroy (&child);
    far_actor_destroy (&me);
}

static void what_can_not_be_started_says_why (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    const char *const nothing[] = { "/no/such/command", NULL };
    far_spawn_options_t options = { .command = nothing };
    assert_null (far_spawn (me, &options));
    assert_int_equal (far_last_status (), FAR_E_SYSTEM);
    assert_non_null (strstr (far_error_message (far_last_error ()), "/no/such/command"));
    assert_non_null (strstr (far_error_message (far_last_error ()), "No such file"));
    const char *const sleeper[] = { "sleep", "1000", NULL };
    options = (far_spawn_options_t){ .command = sleeper, .directory = "/no/such/directory" };
    assert_null (far_spawn (me, &options));
    assert_non_null (strstr (far_error_message (far_last_error ()), "/no/such/directory: No such file"));
    const far_child_limit_t limits[] = { { 9999, 1 } };
    options = (far_spawn_options_t){ .command = sleeper, .limits = limits, .limit_count = 1 };
    assert_null (far_spawn (me, &options));
    assert_non_null (strstr (far_error_message (far_last_error ()), "setrlimit"));
    options = (far_spawn_options_t){ 0 };
    assert_null (far_spawn (me, &options));
    assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
    far_actor_destroy (&me);
}

static void a_signal_is_a_cause (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    written_t written = { .lock = PTHREAD_MUTEX_INITIALIZER };
    far_child_t *child = start (me, "exec sleep 1000", &written, 0);
    assert_int_equal (far_child_exit_code (child), -1);
    assert_cause (child, "running");
    assert_status (far_child_wait (child, 0), FAR_E_TIMEOUT);
    kill ((pid_t)far_child_pid (child), SIGKILL);
    assert_ok (far_child_wait (child, PATIENCE_MS));
    assert_int_equal (far_child_exit_code (child), 128 + SIGKILL);
    assert_cause (child, "signal 9 (Killed)");
    far_child_destroy (&child);
    child = start (me, "kill -SEGV $$", &written, 0);
    assert_ok (far_child_wait (child, PATIENCE_MS));
    assert_cause (child, "signal 11 (Segmentation fault)");
    far_child_destroy (&child);
    far_actor_destroy (&me);
}

static void stop_is_term_and_then_kill (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    written_t written = { .lock = PTHREAD_MUTEX_INITIALIZER };
    far_child_t *child =
        start (me, "trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.01; done", &written, PATIENCE_MS);
    wait_written (&written, "[ready]");
    far_child_stop (child);
    assert_cause (child, "exit code 5");
    assert_non_null (strstr (written.out, "[bye]"));
    far_child_destroy (&child);
    written.out[0] = 0;
    child = start (me, "trap '' TERM; echo ready; while :; do sleep 0.01; done", &written, 50);
    wait_written (&written, "[ready]");
    far_child_stop (child);
    assert_cause (child, "signal 9 (Killed)");
    far_child_destroy (&child);
    far_actor_destroy (&me);
}

static void a_child_is_found_and_called (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    const char *const command[] = {
        FAR_ACTOR_PROGRAM, "--name", "offspring", "--module", FAR_BUILD_DIR "/tests/modules/probe.so", NULL
    };
    far_spawn_options_t options = { .command = command };
    far_child_t *child = far_spawn (me, &options);
    assert_made (child);
    far_proxy_t *probe = world_probe (me, "offspring");
    int64_t pid;
    assert_ok (far_call (probe, "pid", ">l", &pid));
    assert_int_equal (pid, far_child_pid (child));
    far_proxy_destroy (&probe);
    far_child_stop (child);
    assert_cause (child, "exit code 0");
    far_child_destroy (&child);
    far_actor_destroy (&me);
}

/* Waits until the process, which is not a child of this one, has ended. */
static void wait_gone (int pidfd)
{
    struct pollfd fd = { pidfd, POLLIN, 0 };
    assert_int_equal (poll (&fd, 1, PATIENCE_MS), 1);
    close (pidfd);
}

static int pidfd_of (int64_t pid)
{
    int fd = (int)syscall (SYS_pidfd_open, (pid_t)pid, 0);
    assert_true (fd >= 0);
    return fd;
}

static void the_actor_takes_its_children_along (void **state)
{
    far_actor_t *me = world_actor (*state, NULL), *other = world_actor (*state, "closed");
    written_t written = { .lock = PTHREAD_MUTEX_INITIALIZER };
    far_child_t *child = start (other, "exec sleep 1000", &written, 0);
    far_process_t *process = far_find (me, "closed");
    assert_made (process);
    assert_ok (far_process_close (process, true));
    assert_ok (far_child_wait (child, PATIENCE_MS));
    assert_cause (child, "signal 15 (Terminated)");
    far_process_destroy (&process);
    assert_ok (far_actor_wait_closed (other, PATIENCE_MS));
    const char *const command[] = { "sleep", "1000", NULL };
    assert_null (far_spawn (other, &(far_spawn_options_t){ .command = command }));
    assert_int_equal (far_last_status (), FAR_E_CLOSED);
    far_child_destroy (&child);
    far_actor_destroy (&other);
    child = start (me, "exec sleep 1000", &written, 0);
    far_actor_destroy (&me);
    assert_int_equal (far_child_exit_code (child), 128 + SIGTERM);
    far_child_destroy (&child);
}

/* What the test starts as the program that is killed: says the pid of its child, and waits for its end. */
static int run_parent (const char *endpoint)
{
    far_actor_t *me = far_actor_new (endpoint, NULL);
    const char *const command[] = { "sleep", "1000", NULL };
    far_child_t *child = me ? far_spawn (me, &(far_spawn_options_t){ .command = command }) : NULL;
    if (!child)
        return far_print_error ("parent");
    printf ("%lld\n", (long long)far_child_pid (child));
    fflush (stdout);
    for (;;)
        pause ();
}

static void a_child_does_not_outlive_its_program (void **state)
{
    int fds[2];
    assert_int_equal (pipe (fds), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, fds[1], 1);
    posix_spawn_file_actions_addclose (&actions, fds[0]);
    char program[] = FAR_BUILD_DIR "/tests/flow-spawn", parent_word[] = "parent";
    char *const arguments[] = { program, parent_word, ((world_t *)*state)->endpoint, NULL };
    pid_t parent;
    assert_int_equal (posix_spawn (&parent, program, &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy (&actions);
    close (fds[1]);
    char text[32] = "";
    assert_true (read (fds[0], text, sizeof text - 1) > 1);
    close (fds[0]);
    int child = pidfd_of (strtoll (text, NULL, 10));
    kill (parent, SIGKILL);
    assert_int_equal (waitpid (parent, NULL, 0), parent);
    wait_gone (child);
}

/* Many daemons ignore SIGCHLD: the kernel reaps their children, and nobody learns how they ended. */
static void a_program_that_ignores_sigchld_sees_the_end (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    written_t written = { .lock = PTHREAD_MUTEX_INITIALIZER };
    void (*before) (int) = signal (SIGCHLD, SIG_IGN);
    far_child_t *child = start (me, "echo one; exit 3", &written, 0);
    far_status_t status = far_child_wait (child, PATIENCE_MS);
    signal (SIGCHLD, before);
    assert_ok (status);
    assert_string_equal (written.out, "[one]");
    assert_int_equal (far_child_exit_code (child), -1);
    assert_cause (child, "unknown");
    far_child_destroy (&child);
    far_actor_destroy (&me);
}

typedef struct stopping {
    _Atomic (far_child_t *) child;
    atomic_int wait_status;
} stopping_t;

static void stop_at_line (void *context, bool is_error, const char *line, size_t size)
{
    (void)is_error, (void)line, (void)size;
    stopping_t *self = context;
    while (!atomic_load (&self->child)) /* far_spawn may not have returned yet */
        poll (NULL, 0, 1);
    atomic_store (&self->wait_status, (int)far_child_wait (self->child, FAR_FOREVER));
    far_child_stop (self->child);
}

static void a_line_may_stop_its_child (void **state)
{
    far_actor_t *me = world_actor (*state, NULL);
    stopping_t stopping = { .child = NULL };
    const char *const command[] = { "sh", "-c", "echo ready; exec sleep 1000", NULL };
    far_child_t *child =
        far_spawn (me, &(far_spawn_options_t){ .command = command, .on_line = stop_at_line, .context = &stopping });
    assert_made (child);
    atomic_store (&stopping.child, child);
    assert_ok (far_child_wait (child, PATIENCE_MS));
    assert_int_equal (atomic_load (&stopping.wait_status), FAR_E_BAD_ARGUMENTS);
    assert_cause (child, "signal 15");
    far_child_destroy (&child);
    far_actor_destroy (&me);
}

int main (int argc, char **argv)
{
    if (argc == 3 && !strcmp (argv[1], "parent"))
        return run_parent (argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (lines_and_exit_code, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (directory_environment_and_limits, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (what_can_not_be_started_says_why, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (a_signal_is_a_cause, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (a_line_may_stop_its_child, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (a_program_that_ignores_sigchld_sees_the_end, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (stop_is_term_and_then_kill, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (a_child_is_found_and_called, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (the_actor_takes_its_children_along, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown (a_child_does_not_outlive_its_program, world_set_up, world_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
