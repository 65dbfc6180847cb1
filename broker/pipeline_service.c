/* Functions of the broker's object over its pipelines. The tables are plain values. Owns nothing. */
#include "pipeline_service.h"
#include "base/error.h"
#include "latency_table.h"
#include "listing.h"
#include "pipeline_text.h"

static far_status_t open_pipeline (far_call_t *call, void *data)
{
    residents_t *self = data;
    pipeline_plan_t plan = { 0 };
    uint64_t window;
    far_status_t status = far_call_args (call, &plan.stages, &plan.name, &window, &plan.sink);
    if (status)
        return status;
    plan.window = (size_t)window;
    session_t *owner = processes_find (self->router->processes, far_call_caller (call));
    pipeline_process_t *pipeline = pipelines_open (self, owner, &plan);
    return pipeline ? far_call_return (call, "u", pipeline->resident.session->id.value) : far_last_status ();
}

/* One that is gone already is closed. */
static far_status_t close_pipeline (far_call_t *call, void *data)
{
    residents_t *self = data;
    far_process_id_t id;
    far_status_t status = far_call_args (call, &id.value);
    const session_t *session = status ? NULL : processes_find (self->router->processes, id);
    pipeline_process_t *pipeline = session && session->resident ? pipelines_as_pipeline (session->resident) : NULL;
    if (pipeline && !far_process_id_equals (pipeline->resident.maker, far_call_caller (call)))
        return far_fail (FAR_E_DENIED, "pipeline %s is another's", session->hello.name);
    if (pipeline)
        pipelines_close (pipeline);
    return status;
}

/* For people, who go by names, and do to all what they may do to fleets. */
static far_status_t end_pipeline (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    pipeline_process_t *pipeline = status ? NULL : pipelines_find (data, name);
    if (!pipeline)
        return status ? status : far_fail (FAR_E_NO_SUCH_PROCESS, "there is no pipeline '%s'", name);
    pipelines_close (pipeline);
    return FAR_OK;
}

static far_value_t *summary_of (const pipeline_process_t *pipeline)
{
    const pipeline_t *core = &pipeline->pipeline;
    return far_value_new ("{ss su su su su su su su}", "name", pipeline->resident.session->hello.name, "id",
                          pipeline->resident.session->id.value, "owner", pipeline->resident.maker.value, "window",
                          (uint64_t)core->window, "inside", (uint64_t)core->inside, "pushed", core->pushed, "done",
                          pipeline->done, "failed", pipeline->failed);
}

static far_status_t list (far_call_t *call, void *data)
{
    const residents_t *self = data;
    far_value_t *pipelines = far_value_list ();
    for (const resident_t *resident = self->first; pipelines && resident; resident = resident->next) {
        const pipeline_process_t *pipeline = pipelines_as_pipeline (resident);
        far_value_t *item = pipeline ? summary_of (pipeline) : NULL;
        if (pipeline && far_value_append (pipelines, &item))
            far_value_destroy (&pipelines);
    }
    return listing_give (call, pipelines);
}

/* Adds what is set of it. */
static far_status_t put_settings (far_value_t *map, const pipeline_stage_t *stage)
{
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && i < pipeline_settings_count; i++)
        status =
            far_value_set (map, pipeline_settings[i].name, "u", (uint64_t)setting_get (stage, &pipeline_settings[i]));
    return status;
}

static far_value_t *stage_of (const pipeline_stage_t *stage, int64_t now_ns)
{
    far_value_t *waited = latency_table (stage->waited, now_ns), *worked = latency_table (stage->worked, now_ns);
    far_value_t *map = NULL;
    if (waited && worked)
        map = far_value_new ("{ss ss su su su su su su sf sv sv}", "path", stage->path, "at", stage->at, "entered",
                             stage->entered, "done", stage->done, "failed", stage->failed, "repeated", stage->repeated,
                             "waiting", (uint64_t)stage->waiting.count, "running", (uint64_t)stage->running, "rate",
                             rate_read (&stage->rate, now_ns), "waited", waited, "worked", worked);
    far_value_destroy (&waited);
    far_value_destroy (&worked);
    if (map && put_settings (map, stage))
        far_value_destroy (&map);
    return map;
}

static far_value_t *stages_of (const pipeline_t *pipeline)
{
    far_value_t *stages = far_value_list ();
    for (unsigned i = 0; stages && i < pipeline->stage_count; i++) {
        far_value_t *item = stage_of (&pipeline->stages[i], far_clock_ns ());
        if (far_value_append (stages, &item))
            far_value_destroy (&stages);
    }
    return stages;
}

static far_status_t show (far_call_t *call, void *data)
{
    const char *name;
    far_status_t status = far_call_args (call, &name);
    const pipeline_process_t *pipeline = status ? NULL : pipelines_find (data, name);
    if (!pipeline)
        return status ? status : far_fail (FAR_E_NO_SUCH_PROCESS, "there is no pipeline '%s'", name);
    const pipeline_t *core = &pipeline->pipeline;
    bool has_sink = core->place_count > core->stage_count;
    far_value_t *map = summary_of (pipeline), *stages = stages_of (core);
    far_value_t *sink = has_sink ? stage_of (&core->stages[core->stage_count], far_clock_ns ()) : NULL;
    if (!stages || far_value_set (map, "stages", "v", stages) ||
        (has_sink && (!sink || far_value_set (map, "errors", "v", sink))))
        far_value_destroy (&map);
    far_value_destroy (&stages);
    far_value_destroy (&sink);
    return listing_give (call, map);
}

void pipeline_service_fill (far_module_t *module, residents_t *residents)
{
    static const far_method_t functions[] = {
        { "open", open_pipeline, "stages:s, name:s='', window:u=256, errors:s='' -> u",
          "A new pipeline of stages `path @ name | ...`; gives its process ID" },
        { "close", close_pipeline, "pipeline:u", "Ends one, and what is inside it" },
        { "end", end_pipeline, "name:s", "The same by name, whoever it belongs to" },
        { "list", list, "-> [v]", "A map for each pipeline" },
        { "show", show, "name:s -> v", "The same for one, with its stages" },
    };
    far_module_set_data (module, residents, NULL);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        far_module_function (module, functions[i].name, functions[i].does, functions[i].signature, functions[i].doc);
}
