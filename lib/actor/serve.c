/* Serving: each request is run by dispatch, and its answer goes into the out-queue. Where the actor's thread serves,
 * answers are sent together if methods are short; where the next one turns out to be long, the backstop sends them. */
#include "actor/serve.h"
#include "actor/aside.h"
#include "actor/deadlines.h"
#include "actor/outbox.h"
#include "actor/reply.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "proxy/reference.h"
#include "wire/summary.h"

#include <stdlib.h>

enum {
    RUN_AT_ONCE = 256, /* requests in one go, before the socket is looked at again */
    ANSWER_WITHIN_NS = 50000
};

static void answer_error (far_outgoing_t *answer, const far_error_t *error)
{
    far_process_id_t to = { answer->header.party };
    uint64_t request = answer->header.request;
    far_outgoing_deinit (answer);
    far_outgoing_init (answer, FAR_ERROR, to);
    answer->header.request = request;
    far_error_write (&answer->writer, error);
}

/* An answer that can't be sent (too large, a broken proxy in it) is an error to who waits for it. */
static void submit (far_actor_t *actor, const far_inbound_t *inbound, far_outgoing_t *answer)
{
    pthread_mutex_lock (&actor->caller.lock);
    bool current = inbound->session == actor->session && actor->stage == FAR_STAGE_READY;
    if (current && far_outbox_submit (actor, answer)) {
        far_error_t *error = far_error_retain (far_last_error ());
        answer_error (answer, error);
        far_error_release (&error);
        if (far_outbox_submit (actor, answer))
            far_log (FAR_LOG_ERROR, "an answer was lost: %s", far_error_message (far_last_error ()));
    }
    pthread_mutex_unlock (&actor->caller.lock);
}

static far_handle_t *take_proxy (far_handle_t *proxy, const far_reference_t *reference)
{
    far_proxy_t *found = far_proxy_take (far_proxy_from_handle (proxy), reference);
    return found ? &found->handle : NULL;
}

static far_message_type_t refuse (far_outgoing_t *answer, far_error_t *error, far_error_t **out_error)
{
    far_error_write (&answer->writer, error);
    *out_error = error;
    return FAR_ERROR;
}

static far_message_type_t run (far_server_t *server, far_inbound_t *inbound, far_deferral_t *deferral,
                               far_outgoing_t *answer, far_error_t **out_error)
{
    far_actor_t *actor = server->actor;
    far_error_t *unwanted = far_inbound_unwanted (actor, inbound);
    if (unwanted)
        return refuse (answer, unwanted, out_error);
    if (server->nesting - 1 > FAR_LIMIT_NESTING) /* this one is counted */
        return refuse (answer,
                       far_error_new (FAR_E_OVERLOADED, "%s: %d methods wait, one inside the other",
                                      actor->process_name, FAR_LIMIT_NESTING),
                       out_error);
    if (inbound->message.header.type == FAR_CLOSE) {
        far_write_nil (&answer->writer);
        return FAR_RESULT;
    }
    far_incoming_t incoming = { .message = inbound->message,
                                .source = inbound->source,
                                .references = inbound->references,
                                .reference_count = inbound->reference_count,
                                .object = inbound->object,
                                .pins = inbound->pins,
                                .wanted = &inbound->wanted,
                                .deferral = deferral,
                                .take_proxy = take_proxy };
    return far_dispatch (actor->registry, &actor->host, &incoming, &answer->writer, out_error);
}

/* Nobody waits for the answer: whoever looks after this process has to hear of the error. */
static void tell (far_actor_t *actor, far_process_id_t caller, const far_error_t *error)
{
    char who[32];
    far_log (FAR_LOG_WARNING, "a call of process %s that wants no answer failed: %s (%s): %s",
             far_process_text (caller.value, who), far_status_name (far_error_kind (error)), far_error_class (error),
             far_error_message (error));
    pthread_mutex_lock (&actor->caller.lock);
    far_error_hook_t *hook = actor->error_hook;
    void *context = actor->error_context;
    pthread_mutex_unlock (&actor->caller.lock);
    if (hook) /* which may make calls, as a method may */
        hook (context, caller, error);
}

/* What stays of the answer, read while it is there. */
static far_outcome_t outcome_of (const far_outgoing_t *answer, size_t start, const far_error_t *error)
{
    far_outcome_t outcome = { .error = error ? far_error_retain (error) : NULL,
                              .size_bytes = answer->writer.out->size - start };
    if (!error)
        far_outcome_read (&outcome, &answer->writer, start);
    return outcome;
}

static void settle (far_actor_t *actor, far_kept_t *kept, far_outcome_t *outcome)
{
    pthread_mutex_lock (&actor->caller.lock);
    far_aside_settle (actor, kept, outcome);
    pthread_mutex_unlock (&actor->caller.lock);
}

static void close_actor (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    actor->closing = true;
    far_by_caller_tell (&actor->by_caller);
    pthread_mutex_unlock (&actor->caller.lock);
}

void far_serve_answer (far_actor_t *actor, far_inbound_t *inbound, far_outgoing_t *answer, size_t start,
                       const far_error_t *error)
{
    far_outcome_t outcome = { 0 };
    if (inbound->kept)
        outcome = outcome_of (answer, start, error);
    if (inbound->message.header.request)
        submit (actor, inbound, answer);
    else if (error && far_error_kind (error) != FAR_E_CANCELLED) /* of a caller that died before it was run */
        tell (actor, inbound->source, error);
    if (inbound->kept)
        settle (actor, inbound->kept, &outcome);
}

/* Has it been answered, and not put off? */
static bool run_and_answer (far_server_t *server, far_inbound_t *inbound)
{
    far_outgoing_t answer;
    far_error_t *error = NULL;
    far_putting_off_t putting_off;
    far_outgoing_init (&answer, FAR_RESULT, inbound->source);
    far_putting_off_init (&putting_off, server->actor, inbound);
    answer.header.request = inbound->message.header.request;
    size_t start = answer.buffer.size;
    answer.header.type = (uint8_t)run (server, inbound, &putting_off.deferral, &answer, &error);
    bool answered = !putting_off.deferral.reply;
    if (answered)
        far_serve_answer (server->actor, inbound, &answer, start, error);
    far_error_release (&error);
    far_outgoing_deinit (&answer);
    if (answered && inbound->message.header.type == FAR_CLOSE)
        close_actor (server->actor);
    return answered;
}

/* The actor's thread may have waited for this one to end before it leaves. Gives the next one, if that is wanted. */
static far_inbound_t *leave (far_server_t *server, far_inbound_t *inbound, bool answered, bool goes_on)
{
    far_actor_t *actor = server->actor;
    pthread_mutex_lock (&actor->caller.lock);
    far_server_leave (server, inbound);
    bool over = answered || far_reply_take_over (actor, inbound);
    if (over)
        far_deadlines_leave (actor, inbound);
    bool tell = (actor->stop || actor->closing) && !actor->running && server != &actor->server;
    bool saved = answered && far_inbound_save (actor, inbound);
    far_inbound_t *next = goes_on ? far_server_take (server, server->nesting) : NULL;
    pthread_mutex_unlock (&actor->caller.lock);
    if (tell)
        far_actor_wake (actor);
    if (over && !saved)
        far_inbound_free (inbound);
    return next;
}

/* Gives the next one to be run, if that is wanted. */
static far_inbound_t *serve_one (far_server_t *server, far_inbound_t *inbound, bool goes_on)
{
    server->nesting++;
    bool answered = run_and_answer (server, inbound);
    if (answered)
        far_inbound_empty (inbound); /* ends objects, whose destructors may call in their turn; it is still running */
    server->nesting--;
    return leave (server, inbound, answered, goes_on);
}

void far_serve_and_send (far_server_t *server, far_inbound_t *inbound)
{
    far_error_t *before = far_last_error_take (); /* what others fail with is nothing to the method that waits */
    serve_one (server, inbound, false);
    far_last_error_put (&before);
    far_outbox_flush_soon (server->actor);
}

static void flush_answers (far_actor_t *actor, int64_t now)
{
    far_backstop_disarm (&actor->backstop);
    far_outbox_flush (actor);
    actor->flushed_at = now;
}

/* Between two requests: the answers so far are sent, or wait for the next one. */
static void keep_or_send (far_actor_t *actor)
{
    int64_t now = far_clock_ns ();
    if (now - actor->flushed_at > ANSWER_WITHIN_NS || !far_backstop_arm (&actor->backstop, now))
        flush_answers (actor, now);
}

static far_inbound_t *take (far_server_t *server)
{
    far_actor_t *actor = server->actor;
    pthread_mutex_lock (&actor->caller.lock);
    far_inbound_t *inbound = far_server_take (server, server->nesting);
    pthread_mutex_unlock (&actor->caller.lock);
    return inbound;
}

bool far_serve (far_actor_t *actor)
{
    far_server_t *server = &actor->server;
    far_inbound_t *inbound = actor->serving == FAR_SERVED_BY_ACTOR ? take (server) : NULL;
    if (!inbound)
        return false;
    actor->flushed_at = far_clock_ns ();
    bool nested = atomic_exchange (&actor->in_method, true);
    far_outbox_flush_rest (actor); /* what was left to us before in_method was set */
    /* A method that waits must see its answer, and the time, before others are run for long. */
    int most = nested ? 1 : RUN_AT_ONCE;
    for (int left = most; inbound; left--) {
        if (left < most)
            keep_or_send (actor);
        inbound = serve_one (server, inbound, left > 1);
    }
    atomic_store (&actor->in_method, nested);
    flush_answers (actor, 0);
    return true;
}
