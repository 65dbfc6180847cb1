/* Supervision: the crews' wishes made true with real processes. Owns the specs, the crews and the children; knows the
 * fleets' queues only through the operations that it was given. */
#include "supervise.h"
#include "base/beside.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/lines.h"
#include "base/log.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_NS = 10000000, REMEMBERED = 64 };

/* A worker's process, in the place that it has in its crew. */
typedef struct child {
    far_launched_t launched;
    bool reaped; /* ended is how; the crew is told in the next step */
    far_exit_t ended;
    far_lines_t out, err;
    const char *fleet; /* its name; the spec's */
} child_t;

typedef struct supervised {
    fleet_spec_t *spec;
    crew_t crew;
    child_t *children[CREW_MOST];
    bool dropped; /* the configuration does not name it any more */
} supervised_t;

struct supervise {
    const supervise_ops_t *ops;
    void *context;
    char *broker; /* "FAR_BROKER=..." */
    char program[PATH_MAX];
    supervised_t **fleets;
    size_t count;
    struct {
        pid_t pid;
        far_exit_t how;
    } ended[REMEMBERED]; /* the last ones, as the end of a session may be told later than that of its process */
    size_t ends;
    far_deadline_t look_at; /* what fleets do is not told, but looked at */
};

supervise_t *supervise_new (const char *endpoint, const supervise_ops_t *ops, void *context)
{
    supervise_t *self = calloc (1, sizeof *self);
    if (!self || asprintf (&self->broker, "FAR_BROKER=%s", endpoint) < 0) {
        free (self);
        far_fail (FAR_E_NO_MEMORY, "no memory for the supervision of workers");
        return NULL;
    }
    self->ops = ops;
    self->context = context;
    far_program_beside ("far-actor", NULL, self->program, sizeof self->program);
    return self;
}

static void log_line (const child_t *child, const char *stream, const char *line, size_t size)
{
    char text[FAR_LINE_BYTES];
    far_log (FAR_LOG_WARNING, "fleet %s, worker %d%s: %s", child->fleet, (int)child->launched.pid, stream,
             far_escape (line, size, text, sizeof text));
}

static void take_out (void *child, const char *line, size_t size)
{
    log_line (child, "", line, size);
}

static void take_err (void *child, const char *line, size_t size)
{
    log_line (child, " stderr", line, size);
}

static void read_lines (child_t *child)
{
    if (child->launched.out >= 0 && !far_lines_read (&child->out, child->launched.out, take_out, child)) {
        close (child->launched.out);
        child->launched.out = -1;
    }
    if (child->launched.err >= 0 && !far_lines_read (&child->err, child->launched.err, take_err, child)) {
        close (child->launched.err);
        child->launched.err = -1;
    }
}

static bool reap (child_t *child)
{
    if (!child->reaped)
        child->reaped = far_launched_reap (&child->launched, &child->ended);
    return child->reaped;
}

/* What it wrote before its end is read; then it is gone. */
static void bury (child_t **child_p)
{
    child_t *child = *child_p;
    *child_p = NULL;
    read_lines (child);
    far_lines_finish (&child->out, take_out, child);
    far_lines_finish (&child->err, take_err, child);
    far_launched_close (&child->launched);
    free (child);
}

static void supervised_free (supervised_t *fleet)
{
    for (size_t i = 0; i < CREW_MOST; i++) {
        if (!fleet->children[i])
            continue;
        if (!reap (fleet->children[i]))
            far_launched_signal (&fleet->children[i]->launched, SIGKILL);
        poll (&(struct pollfd){ fleet->children[i]->launched.pidfd, POLLIN, 0 }, 1, -1);
        reap (fleet->children[i]);
        bury (&fleet->children[i]);
    }
    fleet_spec_destroy (&fleet->spec);
    free (fleet);
}

void supervise_destroy (supervise_t **self_p)
{
    supervise_t *self = *self_p;
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        supervised_free (self->fleets[i]);
    free (self->fleets);
    free (self->broker);
    free (self);
    *self_p = NULL;
}

static supervised_t *find (const supervise_t *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->fleets[i]->spec->name, name) == 0)
            return self->fleets[i];
    return NULL;
}

static supervised_t *supervised_new (fleet_spec_t **spec_p)
{
    supervised_t *fleet = calloc (1, sizeof *fleet);
    if (!fleet)
        return NULL;
    fleet->spec = *spec_p;
    *spec_p = NULL;
    crew_init (&fleet->crew, &fleet->spec->crew);
    return fleet;
}

/* The children keep the name of their fleet. */
static void replace_spec (supervised_t *fleet, fleet_spec_t **spec_p, int64_t now_ns)
{
    bool changed = !fleet_spec_starts_alike (fleet->spec, *spec_p);
    fleet_spec_t *before = fleet->spec;
    fleet->spec = *spec_p;
    *spec_p = NULL;
    for (size_t i = 0; i < CREW_MOST; i++)
        if (fleet->children[i])
            fleet->children[i]->fleet = fleet->spec->name;
    fleet_spec_destroy (&before);
    crew_set (&fleet->crew, &fleet->spec->crew, changed, now_ns);
    fleet->crew.stopping = fleet->dropped = false;
}

far_status_t supervise_set (supervise_t *self, fleet_specs_t *specs, int64_t now_ns)
{
    supervised_t **fleets = realloc (self->fleets, (self->count + specs->count + 1) * sizeof (supervised_t *));
    if (!fleets)
        return far_fail (FAR_E_NO_MEMORY, "no memory for the supervision of workers");
    self->fleets = fleets;
    for (size_t i = 0; i < self->count; i++)
        fleets[i]->dropped = !fleet_specs_find (specs, fleets[i]->spec->name);
    for (size_t i = 0; i < specs->count; i++) {
        supervised_t *known = find (self, specs->items[i]->name);
        if (known) {
            replace_spec (known, &specs->items[i], now_ns);
            continue;
        }
        supervised_t *added = supervised_new (&specs->items[i]);
        if (!added)
            return far_fail (FAR_E_NO_MEMORY, "no memory for the supervision of workers");
        fleets[self->count++] = added;
    }
    for (size_t i = 0; i < self->count; i++)
        if (fleets[i]->dropped)
            crew_stop (&fleets[i]->crew, fleets[i]->spec->crew.drain_ns);
    return FAR_OK;
}

int64_t supervise_stop (supervise_t *self, int64_t drain_ns)
{
    int64_t longest = 0;
    for (size_t i = 0; i < self->count; i++) {
        supervised_t *fleet = self->fleets[i];
        int64_t drain = fleet->spec->crew.drain_ns < drain_ns ? fleet->spec->crew.drain_ns : drain_ns;
        int64_t within = drain + fleet->spec->crew.grace_ns;
        crew_stop (&fleet->crew, drain);
        longest = within > longest ? within : longest;
    }
    return longest + INT64_C (1000000000); /* and to be reaped */
}

bool supervise_is_gone (const supervise_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        if (!crew_is_gone (&self->fleets[i]->crew))
            return false;
    return true;
}

/* The words of a worker's command, in out, which has room for all. */
static void make_command (const supervise_t *self, const fleet_spec_t *spec, char *slots, const char **out)
{
    size_t count = 0;
    if (spec->command) {
        const char *const shell[] = { "/bin/sh", "-c", spec->command };
        memcpy (out, shell, sizeof shell);
        return;
    }
    const char *const host[] = { self->program, "--fleet", spec->name, "--slots", slots, "--threads", slots };
    memcpy (out, host, sizeof host);
    count = sizeof host / sizeof *host - (spec->slots > 1 ? 0 : 2); /* one at a time needs no pool */
    for (size_t i = 0; i < spec->module_count; i++) {
        out[count++] = "--module";
        out[count++] = spec->modules[i];
    }
}

static far_status_t launch (const supervise_t *self, const fleet_spec_t *spec, far_launched_t *out)
{
    const char *command[7 + 2 * FLEET_SPEC_WORDS + 1] = { NULL };
    const char *environment[3 + FLEET_SPEC_WORDS + 1] = { self->broker };
    char slots[16], set_fleet[FAR_LIMIT_NAME_BYTES + 16], set_slots[32];
    snprintf (slots, sizeof slots, "%u", spec->slots);
    snprintf (set_fleet, sizeof set_fleet, "FAR_FLEET=%s", spec->name);
    snprintf (set_slots, sizeof set_slots, "FAR_SLOTS=%u", spec->slots);
    environment[1] = set_fleet;
    environment[2] = set_slots;
    memcpy (environment + 3, spec->environment, spec->environment_count * sizeof *environment);
    make_command (self, spec, slots, command);
    far_launch_spec_t launching = { command, spec->directory, environment, spec->limits, spec->limit_count, true };
    return far_launch (&launching, out);
}

static void start (supervise_t *self, supervised_t *fleet, size_t worker, int64_t now_ns)
{
    child_t *child = calloc (1, sizeof *child);
    far_status_t status =
        child ? launch (self, fleet->spec, &child->launched) : far_fail (FAR_E_NO_MEMORY, "no memory for a worker");
    if (status) {
        far_log (FAR_LOG_ERROR, "fleet %s: %s", fleet->spec->name, far_error_message (far_last_error ()));
        free (child);
        crew_ended (&fleet->crew, worker, now_ns);
        return;
    }
    child->fleet = fleet->spec->name;
    fleet->children[worker] = child;
    far_log (FAR_LOG_INFO, "fleet %s: worker %d is started", child->fleet, (int)child->launched.pid);
}

static void log_end (const child_t *child, bool expected)
{
    char why[512], cause[128];
    if (far_launched_failed (&child->launched, why, sizeof why))
        far_log (FAR_LOG_ERROR, "fleet %s: its worker can't be started: %s", child->fleet, why);
    else
        far_log (expected ? FAR_LOG_INFO : FAR_LOG_WARNING, "fleet %s: worker %d has ended: %s", child->fleet,
                 (int)child->launched.pid, far_exit_text (&child->ended, cause, sizeof cause));
}

/* Who has ended, and who has finished what it had. */
static void look_after (supervise_t *self, supervised_t *fleet, int64_t now_ns)
{
    for (size_t i = 0; i < CREW_MOST; i++) {
        child_t *child = fleet->children[i];
        if (!child)
            continue;
        read_lines (child);
        worker_state_t state = fleet->crew.workers[i].state;
        if (reap (child)) {
            log_end (child, state >= WORKER_ENDS);
            self->ended[self->ends % REMEMBERED].pid = child->launched.pid;
            self->ended[self->ends++ % REMEMBERED].how = child->ended;
            bury (&fleet->children[i]);
            crew_ended (&fleet->crew, i, now_ns);
        } else if (state == WORKER_STARTING && self->ops->is_there (self->context, child->fleet, child->launched.pid)) {
            crew_started (&fleet->crew, i);
        } else if (state == WORKER_DRAINS && self->ops->is_idle (self->context, child->fleet, child->launched.pid)) {
            crew_drained (&fleet->crew, i, now_ns);
        }
    }
}

static void carry_out (supervise_t *self, supervised_t *fleet, crew_do_t what, size_t worker, int64_t now_ns)
{
    child_t *child = what == CREW_REST ? NULL : fleet->children[worker];
    switch (what) {
    case CREW_START:
        start (self, fleet, worker, now_ns);
        break;
    case CREW_DRAIN:
        self->ops->drain (self->context, child->fleet, child->launched.pid);
        break;
    case CREW_TERM:
        far_launched_signal (&child->launched, SIGTERM);
        break;
    case CREW_KILL:
        far_log (FAR_LOG_WARNING, "fleet %s: worker %d is killed", child->fleet, (int)child->launched.pid);
        far_launched_signal (&child->launched, SIGKILL);
        break;
    case CREW_REST:
        far_log (FAR_LOG_ERROR, "fleet %s: too many workers have ended: none is started for %lld s", fleet->spec->name,
                 (long long)(fleet->spec->crew.rest_ns / 1000000000));
        break;
    case CREW_NOTHING:
        break;
    }
}

/* Until there is nothing more to be done now: who is to be drained may have nothing left. */
static void step (supervise_t *self, supervised_t *fleet, int64_t now_ns)
{
    size_t worker, waiting = self->ops->waiting (self->context, fleet->spec->name);
    bool busy = true;
    while (busy) {
        look_after (self, fleet, now_ns);
        busy = false;
        for (crew_do_t what; (what = crew_next (&fleet->crew, waiting, now_ns, &worker)); busy = true)
            carry_out (self, fleet, what, worker, now_ns);
    }
    if (waiting || crew_count (&fleet->crew, WORKER_STARTING) || crew_count (&fleet->crew, WORKER_DRAINS))
        self->look_at = now_ns + LOOK_NS;
}

void supervise_step (supervise_t *self, int64_t now_ns)
{
    size_t kept = 0;
    self->look_at = FAR_DEADLINE_NEVER;
    for (size_t i = 0; i < self->count; i++) {
        supervised_t *fleet = self->fleets[i];
        step (self, fleet, now_ns);
        if (fleet->dropped && crew_is_gone (&fleet->crew))
            supervised_free (fleet);
        else
            self->fleets[kept++] = fleet;
    }
    self->count = kept;
}

size_t supervise_fd_count (const supervise_t *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < CREW_MOST; j++)
            count += self->fleets[i]->children[j] ? 3 : 0;
    return count;
}

size_t supervise_fds (const supervise_t *self, struct pollfd *out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < CREW_MOST; j++) {
            const child_t *child = self->fleets[i]->children[j];
            if (!child)
                continue;
            const int fds[] = { child->launched.pidfd, child->launched.out, child->launched.err };
            for (size_t k = 0; k < 3 && count < most; k++)
                if (fds[k] >= 0)
                    out[count++] = (struct pollfd){ .fd = fds[k], .events = POLLIN };
        }
    return count;
}

far_deadline_t supervise_next_time (const supervise_t *self)
{
    far_deadline_t earliest = self->look_at;
    for (size_t i = 0; i < self->count; i++) {
        far_deadline_t next = crew_next_time (&self->fleets[i]->crew);
        if (next < earliest)
            earliest = next;
    }
    return earliest;
}

static child_t *child_of (const supervise_t *self, pid_t pid, supervised_t **out_fleet, size_t *out_worker)
{
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < CREW_MOST; j++)
            if (self->fleets[i]->children[j] && self->fleets[i]->children[j]->launched.pid == pid) {
                *out_fleet = self->fleets[i];
                *out_worker = j;
                return self->fleets[i]->children[j];
            }
    return NULL;
}

bool supervise_cause (supervise_t *self, pid_t pid, char *out, size_t out_size)
{
    supervised_t *fleet;
    size_t worker;
    child_t *child = child_of (self, pid, &fleet, &worker);
    *out = 0;
    if (child && !reap (child))
        return false;
    if (child)
        far_exit_text (&child->ended, out, out_size);
    for (size_t i = 0; !child && i < REMEMBERED; i++)
        if (self->ended[i].pid == pid)
            far_exit_text (&self->ended[i].how, out, out_size);
    return true;
}

bool supervise_kill (supervise_t *self, pid_t pid, int64_t now_ns)
{
    supervised_t *fleet;
    size_t worker;
    if (!child_of (self, pid, &fleet, &worker))
        return false;
    crew_kill (&fleet->crew, worker, now_ns);
    return true;
}

far_status_t supervise_scale (supervise_t *self, const char *name, unsigned least, unsigned most, int64_t now_ns)
{
    supervised_t *fleet = find (self, name);
    if (!fleet)
        return far_fail (FAR_E_DENIED, "fleet %s has no workers that the broker starts", name);
    if (fleet->crew.stopping)
        return far_fail (FAR_E_DENIED, "fleet %s is being ended", name);
    crew_settings_t settings = fleet->crew.settings;
    settings.least = least;
    settings.most = most;
    crew_set (&fleet->crew, &settings, false, now_ns);
    self->look_at = now_ns + LOOK_NS; /* there are places to fill, or to give up */
    return FAR_OK;
}

void supervise_hold (supervise_t *self, const char *name, bool held, int64_t now_ns)
{
    supervised_t *fleet = find (self, name);
    if (!fleet || fleet->crew.held == held)
        return;
    crew_hold (&fleet->crew, held);
    self->look_at = now_ns + LOOK_NS;
}

bool supervise_view (const supervise_t *self, const char *name, supervise_view_t *out)
{
    const supervised_t *fleet = find (self, name);
    if (!fleet)
        return false;
    out->crew = &fleet->crew;
    for (size_t i = 0; i < CREW_MOST; i++)
        out->pids[i] = fleet->children[i] ? fleet->children[i]->launched.pid : 0;
    return true;
}
