/* One call that a method is answering: runs the method with its arguments bound, collects its answer or its error, and
 * decides which error it is. Owns the arguments that were taken and the error; the answer's buffer is lent. Knows
 * nothing of how the request came in, nor of where the answer goes. */
#include "object/call.h"
#include <farcall/reply.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void far_call_init (far_call_t *self, far_host_t *host, far_process_id_t caller, far_writer_t *out)
{
    self->host = host;
    self->caller = caller;
    self->wanted = NULL;
    self->resolver = (far_resolver_t){ 0 };
    self->request = (far_request_body_t){ 0 };
    self->answer = out;
    self->answer_start = out->out->size;
    self->answered = false;
    self->error = NULL;
    self->raise_file = NULL;
    self->raise_line = 0;
    self->object = NULL;
    self->building = NULL;
    self->report = NULL;
    self->yielding = NULL;
    self->gathered = NULL;
    self->deferral = NULL;
    self->callee = NULL;
    self->signature = NULL;
    self->bound = self->bound_inline;
    self->taken = self->taken_inline;
    self->text_used = 0;
}

void far_call_deinit (far_call_t *self)
{
    far_call_unbind (self);
    if (self->yielding)
        self->host->end_yields (self->host, self);
    far_value_destroy (&self->gathered);
    far_error_release (&self->error);
}

static far_status_t bind (far_call_t *self, const far_callee_t *callee)
{
    const far_signature_t *signature = callee->signature;
    size_t count = signature->count;
    if (count > FAR_CALL_PARAMETERS) {
        far_reader_t *bound = calloc (count, sizeof *bound);
        void **taken = calloc (count, sizeof *taken);
        if (!bound || !taken) {
            free (bound);
            free (taken);
            return far_fail (FAR_E_NO_MEMORY, "no memory for %zu arguments", count);
        }
        self->bound = bound;
        self->taken = taken;
    } else {
        for (size_t i = 0; i < count; i++)
            self->taken[i] = NULL;
    }
    self->signature = signature;
    return far_signature_bind (signature, callee->method, &self->request, self->bound);
}

static far_error_t *unknown_status (const far_callee_t *callee, far_status_t status)
{
    char text[512];
    int size = snprintf (text, sizeof text, "%s.%s returned %d, which is no status", callee ? callee->object : "",
                         callee ? callee->method : "", (int)status);
    size_t kept = size < 0 ? 0 : (size_t)size < sizeof text ? (size_t)size : sizeof text - 1;
    return far_error_from (FAR_E_RAISED, "BadStatus", strlen ("BadStatus"), text, kept);
}

far_error_t *far_call_settle (far_call_t *self, far_status_t status)
{
    if (self->error)
        return far_error_retain (self->error);
    if (!status)
        return NULL;
    if ((int)status < 0 || status > FAR_E_SYSTEM)
        return unknown_status (self->callee, status);
    const far_error_t *last = far_last_error ();
    if (far_error_kind (last) == status)
        return far_error_retain (last);
    return far_error_new (status, "%s.%s failed and did not say why", self->callee ? self->callee->object : "",
                          self->callee ? self->callee->method : "");
}

far_status_t far_call_run (far_call_t *self, const far_callee_t *callee, void *data)
{
    far_call_unbind (self);
    self->callee = callee;
    far_status_t status = bind (self, callee);
    if (!status && callee->does)
        status = callee->does (self, data);
    if (status && !self->error)
        self->error = far_call_settle (self, status);
    far_call_unbind (self); /* ends objects, which may fail in their turn */
    return self->error ? far_error_kind (self->error) : FAR_OK;
}

static void drop_error (far_call_t *self)
{
    far_error_release (&self->error);
    self->raise_file = NULL;
    self->raise_line = 0;
}

/* The writer's and the buffer's errors are sticky; a new answer begins without them. */
far_writer_t *far_call_answer (far_call_t *self)
{
    drop_error (self);
    far_writer_t *writer = self->answer;
    if (self->answered || writer->failed || writer->out->failed) {
        far_buffer_t *out = writer->out;
        far_writer_deinit (writer);
        out->size = self->answer_start;
        out->failed = false;
    }
    self->answered = true;
    return writer;
}

far_status_t far_call_answered (far_call_t *self)
{
    return far_writer_status (self->answer) ? far_call_keep_failure (self) : FAR_OK;
}

far_status_t far_call_answer_value (far_call_t *self, const far_value_t *value)
{
    far_value_write (far_call_answer (self), value);
    return far_call_answered (self);
}

far_status_t far_call_answer_object (far_call_t *self, far_object_t *object)
{
    far_write_reference (far_call_answer (self), &object->handle);
    return far_call_answered (self);
}

far_value_t *far_call_answer_read (const far_call_t *self)
{
    return far_written_value (self->answer, self->answer_start);
}

far_status_t far_call_keep_failure (far_call_t *self)
{
    drop_error (self);
    self->error = far_error_retain (far_last_error ());
    return far_error_kind (self->error);
}

far_status_t far_call_return (far_call_t *call, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_picture_write_value (far_call_answer (call), picture, &arguments);
    va_end (arguments.list);
    return status ? far_call_keep_failure (call) : far_call_answered (call);
}

far_status_t far_call_fail_at (far_call_t *call, const char *file, int line, const char *error_class,
                               const char *format, ...)
{
    drop_error (call);
    va_list args;
    va_start (args, format);
    far_error_t *error = far_error_vnew (FAR_E_RAISED, error_class, format, args);
    va_end (args);
    const far_error_t *last = far_last_error ();
    call->error = far_error_with_cause (error, far_error_kind (last) ? last : NULL);
    far_error_release (&error);
    call->raise_file = file;
    call->raise_line = line;
    return FAR_E_RAISED;
}

far_status_t far_call_status (const far_call_t *call)
{
    return call->error ? far_error_kind (call->error) : FAR_OK;
}

far_actor_t *far_call_actor (const far_call_t *call)
{
    return call->host ? call->host->actor : NULL;
}

far_object_t *far_call_object (const far_call_t *call)
{
    return call->object;
}

far_process_id_t far_call_caller (const far_call_t *call)
{
    return call->caller;
}

bool far_wanted_still (const far_wanted_t *self)
{
    return !self || !(atomic_load (&self->cancelled) || far_deadline_passed (self->until));
}

bool far_call_cancelled (far_call_t *call)
{
    if (call->host && call->host->look)
        call->host->look (call->host);
    return !far_wanted_still (call->wanted);
}

int far_call_cancelled_fd (far_call_t *call)
{
    if (call->host && call->host->cancelled_fd && call->wanted)
        return call->host->cancelled_fd (call->host, call->wanted);
    far_fail (FAR_E_BAD_ARGUMENTS, "no other process waits for this call: it can't be cancelled");
    return -1;
}

int far_call_time_left_ms (const far_call_t *call)
{
    return call->wanted ? far_deadline_left_ms (call->wanted->until) : FAR_FOREVER;
}

far_reply_t *far_call_defer (far_call_t *call)
{
    far_deferral_t *deferral = call->building ? NULL : call->deferral;
    if (!deferral || deferral->reply) {
        far_fail (FAR_E_BAD_ARGUMENTS, "%s can't be answered later",
                  deferral ? "a call that is put off already" : "this");
        return NULL;
    }
    return deferral->reply = deferral->begin (deferral, call);
}
