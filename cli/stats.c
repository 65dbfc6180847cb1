/* `far stats`: what the broker has counted. */
#include "cli.h"
#include "json.h"
#include "table.h"
#include "watch.h"

#include <stdlib.h>

static const table_column_t columns[] = {
    { "name", "COUNTER", false, NULL },
    { "value", "VALUE", true, NULL },
    { 0 },
};

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *counters = NULL, *rows = NULL;
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (!code && cli->options.watch_ms)
        return cli_watch (cli, broker);
    if (!code)
        code = cli_ask (cli, broker, "broker.stats", NULL, &counters);
    if (code)
        return code;
    if (cli->options.json) {
        json_write (stdout, counters, JSON_ONE_LINE);
        putchar ('\n');
        return CLI_DONE;
    }
    rows = table_entries (counters);
    if (!rows)
        return cli_fail (cli, "stats");
    table_print (stdout, columns, rows);
    return CLI_DONE;
}

const cli_verb_t cli_verb_stats = {
    .name = "stats",
    .takes = "",
    .says = "Print the broker's counters.",
    .more = "  far stats\n"
            "  far stats --json | jq .\n"
            "  far stats --watch 1000               # and the fleets, and what changed per second\n",
    .run = run,
};
