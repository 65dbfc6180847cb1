/* What the verbs of `far fleet` share. */
#ifndef FAR_CLI_FLEET_H
#define FAR_CLI_FLEET_H

#include "cli.h"

extern const cli_verb_t cli_fleet_ls, cli_fleet_show, cli_fleet_where, cli_fleet_dead, cli_fleet_drain;

/* How a verb that changes a fleet ends, in the words of the command line: {"done": "pause", "fleet": "resize"}. */
cli_exit_t cli_fleet_finish (cli_t *cli, far_status_t status);

/* The broker's module of fleets: a deferred proxy. Says on stderr what went wrong. */
cli_exit_t cli_fleets (cli_t *cli, far_proxy_t **out_fleets);

#endif
