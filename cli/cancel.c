/* `far cancel`: gives a request up in the place of who asked. Where the broker does not have it, the process that asked is
 * asked to whom it went. */
#include "cli.h"
#include "where.h"

#include <inttypes.h>
#include <stdio.h>

static cli_exit_t cancel_at_process (cli_t *cli, const asked_t *asked)
{
    CLI_OWNED (far_value_destroy) far_value_t *places = NULL;
    cli_exit_t code = where_ask_processes (cli, asked, &places);
    if (code)
        return code;
    uint64_t at = cli_number_at (far_value_item (places, 0), "worker");
    if (far_call (asked->function, NULL, "uuu", asked->id, asked->number, at))
        return cli_fail_at_broker (cli, cli->words[0]);
    return CLI_DONE;
}

static cli_exit_t cancel (cli_t *cli, const asked_t *asked)
{
    if (!far_call (asked->function, NULL, "uu", asked->id, asked->number))
        return CLI_DONE;
    if (far_last_status () == FAR_E_NO_SUCH_ATTRIBUTE)
        return cancel_at_process (cli, asked);
    return cli_fail_at_broker (cli, cli->words[0]);
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (where_end) asked_t asked = { 0 };
    cli_exit_t code = where_begin (cli, "broker.cancel", &asked);
    if (!code)
        code = cancel (cli, &asked);
    if (!code && cli->options.json) {
        char id[CLI_ID_SIZE];
        printf ("{\"cancelled\": \"%s/%" PRIu64 "\"}\n", cli_id_text (asked.id, id), asked.number);
    }
    return code;
}

const cli_verb_t cli_verb_cancel = {
    .name = "cancel",
    .takes = "PROCESS/NUMBER",
    .says = "Give a request up, in the place of who asked.",
    .more =
        "The request is named as in 'far where'. If it waits it is taken out, and who asked gets Cancelled. If it\n"
        "runs its method is told, and answers when it heeds that; a fleet with kill_ms kills a worker that does not.\n"
        "\n"
        "  far cancel 1a2b3c4d:17/42\n",
    .least = 1,
    .most = 1,
    .run = run,
};
