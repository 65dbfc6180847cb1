/* Workers as child processes. Owns the descriptors of one, and what it has written but for its newline. */
#include "child.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOST_WORDS = 7 };

/* The words of its command, in out, which has room for all. */
static void make_command (const fleet_spec_t *spec, const char *host, const char *slots, const char **out)
{
    if (spec->command) {
        const char *const shell[] = { "/bin/sh", "-c", spec->command };
        memcpy (out, shell, sizeof shell);
        return;
    }
    const char *const words[HOST_WORDS] = { host, "--fleet", spec->name, "--slots", slots, "--threads", slots };
    memcpy (out, words, sizeof words);
    size_t count = HOST_WORDS - (spec->slots > 1 ? 0 : 2); /* one at a time needs no pool */
    for (size_t i = 0; i < spec->module_count; i++) {
        out[count++] = "--module";
        out[count++] = spec->modules[i];
    }
    out[count] = NULL;
}

static far_status_t launch (const fleet_spec_t *spec, const char *broker, const char *host, far_launched_t *out)
{
    const char *command[HOST_WORDS + 2 * FLEET_SPEC_WORDS + 1] = { NULL };
    char *set_broker = NULL, slots[16], set_fleet[FAR_LIMIT_NAME_BYTES + 16], set_slots[32];
    if (asprintf (&set_broker, "FAR_BROKER=%s", broker) < 0)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a worker");
    snprintf (slots, sizeof slots, "%u", spec->slots);
    snprintf (set_fleet, sizeof set_fleet, "FAR_FLEET=%s", spec->name);
    snprintf (set_slots, sizeof set_slots, "FAR_SLOTS=%s", slots);
    make_command (spec, host, slots, command);
    const char *const defaults[] = { set_broker, set_fleet, set_slots, NULL };
    const far_launch_spec_t launching = { .command = command,
                                          .directory = spec->directory,
                                          .defaults = defaults,
                                          .environment = (const char *const *)spec->environment,
                                          .limits = spec->limits,
                                          .limit_count = spec->limit_count,
                                          .ends_its_group = true };
    far_status_t status = far_launch (&launching, out);
    free (set_broker);
    return status;
}

child_t *child_new (const fleet_spec_t *spec, const char *broker, const char *host)
{
    child_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for a worker");
        return NULL;
    }
    self->fleet = spec->name;
    if (launch (spec, broker, host, &self->launched)) {
        free (self);
        return NULL;
    }
    far_log (FAR_LOG_INFO, "fleet %s: worker %d is started", self->fleet, (int)self->launched.pid);
    return self;
}

static void log_line (const child_t *self, const char *stream, const char *line, size_t size)
{
    char text[FAR_LINE_BYTES];
    far_log (FAR_LOG_WARNING, "fleet %s, worker %d%s: %s", self->fleet, (int)self->launched.pid, stream,
             far_escape (line, size, text, sizeof text));
}

static void take_out (void *self, const char *line, size_t size)
{
    log_line (self, "", line, size);
}

static void take_err (void *self, const char *line, size_t size)
{
    log_line (self, " stderr", line, size);
}

static void read_from (child_t *self, int *fd, far_lines_t *lines, far_lines_fn *take)
{
    if (*fd < 0 || far_lines_read (lines, *fd, take, self))
        return;
    close (*fd);
    *fd = -1;
}

void child_read (child_t *self)
{
    read_from (self, &self->launched.out, &self->out, take_out);
    read_from (self, &self->launched.err, &self->err, take_err);
}

bool child_reap (child_t *self)
{
    if (!self->reaped)
        self->reaped = far_launched_reap (&self->launched, &self->ended);
    return self->reaped;
}

void child_destroy (child_t **self_p)
{
    child_t *self = *self_p;
    *self_p = NULL;
    child_read (self);
    far_lines_finish (&self->out, take_out, self);
    far_lines_finish (&self->err, take_err, self);
    far_launched_close (&self->launched);
    free (self);
}

void child_kill (child_t **self_p)
{
    child_t *self = *self_p;
    if (!child_reap (self))
        far_launched_signal (&self->launched, SIGKILL);
    poll (&(struct pollfd){ self->launched.pidfd, POLLIN, 0 }, 1, -1);
    child_reap (self);
    child_destroy (self_p);
}

void child_log_end (const child_t *self, bool expected)
{
    char why[512], cause[128];
    if (far_launched_failed (&self->launched, why, sizeof why))
        far_log (FAR_LOG_ERROR, "fleet %s: its worker can't be started: %s", self->fleet, why);
    else
        far_log (expected ? FAR_LOG_INFO : FAR_LOG_WARNING, "fleet %s: worker %d has ended: %s", self->fleet,
                 (int)self->launched.pid, far_exit_text (&self->ended, cause, sizeof cause));
}

size_t child_fds (const child_t *self, struct pollfd *out)
{
    const int fds[CHILD_FDS] = { self->launched.pidfd, self->launched.out, self->launched.err };
    size_t count = 0;
    for (size_t i = 0; i < CHILD_FDS; i++)
        if (fds[i] >= 0)
            out[count++] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
    return count;
}
