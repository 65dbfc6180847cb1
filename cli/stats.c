/* `far stats`: what the broker has counted, and how fleets and processes do. */
#include "figures.h"
#include "shown.h"
#include "table.h"
#include "watch.h"

#include <stdlib.h>

static const table_column_t counter_columns[] = {
    { "name", "COUNTER", false, NULL },
    { "value", "VALUE", true, NULL },
    { 0 },
};

static const table_column_t fleet_columns[] = {
    { "name", "FLEET", false, NULL },     { "state", "STATE", false, NULL },    { "workers", "WORKERS", true, NULL },
    { "running", "RUNNING", true, NULL }, { "waiting", "WAITING", true, NULL }, { 0 },
};

static const table_column_t process_columns[] = {
    { "id", "PROCESS", false, NULL }, { "name", "NAME", false, NULL },    { "state", "STATE", false, NULL },
    { "calls", "CALLS", true, NULL }, { "parked", "PARKED", true, NULL }, { 0 },
};

static void print_list (const table_column_t *columns, const far_value_t *rows)
{
    if (!far_value_count (rows))
        return;
    putchar ('\n');
    table_print (stdout, columns, rows);
}

static cli_exit_t print_tables (const cli_t *cli, const figures_t *figures)
{
    CLI_OWNED (far_value_destroy) far_value_t *rows = table_entries (figures->counters);
    if (!rows)
        return cli_fail (cli, "stats");
    table_print (stdout, counter_columns, rows);
    print_list (fleet_columns, figures->fleets);
    print_list (process_columns, figures->processes);
    return figures_print_latencies (figures->fleets, figures->processes) ? CLI_DONE : cli_fail (cli, "stats");
}

static cli_exit_t print_json (const cli_t *cli, const figures_t *figures)
{
    CLI_OWNED (far_value_destroy)
    far_value_t *all = far_value_new ("{sv sv sv}", "counters", figures->counters, "fleets", figures->fleets,
                                      "processes", figures->processes);
    return all ? shown_json (all) : cli_fail (cli, "stats");
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    figures_t figures = { 0 };
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (!code && cli->options.watch_ms)
        return cli_watch (cli, broker);
    if (!code)
        code = figures_take (cli, broker, &figures);
    if (!code)
        code = cli->options.json ? print_json (cli, &figures) : print_tables (cli, &figures);
    figures_deinit (&figures);
    return code;
}

const cli_verb_t cli_verb_stats = {
    .name = "stats",
    .takes = "",
    .says = "Print what the broker has counted, and how long things take.",
    .more =
        "PARKED is how many messages the broker keeps for a process that takes none now. LATENCY is of the last "
        "minute,\n"
        "in milliseconds: half took no longer than P50, 99 of 100 no longer than P99. Of a fleet, waiting is until a\n"
        "request was handed out, working is from then until its answer. Of a process, answering is from when the "
        "broker\n"
        "had a request until it had the answer: of a sample of those that it was sent directly, all where they are "
        "few.\n"
        "\n"
        "  far stats\n"
        "  far stats --json | jq '.fleets[] | {name, p99: .waited.p99_ms}'\n"
        "  far stats --watch                    # again and again, with what changed per second\n",
    .run = run,
};
