/* `far stats --watch`. */
#ifndef FAR_CLI_WATCH_H
#define FAR_CLI_WATCH_H

#include "cli.h"

/* Prints counters, fleets, processes and latencies every options.watch_ms, with what changed per second, until the broker or the reader is
 * gone. */
cli_exit_t cli_watch (cli_t *cli, far_process_t *broker);

#endif
