/* `far close`: asks a process to leave, and waits until it has. */
#include "cli.h"

#include <string.h>

/* It confirms, and leaves after that: a call that it answers no more is the sign that its name is free. */
static bool is_still_there (far_process_t *process)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *ping = far_import_deferred (process, "process.ping");
    return ping && !far_call (ping, NULL, ">n");
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *process = NULL;
    const char *word = cli->words[0];
    if (!strcmp (word, CLI_BROKER))
        return cli_misused (cli, "a broker is ended with a signal, not closed");
    cli_exit_t code = cli_reach (cli, word, &process);
    if (code)
        return code;
    if (far_process_close (process, true))
        return cli_fail (cli, word);
    while (is_still_there (process))
        ;
    if (far_last_status () == FAR_E_TIMEOUT)
        return cli_fail (cli, word);
    if (cli->options.json) {
        char id[CLI_ID_SIZE];
        printf ("{\"closed\": \"%s\"}\n", cli_id_text (far_process_get_id (process).value, id));
    }
    return CLI_DONE;
}

const cli_verb_t cli_verb_close = {
    .name = "close",
    .takes = "PROCESS",
    .says = "Ask a process to leave, and wait until it has.",
    .more = "It finishes what it is doing, answers, and says goodbye to the broker. A far-actor ends then.\n"
            "\n"
            "  far close host\n"
            "  far close 1a2b3c4d:17 --timeout 60000\n",
    .least = 1,
    .most = 1,
    .run = run,
};
