/* far-broker: from options to a broker that listens, and to a clean end. The order matters: the descriptors, the umask
 * and the signals are set before the first socket, forking comes before any thread, the lock before the bind. */
#include "accept.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "claim.h"
#include "config.h"
#include "detach.h"
#include "shell.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESERVED_FILES 64u
#define BOUND_BYTES    256

typedef struct broker {
    int argc;
    char **argv;
    config_t config;
    shell_t shell;
    claim_t claims[CONFIG_ENDPOINTS];
    size_t claim_count;
    char bound[CONFIG_ENDPOINTS][BOUND_BYTES]; /* the endpoints, as they were bound */
    size_t bound_count;
    int ready, log_fd;
    bool started; /* there is a shell to end */
} broker_t;

/* zsys_init obeys some 25 variables, which are not meant for us. */
static void clean_environment (void)
{
    for (char **at = environ; *at;) {
        char name[128];
        size_t size = strcspn (*at, "=");
        if (strncmp (*at, "ZSYS_", 5) != 0 || size >= sizeof name) {
            at++;
            continue;
        }
        memcpy (name, *at, size);
        name[size] = 0;
        unsetenv (name);
    }
}

/* All but those that tell of a bug, which must not be blocked. */
static void block_signals (void)
{
    static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS };
    sigset_t blocked;
    sigfillset (&blocked);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset (&blocked, faults[i]);
    sigprocmask (SIG_SETMASK, &blocked, NULL);
}

/* As many files as we may have; connections get what is left beside a reserve. */
static size_t raise_file_limit (void)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit))
        return 0;
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
    rlim_t reserve = limit.rlim_cur / 4 > RESERVED_FILES ? limit.rlim_cur / 4 : RESERVED_FILES;
    return limit.rlim_cur > reserve ? (size_t)(limit.rlim_cur - reserve) : 1;
}

static uint32_t make_incarnation (void)
{
    uint32_t incarnation = 0;
    while (!incarnation)
        far_random (&incarnation, sizeof incarnation);
    return incarnation;
}

static far_status_t claim_all (broker_t *self)
{
    far_address_t address;
    config_t *config = &self->config;
    far_status_t status = FAR_OK;
    if (!config->endpoint_count) {
        status = far_address_default (&address);
        config->endpoints[0] = status ? NULL : strdup (address.endpoint);
        if (config->endpoints[0])
            config->endpoint_count = 1;
        else if (!status)
            status = far_fail (FAR_E_NO_MEMORY, "no memory for an address");
    }
    for (size_t i = 0; i < config->endpoint_count && !status; i++)
        if (strncmp (config->endpoints[i], "ipc:", 4) == 0)
            status = claim_take (&self->claims[self->claim_count++], config->endpoints[i]);
    return status;
}

static claim_t *claim_of (broker_t *self, const char *endpoint)
{
    for (size_t i = 0; i < self->claim_count; i++)
        if (strcmp (self->claims[i].address.endpoint, endpoint) == 0)
            return &self->claims[i];
    return NULL;
}

static far_status_t bind_one (broker_t *self, const char *endpoint)
{
    char bound[BOUND_BYTES];
    far_status_t status = sockets_bind (&self->shell.sockets, endpoint, bound, sizeof bound);
    claim_t *claim = claim_of (self, endpoint);
    if (!status && claim)
        status = claim_bound (claim);
    if (status)
        return status;
    snprintf (self->bound[self->bound_count++], sizeof bound, "%s", bound);
    return FAR_OK;
}

static far_status_t start (broker_t *self)
{
    size_t files = raise_file_limit ();
    accept_reserve ();
    const config_t *config = &self->config;
    shell_options_t options = {
        .router = { make_incarnation (), config->parked_bytes, config->message_bytes },
        .max_connections = files && files < config->max_connections ? files : config->max_connections,
        .idle_exit_s = config->idle_exit_s,
    };
    zsys_handler_set (NULL);
    zsys_init ();
    self->started = true;
    far_status_t status = shell_init (&self->shell, &options);
    for (size_t i = 0; i < config->endpoint_count && !status; i++)
        status = bind_one (self, config->endpoints[i]);
    return status;
}

/* A socket file that is not ours any more: nobody can reach us. Binding again makes a new one, and those who are
 * connected stay. */
static bool check_claims (shell_t *shell, void *context)
{
    broker_t *self = context;
    for (size_t i = 0; i < self->claim_count; i++) {
        if (claim_holds (&self->claims[i]))
            continue;
        const char *endpoint = self->claims[i].address.endpoint;
        char bound[BOUND_BYTES];
        far_log (FAR_LOG_ERROR, "%s: somebody removed the socket or put another one there; binding it again", endpoint);
        if (sockets_bind (&shell->sockets, endpoint, bound, sizeof bound) || claim_bound (&self->claims[i])) {
            far_log (FAR_LOG_ERROR, "%s", far_error_message (far_last_error ()));
            return false;
        }
    }
    return true;
}

/* Where workers find us: on this machine if we can be found there. */
static const char *worker_endpoint (const broker_t *self)
{
    for (size_t i = 0; i < self->bound_count; i++)
        if (strncmp (self->bound[i], "ipc:", 4) == 0)
            return self->bound[i];
    return self->bound[0];
}

/* Only what the file says of fleets can change while the broker runs. */
static void reload (shell_t *shell, void *context)
{
    broker_t *self = context;
    config_t config;
    config_task_t task;
    far_status_t status = config_read (&config, self->argc, self->argv, &task);
    if (!status)
        status = shell_set_fleets (shell, &config.fleets, worker_endpoint (self));
    if (status)
        far_log (FAR_LOG_ERROR, "not reloaded: %s", far_error_message (far_last_error ()));
    else
        far_log (FAR_LOG_INFO, "reloaded");
    config_deinit (&config);
}

/* To the log; and to who has started us, unless that is not to be told but by our detaching. */
static void announce (const broker_t *self)
{
    for (size_t i = 0; i < self->bound_count; i++) {
        far_log (FAR_LOG_INFO, "far-broker %s (pid %d) listens at %s", far_version (), (int)getpid (), self->bound[i]);
        if (!self->config.daemon)
            printf ("listening at %s\n", self->bound[i]);
    }
    fflush (stdout);
}

/* far_status_t of the start; false in *out_ran if it failed later. */
static far_status_t run (broker_t *self, bool *out_ran)
{
    far_status_t status = FAR_OK;
    if (self->config.has_log_level)
        far_log_set_level (self->config.log_level);
    if (self->config.daemon)
        status = detach_begin (&self->ready);
    umask (077);
    block_signals ();
    prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (!status && (self->config.daemon || self->config.log_path))
        status = detach_open_log (self->config.log_path, &self->log_fd);
    if (!status)
        status = claim_all (self);
    if (!status)
        status = start (self);
    if (status)
        return status;
    if (self->config.daemon)
        detach_streams ();
    if (self->log_fd >= 0)
        detach_log (self->log_fd);
    announce (self);
    detach_ready (self->ready);
    status = shell_set_fleets (&self->shell, &self->config.fleets, worker_endpoint (self));
    if (status)
        return status;
    const shell_hooks_t hooks = { check_claims, self->config.has_file ? reload : NULL, self };
    *out_ran = shell_run (&self->shell, &hooks);
    return FAR_OK;
}

static void finish (broker_t *self)
{
    if (self->started) {
        shell_deinit (&self->shell);
        zsys_shutdown ();
    }
    for (size_t i = 0; i < self->claim_count; i++)
        claim_release (&self->claims[i]);
    config_deinit (&self->config);
}

int main (int argc, char **argv)
{
    static broker_t self = { .ready = -1, .log_fd = -1 };
    config_task_t task;
    bool ran = true;
    self.argc = argc;
    self.argv = argv;
    clean_environment ();
    far_status_t status = config_read (&self.config, argc, argv, &task);
    if (!status && task == CONFIG_HELP)
        config_print_help (stdout);
    else if (!status && task == CONFIG_VERSION)
        printf ("far-broker %s\n", far_version ());
    else if (!status)
        status = run (&self, &ran);
    if (status)
        fprintf (stderr, "far-broker: %s\n", far_error_message (far_last_error ()));
    finish (&self);
    return status || !ran ? EXIT_FAILURE : EXIT_SUCCESS;
}
