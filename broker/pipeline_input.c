/* How inputs leave a pipeline: each is answered once, and what it referred to is let go of. */
#include "pipeline_input.h"
#include "base/error.h"
#include "base/limits.h"
#include "say.h"

#include <inttypes.h>
#include <stdio.h>

far_message_t pipelines_message (const pipeline_process_t *self, const pipeline_item_t *item)
{
    return (far_message_t){ .header = { .type = FAR_CALL,
                                        .flags = FAR_FLAG_IDEMPOTENT,
                                        .party = self->resident.session->id.value,
                                        .request = item->attempt,
                                        .body_size = (uint32_t)item->body_size,
                                        .fields_size = (uint32_t)item->fields_size },
                            .fields = item->input,
                            .body = item->input + item->fields_size };
}

void pipelines_take_out (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, pipeline_end_t how)
{
    const far_message_t input = pipelines_message (self, item);
    resident_release (all, &self->resident, &input);
    self->done += how == PIPELINE_DONE;
    self->failed += how == PIPELINE_FAILED;
    pipeline_remove (&self->pipeline, item, how, all->now_ns);
    self->resident.stirred = true;
}

void pipelines_fail (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, far_error_t *error)
{
    char where[FAR_LIMIT_PATH_BYTES + FAR_LIMIT_NAME_BYTES + 64];
    const pipeline_stage_t *stage = &self->pipeline.stages[item->stage];
    snprintf (where, sizeof where, "stage %u (%s @ %s), input %" PRIu64, item->stage + 1, stage->path, stage->at,
              item->number);
    const far_hop_t hop = { self->resident.session->hello.name, "", where, "", 0 };
    far_error_t *placed = far_error_with_hop (error, &hop);
    if (item->request)
        say_error (all->actions, item->pusher, self->resident.session->id.value, item->request, placed);
    else
        resident_log (all, &self->resident, "%s: %s", where, far_error_message (error));
    far_error_release (&placed);
    far_error_release (&error);
    pipelines_take_out (all, self, item, PIPELINE_FAILED);
}

void pipelines_stop (residents_t *all, pipeline_process_t *self, const pipeline_item_t *item)
{
    session_t *session = item->attempt ? processes_find (all->router->processes, item->where) : NULL;
    if (session)
        resident_send_cancel (all, &self->resident, session, item->attempt);
}
