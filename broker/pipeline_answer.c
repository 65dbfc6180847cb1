/* The answer of a stage becomes the call of the next one, or the answer to the push; what was not done is done again. */
#include "pipeline_answer.h"
#include "base/error.h"
#include "pipeline_body.h"
#include "pipeline_input.h"

/* The result of the last stage, or of the sink, is that of the push. */
static void give (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, const far_message_t *result)
{
    far_message_t passed = *result;
    passed.header.flags = 0;
    passed.header.party = self->resident.session->id.value;
    passed.header.request = item->request;
    all->router->counters.value[COUNT_ANSWERS]++;
    if (item->request)
        resident_send (all, &self->resident, item->pusher, &passed);
    resident_release (all, &self->resident, result);
    pipelines_take_out (all, self, item, PIPELINE_DONE);
}

/* The result of any other is the next one's argument. What it refers to stays with us until that has answered. */
static void pass (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, const far_message_t *result)
{
    far_buffer_t input = { 0 };
    far_writer_t out;
    unsigned next = item->stage + 1;
    far_writer_init (&out, &input);
    far_buffer_append (&input, result->fields, result->header.fields_size);
    pipeline_body_next (&out, self->pipeline.stages[next].path, result,
                        pipeline_body_returns (&self->pipeline, next, item->returns));
    bool written = !far_writer_status (&out);
    far_writer_deinit (&out);
    if (!written) {
        far_buffer_deinit (&input);
        resident_release (all, &self->resident, result);
        pipelines_fail (all, self, item, far_error_new (FAR_E_NO_MEMORY, "no memory for what it gave"));
        return;
    }
    const far_message_t done = pipelines_message (self, item);
    resident_release (all, &self->resident, &done);
    pipeline_pass (&self->pipeline, item, input.data, result->header.fields_size,
                   input.size - result->header.fields_size, all->now_ns);
}

/* Closed is what a process says that leaves, Overloaded one that has no room: the input waits for another, or for later.
 * A fleet says Closed when it has tried enough. */
static bool is_put_off (const session_t *from, const far_message_t *answer)
{
    return (!from->resident && resident_is_refused (answer, FAR_E_CLOSED)) ||
           resident_is_refused (answer, FAR_E_OVERLOADED);
}

void pipelines_take_answer (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *answer)
{
    pipeline_item_t *item = pipeline_attempt (&self->pipeline, from->id, answer->header.request);
    self->resident.stirred = true;
    if (!item) {
        all->router->counters.value[COUNT_DROPPED]++;
        resident_release (all, &self->resident, answer);
    } else if (is_put_off (from, answer)) {
        resident_release (all, &self->resident, answer);
        pipeline_pause (&self->pipeline, item, all->now_ns);
        pipeline_repeat (&self->pipeline, item, false, all->now_ns);
    } else if (answer->header.type == FAR_ERROR) {
        resident_release (all, &self->resident, answer);
        pipelines_fail (all, self, item, far_error_read (answer->body, answer->header.body_size));
    } else if (item->stage + 1 >= self->pipeline.stage_count) {
        give (all, self, item, answer);
    } else {
        pass (all, self, item, answer);
    }
}
