/* fork, setsid, and a pipe through which the child says that it is ready. Until then the child keeps the terminal, so
 * that what goes wrong at the start is read by whoever started it. */
#include "detach.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the parent. Copies of what it has not printed yet are the child's matter too: so nothing is flushed. */
static _Noreturn void wait_for_child (pid_t child, int ready)
{
    char byte;
    ssize_t size;
    int status = 0;
    do
        size = read (ready, &byte, 1);
    while (size < 0 && errno == EINTR);
    if (size == 1)
        _exit (EXIT_SUCCESS);
    while (waitpid (child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED (status))
        fprintf (stderr, "far-broker: ended by signal %d at its start\n", WTERMSIG (status));
    _exit (WIFEXITED (status) && WEXITSTATUS (status) ? WEXITSTATUS (status) : EXIT_FAILURE);
}

far_status_t detach_begin (int *out_ready)
{
    int ends[2];
    if (pipe2 (ends, O_CLOEXEC))
        return far_fail_errno ("pipe");
    fflush (NULL);
    pid_t child = fork ();
    if (child < 0) {
        close (ends[0]);
        close (ends[1]);
        return far_fail_errno ("fork");
    }
    if (child) {
        close (ends[1]);
        wait_for_child (child, ends[0]);
    }
    close (ends[0]);
    setsid ();
    *out_ready = ends[1];
    return FAR_OK;
}

far_status_t detach_open_log (const char *path, int *out_fd)
{
    *out_fd = open (path ? path : "/dev/null", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    return *out_fd < 0 ? far_fail_errno ("can't open the log %s", path ? path : "/dev/null") : FAR_OK;
}

void detach_streams (void)
{
    int nothing = open ("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0)
        return;
    dup2 (nothing, STDIN_FILENO);
    dup2 (nothing, STDOUT_FILENO);
    close (nothing);
}

void detach_log (int log_fd)
{
    dup2 (log_fd, STDERR_FILENO);
    close (log_fd);
}

void detach_ready (int ready)
{
    if (ready < 0)
        return;
    while (write (ready, "", 1) < 0 && errno == EINTR)
        ;
    close (ready);
}
