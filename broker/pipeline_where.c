/* An input of a pipeline, described for people. Owns nothing, changes nothing. */
#include "pipeline_where.h"
#include "listing.h"
#include "where.h"

#include <string.h>

static size_t place_of (const pipeline_item_t *item)
{
    size_t before = 0;
    while ((item = item->previous))
        before++;
    return before;
}

static const char *why_it_waits (const residents_t *all, const pipeline_stage_t *stage)
{
    if (stage->not_before)
        return "refused";
    return processes_named (all->router->processes, stage->at, strlen (stage->at)) ? "busy" : "nobody";
}

static far_status_t add_waiting (far_value_t *map, const residents_t *all, const pipeline_stage_t *stage,
                                 const pipeline_item_t *item)
{
    if (far_value_set (map, "state", "s", "waiting") || far_value_set (map, "before", "u", (uint64_t)place_of (item)))
        return far_last_status ();
    return far_value_set (map, "why", "s", why_it_waits (all, stage));
}

static far_status_t add_running (far_value_t *map, const residents_t *all, const pipeline_item_t *item)
{
    const session_t *where = processes_find (all->router->processes, item->where);
    far_status_t status = far_value_set (map, "state", "s", "running");
    return status || !where || where->resident ? status : where_add_process (map, where);
}

static far_value_t *describe (const residents_t *all, const pipeline_process_t *self, const pipeline_item_t *item)
{
    const pipeline_stage_t *stage = &self->pipeline.stages[item->stage];
    far_value_t *map = where_begin (self->resident.session, item->pusher_id, item->request);
    struct timespec since = listing_time (item->since);
    if (far_value_set (map, "since", "t", &since) || far_value_set (map, "stage", "u", (uint64_t)item->stage + 1) ||
        far_value_set (map, "path", "s", stage->path) || far_value_set (map, "at", "s", stage->at) ||
        far_value_set (map, "input", "u", item->number) || far_value_set (map, "deaths", "u", (uint64_t)item->deaths) ||
        (item->attempt ? add_running (map, all, item) : add_waiting (map, all, stage, item)))
        far_value_destroy (&map);
    return map;
}

bool pipeline_where (const residents_t *all, const resident_t *resident, far_process_id_t caller, uint64_t request,
                     where_t *out)
{
    const pipeline_process_t *self = pipelines_as_pipeline (resident);
    const pipeline_item_t *item = pipeline_of_pusher (&self->pipeline, caller, request);
    if (!item)
        return false;
    out->map = describe (all, self, item);
    out->caller = resident->session->id;
    out->request = item->attempt;
    return true;
}
