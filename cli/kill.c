/* `far kill`: kills a worker that the broker has started. The broker does it, as it knows its children: a pid that has been
 * used again for another process is none of them. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The pid of the process that word names: by name, or by ID. 0 if there is none. */
static int64_t pid_among (const far_value_t *processes, const char *word)
{
    for (size_t i = 0; i < far_value_count (processes); i++) {
        const far_value_t *process = far_value_item (processes, i), *id = far_value_lookup (process, "id");
        const far_value_t *pid = far_value_lookup (process, "pid");
        char text[CLI_ID_SIZE];
        if (!id || !pid)
            continue;
        cli_id_text (far_value_uint (id), text);
        if (!strcmp (text, word) || !strcmp (cli_text_at (process, "name"), word))
            return far_value_int (pid);
    }
    return 0;
}

static cli_exit_t find_pid (cli_t *cli, far_process_t *broker, int64_t *out_pid)
{
    CLI_OWNED (far_value_destroy) far_value_t *processes = NULL;
    const char *word = cli->words[0];
    char *end;
    *out_pid = strtoll (word, &end, 10);
    if (!*end)
        return CLI_DONE;
    cli_exit_t code = cli_ask (cli, broker, "broker.list", NULL, &processes);
    if (code)
        return code;
    *out_pid = pid_among (processes, word);
    if (*out_pid)
        return CLI_DONE;
    return cli_fail_with (cli, word, FAR_E_NO_SUCH_PROCESS, "no such process; 'far ps' lists them");
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    CLI_OWNED (far_proxy_destroy) far_proxy_t *fleets = NULL;
    int64_t pid;
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (!code)
        code = find_pid (cli, broker, &pid);
    if (code)
        return code;
    fleets = far_import_deferred (broker, "broker.fleets");
    if (!fleets || far_call (fleets, "kill", "l", pid))
        return cli_fail_at_broker (cli, cli->words[0]);
    if (cli->options.json)
        printf ("{\"killed\": %" PRId64 "}\n", pid);
    return CLI_DONE;
}

const cli_verb_t cli_verb_kill = {
    .name = "kill",
    .takes = "WORKER",
    .says = "Kill a worker that the broker has started; it starts another.",
    .more =
        "WORKER is its pid, its id or its name. What it runs ends with PeerDied, or goes to another worker if it may\n"
        "be repeated. Other processes are not killed: see 'far close'.\n"
        "\n"
        "  far fleet where resize               # which one is stuck?\n"
        "  far kill 4711\n",
    .least = 1,
    .most = 1,
    .run = run,
};
