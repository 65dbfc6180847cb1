/* Workers: what ties the supervision of processes to the fleets that they work for, and to the loop. A worker is told
 * from other processes by its pid, which the kernel vouches for. */
#include "base/error.h"
#include "base/log.h"
#include "fleets.h"
#include "shell.h"

#include <stdlib.h>
#include <string.h>

enum {
    LOOK_EVERY_NS = 10000000,   /* at queues, while messages pass */
    CAUSE_WITHIN_NS = 200000000 /* a process whose connection has ended ends too, mostly; so long is that waited for */
};

static size_t waiting (void *shell, const char *name)
{
    const fleet_process_t *fleet = fleets_find (((shell_t *)shell)->residents, name);
    return fleet ? fleet_waiting (&fleet->fleet) : 0;
}

static fleet_worker_t *worker_of (const fleet_process_t *fleet, pid_t pid)
{
    for (fleet_worker_t *worker = fleet ? fleet->fleet.workers : NULL; worker; worker = worker->next)
        if (session_pid (worker->session) == pid)
            return worker;
    return NULL;
}

static bool is_there (void *shell, const char *name, pid_t pid)
{
    return worker_of (fleets_find (((shell_t *)shell)->residents, name), pid);
}

static void drain (void *shell, const char *name, pid_t pid)
{
    fleet_process_t *fleet = fleets_find (((shell_t *)shell)->residents, name);
    fleet_worker_t *worker = worker_of (fleet, pid);
    if (!worker)
        return;
    fleet_turn_away (&fleet->fleet, worker);
    fleets_stir (fleet);
}

static bool is_idle (void *shell, const char *name, pid_t pid)
{
    const fleet_worker_t *worker = worker_of (fleets_find (((shell_t *)shell)->residents, name), pid);
    return !worker || !worker->running;
}

static const supervise_ops_t ops = { .waiting = waiting, .is_there = is_there, .drain = drain, .is_idle = is_idle };

/* Fleets are there before their workers, with what the configuration says of their queues. */
static far_status_t open_fleets (shell_t *self, const fleet_specs_t *specs)
{
    for (size_t i = 0; i < specs->count; i++)
        if (!fleets_open (self->residents, specs->items[i]->name, (far_process_id_t){ 0 }))
            return far_fail (far_last_status (), "%s: %s", specs->items[i]->where,
                             far_error_message (far_last_error ()));
    for (size_t i = 0; i < specs->count; i++) { /* none of them, if one could not be had */
        fleet_process_t *fleet = fleets_find (self->residents, specs->items[i]->name);
        fleet->resident.maker = (far_process_id_t){ 0 };
        fleet->fleet.settings = specs->items[i]->queue;
        fleets_stir (fleet);
    }
    return FAR_OK;
}

far_status_t shell_set_fleets (shell_t *self, fleet_specs_t *specs, const char *endpoint)
{
    if (!self->workers && !specs->count)
        return FAR_OK;
    if (!self->workers)
        self->workers = supervise_new (endpoint, &ops, self);
    if (!self->workers)
        return far_last_status ();
    self->residents->workers = self->workers;
    far_status_t status = open_fleets (self, specs);
    if (!status)
        status = supervise_set (self->workers, specs, far_clock_ns ());
    self->workers_at = 0;
    return status;
}

/* Workers of ours that go on with what was given up long ago. */
static void kill_stuck (shell_t *self, const fleet_process_t *fleet)
{
    for (const fleet_worker_t *worker = fleet->fleet.workers; worker; worker = worker->next)
        for (const fleet_job_t *job = worker->first; job; job = job->next) {
            int64_t kill_at = job->given_up_at + fleet->fleet.settings.kill_ns;
            if (!job->given_up_at)
                continue;
            if (self->now_ns >= kill_at)
                supervise_kill (self->workers, (pid_t)session_pid (worker->session), self->now_ns);
            else if (kill_at < self->kill_at)
                self->kill_at = kill_at;
        }
}

void shell_look_after_workers (shell_t *self)
{
    if (!self->workers || self->now_ns < self->workers_at)
        return;
    self->kill_at = FAR_DEADLINE_NEVER;
    for (const resident_t *resident = self->residents->first; resident; resident = resident->next) {
        const fleet_process_t *fleet = fleets_as_fleet (resident);
        if (fleet && fleet->fleet.settings.kill_ns)
            kill_stuck (self, fleet);
    }
    supervise_step (self->workers, self->now_ns);
    self->workers_at = self->now_ns + LOOK_EVERY_NS;
    bool over = supervise_is_gone (self->workers) || self->now_ns >= self->workers_until;
    if (self->workers_until != FAR_DEADLINE_NEVER && over)
        shell_stop (self);
}

bool shell_stop_workers (shell_t *self)
{
    enum { DRAIN_NS = 1000000000 };
    if (!self->workers || supervise_is_gone (self->workers) || self->workers_until != FAR_DEADLINE_NEVER)
        return false;
    int64_t within = supervise_stop (self->workers, DRAIN_NS);
    self->workers_until = far_clock_ns () + within;
    self->workers_at = 0;
    return true;
}

far_deadline_t shell_workers_deadline (const shell_t *self)
{
    if (!self->workers)
        return FAR_DEADLINE_NEVER;
    far_deadline_t next = supervise_next_time (self->workers);
    next = next < self->kill_at ? next : self->kill_at;
    next = next < self->workers_until ? next : self->workers_until;
    return next > self->workers_at ? next : self->workers_at; /* they are not looked after before that */
}

struct pollfd *shell_poll_set (shell_t *self, size_t *count)
{
    size_t wanted = SHELL_OWN_FDS + (self->workers ? supervise_fd_count (self->workers) : 0);
    if (wanted > self->fd_capacity) {
        struct pollfd *more = realloc (self->fds, 2 * wanted * sizeof *more);
        if (more) {
            self->fds = more;
            self->fd_capacity = 2 * wanted;
        }
    }
    size_t room = self->fd_capacity < wanted ? self->fd_capacity : wanted;
    *count = SHELL_OWN_FDS;
    if (self->workers)
        *count += supervise_fds (self->workers, self->fds + SHELL_OWN_FDS, room - SHELL_OWN_FDS);
    return self->fds;
}

bool shell_knows_cause (shell_t *self, const session_t *session, char *out, size_t out_size)
{
    *out = 0;
    if (!self->workers || session->state != SESSION_LIVE ||
        supervise_cause (self->workers, (pid_t)session_pid (session), out, out_size)) {
        self->cause_until = 0;
        return true;
    }
    if (!self->cause_until)
        self->cause_until = self->now_ns + CAUSE_WITHIN_NS;
    if (self->now_ns < self->cause_until)
        return false;
    self->cause_until = 0;
    return true;
}
