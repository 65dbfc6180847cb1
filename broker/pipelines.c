/* A pipeline as a resident: opened and closed, handing out what waits to who has the names of its stages. The input of a
 * stage stays until its answer is there: what a process did not live to answer is asked again. Owns the pipeline. */
#include "pipelines.h"
#include "base/error.h"
#include "base/limits.h"
#include "hello.h"
#include "pipeline_answer.h"
#include "pipeline_input.h"
#include "pipeline_push.h"
#include "pipeline_where.h"
#include "resident_credit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSIDE_BYTES ((size_t)64 << 20) /* of pushes; one of each pusher may be larger */

enum { MS = 1000000 };

static const resident_kind_t pipeline_kind;

pipeline_process_t *pipelines_as_pipeline (const resident_t *resident)
{
    return resident->kind == &pipeline_kind ? (pipeline_process_t *)(uintptr_t)resident : NULL;
}

pipeline_process_t *pipelines_find (const residents_t *self, const char *name)
{
    const session_t *session = processes_named (self->router->processes, name, strlen (name));
    return session && session->resident ? pipelines_as_pipeline (session->resident) : NULL;
}

static far_status_t check (residents_t *self, far_process_id_t owner, const char *name)
{
    if (*name && !hello_is_name ((far_text_t){ name, strlen (name) }))
        return far_fail (FAR_E_BAD_ARGUMENTS, "'%.128s' is no name for a pipeline", name);
    if (processes_named (self->router->processes, name, strlen (name)))
        return far_fail (FAR_E_NAME_TAKEN, "the name '%s' is taken", name);
    return residents_room (self, owner);
}

static void make_name (const residents_t *self, char *out, size_t size)
{
    unsigned number = 0;
    do
        snprintf (out, size, "pipeline.%u", ++number);
    while (processes_named (self->router->processes, out, strlen (out)));
}

static void destroy (resident_t *resident)
{
    pipeline_process_t *pipeline = pipelines_as_pipeline (resident);
    pipeline_deinit (&pipeline->pipeline);
    free (pipeline);
}

pipeline_process_t *pipelines_open (residents_t *self, session_t *owner, const pipeline_plan_t *plan)
{
    char made_up[32];
    if (check (self, owner->id, plan->name))
        return NULL;
    pipeline_process_t *pipeline = calloc (1, sizeof *pipeline);
    if (!pipeline) {
        far_fail (FAR_E_NO_MEMORY, "no memory for another pipeline");
        return NULL;
    }
    pipeline->resident.kind = &pipeline_kind;
    resident_credit_init (&pipeline->resident, (far_amount_t){ plan->window, INSIDE_BYTES }, 1);
    pipeline->resident.maker = owner->id;
    make_name (self, made_up, sizeof made_up);
    far_status_t status = pipeline_init (&pipeline->pipeline, plan->stages, plan->sink, plan->window);
    if (!status && !residents_add (self, &pipeline->resident, *plan->name ? plan->name : made_up))
        status = far_fail (FAR_E_NO_MEMORY, "no memory for another pipeline");
    if (status) {
        destroy (&pipeline->resident);
        return NULL;
    }
    return pipeline;
}

void pipelines_close (pipeline_process_t *self)
{
    self->closed = self->resident.stirred = true;
}

static void end (residents_t *all, pipeline_process_t *self)
{
    pipeline_item_t *item;
    while ((item = pipeline_any (&self->pipeline))) {
        pipelines_stop (all, self, item);
        pipelines_end (all, self, item, far_error_new (FAR_E_CLOSED, "the pipeline has been closed"));
    }
    residents_end (&self->resident);
}

static void take (residents_t *all, resident_t *resident, session_t *from, const far_message_t *message)
{
    pipeline_process_t *self = pipelines_as_pipeline (resident);
    far_message_role_t role = far_message_role (message->header.type);
    if (role == FAR_ROLE_REQUEST)
        pipelines_take_push (all, self, from, message);
    else if (role == FAR_ROLE_ANSWER)
        pipelines_take_answer (all, self, from, message);
    else if (message->header.type == FAR_CANCEL)
        pipelines_take_cancel (all, self, from, message);
}

/* What the process ran is asked again of whoever has its name next, unless too many have died of it. */
static void lose_stage (residents_t *all, pipeline_process_t *self, far_process_id_t id, const char *cause)
{
    pipeline_item_t *item;
    while ((item = pipeline_running_at (&self->pipeline, id))) {
        self->resident.stirred = true;
        unsigned attempts = self->pipeline.stages[item->stage].attempts;
        if (item->deaths + 1 < attempts) {
            pipeline_repeat (&self->pipeline, item, true, all->now_ns);
            continue;
        }
        pipelines_fail (all, self, item,
                        far_error_new (FAR_E_PEER_DIED, "%u processes died while they ran this%s%s", attempts,
                                       cause ? ", the last by " : "", cause ? cause : ""));
    }
}

static void left (residents_t *all, resident_t *resident, far_process_id_t id, const char *cause)
{
    pipeline_process_t *self = pipelines_as_pipeline (resident);
    pipeline_item_t *item;
    while ((item = pipeline_of_pusher (&self->pipeline, id, 0))) {
        pipelines_stop (all, self, item);
        pipelines_take_out (all, self, item, PIPELINE_DROPPED);
    }
    lose_stage (all, self, id, cause);
    if (far_process_id_equals (self->resident.maker, id))
        pipelines_close (self);
}

/* false: nobody has the name, or there is no memory. */
static bool hand_out (residents_t *all, pipeline_process_t *self, pipeline_item_t *item)
{
    const char *at = self->pipeline.stages[item->stage].at;
    session_t *session = processes_named (all->router->processes, at, strlen (at));
    if (!session || !pipeline_start (&self->pipeline, item, session->id, all->now_ns))
        return false;
    far_message_t call = pipelines_message (self, item);
    call.header.time_left_ms = resident_time_left_ms (item->ends, all->now_ns);
    processes_meet (self->resident.session, session);
    session->requests++;
    resident_send (all, &self->resident, session, &call);
    return true;
}

/* Of a stage that takes too long the sink is told, not of a pusher that does not wait any more. */
static void expire (residents_t *all, pipeline_process_t *self, pipeline_item_t *item)
{
    pipelines_stop (all, self, item);
    if (item->deadline <= all->now_ns)
        pipelines_end (all, self, item, far_error_new (FAR_E_TIMEOUT, "its deadline has passed"));
    else
        pipelines_fail (all, self, item,
                        far_error_new (FAR_E_TIMEOUT, "it took more than the %" PRId64 " ms of the stage",
                                       self->pipeline.stages[item->stage].timeout_ns / MS));
}

static void run (residents_t *all, resident_t *resident)
{
    pipeline_process_t *self = pipelines_as_pipeline (resident);
    pipeline_item_t *item;
    while ((item = pipeline_expired (&self->pipeline, all->now_ns)))
        expire (all, self, item);
    if (self->closed)
        end (all, self);
    for (unsigned i = self->pipeline.place_count; i--;) /* what is nearest to its end first */
        while ((item = pipeline_next (&self->pipeline, i, all->now_ns)) && hand_out (all, self, item))
            ;
    resident_credit_look (all, resident, (far_amount_t){ self->pipeline.window, INSIDE_BYTES });
}

static far_deadline_t next_time (const resident_t *resident)
{
    return pipeline_next_time (&pipelines_as_pipeline (resident)->pipeline);
}

static const resident_kind_t pipeline_kind = { .name = "pipeline",
                                               .take = take,
                                               .left = left,
                                               .run = run,
                                               .next_time = next_time,
                                               .where = pipeline_where,
                                               .destroy = destroy };
