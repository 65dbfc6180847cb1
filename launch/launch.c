/* far-launch: becomes another program, after it has set what posix_spawn has no means for: the directory, limits, and
 * that the kernel kills it when the thread that started it ends. Started by the library and the broker:
 *
 *     far-launch PARENT DIRECTORY COUNT RESOURCE=VALUE... COMMAND [ARGUMENT...]
 *
 * PARENT is the pid of who started it, DIRECTORY may be "", COUNT says how many limits follow. What fails is said on
 * descriptor 3, which is closed where nothing does. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { REPORT_FD = 3, EXIT_FAILED = 127 };

static void fail (const char *what)
{
    dprintf (REPORT_FD, "%s: %s", what, strerror (errno));
    exit (EXIT_FAILED);
}

static void die_with (pid_t parent)
{
    if (prctl (PR_SET_PDEATHSIG, SIGKILL))
        fail ("prctl");
    if (getppid () != parent) /* it ended before that was set */
        exit (EXIT_FAILED);
}

static void set_limit (const char *argument)
{
    char *value;
    int resource = (int)strtol (argument, &value, 10);
    unsigned long long most = *value == '=' ? strtoull (value + 1, NULL, 10) : 0;
    struct rlimit limit = { .rlim_cur = most, .rlim_max = most };
    if (setrlimit ((unsigned)resource, &limit))
        fail ("setrlimit");
}

int main (int argc, char **argv)
{
    if (argc < 5 || fcntl (REPORT_FD, F_SETFD, FD_CLOEXEC)) {
        fprintf (stderr, "far-launch is started by farcall, not by hand\n");
        return EXIT_FAILED;
    }
    die_with ((pid_t)strtol (argv[1], NULL, 10));
    long limits = strtol (argv[3], NULL, 10);
    if (limits < 0 || limits > argc - 5) {
        errno = EINVAL;
        fail ("limits");
    }
    for (long i = 0; i < limits; i++)
        set_limit (argv[4 + i]);
    if (*argv[2] && chdir (argv[2]))
        fail (argv[2]);
    execvp (argv[4 + limits], argv + 4 + limits);
    fail ("exec");
}
