/* How inputs end: each is answered once, and what it referred to is let go of. One that failed goes to the sink first, if
 * there is one. */
#include "pipeline_input.h"
#include "base/error.h"
#include "base/limits.h"
#include "pipeline_body.h"
#include "resident_credit.h"
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
    self->done += how == PIPELINE_DONE && !item->error;
    self->failed += how == PIPELINE_FAILED || (how == PIPELINE_DONE && item->error);
    resident_credit_take (all, &self->resident, item->pusher_id, (far_amount_t){ 1, item->pushed_size });
    pipeline_remove (&self->pipeline, item, how, all->now_ns);
    self->resident.stirred = true;
}

static far_error_t *with_place (const pipeline_process_t *self, const pipeline_item_t *item, far_error_t *error)
{
    char where[FAR_LIMIT_PATH_BYTES + FAR_LIMIT_NAME_BYTES + 64];
    const pipeline_stage_t *stage = &self->pipeline.stages[item->stage];
    snprintf (where, sizeof where, "stage %u (%s @ %s), input %" PRIu64, item->stage + 1, stage->path, stage->at,
              item->number);
    const far_hop_t hop = { self->resident.session->hello.name, "", where, "", 0 };
    far_error_t *placed = far_error_with_hop (error, &hop);
    far_error_release (&error);
    return placed;
}

static const char *place_of (const far_error_t *error)
{
    const far_hop_t *outermost = far_error_hop (error, far_error_hop_count (error) - 1);
    return outermost ? outermost->method : "";
}

static void answer (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, const far_error_t *error)
{
    if (item->request)
        say_error (all->actions, item->pusher, self->resident.session->id.value, item->request, error);
    else
        resident_log (all, &self->resident, "%s: %s", place_of (error), far_error_message (error));
    pipelines_take_out (all, self, item, PIPELINE_FAILED);
}

/* At the sink it is the first error that counts. */
void pipelines_end (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, far_error_t *error)
{
    far_error_t *told = item->error ? far_error_retain (item->error) : with_place (self, item, error);
    if (item->error) {
        resident_log (all, &self->resident, "the sink was not told of an error: %s", far_error_message (error));
        far_error_release (&error);
    }
    answer (all, self, item, told);
    far_error_release (&told);
}

/* What it refers to goes with it. false without memory, or if no message can hold it. */
static bool divert (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, const far_error_t *error)
{
    far_buffer_t input = { 0 };
    far_writer_t out;
    far_request_body_t called;
    if (far_request_body_read (FAR_CALL, item->input + item->fields_size, item->body_size, &called))
        return false;
    far_writer_init (&out, &input);
    far_buffer_append (&input, item->input, item->fields_size);
    pipeline_body_sink (&out, &self->pipeline, item, &called, error);
    bool written = !far_writer_status (&out);
    far_writer_deinit (&out);
    if (written)
        pipeline_divert (&self->pipeline, item, input.data, input.size - item->fields_size, far_error_retain (error),
                         all->now_ns);
    else
        far_buffer_deinit (&input);
    self->resident.stirred = true;
    return written;
}

void pipelines_fail (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, far_error_t *error)
{
    const pipeline_t *pipeline = &self->pipeline;
    if (pipeline->place_count == pipeline->stage_count || item->error) {
        pipelines_end (all, self, item, error);
        return;
    }
    far_error_t *placed = with_place (self, item, error);
    if (!divert (all, self, item, placed))
        answer (all, self, item, placed);
    far_error_release (&placed);
}

void pipelines_stop (residents_t *all, pipeline_process_t *self, const pipeline_item_t *item)
{
    session_t *session = item->attempt ? processes_find (all->router->processes, item->where) : NULL;
    if (session)
        resident_send_cancel (all, &self->resident, session, item->attempt);
}
