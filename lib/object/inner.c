/* Calls inside a call. An inner call has the host, the caller and the references of the outer one, and a buffer of its
 * own for its answer. Owns nothing past the call. */
#include "object/inner.h"
#include <string.h>

void far_inner_begin (far_inner_t *self, far_call_t *outer, const far_request_body_t *request)
{
    self->outer = outer;
    self->buffer = (far_buffer_t){ 0 };
    far_writer_init (&self->writer, &self->buffer);
    far_call_init (&self->call, outer->host, outer->caller, &self->writer);
    self->call.wanted = outer->wanted;
    self->call.resolver = outer->resolver;
    if (request)
        self->call.request = *request;
}

/* The error as the outer call's. Where the outer one has run nothing itself, it is said of the inner callee; else the
 * inner callee is a stop of its own on the error's way. */
static far_status_t hand_on (far_inner_t *self, far_error_t *error)
{
    far_call_t *outer = self->outer;
    const far_callee_t *callee = self->call.callee;
    if (callee && !outer->callee) {
        outer->inner_callee = *callee;
        outer->callee = &outer->inner_callee;
        outer->raise_file = self->call.raise_file;
        outer->raise_line = self->call.raise_line;
    } else if (callee && self->call.raise_file) {
        far_hop_t hop = { .process = outer->host ? outer->host->process_name : "",
                          .object = callee->object,
                          .method = callee->method,
                          .file = self->call.raise_file,
                          .line = self->call.raise_line };
        far_error_t *placed = far_error_with_hop (error, &hop);
        far_error_release (&error);
        error = placed;
    }
    far_error_release (&outer->error);
    outer->error = far_error_retain (error);
    return far_fail_with (error);
}

far_status_t far_inner_end (far_inner_t *self, far_status_t status, far_value_t **out)
{
    far_value_t *value = NULL;
    if (!status && !self->call.answered)
        status = far_call_answer_value (&self->call, NULL);
    if (!status && !self->call.error) {
        value = far_call_answer_read (&self->call);
        status = value ? FAR_OK : far_last_status ();
    }
    far_error_t *error = far_call_settle (&self->call, status);
    if (error)
        status = hand_on (self, error);
    else
        *out = value;
    far_call_deinit (&self->call);
    far_writer_deinit (&self->writer);
    far_buffer_deinit (&self->buffer);
    return status;
}

far_status_t far_inner_call (far_call_t *outer, far_object_t *object, const char *name,
                             const far_request_body_t *request, far_value_t **out)
{
    far_inner_t inner;
    far_inner_begin (&inner, outer, request);
    return far_inner_end (&inner, far_object_call (object, (far_text_t){ name, strlen (name) }, &inner.call), out);
}
