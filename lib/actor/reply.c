/* Requests that are answered later. A reply owns its request as it came in, which stays in a list of the actor's, so that
 * the end of its caller, or a CANCEL, finds it there. */
#include "actor/reply.h"
#include "actor/deadlines.h"
#include "actor/outbox.h"
#include "actor/serve.h"
#include "base/error.h"
#include "object/result.h"
#include <farcall/reply.h>

#include <stdlib.h>
#include <string.h>

struct far_reply {
    far_actor_t *actor; /* one user of its memory */
    far_inbound_t *inbound;
    uint32_t returns;
    char *object, *method; /* for the hop of an error */
};

static void reply_free (far_reply_t *self)
{
    far_actor_release (self->actor);
    free (self->object);
    free (self->method);
    free (self);
}

static far_reply_t *begin (far_deferral_t *deferral, far_call_t *call)
{
    far_putting_off_t *context = (far_putting_off_t *)deferral;
    far_actor_t *actor = context->actor;
    far_reply_t *self = calloc (1, sizeof *self);
    char *object = strdup (call->callee ? call->callee->object : ""),
         *method = strdup (call->callee ? call->callee->method : "");
    if (!self || !object || !method) {
        free (self);
        free (object);
        free (method);
        far_fail (FAR_E_NO_MEMORY, "no memory for an answer that is given later");
        return NULL;
    }
    far_actor_retain (actor);
    *self = (far_reply_t){ actor, context->inbound, call->request.returns, object, method };
    return self;
}

void far_putting_off_init (far_putting_off_t *self, far_actor_t *actor, far_inbound_t *inbound)
{
    *self = (far_putting_off_t){ .deferral = { .begin = begin }, .actor = actor, .inbound = inbound };
}

bool far_reply_take_over (far_actor_t *actor, far_inbound_t *inbound)
{
    if (inbound->replied)
        return true;
    inbound->next = actor->deferred;
    actor->deferred = inbound;
    return false;
}

/* It has been answered: freed, or left to the method that still runs. */
static void let_go (far_actor_t *actor, far_inbound_t *inbound)
{
    pthread_mutex_lock (&actor->caller.lock);
    far_inbound_t **at = &actor->deferred;
    while (*at && *at != inbound)
        at = &(*at)->next;
    bool ended = *at;
    if (ended)
        *at = inbound->next;
    inbound->replied = true;
    if (ended)
        far_deadlines_leave (actor, inbound);
    pthread_mutex_unlock (&actor->caller.lock);
    if (ended)
        far_inbound_free (inbound);
}

/* With this process's hop. Consumes error. */
static far_error_t *place (const far_reply_t *self, far_error_t *error)
{
    far_hop_t hop = { .process = self->actor->process_name, .object = self->object, .method = self->method };
    far_error_t *placed = far_error_with_hop (error, &hop);
    far_error_release (&error);
    return placed;
}

/* Answers with what out has, or with error (which it consumes), and ends the reply. */
static void answer (far_reply_t **self_p, far_outgoing_t *out, size_t start, far_error_t *error)
{
    far_reply_t *self = *self_p;
    *self_p = NULL;
    if (error) {
        error = place (self, error);
        far_outgoing_deinit (out);
        far_outgoing_init (out, FAR_ERROR, self->inbound->source);
        far_error_write (&out->writer, error);
    }
    out->header.request = self->inbound->message.header.request;
    far_serve_answer (self->actor, self->inbound, out, start, error);
    far_error_release (&error);
    far_outgoing_deinit (out);
    let_go (self->actor, self->inbound);
    far_outbox_flush_soon (self->actor);
    reply_free (self);
}

/* Writes what the caller asked to get, as dispatch would have done. */
static far_status_t write_result (far_reply_t *self, far_outgoing_t *out, const char *picture,
                                  far_arguments_t *arguments)
{
    far_call_t call;
    far_call_init (&call, &self->actor->host, self->inbound->source, &out->writer);
    far_status_t status = picture ? far_picture_write_value (far_call_answer (&call), picture, arguments)
                                  : far_call_answer_value (&call, NULL);
    if (!status)
        status = far_call_answered (&call);
    if (!status)
        status = far_result_apply (&call, self->returns);
    far_call_deinit (&call);
    return status;
}

far_status_t far_reply_return (far_reply_t **reply_p, const char *picture, ...)
{
    if (!reply_p || !*reply_p)
        return far_fail (FAR_E_BAD_ARGUMENTS, "there is no reply to answer with");
    far_outgoing_t out;
    far_arguments_t arguments;
    far_outgoing_init (&out, FAR_RESULT, (*reply_p)->inbound->source);
    size_t start = out.buffer.size;
    va_start (arguments.list, picture);
    far_status_t status = write_result (*reply_p, &out, picture, &arguments);
    va_end (arguments.list);
    far_error_t *error = status ? far_error_retain (far_last_error ()) : NULL;
    answer (reply_p, &out, start, error ? far_error_retain (error) : NULL);
    far_outgoing_deinit (&out);
    return error ? far_fail_with (error) : FAR_OK;
}

void far_reply_fail (far_reply_t **reply_p, const char *error_class, const char *format, ...)
{
    if (!reply_p || !*reply_p)
        return;
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_ERROR, (*reply_p)->inbound->source);
    va_list args;
    va_start (args, format);
    far_error_t *error = far_error_vnew (FAR_E_RAISED, error_class, format, args);
    va_end (args);
    answer (reply_p, &out, out.buffer.size, error);
}

bool far_reply_cancelled (const far_reply_t *reply)
{
    return !reply || !far_wanted_still (&reply->inbound->wanted);
}

void far_reply_destroy (far_reply_t **reply_p)
{
    far_reply_fail (reply_p, "NoAnswer", "the method let go of the call without answering it");
}
