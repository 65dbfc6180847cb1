/* Functions of the broker's object over its fleets. Each finds the fleet by its name; the tables are plain values. Owns
 * nothing. */
#include "fleet_service.h"
#include "base/error.h"
#include "base/limits.h"
#include "fleet_say.h"
#include "fleet_settings.h"
#include "wire/summary.h"

#include <stdlib.h>

static far_status_t give (far_call_t *call, far_value_t *value)
{
    far_status_t status = value ? far_call_return (call, "v", value) : far_last_status ();
    far_value_destroy (&value);
    return status;
}

static resident_t *find (const fleets_t *self, const char *name)
{
    resident_t *fleet = fleets_find (self, name);
    if (!fleet)
        far_fail (FAR_E_NO_SUCH_PROCESS, "there is no fleet '%s'", name);
    return fleet;
}

static far_status_t join (far_call_t *call, void *data)
{
    fleets_t *self = data;
    const char *name;
    int slots;
    far_status_t status = far_call_args (call, &name, &slots);
    if (status)
        return status;
    if (slots < 1 || slots > FAR_LIMIT_SLOTS)
        return far_fail (FAR_E_BAD_ARGUMENTS, "slots: expected an integer from 1 to %d", FAR_LIMIT_SLOTS);
    session_t *worker = processes_find (self->router->processes, far_call_caller (call));
    resident_t *fleet = fleets_open (self, name);
    if (!fleet || !worker)
        return far_last_status ();
    status = fleets_join (fleet, worker, (unsigned)slots);
    return status ? status : far_call_return (call, "u", fleet->session->id.value);
}

/* To who is no worker of it nothing happens. */
static far_status_t leave (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    resident_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    fleet_worker_t *worker = fleet_worker (&fleet->fleet, far_call_caller (call));
    if (worker)
        fleet_turn_away (&fleet->fleet, worker);
    fleets_stir (fleet);
    return FAR_OK;
}

static far_value_t *summary_of (const resident_t *fleet)
{
    const fleet_t *core = &fleet->fleet;
    far_value_t *map = far_value_map ();
    if (far_value_set (map, "name", "s", fleet->session->hello.name) ||
        far_value_set (map, "id", "u", fleet->session->id.value) ||
        far_value_set (map, "state", "s", core->paused ? "paused" : "running") ||
        far_value_set (map, "workers", "u", (uint64_t)core->worker_count) ||
        far_value_set (map, "running", "u", (uint64_t)core->running.count) ||
        far_value_set (map, "waiting", "u", (uint64_t)fleet_waiting (core)) ||
        far_value_set (map, "bytes", "u", (uint64_t)core->bytes) ||
        far_value_set (map, "dead", "u", (uint64_t)fleet->dead.count))
        far_value_destroy (&map);
    for (size_t i = 0; map && i < FLEET_COUNTER_COUNT; i++)
        if (far_value_set (map, fleet_counter_names[i], "u", fleet->counters[i]))
            far_value_destroy (&map);
    return map;
}

static far_status_t list (far_call_t *call, void *data)
{
    const fleets_t *self = data;
    far_value_t *fleets = far_value_list ();
    for (const resident_t *fleet = self->first; fleets && fleet; fleet = fleet->next) {
        far_value_t *item = summary_of (fleet);
        if (far_value_append (fleets, &item))
            far_value_destroy (&fleets);
    }
    return give (call, fleets);
}

static far_value_t *workers_of (const resident_t *fleet)
{
    far_value_t *workers = far_value_list ();
    for (const fleet_worker_t *worker = fleet->fleet.workers; workers && worker; worker = worker->next) {
        far_value_t *item =
            far_value_new ("{su ss su su su ss}", "id", worker->id.value, "name", worker->session->hello.name, "slots",
                           (uint64_t)worker->slots, "running", (uint64_t)worker->running, "done", worker->done, "state",
                           worker->leaving   ? "leaving"
                           : worker->running ? "busy"
                                             : "free");
        if (far_value_append (workers, &item))
            far_value_destroy (&workers);
    }
    return workers;
}

static far_status_t show (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    const resident_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    far_value_t *map = summary_of (fleet), *workers = workers_of (fleet);
    far_value_t *settings = fleet_settings_get (&fleet->fleet.settings);
    if (!workers || !settings || far_value_set (map, "settings", "v", settings) ||
        far_value_set (map, "members", "v", workers))
        far_value_destroy (&map);
    far_value_destroy (&workers);
    far_value_destroy (&settings);
    return give (call, map);
}

static far_status_t set (far_call_t *call, void *data)
{
    const char *name;
    const far_value_t *settings;
    far_status_t status = far_call_args (call, &name, &settings);
    resident_t *fleet = status ? NULL : fleets_open (data, name);
    if (!fleet)
        return far_last_status ();
    fleets_stir (fleet);
    return fleet_settings_set (&fleet->fleet.settings, settings);
}

static far_status_t set_paused (far_call_t *call, void *data, bool paused)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    resident_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    fleet->fleet.paused = paused;
    fleets_stir (fleet);
    return FAR_OK;
}

static far_status_t pause_fleet (far_call_t *call, void *data)
{
    return set_paused (call, data, true);
}

static far_status_t resume (far_call_t *call, void *data)
{
    return set_paused (call, data, false);
}

static far_value_t *describe_dead (const fleet_dead_t *dead)
{
    char text[256];
    far_message_t request = fleet_message_of (dead->job);
    far_summary (&request, text, sizeof text);
    return far_value_new ("{su ss su su st ss}", "number", dead->number, "request", text, "bytes",
                          (uint64_t)dead->job->size, "deaths", (uint64_t)dead->job->deaths, "since", &dead->since,
                          "why", dead->why);
}

static far_status_t list_dead (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    const resident_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    far_value_t *deads = far_value_list ();
    for (const fleet_dead_t *dead = fleet->dead.oldest; deads && dead; dead = dead->next) {
        far_value_t *item = describe_dead (dead);
        if (far_value_append (deads, &item))
            far_value_destroy (&deads);
    }
    return give (call, deads);
}

static far_status_t retry (far_call_t *call, void *data)
{
    fleets_t *self = data;
    const char *name;
    uint64_t number;
    far_status_t status = far_call_args (call, &name, &number);
    resident_t *fleet = status ? NULL : find (self, name);
    return fleet ? fleets_retry (fleet, number) : far_last_status ();
}

static far_status_t drop (far_call_t *call, void *data)
{
    const char *name;
    uint64_t number;
    far_status_t status = far_call_args (call, &name, &number);
    resident_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    fleet_job_t *job = deads_take (&fleet->dead, number);
    if (!job)
        return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "fleet %s has no dead request %llu", name,
                         (unsigned long long)number);
    free (job);
    return FAR_OK;
}

void fleet_service_fill (far_module_t *module, fleets_t *fleets)
{
    static const far_method_t functions[] = {
        { "join", join, "name:s, slots:i=1 -> u", "Makes the caller a worker of the fleet, and gives the fleet's ID" },
        { "leave", leave, "name:s", "Gives the caller nothing more" },
        { "list", list, "-> [v]", "A map for each fleet" },
        { "show", show, "name:s -> v", "The same for one, with its settings and its workers" },
        { "set", set, "name:s, settings:{sv}", "Changes settings; makes the fleet if it is not there" },
        { "pause", pause_fleet, "name:s", "Hands nothing out until resume" },
        { "resume", resume, "name:s", "Goes on" },
        { "dead", list_dead, "name:s -> [v]", "The requests that killed their workers" },
        { "retry", retry, "name:s, number:u", "Takes one of them up again; nobody gets its answer" },
        { "drop", drop, "name:s, number:u", "Forgets one of them" },
    };
    far_module_set_data (module, fleets, NULL);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        far_module_function (module, functions[i].name, functions[i].does, functions[i].signature, functions[i].doc);
}
