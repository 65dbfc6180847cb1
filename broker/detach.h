/* Leaving the terminal: the broker as a daemon, whose start can still be waited for. */
#ifndef BROKER_DETACH_H
#define BROKER_DETACH_H

#include <farcall/base.h>

/* Forks. In the process that goes on: FAR_OK, and *out_ready to give to detach_ready. The one that was called never
 * comes back: it exits with 0 once the other is ready, or non-zero when that has ended before. Before any thread. */
far_status_t detach_begin (int *out_ready);
/* Opens the log, /dev/null for NULL. System. */
far_status_t detach_open_log (const char *path, int *out_fd);
/* Standard input and output go to /dev/null. */
void detach_streams (void);
/* Standard error goes to log_fd, which is closed. */
void detach_log (int log_fd);
/* The start is over: whoever waits for it is told. Nothing to do for -1. */
void detach_ready (int ready);

#endif
