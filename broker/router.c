/* The routing core. A table has a row for each state of a session: what it may say, and what follows. Owns the table of
 * processes and the counters; knows nothing of sockets and of time but what it is told. */
#include "router.h"
#include "base/error.h"
#include "hello.h"
#include "step.h"
#include "wire/summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

router_t *router_new (const router_options_t *options)
{
    router_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->options = *options;
    self->processes = processes_new (options->incarnation);
    if (!self->processes)
        router_destroy (&self);
    return self;
}

void router_destroy (router_t **self_p)
{
    router_t *self = *self_p;
    if (!self)
        return;
    processes_destroy (&self->processes);
    free (self);
    *self_p = NULL;
}

bool router_is_broker (const router_t *self, uint64_t party)
{
    return party == FAR_PARTY_BROKER || party == processes_broker_id (self->processes).value;
}

void step_log (step_t *self, const char *format, ...)
{
    char who[320], text[512];
    uint64_t suppressed;
    if (!limiter_allows (&self->from->log, self->now_ns, &suppressed)) {
        step_count (self, COUNT_LOG_LINES_SUPPRESSED);
        return;
    }
    va_list args;
    va_start (args, format);
    vsnprintf (text, sizeof text, format, args);
    va_end (args);
    session_describe (self->from, who, sizeof who);
    if (suppressed)
        actions_log (self->actions, "%s: %s (and %llu lines more)", who, text, (unsigned long long)suppressed);
    else
        actions_log (self->actions, "%s: %s", who, text);
}

/* The process is down: whoever has had to do with it learns of it. */
static void leave (step_t *self, far_down_how_t how, const char *cause)
{
    session_t *from = self->from, *other;
    if (from->state != SESSION_LIVE)
        return;
    while ((other = processes_part (self->router->processes, from))) {
        waits_lose (&other->waits, &from->waits);
        if (other->resident)
            continue; /* hears of it by ACTION_LEFT */
        say_down (self->actions, other, from->id, how, cause);
        step_count (self, COUNT_DOWNS);
    }
    from->waits = (waits_t){ 0 };
    sampler_forget (&self->router->sampler, from->id.value, &from->sampling);
    processes_retire (self->router->processes, from, how);
    action_t *action = actions_add (self->actions, ACTION_LEFT, NULL);
    if (action)
        action->left = from->id;
}

static void cut (step_t *self, const char *why)
{
    if (self->from->state == SESSION_CUT)
        return;
    step_log (self, "cut: %s", why);
    step_count (self, COUNT_CUTS);
    leave (self, FAR_DOWN_CUT, why);
    self->from->state = SESSION_CUT;
    actions_add (self->actions, ACTION_CUT, self->from);
}

static void refuse_hello (step_t *self)
{
    const far_error_t *error = far_last_error ();
    step_count (self, COUNT_HELLOS_REFUSED);
    step_log (self, "HELLO refused: %s", far_error_message (error));
    say_error (self->actions, self->from, FAR_PARTY_SESSION, self->message.header.request, error);
}

static far_status_t admit (step_t *self, hello_t *hello)
{
    processes_t *processes = self->router->processes;
    const session_t *holder = hello->name ? processes_named (processes, hello->name, strlen (hello->name)) : NULL;
    char id[32];
    if (holder)
        return far_fail (FAR_E_NAME_TAKEN, "the name '%s' is that of process %s", hello->name,
                         far_process_text (holder->id.value, id));
    if (!processes_admit (processes, self->from, hello))
        return far_fail (FAR_E_NO_MEMORY, "the broker has no room for another process");
    return FAR_OK;
}

static void on_hello (step_t *self)
{
    const far_header_t *header = &self->message.header;
    hello_t hello = { 0 };
    if (!header->request) {
        cut (self, "a HELLO with request ID 0, which can't be answered");
        return;
    }
    if (header->party != FAR_PARTY_SESSION)
        far_fail (FAR_E_PROTOCOL_ERROR, "HELLO: expected party 0");
    else if (!hello_read (self->message.body, header->body_size, &hello) && !admit (self, &hello)) {
        say_welcome (self->actions, self->from, header->request, processes_broker_id (self->router->processes),
                     self->router->options.parked_bytes, self->router->options.message_bytes);
        actions_add (self->actions, ACTION_JOINED, self->from);
        return;
    }
    hello_deinit (&hello);
    refuse_hello (self);
}

/* A request that has no place here is answered; anything else is dropped. */
static void refuse_protocol (step_t *self, const char *why)
{
    const far_header_t *header = &self->message.header;
    step_log (self, "%s (type %u, party %llx)", why, header->type, (unsigned long long)header->party);
    if (!header->request || self->role == FAR_ROLE_ANSWER || self->role == FAR_ROLE_NOTICE) {
        step_count (self, COUNT_DROPPED);
        return;
    }
    step_count (self, COUNT_PROTOCOL_ERRORS);
    say_failure (self->actions, self->from, header->party, header->request, FAR_E_PROTOCOL_ERROR, "%s", why);
}

static void on_new (step_t *self)
{
    if (step_is_batch (self)) {
        cut (self, "a batch before HELLO");
    } else if (self->message.header.type == FAR_HELLO) {
        on_hello (self);
    } else {
        step_count (self, COUNT_RESETS);
        step_log (self, "%s before HELLO", far_message_name (self->message.header.type));
        say_reset (self->actions, self->from, "no session here: HELLO comes first");
    }
}

static void on_bye (step_t *self)
{
    step_count (self, COUNT_BYES);
    leave (self, FAR_DOWN_BYE, NULL);
    say_bye (self->actions, self->from, self->message.header.request);
}

static void on_live (step_t *self)
{
    const far_header_t *header = &self->message.header;
    if (self->role == FAR_ROLE_UNKNOWN && !step_is_batch (self))
        refuse_protocol (self, "a message of unknown type");
    else if (header->type == FAR_BYE && header->party == FAR_PARTY_SESSION)
        on_bye (self);
    else if (header->type == FAR_HELLO)
        refuse_protocol (self, "a second HELLO");
    else if (self->role == FAR_ROLE_SESSION || header->party == FAR_PARTY_SESSION)
        refuse_protocol (self, "a message to a party that does not take it");
    else if (router_is_broker (self->router, header->party))
        actions_add (self->actions, ACTION_SERVE, self->from);
    else
        route (self);
}

static void on_left (step_t *self)
{
    if (self->message.header.type == FAR_HELLO)
        refuse_protocol (self, "a second HELLO");
    else
        step_count (self, COUNT_DROPPED);
}

static void on_cut (step_t *self)
{
    step_count (self, COUNT_DROPPED);
}

static void (*const on_message[]) (step_t *self) = {
    [SESSION_NEW] = on_new,
    [SESSION_LIVE] = on_live,
    [SESSION_LEFT] = on_left,
    [SESSION_CUT] = on_cut,
};

/* A record of a type that is none of ours, in a batch. */
static bool has_unknown_record (const step_t *self)
{
    far_messages_t walk;
    far_message_t one;
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one))
        if (far_message_role (one.header.type) == FAR_ROLE_UNKNOWN)
            return true;
    return false;
}

static void on_frame (step_t *self)
{
    step_count (self, COUNT_MESSAGES);
    self->router->counters.value[COUNT_BYTES] += self->size;
    if (!far_message_read (self->frame, self->size, &self->message))
        cut (self, "a malformed frame");
    else if ((self->role = far_message_role (self->message.header.type)) == FAR_ROLE_BROKER)
        cut (self, "a message that only the broker may send");
    else if (step_is_batch (self) && has_unknown_record (self))
        cut (self, "a batch with a message of unknown type");
    else
        on_message[self->from->state](self);
}

void router_step (router_t *self, const event_t *event, int64_t now_ns, actions_t *actions)
{
    step_t step = { .router = self,
                    .from = event->session,
                    .frame = event->frame,
                    .size = event->size,
                    .now_ns = now_ns,
                    .actions = actions };
    switch (event->kind) {
    case EVENT_FRAME:
        on_frame (&step);
        return;
    case EVENT_CUT:
        cut (&step, event->why);
        return;
    case EVENT_ENDED:
        leave (&step, FAR_DOWN_DIED, event->why);
        processes_close (self->processes, &step.from);
        return;
    }
}
