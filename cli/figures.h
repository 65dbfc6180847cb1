/* What the broker says of itself at a time: its counters, the fleets, the processes. For `far stats`, once or again and
 * again. */
#ifndef FAR_CLI_FIGURES_H
#define FAR_CLI_FIGURES_H

#include "cli.h"

typedef struct figures {
    double at_ms;                    /* of a clock that is never set */
    far_value_t *counters;           /* a map from name to number */
    far_value_t *fleets, *processes; /* lists of maps; IDs are text, and this command itself is left out */
} figures_t;

/* Asks the broker. figures_deinit cleans up, also after failure, which is said on stderr. */
cli_exit_t figures_take (cli_t *cli, far_process_t *broker, figures_t *out);
void figures_deinit (figures_t *self);

/* How long things take, as a table of its own: nothing where none of it is known. fleets and processes are such as above.
 * false without memory. */
bool figures_print_latencies (const far_value_t *fleets, const far_value_t *processes);

#endif
