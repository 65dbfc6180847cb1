/* The broker's figures, and those that are told of fleets and processes alike: latencies. */
#include "figures.h"
#include "pace.h"
#include "shown.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

static const table_column_t latency_columns[] = {
    { "name", "LATENCY", false, NULL },
    { "what", "OF", false, NULL },
    { "figures.count", "COUNT", true, NULL },
    { "figures.p50_ms", "P50 MS", true, table_show_ms },
    { "figures.p90_ms", "P90", true, table_show_ms },
    { "figures.p99_ms", "P99", true, table_show_ms },
    { "figures.worst_ms", "WORST", true, table_show_ms },
    { 0 },
};

/* What is measured of a fleet or of a process: its entry, and that for people. */
static const struct measured {
    const char *key, *says;
} measured[] = {
    { "waited", "waiting in the fleet" },
    { "worked", "working" },
    { "answered", "answering" },
};

static far_status_t append_others (far_value_t *out, const far_value_t *processes, uint64_t own_id)
{
    for (size_t i = 0; i < far_value_count (processes); i++) {
        const far_value_t *process = far_value_item (processes, i);
        if (cli_number_at (process, "id") == own_id)
            continue;
        far_value_t *copy = shown_with_ids (process);
        far_status_t status = far_value_append (out, &copy);
        if (status)
            return status;
    }
    return FAR_OK;
}

cli_exit_t figures_take (cli_t *cli, far_process_t *broker, figures_t *out)
{
    CLI_OWNED (far_value_destroy) far_value_t *fleets = NULL, *processes = NULL;
    *out = (figures_t){ 0 };
    cli_exit_t code = cli_ask (cli, broker, "broker.stats", NULL, &out->counters);
    out->at_ms = pace_now_ms ();
    if (!code)
        code = cli_ask (cli, broker, "broker.fleets.list", NULL, &fleets);
    if (!code)
        code = cli_ask (cli, broker, "broker.list", NULL, &processes);
    if (code)
        return code;
    out->fleets = shown_with_ids (fleets);
    out->processes = far_value_list ();
    if (!out->fleets || !out->processes || append_others (out->processes, processes, far_actor_id (cli->actor).value))
        return cli_fail (cli, "stats");
    return CLI_DONE;
}

void figures_deinit (figures_t *self)
{
    far_value_destroy (&self->counters);
    far_value_destroy (&self->fleets);
    far_value_destroy (&self->processes);
}

/* A row for each thing that has been measured of it. */
static far_status_t add_rows (far_value_t *rows, const far_value_t *owner)
{
    const char *name = cli_text_at (owner, "name");
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
        const far_value_t *figures = far_value_lookup (owner, measured[i].key);
        if (!figures || far_value_type (figures) != FAR_TYPE_MAP || !cli_number_at (figures, "count"))
            continue;
        far_value_t *row = far_value_new ("{ss ss sv}", "name", *name ? name : cli_text_at (owner, "id"), "what",
                                          measured[i].says, "figures", figures);
        far_status_t status = far_value_append (rows, &row);
        if (status)
            return status;
    }
    return FAR_OK;
}

static far_status_t add_all (far_value_t *rows, const far_value_t *owners)
{
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && i < far_value_count (owners); i++)
        status = add_rows (rows, far_value_item (owners, i));
    return status;
}

bool figures_print_latencies (const far_value_t *fleets, const far_value_t *processes)
{
    CLI_OWNED (far_value_destroy) far_value_t *rows = far_value_list ();
    if (!rows || add_all (rows, fleets) || add_all (rows, processes))
        return false;
    if (far_value_count (rows)) {
        putchar ('\n');
        table_print (stdout, latency_columns, rows);
    }
    return true;
}
