/* What a session is called in log lines, and what it owns. */
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const char *process_id_text (far_process_id_t id, char *out, size_t out_size)
{
    snprintf (out, out_size, "%" PRIx32 ":%" PRIu32, far_process_id_incarnation (id), far_process_id_serial (id));
    return out;
}

const char *session_describe (const session_t *self, char *out, size_t out_size)
{
    char who[64], system[64] = "";
    if (self->id.value) {
        char id[32];
        snprintf (who, sizeof who, "process %s", process_id_text (self->id, id, sizeof id));
    } else {
        snprintf (who, sizeof who, "connection %" PRIu64, self->ordinal);
    }
    if (self->peer.known)
        snprintf (system, sizeof system, " (pid %" PRId64 ", uid %" PRId64 ")", self->peer.pid, self->peer.uid);
    snprintf (out, out_size, "%s%s%s%s", who, self->hello.name ? " " : "", self->hello.name ? self->hello.name : "",
              system);
    return out;
}

void hello_deinit (hello_t *self)
{
    free (self->name);
    free (self->host);
    free (self->program);
    *self = (hello_t){ 0 };
}
