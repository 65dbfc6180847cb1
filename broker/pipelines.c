/* A pipeline as a resident: takes what is pushed, has each stage do its part, and makes the answer of one stage the call of
 * the next. The input of a stage stays until its answer is there: what a process did not live to answer is asked again.
 * Owns the pipeline. */
#include "pipelines.h"
#include "base/error.h"
#include "base/limits.h"
#include "hello.h"
#include "object/dispatch.h"
#include "pipeline_where.h"
#include "resident_say.h"
#include "say.h"
#include "wire/bodies.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEATHS_MOST 5        /* processes that may die of one stage of an input */
#define PAUSE_NS    20000000 /* of a stage that takes nothing now */

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

static far_status_t check (const residents_t *self, far_process_id_t owner, const char *name)
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

pipeline_process_t *pipelines_open (residents_t *self, session_t *owner, const char *stages, const char *name,
                                    size_t window)
{
    char made_up[32];
    if (check (self, owner->id, name))
        return NULL;
    pipeline_process_t *pipeline = calloc (1, sizeof *pipeline);
    if (!pipeline) {
        far_fail (FAR_E_NO_MEMORY, "no memory for another pipeline");
        return NULL;
    }
    pipeline->resident.kind = &pipeline_kind;
    pipeline->resident.maker = owner->id;
    make_name (self, made_up, sizeof made_up);
    far_status_t status = pipeline_init (&pipeline->pipeline, stages, window);
    if (!status && !residents_add (self, &pipeline->resident, *name ? name : made_up))
        status = far_fail (FAR_E_NO_MEMORY, "no memory for another pipeline");
    if (status) {
        destroy (&pipeline->resident);
        return NULL;
    }
    return pipeline;
}

/* What a body and fields say, as a message of the pipeline's. */
static far_message_t input_of (const pipeline_process_t *self, const pipeline_item_t *item)
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

/* Takes it out for good: what it refers to is let go of. */
static void take_out (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, pipeline_end_t how)
{
    const far_message_t input = input_of (self, item);
    resident_release (all, &self->resident, &input);
    self->done += how == PIPELINE_DONE;
    self->failed += how == PIPELINE_FAILED;
    pipeline_remove (&self->pipeline, item, how, all->now_ns);
    self->resident.stirred = true;
}

/* Ends it with this error, which says from here on where that was. Consumes the error. */
static void fail (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, far_error_t *error)
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
    take_out (all, self, item, PIPELINE_FAILED);
}

/* Whoever runs it is asked to end. */
static void stop (residents_t *all, pipeline_process_t *self, const pipeline_item_t *item)
{
    session_t *session = item->attempt ? processes_find (all->router->processes, item->where) : NULL;
    if (session)
        resident_send_cancel (all, &self->resident, session, item->attempt);
}

void pipelines_close (pipeline_process_t *self)
{
    self->closed = self->resident.stirred = true;
}

static void end (residents_t *all, pipeline_process_t *self)
{
    pipeline_item_t *item;
    while ((item = pipeline_any (&self->pipeline))) {
        stop (all, self, item);
        fail (all, self, item, far_error_new (FAR_E_CLOSED, "the pipeline has been closed"));
    }
    residents_end (&self->resident);
}

/* [nil, path, arguments, keywords, returns] around arguments and keywords that are there. */
static void write_call (far_writer_t *out, const char *path, const far_request_body_t *pushed, uint32_t returns)
{
    far_reader_t end = pushed->keywords;
    far_write_list (out, 5);
    far_write_nil (out);
    far_write_string (out, path, strlen (path));
    far_write_list (out, pushed->argument_count);
    far_reader_t past = pushed->arguments;
    for (size_t left = pushed->argument_count; left; left--)
        far_skip (&past);
    far_buffer_append (out->out, pushed->arguments.position, (size_t)(past.position - pushed->arguments.position));
    far_write_map (out, pushed->keyword_count);
    for (size_t left = 2 * pushed->keyword_count; left; left--)
        far_skip (&end);
    far_buffer_append (out->out, pushed->keywords.position, (size_t)(end.position - pushed->keywords.position));
    far_write_uint (out, returns);
}

/* The same around one value, the only argument. */
static void write_next_call (far_writer_t *out, const char *path, const far_message_t *result, uint32_t returns)
{
    far_write_list (out, 5);
    far_write_nil (out);
    far_write_string (out, path, strlen (path));
    far_write_list (out, 1);
    if (result->header.body_size)
        far_buffer_append (out->out, result->body, result->header.body_size);
    else
        far_write_nil (out);
    far_write_map (out, 0);
    far_write_uint (out, returns);
}

/* Only the last stage gives what the pusher wants. */
static uint32_t returns_of (const pipeline_t *self, unsigned stage, uint32_t pushed)
{
    return stage + 1 == self->stage_count ? pushed : FAR_BY_VALUE_USUAL;
}

static void refuse (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message,
                    far_status_t kind, const char *why)
{
    resident_fail (all, &self->resident, from, message->header.request, kind, "pipeline %s %s",
                   self->resident.session->hello.name, why);
    resident_release (all, &self->resident, message);
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
    *why = "has as much inside as it takes";
    return self->pipeline.inside < self->pipeline.window ? FAR_OK : FAR_E_OVERLOADED;
}

static void take_push (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message)
{
    const char *why;
    const far_header_t *header = &message->header;
    far_request_body_t pushed;
    far_status_t status = unfit (self, message, &why);
    if (!status && (status = far_request_body_read (FAR_CALL, message->body, header->body_size, &pushed)))
        why = "does not understand this call";
    if (status) {
        refuse (all, self, from, message, status, why);
        return;
    }
    far_buffer_t input = { 0 };
    far_writer_t out;
    far_writer_init (&out, &input);
    far_buffer_append (&input, message->fields, header->fields_size);
    write_call (&out, self->pipeline.stages[0].path, &pushed, returns_of (&self->pipeline, 0, pushed.returns));
    pipeline_item_t like = { .pusher = from,
                             .pusher_id = from->id,
                             .request = header->request,
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
        refuse (all, self, from, message, FAR_E_NO_MEMORY, "has no memory for the input");
        far_buffer_deinit (&input);
    }
    self->resident.stirred = true;
}

/* The result of the last stage is that of the push. */
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
    take_out (all, self, item, PIPELINE_DONE);
}

/* The result of any other is the next one's argument. What it refers to stays with us until that has answered. */
static void pass (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, const far_message_t *result)
{
    far_buffer_t input = { 0 };
    far_writer_t out;
    unsigned next = item->stage + 1;
    far_writer_init (&out, &input);
    far_buffer_append (&input, result->fields, result->header.fields_size);
    write_next_call (&out, self->pipeline.stages[next].path, result, returns_of (&self->pipeline, next, item->returns));
    bool written = !far_writer_status (&out);
    far_writer_deinit (&out);
    if (!written) {
        far_buffer_deinit (&input);
        resident_release (all, &self->resident, result);
        fail (all, self, item, far_error_new (FAR_E_NO_MEMORY, "no memory for what it gave"));
        return;
    }
    const far_message_t done = input_of (self, item);
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

static void take_answer (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *answer)
{
    pipeline_item_t *item = pipeline_attempt (&self->pipeline, from->id, answer->header.request);
    self->resident.stirred = true;
    if (!item) {
        all->router->counters.value[COUNT_DROPPED]++;
        resident_release (all, &self->resident, answer);
    } else if (is_put_off (from, answer)) {
        resident_release (all, &self->resident, answer);
        pipeline_pause (&self->pipeline, item->stage, all->now_ns + PAUSE_NS);
        pipeline_repeat (&self->pipeline, item, false, all->now_ns);
    } else if (answer->header.type == FAR_ERROR) {
        resident_release (all, &self->resident, answer);
        fail (all, self, item, far_error_read (answer->body, answer->header.body_size));
    } else if (item->stage + 1 == self->pipeline.stage_count) {
        give (all, self, item, answer);
    } else {
        pass (all, self, item, answer);
    }
}

static void take_cancel (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message)
{
    const far_header_t *header = &message->header;
    bool gives_up = header->request && !(header->flags & FAR_FLAG_HOLDS); /* with HOLDS it only does not wait */
    pipeline_item_t *item = gives_up ? pipeline_of_pusher (&self->pipeline, from->id, header->request) : NULL;
    if (!item)
        return;
    stop (all, self, item);
    fail (all, self, item, far_error_new (FAR_E_CANCELLED, "cancelled by who pushed it"));
}

static void take (residents_t *all, resident_t *resident, session_t *from, const far_message_t *message)
{
    pipeline_process_t *self = pipelines_as_pipeline (resident);
    far_message_role_t role = far_message_role (message->header.type);
    if (role == FAR_ROLE_REQUEST)
        take_push (all, self, from, message);
    else if (role == FAR_ROLE_ANSWER)
        take_answer (all, self, from, message);
    else if (message->header.type == FAR_CANCEL)
        take_cancel (all, self, from, message);
}

/* What the process ran is asked again of whoever has its name next, unless too many have died of it. */
static void lose_stage (residents_t *all, pipeline_process_t *self, far_process_id_t id, const char *cause)
{
    pipeline_item_t *item;
    while ((item = pipeline_running_at (&self->pipeline, id))) {
        self->resident.stirred = true;
        if (item->deaths + 1 < DEATHS_MOST) {
            pipeline_repeat (&self->pipeline, item, true, all->now_ns);
            continue;
        }
        fail (all, self, item,
              far_error_new (FAR_E_PEER_DIED, "%d processes died while they ran this%s%s", DEATHS_MOST,
                             cause ? ", the last by " : "", cause ? cause : ""));
    }
}

static void left (residents_t *all, resident_t *resident, far_process_id_t id, const char *cause)
{
    pipeline_process_t *self = pipelines_as_pipeline (resident);
    pipeline_item_t *item;
    while ((item = pipeline_of_pusher (&self->pipeline, id, 0))) {
        stop (all, self, item);
        take_out (all, self, item, PIPELINE_DROPPED);
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
    far_message_t call = input_of (self, item);
    call.header.time_left_ms = resident_time_left_ms (item->deadline, all->now_ns);
    processes_meet (self->resident.session, session);
    session->requests++;
    resident_send (all, &self->resident, session, &call);
    return true;
}

static void run (residents_t *all, resident_t *resident)
{
    pipeline_process_t *self = pipelines_as_pipeline (resident);
    pipeline_item_t *item;
    while ((item = pipeline_expired (&self->pipeline, all->now_ns))) {
        stop (all, self, item);
        fail (all, self, item, far_error_new (FAR_E_TIMEOUT, "its deadline has passed"));
    }
    if (self->closed)
        end (all, self);
    for (unsigned i = self->pipeline.stage_count; i--;) /* what is nearest to its end first */
        while ((item = pipeline_next (&self->pipeline, i, all->now_ns)) && hand_out (all, self, item))
            ;
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
