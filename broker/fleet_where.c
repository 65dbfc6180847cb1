/* A request of a fleet, described for people. One that waits is told apart by why it does; its place is counted by going
 * through the queue, which is done for nobody else. Owns nothing, changes nothing. */
#include "fleet_where.h"
#include "fleet_say.h"
#include "listing.h"
#include "where.h"
#include "wire/summary.h"

static bool is_it (const fleet_job_t *job, far_process_id_t caller, uint64_t request)
{
    return job->request == request && far_process_id_equals (job->asker, caller);
}

/* Also one that nobody waits for any more, and a worker still runs. */
static const fleet_job_t *find (const fleet_t *fleet, far_process_id_t caller, uint64_t request)
{
    const fleet_job_t *job = fleet_find (fleet, caller, request);
    for (const fleet_worker_t *worker = fleet->workers; !job && worker; worker = worker->next)
        for (const fleet_job_t *at = worker->first; !job && at; at = at->next)
            job = is_it (at, caller, request) ? at : NULL;
    return job;
}

static const fleet_dead_t *find_dead (const fleet_deads_t *deads, far_process_id_t caller, uint64_t request)
{
    const fleet_dead_t *dead = deads->oldest;
    while (dead && !is_it (dead->job, caller, request))
        dead = dead->next;
    return dead;
}

static const char *why_it_waits (const fleet_t *fleet, const fleet_job_t *job)
{
    if (fleet->mode != FLEET_RUNS)
        return fleet->mode == FLEET_PAUSES ? "paused" : "drained";
    if (job->state == JOB_DELAYED)
        return job->deaths ? "backoff" : "delayed";
    if (!fleet->worker_count)
        return "no worker";
    return job->worker ? "key" : "busy";
}

static far_status_t add_waiting (far_value_t *map, const fleet_t *fleet, const fleet_job_t *job)
{
    const far_heap_t *queue = job->state == JOB_DELAYED ? &fleet->delayed
                              : job->worker             ? &job->worker->queue
                                                        : &fleet->ready;
    struct timespec since = listing_time (job->came_at), until = listing_time (job->not_before);
    if (far_value_set (map, "state", "s", "waiting") || far_value_set (map, "since", "t", &since) ||
        far_value_set (map, "before", "u", (uint64_t)far_heap_place (queue, &job->waiting)) ||
        far_value_set (map, "why", "s", why_it_waits (fleet, job)) ||
        (job->state == JOB_DELAYED && far_value_set (map, "until", "t", &until)))
        return far_last_status ();
    return job->worker ? where_add_process (map, job->worker->session) : FAR_OK;
}

static far_status_t add_running (far_value_t *map, const fleet_job_t *job)
{
    struct timespec since = listing_time (job->given_at);
    if (far_value_set (map, "state", "s", "running") || far_value_set (map, "since", "t", &since) ||
        far_value_set (map, "given_up", "b", job->given_up_at != 0))
        return far_last_status ();
    return where_add_process (map, job->worker->session);
}

static far_value_t *begin (const resident_t *fleet, const fleet_job_t *job)
{
    char call[256];
    far_message_t message = fleet_message_of (job);
    far_value_t *map = where_begin (fleet->session, job->asker, job->request);
    far_summary (&message, call, sizeof call);
    if (far_value_set (map, "call", "s", call) || far_value_set (map, "deaths", "u", (uint64_t)job->deaths))
        far_value_destroy (&map);
    return map;
}

static far_value_t *describe (const fleet_process_t *fleet, const fleet_job_t *job)
{
    far_value_t *map = begin (&fleet->resident, job);
    struct timespec end = job->deadline == FAR_DEADLINE_NEVER ? (struct timespec){ 0 } : listing_time (job->deadline);
    bool runs = job->state == JOB_RUNNING;
    if ((end.tv_sec && far_value_set (map, "deadline", "t", &end)) ||
        (runs ? add_running (map, job) : add_waiting (map, &fleet->fleet, job)))
        far_value_destroy (&map);
    return map;
}

static far_value_t *describe_dead (const fleet_process_t *fleet, const fleet_dead_t *dead)
{
    far_value_t *map = begin (&fleet->resident, dead->job);
    if (far_value_set (map, "state", "s", "dead") || far_value_set (map, "since", "t", &dead->since) ||
        far_value_set (map, "number", "u", dead->number) || far_value_set (map, "why", "s", dead->why))
        far_value_destroy (&map);
    return map;
}

bool fleet_where (const residents_t *all, const resident_t *resident, far_process_id_t caller, uint64_t request,
                  where_t *out)
{
    (void)all;
    const fleet_process_t *fleet = fleets_as_fleet (resident);
    const fleet_job_t *job = find (&fleet->fleet, caller, request);
    const fleet_dead_t *dead = job ? NULL : find_dead (&fleet->dead, caller, request);
    if (!job && !dead)
        return false;
    out->map = job ? describe (fleet, job) : describe_dead (fleet, dead);
    out->caller = resident->session->id;
    out->request = job && job->state == JOB_RUNNING ? job->attempt : 0;
    return true;
}
