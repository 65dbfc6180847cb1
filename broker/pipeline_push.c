/* What is pushed becomes an input that waits for the first stage, or is refused; what is given up ends. */
#include "pipeline_push.h"
#include "base/error.h"
#include "object/dispatch.h"
#include "pipeline_body.h"
#include "pipeline_input.h"
#include "resident_credit.h"

static void refuse (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message,
                    far_status_t kind, const char *why)
{
    resident_fail (all, &self->resident, from, message->header.request, kind, "pipeline %s %s",
                   self->resident.session->hello.name, why);
    resident_release (all, &self->resident, message);
}

/* One that had credit, which is its sender's again. */
static void turn_away (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message,
                       far_status_t kind, const char *why)
{
    if (message->header.type != FAR_CLOSE)
        resident_credit_take (all, &self->resident, from->id, (far_amount_t){ 1, resident_credit_size (message) });
    refuse (all, self, from, message, kind, why);
}

/* FAR_OK, or why it can't be one. */
static far_status_t unfit (const pipeline_process_t *self, const far_message_t *message, const char **why)
{
    far_object_id_t object;
    *why = self->closed ? "has been closed" : "is pushed to by calls only";
    if (self->closed)
        return FAR_E_CLOSED;
    if (message->header.type != FAR_CALL)
        return FAR_E_DENIED;
    *why = "has no objects";
    if (far_dispatch_target (message, &object))
        return FAR_E_STALE;
    return FAR_OK;
}

void pipelines_take_push (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message)
{
    const char *why;
    const far_header_t *header = &message->header;
    far_request_body_t pushed;
    if (header->type != FAR_CLOSE && !resident_credit_arrive (all, &self->resident, from, message)) {
        refuse (all, self, from, message, FAR_E_OVERLOADED, "has as much inside as it takes");
        return;
    }
    far_status_t status = unfit (self, message, &why);
    if (!status && (status = far_request_body_read (FAR_CALL, message->body, header->body_size, &pushed)))
        why = "does not understand this call";
    if (status) {
        turn_away (all, self, from, message, status, why);
        return;
    }
    far_buffer_t input = { 0 };
    far_writer_t out;
    far_writer_init (&out, &input);
    far_buffer_append (&input, message->fields, header->fields_size);
    pipeline_body_push (&out, self->pipeline.stages[0].path, &pushed,
                        pipeline_body_returns (&self->pipeline, 0, pushed.returns));
    pipeline_item_t like = { .pusher = from,
                             .pusher_id = from->id,
                             .request = header->request,
                             .pushed_size = resident_credit_size (message),
                             .returns = pushed.returns,
                             .since = all->now_ns,
                             .deadline = header->time_left_ms ? all->now_ns + (int64_t)header->time_left_ms * 1000000
                                                              : FAR_DEADLINE_NEVER,
                             .input = input.data,
                             .fields_size = header->fields_size,
                             .body_size = input.size - header->fields_size };
    bool taken = !far_writer_status (&out) && pipeline_enter (&self->pipeline, &like);
    far_writer_deinit (&out);
    if (!taken) {
        turn_away (all, self, from, message, FAR_E_NO_MEMORY, "has no memory for the input");
        far_buffer_deinit (&input);
    }
    self->resident.stirred = true;
}

void pipelines_take_cancel (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message)
{
    const far_header_t *header = &message->header;
    bool gives_up = header->request && !(header->flags & FAR_FLAG_HOLDS); /* with HOLDS it only does not wait */
    pipeline_item_t *item = gives_up ? pipeline_of_pusher (&self->pipeline, from->id, header->request) : NULL;
    if (!item)
        return;
    pipelines_stop (all, self, item);
    pipelines_end (all, self, item, far_error_new (FAR_E_CANCELLED, "cancelled by who pushed it"));
}
