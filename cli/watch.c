/* `far stats --watch`: the broker is asked again and again, and what has changed since the last time is told per second. On
 * a terminal each picture takes the place of the one before. */
#include "watch.h"
#include "json.h"
#include "pace.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the broker said at a time. */
typedef struct picture {
    double at_ms;
    far_value_t *counters, *fleets;
} picture_t;

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

static void picture_deinit (picture_t *self)
{
    far_value_destroy (&self->counters);
    far_value_destroy (&self->fleets);
}

static cli_exit_t take (cli_t *cli, far_process_t *broker, picture_t *out)
{
    cli_exit_t code = cli_ask (cli, broker, "broker.stats", NULL, &out->counters);
    out->at_ms = pace_now_ms ();
    return code ? code : cli_ask (cli, broker, "broker.fleets.list", NULL, &out->fleets);
}

/* How fast the number of this name grows; 0 where it was not there before. */
static double rate_of (const far_value_t *before, const far_value_t *now, const char *key, double seconds)
{
    const far_value_t *first = before ? far_value_lookup (before, key) : NULL, *last = far_value_lookup (now, key);
    if (!first || !last || seconds <= 0)
        return 0;
    return ((double)far_value_uint (last) - (double)far_value_uint (first)) / seconds;
}

static far_value_t *counter_rows (const picture_t *before, const picture_t *now, double seconds)
{
    far_value_t *rows = far_value_list ();
    for (size_t i = 0; rows && i < far_value_count (now->counters); i++) {
        const far_value_t *key = far_value_key (now->counters, i), *value = far_value_item (now->counters, i);
        double rate = rate_of (before->counters, now->counters, far_value_bytes (key).data, seconds);
        far_value_t *row = far_value_new ("{sv sv sf}", "name", key, "value", value, "per_second", rate);
        if (far_value_append (rows, &row))
            far_value_destroy (&rows);
    }
    return rows;
}

static const far_value_t *fleet_named (const far_value_t *fleets, const char *name)
{
    for (size_t i = 0; i < far_value_count (fleets); i++)
        if (!strcmp (cli_text_at (far_value_item (fleets, i), "name"), name))
            return far_value_item (fleets, i);
    return NULL;
}

static far_value_t *fleet_row (const far_value_t *before, const far_value_t *now, double seconds)
{
    static const char *const kept[] = { "name", "state", "workers", "running", "waiting" };
    static const char *const rates[][2] = { { "requests", "requests_per_second" },
                                            { "answered", "answered_per_second" },
                                            { "lost", "lost_per_second" } };
    far_value_t *row = far_value_map ();
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && i < sizeof kept / sizeof *kept; i++)
        status = far_value_set (row, kept[i], "v", far_value_lookup (now, kept[i]));
    for (size_t i = 0; !status && i < sizeof rates / sizeof *rates; i++)
        status = far_value_set (row, rates[i][1], "f", rate_of (before, now, rates[i][0], seconds));
    if (status)
        far_value_destroy (&row);
    return row;
}

static far_value_t *fleet_rows (const picture_t *before, const picture_t *now, double seconds)
{
    far_value_t *rows = far_value_list ();
    for (size_t i = 0; rows && i < far_value_count (now->fleets); i++) {
        const far_value_t *fleet = far_value_item (now->fleets, i);
        far_value_t *row = fleet_row (fleet_named (before->fleets, cli_text_at (fleet, "name")), fleet, seconds);
        if (far_value_append (rows, &row))
            far_value_destroy (&rows);
    }
    return rows;
}

static void print_tables (const far_value_t *counters, const far_value_t *fleets)
{
    if (isatty (STDOUT_FILENO))
        fputs ("\033[2J\033[H", stdout);
    table_print (stdout, counter_columns, counters);
    putchar ('\n');
    if (far_value_count (fleets)) {
        table_print (stdout, fleet_columns, fleets);
        putchar ('\n');
    }
}

static cli_exit_t print (const cli_t *cli, const picture_t *before, const picture_t *now)
{
    double seconds = (now->at_ms - before->at_ms) / 1e3;
    CLI_OWNED (far_value_destroy) far_value_t *counters = counter_rows (before, now, seconds);
    CLI_OWNED (far_value_destroy) far_value_t *fleets = fleet_rows (before, now, seconds);
    CLI_OWNED (far_value_destroy) far_value_t *all = NULL;
    if (!counters || !fleets || !(all = far_value_new ("{sv sv}", "counters", counters, "fleets", fleets)))
        return cli_fail (cli, "stats");
    if (cli->options.json) {
        json_write (stdout, all, JSON_ONE_LINE);
        putchar ('\n');
    } else {
        print_tables (counters, fleets);
    }
    return fflush (stdout) ? CLI_FAILED : CLI_DONE; /* why is said when the program ends */
}

cli_exit_t cli_watch (cli_t *cli, far_process_t *broker)
{
    picture_t before = { 0 };
    setvbuf (stdout, NULL, _IOFBF, BUFSIZ * 8); /* a picture is written at once */
    cli_exit_t code = take (cli, broker, &before);
    while (!code) {
        picture_t now = { 0 };
        pace_sleep_ms (cli->options.watch_ms);
        code = take (cli, broker, &now);
        if (!code)
            code = print (cli, &before, &now);
        picture_deinit (&before);
        before = now;
    }
    picture_deinit (&before);
    return code;
}
