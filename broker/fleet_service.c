/* Functions of the broker's object over its fleets. Each finds the fleet by its name. Owns nothing. */
#include "fleet_service.h"
#include "base/error.h"
#include "base/limits.h"
#include "fleet_settings.h"
#include "fleet_tables.h"
#include "listing.h"

#include <limits.h>
#include <stdlib.h>

static fleet_process_t *find (const residents_t *self, const char *name)
{
    fleet_process_t *fleet = fleets_find (self, name);
    if (!fleet)
        far_fail (FAR_E_NO_SUCH_PROCESS, "there is no fleet '%s'", name);
    return fleet;
}

static far_status_t join (far_call_t *call, void *data)
{
    residents_t *self = data;
    const char *name;
    int slots;
    far_status_t status = far_call_args (call, &name, &slots);
    if (status)
        return status;
    if (slots < 1 || slots > FAR_LIMIT_SLOTS)
        return far_fail (FAR_E_BAD_ARGUMENTS, "slots: expected an integer from 1 to %d", FAR_LIMIT_SLOTS);
    session_t *worker = processes_find (self->router->processes, far_call_caller (call));
    fleet_process_t *fleet = fleets_open (self, name, far_call_caller (call));
    if (!fleet || !worker)
        return far_last_status ();
    status = fleets_join (fleet, worker, (unsigned)slots);
    return status ? status : far_call_return (call, "u", fleet->resident.session->id.value);
}

/* To who is no worker of it nothing happens. */
static far_status_t leave (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    fleet_process_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    fleet_worker_t *worker = fleet_worker (&fleet->fleet, far_call_caller (call));
    if (worker)
        fleet_turn_away (&fleet->fleet, worker);
    fleets_stir (fleet);
    return FAR_OK;
}

static far_status_t list (far_call_t *call, void *data)
{
    const residents_t *self = data;
    far_value_t *fleets = far_value_list ();
    for (const resident_t *resident = self->first; fleets && resident; resident = resident->next) {
        const fleet_process_t *fleet = fleets_as_fleet (resident);
        far_value_t *item = fleet ? fleet_table_summary (self, fleet) : NULL;
        if (fleet && far_value_append (fleets, &item))
            far_value_destroy (&fleets);
    }
    return listing_give (call, fleets);
}

static far_status_t show (far_call_t *call, void *data)
{
    const residents_t *self = data;
    const char *name;
    far_status_t status = far_call_args (call, &name);
    const fleet_process_t *fleet = status ? NULL : find (self, name);
    if (!fleet)
        return far_last_status ();
    return listing_give (call, fleet_table_full (self, fleet));
}

static far_status_t set (far_call_t *call, void *data)
{
    const char *name;
    const far_value_t *settings;
    far_status_t status = far_call_args (call, &name, &settings);
    fleet_process_t *fleet = status ? NULL : fleets_open (data, name, far_call_caller (call));
    if (!fleet)
        return far_last_status ();
    fleets_stir (fleet);
    fleet->was_set = true;
    return fleet_settings_set (&fleet->fleet.settings, settings);
}

static far_status_t set_mode (far_call_t *call, void *data, fleet_mode_t mode)
{
    const residents_t *self = data;
    const char *name;
    far_status_t status = far_call_args (call, &name);
    fleet_process_t *fleet = status ? NULL : find (self, name);
    if (!fleet)
        return far_last_status ();
    fleet->fleet.mode = mode;
    if (self->workers)
        supervise_hold (self->workers, name, mode == FLEET_DRAINS, far_clock_ns ());
    fleets_stir (fleet);
    return FAR_OK;
}

static far_status_t pause_fleet (far_call_t *call, void *data)
{
    return set_mode (call, data, FLEET_PAUSES);
}

static far_status_t resume (far_call_t *call, void *data)
{
    return set_mode (call, data, FLEET_RUNS);
}

static far_status_t drain (far_call_t *call, void *data)
{
    return set_mode (call, data, FLEET_DRAINS);
}

static far_status_t list_dead (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    const fleet_process_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    return listing_give (call, fleet_table_dead (fleet));
}

static far_status_t retry (far_call_t *call, void *data)
{
    residents_t *self = data;
    const char *name;
    uint64_t number;
    far_status_t status = far_call_args (call, &name, &number);
    fleet_process_t *fleet = status ? NULL : find (self, name);
    return fleet ? fleets_retry (fleet, number) : far_last_status ();
}

static far_status_t drop (far_call_t *call, void *data)
{
    const char *name;
    uint64_t number;
    far_status_t status = far_call_args (call, &name, &number);
    fleet_process_t *fleet = status ? NULL : find (data, name);
    if (!fleet)
        return far_last_status ();
    fleet_job_t *job = deads_take (&fleet->dead, number);
    if (!job)
        return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "fleet %s has no dead request %llu", name,
                         (unsigned long long)number);
    free (job);
    return FAR_OK;
}

static far_status_t where (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    const fleet_process_t *fleet = status ? NULL : find (data, name);
    return fleet ? listing_give (call, fleet_table_running (fleet)) : far_last_status ();
}

static far_status_t scale (far_call_t *call, void *data)
{
    const residents_t *self = data;
    const char *name;
    int least, most;
    far_status_t status = far_call_args (call, &name, &least, &most);
    if (status || !find (self, name))
        return far_last_status ();
    if (least < 0 || least > most || most > CREW_WANTED_MOST)
        return far_fail (FAR_E_BAD_ARGUMENTS, "least, most: expected 0 <= least <= most <= %d", CREW_WANTED_MOST);
    if (!self->workers)
        return far_fail (FAR_E_DENIED, "fleet %s has no workers that the broker starts", name);
    return supervise_scale (self->workers, name, (unsigned)least, (unsigned)most, far_clock_ns ());
}

static far_status_t kill_worker (far_call_t *call, void *data)
{
    const residents_t *self = data;
    int64_t pid;
    far_status_t status = far_call_args (call, &pid);
    if (status)
        return status;
    bool is_ours = pid > 0 && pid <= INT_MAX && self->workers;
    if (!is_ours || !supervise_kill (self->workers, (pid_t)pid, far_clock_ns ()))
        return far_fail (FAR_E_DENIED, "%lld is no worker that the broker has started", (long long)pid);
    return FAR_OK;
}

void fleet_service_fill (far_module_t *module, residents_t *fleets)
{
    static const far_method_t functions[] = {
        { "join", join, "name:s, slots:i=1 -> u", "Makes the caller a worker of the fleet, and gives the fleet's ID" },
        { "leave", leave, "name:s", "Gives the caller nothing more" },
        { "list", list, "-> [v]", "A map for each fleet" },
        { "show", show, "name:s -> v", "The same for one, with its settings and its workers" },
        { "where", where, "name:s -> [v]", "A map for each request that runs: where, since when" },
        { "set", set, "name:s, settings:{sv}", "Changes settings; makes the fleet if it is not there" },
        { "pause", pause_fleet, "name:s", "Hands nothing out until resume" },
        { "drain", drain, "name:s", "Has its workers finish what they have, and hands nothing out until resume" },
        { "resume", resume, "name:s", "Goes on" },
        { "scale", scale, "name:s, least:i, most:i", "How many workers the broker keeps, until it reloads" },
        { "kill", kill_worker, "pid:l", "Kills a worker that the broker has started, which starts another" },
        { "dead", list_dead, "name:s -> [v]", "The requests that killed their workers" },
        { "retry", retry, "name:s, number:u", "Takes one of them up again; nobody gets its answer" },
        { "drop", drop, "name:s, number:u", "Forgets one of them" },
    };
    far_module_set_data (module, fleets, NULL);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        far_module_function (module, functions[i].name, functions[i].does, functions[i].signature, functions[i].doc);
}
