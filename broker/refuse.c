/* Refusal: what the sender learns of a message that its destination does not get. docs/protocol.md, section 5, rule 7. A
 * request that wants no answer is only logged and counted. */
#include "step.h"
#include "wire/summary.h"

#include <stdio.h>

static void describe (const step_t *self, far_status_t kind, uint64_t party, char *out, size_t out_size)
{
    char id[32];
    far_process_text (party, id);
    if (kind == FAR_E_DEADLOCK) {
        describe_cycle (self->from, processes_find (self->router->processes, (far_process_id_t){ party }), out,
                        out_size);
        return;
    }
    if (kind == FAR_E_NO_SUCH_PROCESS)
        snprintf (out, out_size, "no process %s", id);
    else
        snprintf (out, out_size, "process %s has too much waiting for it at the broker", id);
}

static void refuse_request (step_t *self, const far_message_t *one, far_status_t kind)
{
    char why[512];
    describe (self, kind, one->header.party, why, sizeof why);
    if (one->header.request) {
        if (kind == FAR_E_OVERLOADED)
            step_count (self, COUNT_REFUSED_OVERLOADED);
        else if (kind == FAR_E_DEADLOCK)
            step_count (self, COUNT_DEADLOCKS);
        say_failure (self->actions, self->from, one->header.party, one->header.request, kind, "%s", why);
        return;
    }
    step_count (self, COUNT_REFUSED_OFF);
    step_log (self, "a %s that wants no answer was dropped: %s", far_message_name (one->header.type), why);
}

/* Its sender has counted it as sent; who was to get it can't count it. */
static void give_credit_back (step_t *self, const far_message_t *one)
{
    const far_header_t *header = &one->header;
    if (header->type != FAR_CLOSE)
        say_undelivered (self->actions, self->from, header->party,
                         (far_amount_t){ 1, (uint64_t)header->fields_size + header->body_size });
}

void refuse (step_t *self, const far_message_t *one, far_status_t kind)
{
    if (far_message_role (one->header.type) == FAR_ROLE_REQUEST) {
        refuse_request (self, one, kind);
        if (kind != FAR_E_NO_SUCH_PROCESS)
            give_credit_back (self, one);
    }
    if (kind == FAR_E_NO_SUCH_PROCESS)
        step_count (self, COUNT_NO_SUCH_PROCESS);
    if (one->header.fields_size && say_release (self->actions, self->from, one->header.party, one))
        step_count (self, COUNT_RELEASES);
}

void refuse_all (step_t *self, far_status_t kind)
{
    far_messages_t walk;
    far_message_t one;
    far_messages_start (&walk, &self->message);
    while (far_messages_next (&walk, &one))
        refuse (self, &one, kind);
}
