/* `far fleet`: the verbs that show something. */
#include "fleet.h"
#include "shown.h"
#include "table.h"

#include <inttypes.h>
#include <stdlib.h>

static const table_column_t fleet_columns[] = {
    { "name", "NAME", false, NULL },
    { "state", "STATE", false, NULL },
    { "workers", "WORKERS", true, NULL },
    { "running", "RUNNING", true, NULL },
    { "waiting", "WAITING", true, NULL },
    { "requests", "REQUESTS", true, NULL },
    { "answered", "ANSWERED", true, NULL },
    { "retried", "RETRIED", true, NULL },
    { "expired", "EXPIRED", true, NULL },
    { "lost", "LOST", true, NULL },
    { "deaths", "DEATHS", true, NULL },
    { "dead", "DEAD", true, NULL },
    { 0 },
};

static const table_column_t entry_columns[] = {
    { "name", "FLEET", false, NULL },
    { "value", "VALUE", true, NULL },
    { 0 },
};

static const table_column_t setting_columns[] = {
    { "name", "SETTING", false, NULL },
    { "value", "VALUE", true, NULL },
    { 0 },
};

static const table_column_t member_columns[] = {
    { "id", "WORKER", false, NULL },      { "pid", "PID", true, NULL },
    { "name", "NAME", false, NULL },      { "slots", "SLOTS", true, NULL },
    { "running", "RUNNING", true, NULL }, { "done", "DONE", true, NULL },
    { "state", "STATE", false, NULL },    { 0 },
};

static const table_column_t crew_columns[] = {
    { "pid", "PID", true, NULL },
    { "state", "STATE", false, NULL },
    { "old", "OLD", false, NULL },
    { "since", "SINCE", false, table_show_time },
    { 0 },
};

static const table_column_t running_columns[] = {
    { "pid", "PID", true, NULL },
    { "process", "PROCESS", false, NULL },
    { "since", "SINCE", false, table_show_time },
    { "deaths", "DEATHS", true, NULL },
    { "given_up", "GIVEN UP", false, NULL },
    { "id", "ID", false, NULL },
    { "request", "REQUEST", false, NULL },
    { 0 },
};

static const table_column_t dead_columns[] = {
    { "number", "NUMBER", true, NULL }, { "since", "SINCE", false, table_show_time },
    { "deaths", "DEATHS", true, NULL }, { "bytes", "BYTES", true, NULL },
    { "id", "ID", false, NULL },        { "request", "REQUEST", false, NULL },
    { "why", "WHY", false, NULL },      { 0 },
};

/* Calls the function of the verb's name. */
static cli_exit_t ask (cli_t *cli, far_value_t **out_value)
{
    char path[64];
    snprintf (path, sizeof path, "broker.fleets.%s", cli->word_count ? cli_verb_word (cli->verb) : "list");
    return shown_ask (cli, path, out_value);
}

static cli_exit_t run_table (cli_t *cli, const table_column_t *columns)
{
    CLI_OWNED (far_value_destroy) far_value_t *rows = NULL;
    cli_exit_t code = ask (cli, &rows);
    if (code || cli->options.json)
        return code ? code : shown_json (rows);
    table_print (stdout, columns, rows);
    return CLI_DONE;
}

static cli_exit_t list (cli_t *cli)
{
    return run_table (cli, fleet_columns);
}

static cli_exit_t where (cli_t *cli)
{
    return run_table (cli, running_columns);
}

static cli_exit_t dead (cli_t *cli)
{
    return run_table (cli, dead_columns);
}

static void print_crew (const far_value_t *crew)
{
    printf ("\nThe broker keeps %" PRIu64 " to %" PRIu64 " workers, wants %" PRIu64 ", and is %s:\n",
            cli_number_at (crew, "least"), cli_number_at (crew, "most"), cli_number_at (crew, "wanted"),
            cli_text_at (crew, "state"));
    table_print (stdout, crew_columns, far_value_lookup (crew, "workers"));
}

static cli_exit_t show (cli_t *cli)
{
    CLI_OWNED (far_value_destroy) far_value_t *fleet = NULL, *entries = NULL, *settings = NULL;
    cli_exit_t code = ask (cli, &fleet);
    if (code || cli->options.json)
        return code ? code : shown_json (fleet);
    const far_value_t *members = far_value_lookup (fleet, "members"), *crew = far_value_lookup (fleet, "crew");
    entries = table_entries (fleet);
    settings = table_entries (far_value_lookup (fleet, "settings"));
    if (!members || !entries || !settings)
        return cli_fail (cli, cli->verb->name);
    table_print (stdout, entry_columns, entries);
    putchar ('\n');
    table_print (stdout, setting_columns, settings);
    putchar ('\n');
    table_print (stdout, member_columns, members);
    if (crew && far_value_type (crew) == FAR_TYPE_MAP)
        print_crew (crew);
    return CLI_DONE;
}

const cli_verb_t cli_fleet_ls = {
    .name = "fleet ls",
    .takes = "",
    .says = "List the fleets.",
    .more = "RUNNING and WAITING are requests; DEAD is how many are on the dead list: see 'far fleet dead'.\n"
            "\n"
            "  far fleet ls\n"
            "  far fleet ls --json | jq -r '.[] | select (.waiting > 1000) | .name'\n",
    .run = list,
};

const cli_verb_t cli_fleet_show = {
    .name = "fleet show",
    .takes = "NAME",
    .says = "Show one: what it has counted, its settings, its workers.",
    .more = "Workers that the broker starts are listed once more at the end, also those that have not joined yet.\n"
            "\n"
            "  far fleet show resize\n"
            "  far fleet show resize --json | jq .settings\n",
    .least = 1,
    .most = 1,
    .run = show,
};

const cli_verb_t cli_fleet_where = {
    .name = "fleet where",
    .takes = "NAME",
    .says = "Show what each worker runs, since when, and if it does.",
    .more =
        "PROCESS is what the kernel says of the worker: running, sleeping, stopped. GIVEN UP: nobody waits for the\n"
        "answer any more. ID is who asked, and under which number: see 'far where'.\n"
        "\n"
        "  far fleet where resize\n",
    .least = 1,
    .most = 1,
    .run = where,
};

const cli_verb_t cli_fleet_dead = {
    .name = "fleet dead",
    .takes = "NAME",
    .says = "List the requests that killed their workers.",
    .more = "  far fleet dead resize\n"
            "  far fleet retry resize 3\n",
    .least = 1,
    .most = 1,
    .run = dead,
};
