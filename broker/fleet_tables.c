/* Tables of fleets. Owns nothing, changes nothing. */
#include "fleet_tables.h"
#include "fleet_say.h"
#include "fleet_settings.h"
#include "latency_table.h"
#include "listing.h"
#include "wire/summary.h"

/* Does it still finish something? The workers that the broker starts have ended too when it does not. */
static bool finishes (const residents_t *residents, const fleet_process_t *fleet)
{
    supervise_view_t view;
    bool is_ours =
        residents->workers && supervise_view (residents->workers, fleet->resident.session->hello.name, &view);
    return fleet->fleet.running.count || (is_ours && !crew_is_gone (view.crew));
}

static const char *state_of (const residents_t *residents, const fleet_process_t *fleet)
{
    static const char *const states[] = { [FLEET_RUNS] = "running", [FLEET_PAUSES] = "paused" };
    if (fleet->fleet.mode != FLEET_DRAINS)
        return states[fleet->fleet.mode];
    return finishes (residents, fleet) ? "draining" : "drained";
}

far_value_t *fleet_table_summary (const residents_t *residents, const fleet_process_t *fleet)
{
    const fleet_t *core = &fleet->fleet;
    far_value_t *map = far_value_map ();
    if (far_value_set (map, "name", "s", fleet->resident.session->hello.name) ||
        far_value_set (map, "id", "u", fleet->resident.session->id.value) ||
        far_value_set (map, "state", "s", state_of (residents, fleet)) ||
        far_value_set (map, "workers", "u", (uint64_t)core->worker_count) ||
        far_value_set (map, "running", "u", (uint64_t)core->running.count) ||
        far_value_set (map, "waiting", "u", (uint64_t)fleet_waiting (core)) ||
        far_value_set (map, "bytes", "u", (uint64_t)core->bytes) ||
        far_value_set (map, "dead", "u", (uint64_t)fleet->dead.count))
        far_value_destroy (&map);
    for (size_t i = 0; map && i < FLEET_COUNTER_COUNT; i++)
        if (far_value_set (map, fleet_counter_names[i], "u", fleet->counters[i]))
            far_value_destroy (&map);
    int64_t now_ns = far_clock_ns ();
    if (latency_table_set (map, "waited", fleet->waited, now_ns) ||
        latency_table_set (map, "worked", fleet->worked, now_ns))
        far_value_destroy (&map);
    return map;
}

static far_value_t *members_of (const fleet_process_t *fleet)
{
    far_value_t *members = far_value_list ();
    for (const fleet_worker_t *worker = fleet->fleet.workers; members && worker; worker = worker->next) {
        const char *state = worker->leaving ? "leaving" : worker->running ? "busy" : "free";
        far_value_t *item =
            far_value_new ("{su ss sl su su su ss}", "id", worker->id.value, "name", worker->session->hello.name, "pid",
                           session_pid (worker->session), "slots", (uint64_t)worker->slots, "running",
                           (uint64_t)worker->running, "done", worker->done, "state", state);
        if (far_value_append (members, &item))
            far_value_destroy (&members);
    }
    return members;
}

static far_value_t *describe_place (const crew_worker_t *worker, pid_t pid)
{
    static const char *const states[] = {
        [WORKER_WAITS] = "waiting",   [WORKER_STARTING] = "starting", [WORKER_RUNS] = "running",
        [WORKER_DRAINS] = "draining", [WORKER_ENDS] = "ending",       [WORKER_KILLED] = "killed",
    };
    far_value_t *map = far_value_new ("{ss sb}", "state", states[worker->state], "old", worker->old);
    struct timespec since = listing_time (worker->started_at);
    if (pid && (far_value_set (map, "pid", "l", (int64_t)pid) || far_value_set (map, "since", "t", &since)))
        far_value_destroy (&map);
    return map;
}

static far_value_t *crew_of (const supervise_view_t *view)
{
    const crew_t *crew = view->crew;
    bool ends = crew->stopping || crew->held;
    const char *state = ends ? "ending" : crew->resting_until ? "resting" : "working";
    far_value_t *workers = far_value_list (), *map = NULL;
    for (size_t i = 0; workers && i < crew->used; i++) {
        if (crew->workers[i].state == WORKER_NONE)
            continue;
        far_value_t *item = describe_place (&crew->workers[i], view->pids[i]);
        if (far_value_append (workers, &item))
            far_value_destroy (&workers);
    }
    if (workers)
        map = far_value_new ("{ss su su su sv}", "state", state, "least", (uint64_t)crew->settings.least, "most",
                             (uint64_t)crew->settings.most, "wanted", (uint64_t)(ends ? 0 : crew->wanted), "workers",
                             workers);
    far_value_destroy (&workers);
    return map;
}

far_value_t *fleet_table_full (const residents_t *residents, const fleet_process_t *fleet)
{
    supervise_view_t view;
    bool is_ours =
        residents->workers && supervise_view (residents->workers, fleet->resident.session->hello.name, &view);
    far_value_t *map = fleet_table_summary (residents, fleet), *settings = fleet_settings_get (&fleet->fleet.settings);
    far_value_t *members = members_of (fleet), *crew = is_ours ? crew_of (&view) : NULL;
    if (!settings || !members || (is_ours && !crew) || far_value_set (map, "settings", "v", settings) ||
        far_value_set (map, "members", "v", members) || (is_ours && far_value_set (map, "crew", "v", crew)))
        far_value_destroy (&map);
    far_value_destroy (&settings);
    far_value_destroy (&members);
    far_value_destroy (&crew);
    return map;
}

static far_value_t *describe_running (const fleet_job_t *job)
{
    char text[256], id[64];
    far_message_t request = fleet_message_of (job);
    const fleet_worker_t *worker = job->worker;
    struct timespec since = listing_time (job->given_at);
    far_summary (&request, text, sizeof text);
    return far_value_new ("{ss ss su su sl ss st su sb}", "id", far_request_text (job->asker.value, job->request, id),
                          "request", text, "caller", job->caller ? job->caller->id.value : 0, "worker",
                          worker->id.value, "pid", session_pid (worker->session), "process",
                          listing_state (worker->session), "since", &since, "deaths", (uint64_t)job->deaths, "given_up",
                          job->given_up_at != 0);
}

far_value_t *fleet_table_running (const fleet_process_t *fleet)
{
    far_value_t *list = far_value_list ();
    for (const fleet_worker_t *worker = fleet->fleet.workers; list && worker; worker = worker->next)
        for (const fleet_job_t *job = worker->first; list && job; job = job->next) {
            far_value_t *item = describe_running (job);
            if (far_value_append (list, &item))
                far_value_destroy (&list);
        }
    return list;
}

static far_value_t *describe_dead (const fleet_dead_t *dead)
{
    char text[256], id[64];
    far_message_t request = fleet_message_of (dead->job);
    far_summary (&request, text, sizeof text);
    return far_value_new ("{su ss ss su su st ss}", "number", dead->number, "id",
                          far_request_text (dead->job->asker.value, dead->job->request, id), "request", text, "bytes",
                          (uint64_t)dead->job->size, "deaths", (uint64_t)dead->job->deaths, "since", &dead->since,
                          "why", dead->why);
}

far_value_t *fleet_table_dead (const fleet_process_t *fleet)
{
    far_value_t *deads = far_value_list ();
    for (const fleet_dead_t *dead = fleet->dead.oldest; deads && dead; dead = dead->next) {
        far_value_t *item = describe_dead (dead);
        if (far_value_append (deads, &item))
            far_value_destroy (&deads);
    }
    return deads;
}
