/* Deadlock: processes that serve nothing while they wait, and wait for each other. They say so with the flag HOLDS of the
 * request that they wait for; what is noted of it here goes by the order in which messages pass. docs/protocol.md,
 * section 3. */
#include "step.h"
#include "wire/summary.h"

#include <stdio.h>

bool note_waiting (step_t *self, session_t *to, const far_message_t *one)
{
    const far_header_t *header = &one->header;
    session_t *from = self->from;
    if (from->waits.on && header->type == FAR_CANCEL)
        waits_end (&from->waits, &to->waits, header->request);
    else if (to->waits.on && far_message_role (header->type) == FAR_ROLE_ANSWER)
        waits_end (&to->waits, &from->waits, header->request);
    else if (header->flags & FAR_FLAG_HOLDS && header->request && far_message_role (header->type) == FAR_ROLE_REQUEST)
        return waits_begin (&from->waits, &to->waits, header->request);
    return true;
}

static void name_of (const waits_t *waits, char *out, size_t size)
{
    const session_t *session = session_of_waits (waits);
    char id[32];
    snprintf (out, size, "%s", session->hello.name ? session->hello.name : far_process_text (session->id.value, id));
}

void describe_cycle (const session_t *from, const session_t *to, char *out, size_t size)
{
    waits_describe (&from->waits, &to->waits, name_of, out, size);
}
