/* What a session is called in log lines, and what it owns. */
#include "session.h"
#include "wire/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const char *session_describe (const session_t *self, char *out, size_t out_size)
{
    char who[64], system[64] = "";
    if (self->id.value) {
        char id[32];
        snprintf (who, sizeof who, "process %s", far_process_text (self->id.value, id));
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
