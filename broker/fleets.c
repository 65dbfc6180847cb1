/* The fleets as a whole: made when somebody asks for them, run after everything that has come in, ended with the broker.
 * Owns the fleets and their places among the processes. */
#include "fleets.h"
#include "base/error.h"
#include "base/limits.h"
#include "fleet_say.h"
#include "fleet_settings.h"
#include "hello.h"
#include "wire/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const fleet_counter_names[FLEET_COUNTER_COUNT] = {
#define FLEET_COUNTER_NAME(name, text) [FLEET_##name] = text,
    FLEET_COUNTERS (FLEET_COUNTER_NAME)
#undef FLEET_COUNTER_NAME
};

fleets_t *fleets_new (router_t *router)
{
    fleets_t *self = calloc (1, sizeof *self);
    if (self)
        self->router = router;
    return self;
}

static void free_fleet (fleets_t *self, resident_t *fleet)
{
    fleet_deinit (&fleet->fleet);
    deads_deinit (&fleet->dead);
    if (fleet->session) {
        while (processes_part (self->router->processes, fleet->session))
            ;
        processes_dismiss (self->router->processes, &fleet->session);
    }
    free (fleet);
}

void fleets_destroy (fleets_t **self_p)
{
    fleets_t *self = *self_p;
    if (!self)
        return;
    while (self->first) {
        resident_t *fleet = self->first;
        self->first = fleet->next;
        free_fleet (self, fleet);
    }
    pack_deinit (&self->pack);
    free (self);
    *self_p = NULL;
}

resident_t *fleets_find (const fleets_t *self, const char *name)
{
    const session_t *session = processes_named (self->router->processes, name, strlen (name));
    return session ? session->resident : NULL;
}

static resident_t *make (fleets_t *self, const char *name)
{
    resident_t *fleet = calloc (1, sizeof *fleet);
    if (fleet) {
        fleet_init (&fleet->fleet, &fleet_settings_default);
        fleet->session = processes_admit_resident (self->router->processes, fleet, name);
    }
    if (!fleet || !fleet->session) {
        far_fail (FAR_E_NO_MEMORY, "no memory for another fleet");
        free (fleet);
        return NULL;
    }
    fleet->next = self->first;
    self->first = self->born = fleet;
    self->count++;
    return fleet;
}

resident_t *fleets_open (fleets_t *self, const char *name)
{
    char id[32];
    const session_t *holder = processes_named (self->router->processes, name, strlen (name));
    if (holder && holder->resident)
        return holder->resident;
    if (!hello_is_name ((far_text_t){ name, strlen (name) }))
        far_fail (FAR_E_BAD_ARGUMENTS, "a fleet's name is 1 to %d of letters, digits, '.', '_' and '-'",
                  FAR_LIMIT_NAME_BYTES);
    else if (holder)
        far_fail (FAR_E_NAME_TAKEN, "the name '%s' is that of process %s, which is no fleet", name,
                  far_process_text (holder->id.value, id));
    else if (self->count == FAR_LIMIT_FLEETS)
        far_fail (FAR_E_OVERLOADED, "there are %d fleets already", FAR_LIMIT_FLEETS);
    else
        return make (self, name);
    return NULL;
}

far_status_t fleets_join (resident_t *fleet, session_t *worker, unsigned slots)
{
    if (!fleet_join (&fleet->fleet, worker, slots))
        return far_fail (FAR_E_NO_MEMORY, "no memory for another worker");
    processes_meet (fleet->session, worker);
    fleets_stir (fleet);
    return FAR_OK;
}

void fleets_stir (resident_t *fleet)
{
    fleet->stirred = true;
}

far_status_t fleets_retry (resident_t *fleet, uint64_t number)
{
    const fleet_dead_t *dead = deads_find (&fleet->dead, number);
    const char *name = fleet->session->hello.name;
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
    if ((status = fleet_add (&fleet->fleet, fleet->session, job, 0))) {
        free (job);
        return far_fail (status, "no memory for the request, which is lost");
    }
    fleet_count (fleet, FLEET_REQUESTS);
    fleets_stir (fleet);
    return FAR_OK;
}

static void begin (fleets_t *self, int64_t now_ns, actions_t *actions)
{
    self->now_ns = now_ns;
    self->actions = actions;
}

void fleets_take (fleets_t *self, session_t *to, session_t *from, far_bytes_t frame, int64_t now_ns, actions_t *actions)
{
    far_message_t message, one;
    far_messages_t walk;
    begin (self, now_ns, actions);
    if (!far_message_read (frame.data, frame.size, &message))
        return;
    far_messages_start (&walk, &message);
    while (far_messages_next (&walk, &one))
        fleet_take_one (self, to->resident, from, &one);
}

/* Takes a job out for good: what it refers to is let go of. The job is yours. */
static void take_out (fleets_t *self, resident_t *fleet, fleet_job_t *job)
{
    const far_message_t request = fleet_message_of (job);
    fleet_take (&fleet->fleet, job);
    fleet_release (self, fleet, &request);
}

/* Nobody waits for it any more: one that runs is asked to end. */
static void drop (fleets_t *self, resident_t *fleet, fleet_job_t *job, far_process_id_t gone)
{
    if (job->state != JOB_RUNNING) {
        take_out (self, fleet, job);
        free (job);
        return;
    }
    if (!far_process_id_equals (job->worker->id, gone))
        fleet_send_cancel (self, fleet, job);
    fleet_abandon (&fleet->fleet, job);
}

static void drop_caller (fleets_t *self, resident_t *fleet, far_process_id_t id)
{
    fleet_job_t *job;
    while ((job = fleet_of_caller (&fleet->fleet, id))) {
        fleet_count (fleet, FLEET_CANCELLED);
        drop (self, fleet, job, id);
        fleets_stir (fleet);
    }
}

/* Ends a job with its worker. One that has killed too many goes to the list of the dead. */
static void lose (fleets_t *self, resident_t *fleet, fleet_job_t *job, const char *worker, far_down_how_t how)
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
        fleet_fail (self, fleet, job->caller->session, job->request,
                    how == FAR_DOWN_BYE ? FAR_E_CLOSED : FAR_E_PEER_DIED, "fleet %s: %s", fleet->session->hello.name,
                    why);
    }
    take_out (self, fleet, job);
    if (!poison || deaths < poison) {
        free (job);
        return;
    }
    fleet_count (fleet, FLEET_BURIED);
    uint64_t number = deads_bury (&fleet->dead, job, why);
    fleet_log (self, fleet, "request %llu is on the dead list: %u workers died of it", (unsigned long long)number,
               deaths);
}

static void drop_worker (fleets_t *self, resident_t *fleet, far_process_id_t id, const char *cause)
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

void fleets_left (fleets_t *self, far_process_id_t id, const char *cause, int64_t now_ns, actions_t *actions)
{
    begin (self, now_ns, actions);
    for (resident_t *fleet = self->first; fleet; fleet = fleet->next)
        drop_caller (self, fleet, id);
    for (resident_t *fleet = self->first; fleet; fleet = fleet->next)
        drop_worker (self, fleet, id, cause);
    pack_send_all (&self->pack, actions); /* the next session may end before fleets_run */
}

static void expire (fleets_t *self, resident_t *fleet, fleet_job_t *job)
{
    bool running = job->state == JOB_RUNNING;
    fleet_count (fleet, FLEET_EXPIRED);
    fleet_fail (self, fleet, job->caller->session, job->request, FAR_E_TIMEOUT,
                running ? "its deadline has passed while %s ran it" : "its deadline has passed while it waited in %s",
                running ? job->worker->label : fleet->session->hello.name);
    drop (self, fleet, job, (far_process_id_t){ 0 });
}

static void run_one (fleets_t *self, resident_t *fleet)
{
    fleet_job_t *job;
    while ((job = fleet_expired (&fleet->fleet, self->now_ns)))
        expire (self, fleet, job);
    while ((job = fleet_next (&fleet->fleet, self->now_ns))) {
        if (job->deaths)
            fleet_count (fleet, FLEET_RETRIED);
        job->given_at = self->now_ns;
        fleet_send_job (self, fleet, job);
    }
    while ((job = fleet_unserved (&fleet->fleet))) {
        fleet_count (fleet, FLEET_REFUSED);
        fleet_fail (self, fleet, job->caller->session, job->request, FAR_E_NO_WORKER, "fleet %s has no worker any more",
                    fleet->session->hello.name);
        take_out (self, fleet, job);
        free (job);
    }
    fleet->stirred = false;
}

void fleets_run (fleets_t *self, int64_t now_ns, actions_t *actions)
{
    begin (self, now_ns, actions);
    for (resident_t *fleet = self->first; fleet; fleet = fleet->next)
        if (fleet->stirred || fleet_next_time (&fleet->fleet) <= now_ns)
            run_one (self, fleet);
    pack_send_all (&self->pack, actions);
}

far_deadline_t fleets_deadline (const fleets_t *self)
{
    far_deadline_t earliest = self->pack.first ? 0 : FAR_DEADLINE_NEVER;
    for (const resident_t *fleet = self->first; fleet; fleet = fleet->next) {
        far_deadline_t next = fleet->stirred ? 0 : fleet_next_time (&fleet->fleet);
        if (next < earliest)
            earliest = next;
    }
    return earliest;
}
