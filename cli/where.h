/* Requests by their names; and what `far where` can learn of one beyond what the broker knows. */
#ifndef FAR_CLI_WHERE_H
#define FAR_CLI_WHERE_H

#include "cli.h"

/* A request, and a function of the broker's that is about requests. */
typedef struct asked {
    far_process_t *caller; /* who asked */
    uint64_t id;           /* of that */
    uint64_t number;
    far_proxy_t *function;
} asked_t;

/* The request that the first word names. Says on stderr what went wrong. End it in any case. */
cli_exit_t where_begin (cli_t *cli, const char *function, asked_t *out);
void where_end (asked_t *asked);
/* Asks the process that made the request, and the one that it was sent to. Gives a list with one place, as broker.where
 * does. Says on stderr what went wrong. */
cli_exit_t where_ask_processes (cli_t *cli, const asked_t *asked, far_value_t **out_places);

#endif
