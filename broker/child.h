/* A worker as a child process: started as its fleet's spec says, its lines logged, its end told. Knows nothing of crews. */
#ifndef BROKER_CHILD_H
#define BROKER_CHILD_H

#include "base/lines.h"
#include "fleet_spec.h"
#include <poll.h>

#define CHILD_FDS 3 /* at most so many of each are polled */

typedef struct child {
    far_launched_t launched;
    const char *fleet; /* its name; the spec's */
    bool reaped;       /* ended is how */
    far_exit_t ended;
    far_lines_t out, err;
} child_t;

/* Starts one. broker is what it finds in FAR_BROKER, host the far-actor that serves modules. NULL with the last error. */
child_t *child_new (const fleet_spec_t *spec, const char *broker, const char *host);
/* Logs what it wrote before its end. It has been reaped. */
void child_destroy (child_t **self_p);
/* Kills it, and waits for its end first. */
void child_kill (child_t **self_p);

/* Logs the lines that are there. */
void child_read (child_t *self);
/* Has it ended? Reaps it then. */
bool child_reap (child_t *self);
/* Logs how it has ended, or why it could not be started. */
void child_log_end (const child_t *self, bool expected);
/* What to poll for more of it; gives how many. out has room for CHILD_FDS. */
size_t child_fds (const child_t *self, struct pollfd *out);

#endif
