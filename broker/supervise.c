/* Supervision: the crews' wishes made true with real processes. Owns the specs, the crews and the children; knows the
 * fleets' queues only through the operations that it was given. */
#include "supervise.h"
#include "child.h"
#include "base/beside.h"
#include "base/error.h"
#include "base/log.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_NS = 10000000, REMEMBERED = 64 };

typedef struct supervised {
    fleet_spec_t *spec;
    crew_t crew;
    child_t *children[CREW_MOST]; /* each in the place that it has in the crew */
    bool dropped;                 /* the configuration does not name it any more */
} supervised_t;

struct supervise {
    const supervise_ops_t *ops;
    void *context;
    char *broker;        /* its endpoint */
    char host[PATH_MAX]; /* far-actor */
    supervised_t **fleets;
    size_t count;
    struct {
        pid_t pid;
        far_exit_t how;
    } ended[REMEMBERED]; /* the last ones */
    size_t ends;
    far_deadline_t look_at; /* what fleets do is not told, but looked at */
};

supervise_t *supervise_new (const char *endpoint, const supervise_ops_t *ops, void *context)
{
    supervise_t *self = calloc (1, sizeof *self);
    if (!self || !(self->broker = strdup (endpoint))) {
        free (self);
        far_fail (FAR_E_NO_MEMORY, "no memory for the supervision of workers");
        return NULL;
    }
    self->ops = ops;
    self->context = context;
    far_program_beside ("far-actor", NULL, self->host, sizeof self->host);
    return self;
}

static void supervised_free (supervised_t *fleet)
{
    for (size_t i = 0; i < fleet->crew.used; i++)
        if (fleet->children[i])
            child_kill (&fleet->children[i]);
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
    for (size_t i = 0; i < fleet->crew.used; i++)
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

static void start (supervise_t *self, supervised_t *fleet, size_t worker, int64_t now_ns)
{
    fleet->children[worker] = child_new (fleet->spec, self->broker, self->host);
    if (fleet->children[worker])
        return;
    far_log (FAR_LOG_ERROR, "fleet %s: %s", fleet->spec->name, far_error_message (far_last_error ()));
    crew_ended (&fleet->crew, worker, now_ns);
}

/* The end of its session may be told later than that of its process. */
static void remember (supervise_t *self, const child_t *child)
{
    size_t place = self->ends++ % REMEMBERED;
    self->ended[place].pid = child->launched.pid;
    self->ended[place].how = child->ended;
}

/* Who has ended, and who has finished what it had. */
static void look_after (supervise_t *self, supervised_t *fleet, int64_t now_ns)
{
    for (size_t i = 0; i < fleet->crew.used; i++) {
        child_t *child = fleet->children[i];
        if (!child)
            continue;
        child_read (child);
        worker_state_t state = fleet->crew.workers[i].state;
        if (child_reap (child)) {
            child_log_end (child, state >= WORKER_ENDS);
            remember (self, child);
            child_destroy (&fleet->children[i]);
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
        count += CHILD_FDS * self->fleets[i]->crew.used;
    return count;
}

size_t supervise_fds (const supervise_t *self, struct pollfd *out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++)
        for (size_t j = 0; j < self->fleets[i]->crew.used && count + CHILD_FDS <= most; j++)
            if (self->fleets[i]->children[j])
                count += child_fds (self->fleets[i]->children[j], out + count);
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
        for (size_t j = 0; j < self->fleets[i]->crew.used; j++)
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
    if (child && !child_reap (child))
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
    for (size_t i = 0; i < fleet->crew.used; i++)
        out->pids[i] = fleet->children[i] ? fleet->children[i]->launched.pid : 0;
    return true;
}
