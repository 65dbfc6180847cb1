/* `far stats --watch`: the broker is asked again and again, and what has changed since the last time is told per second. On
 * a terminal each picture takes the place of the one before. */
#include "watch.h"
#include "figures.h"
#include "pace.h"
#include "shown.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show_rate (FILE *out, const far_value_t *value)
{
    fprintf (out, "%.1f", value ? far_value_float (value) : 0.0);
}

static const table_column_t counter_columns[] = {
    { "name", "COUNTER", false, NULL },
    { "value", "VALUE", true, NULL },
    { "per_second", "PER SECOND", true, show_rate },
    { 0 },
};

static const table_column_t fleet_columns[] = {
    { "name", "FLEET", false, NULL },
    { "state", "STATE", false, NULL },
    { "workers", "WORKERS", true, NULL },
    { "running", "RUNNING", true, NULL },
    { "waiting", "WAITING", true, NULL },
    { "requests_per_second", "REQUESTS/S", true, show_rate },
    { "answered_per_second", "ANSWERED/S", true, show_rate },
    { "lost_per_second", "LOST/S", true, show_rate },
    { 0 },
};

static const table_column_t process_columns[] = {
    { "id", "PROCESS", false, NULL },
    { "name", "NAME", false, NULL },
    { "state", "STATE", false, NULL },
    { "parked", "PARKED", true, NULL },
    { "calls_per_second", "CALLS/S", true, show_rate },
    { 0 },
};

/* A number that grows, and the entry that says how fast. */
typedef struct rate {
    const char *of, *key;
} rate_t;

static const rate_t fleet_rates[] = {
    { "requests", "requests_per_second" }, { "answered", "answered_per_second" }, { "lost", "lost_per_second" }, { 0 }
};
static const rate_t process_rates[] = { { "calls", "calls_per_second" }, { 0 } };

/* How fast the number of this name grows; 0 where it was not there before. */
static double rate_of (const far_value_t *before, const far_value_t *now, const char *key, double seconds)
{
    const far_value_t *first = before ? far_value_lookup (before, key) : NULL, *last = far_value_lookup (now, key);
    if (!first || !last || seconds <= 0)
        return 0;
    return ((double)far_value_uint (last) - (double)far_value_uint (first)) / seconds;
}

static far_value_t *counter_rows (const far_value_t *before, const far_value_t *now, double seconds)
{
    far_value_t *rows = far_value_list ();
    for (size_t i = 0; rows && i < far_value_count (now); i++) {
        const far_value_t *key = far_value_key (now, i), *value = far_value_item (now, i);
        double rate = rate_of (before, now, far_value_bytes (key).data, seconds);
        far_value_t *row = far_value_new ("{sv sv sf}", "name", key, "value", value, "per_second", rate);
        if (far_value_append (rows, &row))
            far_value_destroy (&rows);
    }
    return rows;
}

static const far_value_t *with_id (const far_value_t *list, const char *id)
{
    for (size_t i = 0; i < far_value_count (list); i++)
        if (!strcmp (cli_text_at (far_value_item (list, i), "id"), id))
            return far_value_item (list, i);
    return NULL;
}

/* The list as it is now, in which each map has its rates too. NULL without memory. */
static far_value_t *rated (const far_value_t *before, const far_value_t *now, const rate_t *rates, double seconds)
{
    far_value_t *rows = far_value_list ();
    for (size_t i = 0; rows && i < far_value_count (now); i++) {
        const far_value_t *item = far_value_item (now, i), *first = with_id (before, cli_text_at (item, "id"));
        far_value_t *row = far_value_new ("v", item);
        for (const rate_t *rate = rates; row && rate->of; rate++)
            if (far_value_set (row, rate->key, "f", rate_of (first, item, rate->of, seconds)))
                far_value_destroy (&row);
        if (far_value_append (rows, &row))
            far_value_destroy (&rows);
    }
    return rows;
}

static void print_list (const table_column_t *columns, const far_value_t *rows)
{
    if (!far_value_count (rows))
        return;
    putchar ('\n');
    table_print (stdout, columns, rows);
}

static cli_exit_t print_tables (const cli_t *cli, const far_value_t *counters, const far_value_t *fleets,
                                const far_value_t *processes)
{
    if (isatty (STDOUT_FILENO))
        fputs ("\033[H\033[J", stdout);
    table_print (stdout, counter_columns, counters);
    print_list (fleet_columns, fleets);
    print_list (process_columns, processes);
    if (!figures_print_latencies (fleets, processes))
        return cli_fail (cli, "stats");
    putchar ('\n');
    return CLI_DONE;
}

static cli_exit_t print (const cli_t *cli, const figures_t *before, const figures_t *now)
{
    double seconds = (now->at_ms - before->at_ms) / 1e3;
    CLI_OWNED (far_value_destroy) far_value_t *counters = counter_rows (before->counters, now->counters, seconds);
    CLI_OWNED (far_value_destroy) far_value_t *fleets = rated (before->fleets, now->fleets, fleet_rates, seconds);
    CLI_OWNED (far_value_destroy)
    far_value_t *processes = rated (before->processes, now->processes, process_rates, seconds), *all = NULL;
    cli_exit_t code = CLI_DONE;
    if (!counters || !fleets || !processes ||
        !(all = far_value_new ("{sv sv sv}", "counters", counters, "fleets", fleets, "processes", processes)))
        return cli_fail (cli, "stats");
    code = cli->options.json ? shown_json (all) : print_tables (cli, counters, fleets, processes);
    return code ? code : fflush (stdout) ? CLI_FAILED : CLI_DONE; /* why is said when the program ends */
}

cli_exit_t cli_watch (cli_t *cli, far_process_t *broker)
{
    figures_t before;
    setvbuf (stdout, NULL, _IOFBF, BUFSIZ * 8); /* a picture is written at once */
    cli_exit_t code = figures_take (cli, broker, &before);
    while (!code) {
        figures_t now;
        pace_sleep_ms (cli->options.watch_ms);
        code = figures_take (cli, broker, &now);
        if (!code)
            code = print (cli, &before, &now);
        figures_deinit (&before);
        before = now;
    }
    figures_deinit (&before);
    return code;
}
