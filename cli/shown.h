/* What the verbs share that show what the broker keeps under names: fleets, pipelines. */
#ifndef FAR_CLI_SHOWN_H
#define FAR_CLI_SHOWN_H

#include "cli.h"

/* Calls a function of the broker ("broker.fleets.show") with the verb's first word, or, where there is none, without an
 * argument. IDs of processes in what it gives are text, as everywhere else. Says on stderr what went wrong. */
cli_exit_t shown_ask (cli_t *cli, const char *path, far_value_t **out_value);

/* A copy in which IDs of processes are text. NULL without memory. */
far_value_t *shown_with_ids (const far_value_t *value);

/* Prints it on one line. */
cli_exit_t shown_json (const far_value_t *value);

#endif
