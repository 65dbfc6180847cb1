/* `far ping`: how long a call to a process takes, there and back. */
#include "cli.h"
#include "pace.h"

#include <stdlib.h>

typedef struct pings {
    double *times_ms; /* of those that were answered */
    int sent, answered;
} pings_t;

static int compare (const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* One call. A late answer is worth the next try, anything else is not. */
static cli_exit_t ping_once (cli_t *cli, far_proxy_t *ping, pings_t *pings)
{
    double start = pace_now_ms ();
    pings->sent++;
    if (far_call (ping, NULL, ">n"))
        return cli_fail (cli, cli->words[0]);
    double took = pace_now_ms () - start;
    pings->times_ms[pings->answered++] = took;
    if (!cli->options.json) {
        printf ("%d of %d: %.3f ms\n", pings->sent, cli->options.count, took);
        fflush (stdout);
    }
    return CLI_DONE;
}

static void print_json (const pings_t *pings, const char *id)
{
    printf ("{\"process\": \"%s\", \"sent\": %d, \"answered\": %d, \"times_ms\": [", id, pings->sent, pings->answered);
    for (int i = 0; i < pings->answered; i++)
        printf ("%s%.3f", i ? ", " : "", pings->times_ms[i]);
    puts ("]}");
}

static void print_summary (pings_t *pings, const char *id)
{
    int count = pings->answered;
    printf ("%s: %d sent, %d answered", id, pings->sent, count);
    if (count) {
        qsort (pings->times_ms, (size_t)count, sizeof *pings->times_ms, compare);
        printf ("; least %.3f, median %.3f, most %.3f ms", pings->times_ms[0], pings->times_ms[count / 2],
                pings->times_ms[count - 1]);
    }
    putchar ('\n');
}

static cli_exit_t ping_all (cli_t *cli, far_proxy_t *ping, pings_t *pings)
{
    cli_exit_t worst = CLI_DONE;
    for (int i = 0; i < cli->options.count; i++) {
        if (i)
            pace_sleep_ms (cli->options.interval_ms);
        cli_exit_t code = ping_once (cli, ping, pings);
        if (code)
            worst = code;
        if (code && far_last_status () != FAR_E_TIMEOUT)
            break;
    }
    return worst;
}

static void report (const cli_t *cli, pings_t *pings, far_process_t *process)
{
    char id[CLI_ID_SIZE];
    cli_id_text (far_process_get_id (process).value, id);
    if (cli->options.json)
        print_json (pings, id);
    else
        print_summary (pings, id);
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *process = NULL;
    cli_exit_t code = cli_reach (cli, cli->words[0], &process);
    if (code)
        return code;
    CLI_OWNED (far_proxy_destroy) far_proxy_t *ping = far_import_deferred (process, "process.ping");
    pings_t pings = { .times_ms = calloc ((size_t)cli->options.count, sizeof *pings.times_ms) };
    if (!ping || !pings.times_ms) {
        free (pings.times_ms);
        return cli_fail (cli, "ping");
    }
    code = ping_all (cli, ping, &pings);
    if (code != CLI_NOBODY || pings.answered) /* else that has been said, and is all */
        report (cli, &pings, process);
    free (pings.times_ms);
    return code;
}

const cli_verb_t cli_verb_ping = {
    .name = "ping",
    .takes = "PROCESS",
    .says = "Measure how long a call to a process takes, there and back.",
    .more = "A ping is a call of process.ping, which every process hosts: it waits behind what the process is doing.\n"
            "\n"
            "  far ping host\n"
            "  far ping host -c 100 -i 10\n"
            "  far ping " CLI_BROKER " --json\n",
    .least = 1,
    .most = 1,
    .run = run,
};
