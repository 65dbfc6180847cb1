/* Requests by their names; and what `far where` can learn of one beyond what the broker knows. */
#ifndef FAR_CLI_WHERE_H
#define FAR_CLI_WHERE_H

#include "cli.h"

/* The request that the first word names: who asked, and its number. Says on stderr what went wrong. */
cli_exit_t where_read_request (cli_t *cli, far_process_t **out_caller, uint64_t *out_number);
/* Asks the process that made the request, and the one that it was sent to. Gives a list with one place, as broker.where
 * does. Says on stderr what went wrong. */
cli_exit_t where_ask_processes (cli_t *cli, far_process_t *caller, uint64_t number, far_value_t **out_places);

#endif
