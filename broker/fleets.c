/* A fleet as a resident: made when somebody asks for it, run after everything that has come in, ended with the broker.
 * Owns the fleet and its dead list. */
#include "fleets.h"
#include "base/error.h"
#include "base/limits.h"
#include "fleet_say.h"
#include "fleet_settings.h"
#include "fleet_where.h"
#include "hello.h"
#include "resident_credit.h"
#include "wire/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fleet_counter_names[FLEET_COUNTER_COUNT] = {
#define FLEET_COUNTER_NAME(name, text) [FLEET_##name] = text,
    FLEET_COUNTERS (FLEET_COUNTER_NAME)
#undef FLEET_COUNTER_NAME
};

static const resident_kind_t fleet_kind;

fleet_process_t *fleets_as_fleet (const resident_t *resident)
{
    return resident->kind == &fleet_kind ? (fleet_process_t *)(uintptr_t)resident : NULL;
}

fleet_process_t *fleets_find (const residents_t *self, const char *name)
{
    const session_t *session = processes_named (self->router->processes, name, strlen (name));
    return session && session->resident ? fleets_as_fleet (session->resident) : NULL;
}

/* One caller may fill the queue, but is promised only so much of it ahead: or one that never uses it would keep it from the
 * others. */
#define CREDIT_AHEAD 16

static far_amount_t room_of (const fleet_t *fleet)
{
    return (far_amount_t){ fleet->settings.queue_requests, fleet->settings.queue_bytes };
}

static fleet_process_t *make (residents_t *self, const char *name, far_process_id_t maker)
{
    fleet_process_t *fleet = calloc (1, sizeof *fleet);
    if (fleet) {
        fleet->resident.kind = &fleet_kind;
        fleet->resident.maker = maker;
        const fleet_settings_t settings = fleet_settings_usual ();
        fleet_init (&fleet->fleet, &settings);
        resident_credit_init (&fleet->resident, room_of (&fleet->fleet), CREDIT_AHEAD);
    }
    if (!fleet || !residents_add (self, &fleet->resident, name)) {
        far_fail (FAR_E_NO_MEMORY, "no memory for another fleet");
        free (fleet);
        return NULL;
    }
    return fleet;
}

fleet_process_t *fleets_open (residents_t *self, const char *name, far_process_id_t maker)
{
    char id[32];
    const session_t *holder = processes_named (self->router->processes, name, strlen (name));
    fleet_process_t *fleet = fleets_find (self, name);
    if (fleet) {
        fleet->resident.ended = false; /* it was to make room for another one */
        return fleet;
    }
    if (!hello_is_name ((far_text_t){ name, strlen (name) }))
        far_fail (FAR_E_BAD_ARGUMENTS, "a fleet's name is 1 to %d of letters, digits, '.', '_' and '-'",
                  FAR_LIMIT_NAME_BYTES);
    else if (holder)
        far_fail (FAR_E_NAME_TAKEN, "the name '%s' is that of process %s, which is no fleet", name,
                  far_process_text (holder->id.value, id));
    else if (!residents_room (self, maker))
        return make (self, name, maker);
    return NULL;
}

far_status_t fleets_join (fleet_process_t *fleet, session_t *worker, unsigned slots)
{
    if (!fleet_join (&fleet->fleet, worker, slots))
        return far_fail (FAR_E_NO_MEMORY, "no memory for another worker");
    processes_meet (fleet->resident.session, worker);
    fleets_stir (fleet);
    return FAR_OK;
}

void fleets_stir (fleet_process_t *fleet)
{
    fleet->resident.stirred = true;
}

far_status_t fleets_retry (fleet_process_t *fleet, uint64_t number)
{
    const fleet_dead_t *dead = deads_find (&fleet->dead, number);
    const char *name = fleet->resident.session->hello.name;
    if (!dead)
        return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "fleet %s has no dead request %llu", name,
                         (unsigned long long)number);
    far_message_t message = fleet_message_of (dead->job);
    if (far_fields_count (message.fields, message.header.fields_size, FAR_FIELD_REFERENCE))
        return far_fail (FAR_E_DENIED, "dead request %llu refers to objects, which the fleet does not hold any more",
                         (unsigned long long)number);
    far_status_t status = fleet_room (&fleet->fleet, dead->job->size);
    if (status)
        return far_fail (status, "fleet %s does not take it now", name);
    fleet_job_t *job = deads_take (&fleet->dead, number);
    job->request = 0;
    job->deaths = 0;
    job->wishes.delay_ns = 0;
    if ((status = fleet_add (&fleet->fleet, fleet->resident.session, job, far_clock_ns ()))) {
        free (job);
        return far_fail (status, "no memory for the request, which is lost");
    }
    fleet_count (fleet, FLEET_REQUESTS);
    fleets_stir (fleet);
    return FAR_OK;
}

/* It is handed out, for the first time or not. */
static void begin (residents_t *self, fleet_process_t *fleet, fleet_job_t *job)
{
    if (job->takes_credit && !job->begun)
        resident_credit_take (self, &fleet->resident, job->asker, (far_amount_t){ 1, 0 });
    job->begun = true;
}

void fleets_take_out (residents_t *self, fleet_process_t *fleet, fleet_job_t *job)
{
    const far_message_t request = fleet_message_of (job);
    fleet_take (&fleet->fleet, job);
    if (job->takes_credit)
        resident_credit_take (self, &fleet->resident, job->asker,
                              (far_amount_t){ !job->begun, resident_credit_size (&request) });
    job->takes_credit = false;
    resident_release (self, &fleet->resident, &request);
}

/* Nobody waits for it any more: one that runs is asked to end. */
static void drop (residents_t *self, fleet_process_t *fleet, fleet_job_t *job, far_process_id_t gone)
{
    if (job->state != JOB_RUNNING) {
        fleets_take_out (self, fleet, job);
        free (job);
        return;
    }
    if (!far_process_id_equals (job->worker->id, gone))
        fleet_send_cancel (self, fleet, job);
    fleet_abandon (&fleet->fleet, job);
}

static void drop_caller (residents_t *self, fleet_process_t *fleet, far_process_id_t id)
{
    fleet_job_t *job;
    while ((job = fleet_of_caller (&fleet->fleet, id))) {
        fleet_count (fleet, FLEET_CANCELLED);
        drop (self, fleet, job, id);
        fleets_stir (fleet);
    }
}

/* Ends a job with its worker. One that has killed too many goes to the list of the dead. */
static void lose (residents_t *self, fleet_process_t *fleet, fleet_job_t *job, const char *worker, far_down_how_t how)
{
    static const char *const ways[] = {
        [FAR_DOWN_DIED] = "died", [FAR_DOWN_BYE] = "left", [FAR_DOWN_CUT] = "was cut off by the broker"
    };
    unsigned poison = fleet->fleet.settings.poison, deaths = job->deaths;
    char why[512];
    snprintf (why, sizeof why, "%s %s while it ran this%s; the outcome is unknown", worker, ways[how],
              deaths > 1 ? ", and others before it" : "");
    if (job->caller) {
        fleet_count (fleet, FLEET_LOST);
        resident_fail (self, &fleet->resident, job->caller->session, job->request,
                       how == FAR_DOWN_BYE ? FAR_E_CLOSED : FAR_E_PEER_DIED, "fleet %s: %s",
                       fleet->resident.session->hello.name, why);
    }
    fleets_take_out (self, fleet, job);
    if (!poison || deaths < poison) {
        free (job);
        return;
    }
    fleet_count (fleet, FLEET_BURIED);
    char name[64];
    far_request_text (job->asker.value, job->request, name);
    uint64_t number = deads_bury (&fleet->dead, job, why);
    resident_log (self, &fleet->resident, "request %s is on the dead list as number %llu: workers that died of it: %u",
                  name, (unsigned long long)number, deaths);
}

static void drop_worker (residents_t *self, fleet_process_t *fleet, far_process_id_t id, const char *cause)
{
    fleet_worker_t *worker = fleet_worker (&fleet->fleet, id);
    if (!worker)
        return;
    char label[sizeof worker->label + 160];
    fleet_job_t *job;
    far_down_how_t how = processes_ended_how (self->router->processes, id);
    snprintf (label, sizeof label, "%s%s%s%s", worker->label, cause ? " (" : "", cause ? cause : "", cause ? ")" : "");
    if (how != FAR_DOWN_BYE)
        fleet_count (fleet, FLEET_DEATHS);
    while ((job = fleet_lose (&fleet->fleet, worker, self->now_ns)))
        lose (self, fleet, job, label, how);
    fleets_stir (fleet);
}

/* As a caller, and as a worker. */
static void left (residents_t *self, resident_t *fleet, far_process_id_t id, const char *cause)
{
    drop_caller (self, fleets_as_fleet (fleet), id);
    drop_worker (self, fleets_as_fleet (fleet), id, cause);
}

static void expire (residents_t *self, fleet_process_t *fleet, fleet_job_t *job)
{
    bool running = job->state == JOB_RUNNING;
    fleet_count (fleet, FLEET_EXPIRED);
    resident_fail (self, &fleet->resident, job->caller->session, job->request, FAR_E_TIMEOUT,
                   running ? "its deadline has passed while %s ran it"
                           : "its deadline has passed while it waited in %s",
                   running ? job->worker->label : fleet->resident.session->hello.name);
    drop (self, fleet, job, (far_process_id_t){ 0 });
}

/* Hands out what can be, and ends what is late. */
static void run (residents_t *self, resident_t *resident)
{
    fleet_process_t *fleet = fleets_as_fleet (resident);
    fleet_job_t *job;
    while ((job = fleet_expired (&fleet->fleet, self->now_ns)))
        expire (self, fleet, job);
    while ((job = fleet_next (&fleet->fleet, self->now_ns))) {
        if (job->deaths)
            fleet_count (fleet, FLEET_RETRIED);
        job->given_at = self->now_ns;
        latency_note (&fleet->waited, self->now_ns - (job->came_at > job->not_before ? job->came_at : job->not_before),
                      self->now_ns);
        fleet_send_job (self, fleet, job);
        begin (self, fleet, job);
    }
    while ((job = fleet_unserved (&fleet->fleet))) {
        fleet_count (fleet, FLEET_REFUSED);
        resident_fail (self, &fleet->resident, job->caller->session, job->request, FAR_E_NO_WORKER, "fleet %s %s",
                       fleet->resident.session->hello.name,
                       fleet->fleet.mode == FLEET_DRAINS ? "is drained" : "has no worker any more");
        fleets_take_out (self, fleet, job);
        free (job);
    }
    resident_credit_look (self, resident, room_of (&fleet->fleet));
}

static far_deadline_t next_time (const resident_t *fleet)
{
    return fleet_next_time (&fleets_as_fleet (fleet)->fleet);
}

static bool is_idle (const resident_t *resident)
{
    const fleet_process_t *self = fleets_as_fleet (resident);
    return !self->fleet.workers && !self->fleet.callers.count && !self->dead.count && !self->was_set &&
           self->fleet.mode == FLEET_RUNS;
}

static void destroy (resident_t *resident)
{
    fleet_process_t *fleet = fleets_as_fleet (resident);
    fleet_deinit (&fleet->fleet);
    deads_deinit (&fleet->dead);
    latency_destroy (&fleet->waited);
    latency_destroy (&fleet->worked);
    free (fleet);
}

static const resident_kind_t fleet_kind = { .name = "fleet",
                                            .take = fleet_take_one,
                                            .left = left,
                                            .run = run,
                                            .next_time = next_time,
                                            .where = fleet_where,
                                            .is_idle = is_idle,
                                            .destroy = destroy };
