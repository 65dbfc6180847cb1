/* `far ps`: who is connected. */
#include "cli.h"
#include "json.h"
#include "moment.h"
#include "table.h"

#include <stdlib.h>

static void show_uid (FILE *out, const far_value_t *value)
{
    if (value && far_value_int (value) >= 0)
        fprintf (out, "%lld", (long long)far_value_int (value));
    else
        fputc ('-', out);
}

static const table_column_t columns[] = {
    { "id", "ID", false, NULL },
    { "name", "NAME", false, NULL },
    { "pid", "PID", true, NULL },
    { "uid", "UID", true, show_uid },
    { "state", "STATE", false, NULL },
    { "since", "SINCE", false, table_show_time },
    { "calls", "CALLS", true, NULL },
    { "program", "PROGRAM", false, NULL },
    { 0 },
};

/* The row as the broker gave it, with its id as text. */
static far_value_t *row_of (const far_value_t *process, uint64_t id)
{
    char text[CLI_ID_SIZE];
    far_value_t *row = far_value_map ();
    far_status_t status = far_value_set (row, "id", "s", cli_id_text (id, text));
    for (const table_column_t *column = columns + 1; !status && column->key; column++) {
        const far_value_t *item = far_value_lookup (process, column->key);
        status = far_value_set (row, column->key, "v", item);
    }
    if (status || far_value_set (row, "host", "v", far_value_lookup (process, "host")))
        far_value_destroy (&row);
    return row;
}

/* All but this command itself, which is gone before anybody reads of it. NULL without memory. */
static far_value_t *rows_of (const cli_t *cli, const far_value_t *processes)
{
    far_value_t *rows = far_value_list ();
    for (size_t i = 0; i < far_value_count (processes); i++) {
        const far_value_t *process = far_value_item (processes, i), *id = far_value_lookup (process, "id");
        uint64_t number = id ? far_value_uint (id) : 0;
        if (number == far_actor_id (cli->actor).value)
            continue;
        far_value_t *row = row_of (process, number);
        if (far_value_append (rows, &row)) {
            far_value_destroy (&rows);
            break;
        }
    }
    return rows;
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *processes = NULL, *rows = NULL;
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (!code)
        code = cli_ask (cli, broker, "broker.list", NULL, &processes);
    if (code)
        return code;
    rows = rows_of (cli, processes);
    if (!rows)
        return cli_fail (cli, "ps");
    if (!cli->options.json) {
        table_print (stdout, columns, rows);
        return CLI_DONE;
    }
    json_write (stdout, rows, JSON_ONE_LINE);
    putchar ('\n');
    return CLI_DONE;
}

const cli_verb_t cli_verb_ps = {
    .name = "ps",
    .takes = "",
    .says = "List the processes that are connected to the broker.",
    .more =
        "ID is what the broker knows a process by: it is never used twice, and every verb takes it in the place of\n"
        "a name. CALLS is how many requests the process was sent. This command itself is left out.\n"
        "\n"
        "  far ps\n"
        "  far ps --json | jq -r '.[] | select (.name == \"host\") | .pid'\n",
    .run = run,
};
