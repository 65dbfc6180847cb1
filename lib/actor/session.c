/* The session with the broker. A session is one connection: when that ends, whatever was asked ends with BrokerLost, all
 * proxies are broken, all that others held is let go, and a new session begins with a new process id. Back-off and
 * jitter are ours: ZeroMQ's own reconnection would go on in the middle of a conversation that nobody remembers. */
#include "actor/session.h"
#include "actor/join.h"
#include "actor/outbox.h"
#include "actor/shares.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "proxy/request.h"
#include "wire/summary.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    HELLO_REQUEST = 1,
    WELCOME_MS = 3000, /* a connection that stands this long without WELCOME is not to a broker */
    BYE_MS = 1000,
    BACKOFF_FIRST_MS = 10,
    BACKOFF_LAST_MS = 1000
};

static void set_stage (far_actor_t *actor, far_stage_t stage)
{
    actor->stage = stage;
    if (stage == FAR_STAGE_LEAVING || stage == FAR_STAGE_ENDED)
        far_by_caller_tell (&actor->by_caller);
    pthread_cond_broadcast (&actor->changed);
}

static void refuse_with (far_actor_t *actor, far_error_t *error)
{
    far_error_release (&actor->refused);
    actor->refused = error;
}

static void write_entry (far_writer_t *out, const char *key, const char *text)
{
    far_write_string (out, key, strlen (key));
    if (text)
        far_write_string (out, text, strlen (text));
    else
        far_write_nil (out);
}

static void say_hello (far_actor_t *actor)
{
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_HELLO, (far_process_id_t){ FAR_PARTY_SESSION });
    out.header.request = HELLO_REQUEST;
    char host[256] = "";
    gethostname (host, sizeof host - 1);
    far_write_map (&out.writer, 5);
    far_write_string (&out.writer, "version", 7);
    far_write_uint (&out.writer, FAR_PROTOCOL_VERSION);
    far_write_string (&out.writer, "pid", 3);
    far_write_int (&out.writer, getpid ());
    write_entry (&out.writer, "name", *actor->name ? actor->name : NULL);
    write_entry (&out.writer, "host", far_is_utf8 (host, strlen (host)) ? host : "");
    const char *program = program_invocation_short_name;
    write_entry (&out.writer, "program", far_is_utf8 (program, strlen (program)) ? program : "");
    if (far_outbox_submit_session (actor, &out))
        far_log (FAR_LOG_ERROR, "HELLO: %s", far_error_message (far_last_error ()));
    far_outgoing_deinit (&out);
}

static void retry_later (far_actor_t *actor)
{
    int span = actor->backoff_ms ? actor->backoff_ms : BACKOFF_FIRST_MS;
    actor->backoff_ms = span * 2 < BACKOFF_LAST_MS ? span * 2 : BACKOFF_LAST_MS;
    unsigned jitter;
    far_random (&jitter, sizeof jitter);
    actor->retry_at = far_deadline_in (span / 2 + (int)(jitter % (unsigned)(span / 2 + 1)));
}

/* What was asked is asked no more, but for this: who was told to leave leaves, though the broker has gone meanwhile. */
static void heed_close (far_actor_t *actor)
{
    for (const far_inbound_t *inbound = actor->first_inbound; inbound; inbound = inbound->next)
        actor->closing = actor->closing || inbound->message.header.type == FAR_CLOSE;
    if (actor->closing)
        far_by_caller_tell (&actor->by_caller);
}

/* Lets go of everything that stood for the session. */
static void clear_tables (far_actor_t *actor, far_error_t *error, far_leftovers_t *leftovers)
{
    far_processes_set_down (&actor->caller, error, &leftovers->ended);
    far_object_t *object;
    while ((object = far_exports_clear (actor->exports)))
        far_leftovers_add (leftovers, &object->handle);
    far_handle_t *kept;
    while ((kept = far_keeps_clear (&actor->keeps)))
        far_leftovers_add (leftovers, kept);
    heed_close (actor);
    far_inbox_clear (actor, leftovers);
    far_shares_clear (actor);
    for (far_inbound_t *running = actor->running; running; running = running->next)
        far_inbound_cancel (actor, running);
    for (far_inbound_t *deferred = actor->deferred; deferred; deferred = deferred->next)
        far_inbound_cancel (actor, deferred);
    far_outqueue_clear (&actor->outqueue);
    pthread_cond_broadcast (&actor->caller.room);
    actor->id = (far_process_id_t){ 0 };
}

void far_session_lost (far_actor_t *actor, const char *why, far_leftovers_t *leftovers)
{
    far_stage_t was = actor->stage;
    far_link_close (&actor->link);
    if (was == FAR_STAGE_READY)
        far_log (FAR_LOG_WARNING, "the broker at %s is lost: %s", actor->endpoint, why);
    far_error_t *error = far_error_new (FAR_E_BROKER_LOST, "the broker at %s is lost: %s", actor->endpoint, why);
    clear_tables (actor, error, leftovers);
    if (was == FAR_STAGE_LEAVING) {
        actor->bye_confirmed = true;
        far_error_release (&error);
        return;
    }
    if (was == FAR_STAGE_READY || !actor->refused)
        refuse_with (actor, error);
    else
        far_error_release (&error);
    bool first = !actor->session;
    bool over = first ? far_clock_ns () >= actor->first_until : !actor->reconnects;
    retry_later (actor);
    set_stage (actor, over ? FAR_STAGE_ENDED : FAR_STAGE_OFFLINE);
}

/* The first connection can't come to be, whatever we wait for. */
static void give_up (far_actor_t *actor, far_error_t *error, far_leftovers_t *leftovers)
{
    far_link_close (&actor->link);
    clear_tables (actor, error, leftovers);
    refuse_with (actor, error);
    set_stage (actor, FAR_STAGE_ENDED);
}

static void take_welcome (far_actor_t *actor, const far_message_t *message)
{
    far_reader_t reader = { message->body, message->body + message->header.body_size };
    const char *why;
    far_value_t *welcome =
        far_scan (message->body, message->header.body_size, &why) ? far_value_read (&reader, NULL) : NULL;
    actor->id.value = far_value_uint (far_value_lookup (welcome, "process"));
    uint64_t bytes = far_value_uint (far_value_lookup (far_value_lookup (welcome, "limits"), "message_bytes"));
    actor->message_bytes = bytes && bytes < FAR_LIMIT_MESSAGE_BYTES ? (size_t)bytes : FAR_LIMIT_MESSAGE_BYTES;
    far_value_destroy (&welcome);
    if (!actor->id.value) {
        far_log (FAR_LOG_ERROR, "the broker at %s sent a WELCOME without a process id", actor->endpoint);
        return;
    }
    if (!*actor->name)
        far_process_text (actor->id.value, actor->process_name);
    actor->session++;
    actor->backoff_ms = 0;
    far_error_release (&actor->refused);
    set_stage (actor, FAR_STAGE_READY);
    far_join_again (actor);
}

/* HELLO was refused. A name that is taken may be our own of a session that the broker has not seen end yet. */
static void take_refusal (far_actor_t *actor, const far_message_t *message)
{
    refuse_with (actor, far_error_read (message->body, message->header.body_size));
    actor->give_up_at = 0; /* the actor's thread closes the link */
    if (!actor->session)
        actor->first_until = 0;
}

void far_session_take (far_actor_t *actor, const far_message_t *message, far_leftovers_t *leftovers)
{
    (void)leftovers;
    switch (message->header.type) {
    case FAR_WELCOME:
        if (actor->stage == FAR_STAGE_CONNECTING)
            take_welcome (actor, message);
        break;
    case FAR_ERROR:
        if (actor->stage == FAR_STAGE_CONNECTING)
            take_refusal (actor, message);
        break;
    case FAR_RESET:
        actor->was_reset = true;
        break;
    case FAR_BYE:
        actor->bye_confirmed = true;
        break;
    default:
        break;
    }
}

static void begin (far_actor_t *actor, far_leftovers_t *leftovers)
{
    actor->was_reset = false;
    if (far_link_open (&actor->link, actor->endpoint)) {
        far_error_t *error = far_error_retain (far_last_error ());
        if (actor->session) {
            far_session_lost (actor, far_error_message (error), leftovers);
            far_error_release (&error);
        } else {
            give_up (actor, error, leftovers);
        }
        return;
    }
    set_stage (actor, FAR_STAGE_CONNECTING);
    actor->give_up_at = far_deadline_in (WELCOME_MS);
    if (!actor->session && actor->first_until < actor->give_up_at)
        actor->give_up_at = actor->first_until;
    say_hello (actor);
}

static far_error_t *error_of_nobody (const far_actor_t *actor)
{
    return far_error_new (FAR_E_SYSTEM, "no broker at %s", actor->endpoint);
}

/* The connection has ended, or did not come up. */
static void ended (far_actor_t *actor, far_leftovers_t *leftovers)
{
    if (actor->stage == FAR_STAGE_CONNECTING && !actor->session && !actor->refused)
        refuse_with (actor, error_of_nobody (actor));
    far_session_lost (actor, actor->stage == FAR_STAGE_CONNECTING ? "can't connect" : "the connection ended",
                      leftovers);
}

/* It did not answer HELLO in time, or refused it. HELLO leaves when the connection stands. */
static void late (far_actor_t *actor, far_leftovers_t *leftovers)
{
    bool said = !actor->link.has_unsent && !actor->outqueue.count;
    if (!actor->session && !actor->refused)
        refuse_with (actor,
                     said ? far_error_new (FAR_E_PROTOCOL_ERROR, "nothing at %s answers like a broker", actor->endpoint)
                          : error_of_nobody (actor));
    far_session_lost (actor, actor->refused ? far_error_message (actor->refused) : "no answer to HELLO", leftovers);
}

void far_session_step (far_actor_t *actor, far_leftovers_t *leftovers)
{
    if (actor->link.socket && (actor->link.lost || actor->was_reset))
        ended (actor, leftovers);
    else if (actor->stage == FAR_STAGE_CONNECTING && far_clock_ns () >= actor->give_up_at)
        late (actor, leftovers);
    if (actor->stage == FAR_STAGE_OFFLINE && !actor->stop && far_clock_ns () >= actor->retry_at)
        begin (actor, leftovers);
}

void far_session_leave (far_actor_t *actor, far_leftovers_t *leftovers)
{
    bool connected = actor->stage == FAR_STAGE_READY;
    far_error_t *error = far_error_new (FAR_E_CLOSED, "this actor has left");
    far_processes_set_down (&actor->caller, error, &leftovers->ended);
    if (actor->stage == FAR_STAGE_ENDED && actor->refused)
        far_error_release (&error); /* it has ended by itself: that is what calls go on to fail with */
    else
        refuse_with (actor, error);
    if (!connected) {
        actor->bye_confirmed = true;
        return;
    }
    set_stage (actor, FAR_STAGE_LEAVING);
    actor->give_up_at = far_deadline_in (BYE_MS);
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_BYE, (far_process_id_t){ FAR_PARTY_SESSION });
    far_outbox_submit_session (actor, &out);
    far_outgoing_deinit (&out);
}

void far_session_end (far_actor_t *actor, far_leftovers_t *leftovers)
{
    far_link_close (&actor->link);
    clear_tables (actor, actor->refused, leftovers);
    set_stage (actor, FAR_STAGE_ENDED);
}

far_deadline_t far_session_next (const far_actor_t *actor)
{
    switch (actor->stage) {
    case FAR_STAGE_OFFLINE:
        return actor->retry_at;
    case FAR_STAGE_CONNECTING:
    case FAR_STAGE_LEAVING:
        return actor->give_up_at;
    default:
        return FAR_DEADLINE_NEVER;
    }
}
