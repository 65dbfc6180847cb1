/* Which broker to connect to. The user's default one is started by the first that needs it: a lock file makes one winner
 * of many that start at once, and whoever had to wait finds it running. The broker detaches by itself and leaves when
 * nobody has been connected for a minute. */
#include "actor/autostart.h"
#include "base/address.h"
#include "base/beside.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define IDLE_EXIT_SECONDS "60"

/* Does anything listen there? */
static bool is_running (const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen (path) >= sizeof address.sun_path)
        return false;
    strcpy (address.sun_path, path);
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool running = fd >= 0 && !connect (fd, (struct sockaddr *)&address, sizeof address);
    if (fd >= 0)
        close (fd);
    return running;
}

static bool is_wanted (const far_actor_options_t *options)
{
    const char *off = getenv ("FAR_AUTOSTART");
    return !options->no_autostart && !(off && strcmp (off, "0") == 0);
}

/* Waits for the part of the broker that stays in the foreground until the address is bound. */
static far_status_t wait_started (pid_t pid, const char *program, const char *endpoint)
{
    int status;
    while (waitpid (pid, &status, 0) < 0)
        if (errno != EINTR)
            return FAR_OK; /* a program that ignores SIGCHLD: connecting will tell */
    if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
        return FAR_OK;
    return far_fail (FAR_E_SYSTEM, "no broker at %s, and '%s' could not start one (its line is on stderr)", endpoint,
                     program);
}

static far_status_t start (const char *endpoint)
{
    char program[4096 + 64];
    far_program_beside ("far-broker", "FAR_BROKER_PROGRAM", program, sizeof program);
    char *const arguments[] = { program, "--daemon", "--idle-exit", IDLE_EXIT_SECONDS, NULL };
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset (&none);
    posix_spawnattr_init (&attributes);
    posix_spawnattr_setsigmask (&attributes, &none);
    posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    pid_t pid;
    int failed = posix_spawnp (&pid, program, NULL, &attributes, arguments, environ);
    posix_spawnattr_destroy (&attributes);
    if (failed)
        return far_fail (FAR_E_SYSTEM, "no broker at %s, and '%s' can't be started: %s", endpoint, program,
                         strerror (failed));
    return wait_started (pid, program, endpoint);
}

/* With the start lock: one of many does it. */
static far_status_t start_once (const far_address_t *address)
{
    char lock[sizeof address->directory + 16];
    snprintf (lock, sizeof lock, "%s/start.lock", address->directory);
    int fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return far_fail_errno ("no broker at %s, and none can be started: %s", address->endpoint, lock);
    while (flock (fd, LOCK_EX) && errno == EINTR)
        ;
    far_status_t status = is_running (address->path) ? FAR_OK : start (address->endpoint);
    close (fd);
    return status;
}

static far_status_t check_address (const char *address, bool from_environment)
{
    bool ipc = !strncmp (address, "ipc://", 6), tcp = !strncmp (address, "tcp://", 6);
    if ((ipc && address[6]) || (tcp && strrchr (address + 6, ':')))
        return FAR_OK;
    return far_fail (FAR_E_BAD_ARGUMENTS, "address '%s'%s: expected ipc:///PATH or tcp://HOST:PORT", address,
                     from_environment ? " (from FAR_BROKER)" : "");
}

far_status_t far_autostart (const far_actor_options_t *options, char **out_endpoint)
{
    const char *chosen = options->address ? options->address : getenv ("FAR_BROKER");
    far_address_t address;
    if (!chosen || !*chosen) {
        if (far_address_default (&address))
            return far_last_status ();
        if (is_wanted (options) && !is_running (address.path)) {
            if (far_address_make_directory (&address) || start_once (&address))
                return far_last_status ();
        }
        chosen = address.endpoint;
    } else if (check_address (chosen, !options->address)) {
        return far_last_status ();
    }
    *out_endpoint = strdup (chosen);
    return *out_endpoint ? FAR_OK : far_fail (FAR_E_NO_MEMORY, "no memory for an address");
}
