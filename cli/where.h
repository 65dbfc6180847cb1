/* What `far where` can learn beyond what the broker knows. */
#ifndef FAR_CLI_WHERE_H
#define FAR_CLI_WHERE_H

#include "cli.h"

/* Asks the process that made the request, and the one that it was sent to. Gives a list with one place, as broker.where
 * does. Says on stderr what went wrong. */
cli_exit_t where_ask_processes (cli_t *cli, far_process_t *caller, uint64_t number, far_value_t **out_places);

#endif
