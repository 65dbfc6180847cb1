/* `far fleet`: the workers behind one queue, seen and steered. Each action is a function of the broker's module
 * `broker.fleets`. */
#include "cli.h"
#include "json.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define MODULE "broker.fleets."

static void show_id (FILE *out, const far_value_t *value)
{
    char text[CLI_ID_SIZE];
    fputs (cli_id_text (far_value_uint (value), text), out);
}

static const table_column_t fleet_columns[] = {
    { "name", "FLEET", false, NULL },       { "state", "STATE", false, NULL },
    { "workers", "WORKERS", true, NULL },   { "running", "RUNNING", true, NULL },
    { "waiting", "WAITING", true, NULL },   { "dead", "DEAD", true, NULL },
    { "requests", "REQUESTS", true, NULL }, { "answered", "ANSWERED", true, NULL },
    { "retried", "RETRIED", true, NULL },   { "lost", "LOST", true, NULL },
    { "expired", "EXPIRED", true, NULL },   { 0 },
};

static const table_column_t member_columns[] = {
    { "id", "WORKER", false, show_id },
    { "name", "NAME", false, NULL },
    { "state", "STATE", false, NULL },
    { "slots", "SLOTS", true, NULL },
    { "running", "RUNNING", true, NULL },
    { "done", "DONE", true, NULL },
    { 0 },
};

static const table_column_t setting_columns[] = {
    { "name", "SETTING", false, NULL },
    { "value", "VALUE", true, NULL },
    { 0 },
};

static const table_column_t dead_columns[] = {
    { "number", "NUMBER", true, NULL },
    { "deaths", "DEATHS", true, NULL },
    { "request", "REQUEST", false, NULL },
    { "why", "WHY", false, NULL },
    { 0 },
};

static void print_fleets (const far_value_t *answer)
{
    table_print (stdout, fleet_columns, answer);
}

static void print_dead (const far_value_t *answer)
{
    table_print (stdout, dead_columns, answer);
}

static void print_one (const far_value_t *answer)
{
    CLI_OWNED (far_value_destroy) far_value_t *alone = far_value_new ("[v]", answer);
    CLI_OWNED (far_value_destroy) far_value_t *rows = far_value_list ();
    const far_value_t *settings = far_value_lookup (answer, "settings");
    for (size_t i = 0; rows && i < far_value_count (settings); i++) {
        far_value_t *row =
            far_value_new ("{sv sv}", "name", far_value_key (settings, i), "value", far_value_item (settings, i));
        if (far_value_append (rows, &row))
            far_value_destroy (&rows);
    }
    table_print (stdout, fleet_columns, alone);
    putchar ('\n');
    table_print (stdout, member_columns, far_value_lookup (answer, "members"));
    putchar ('\n');
    table_print (stdout, setting_columns, rows);
}

/* "prefetch=8 attempts=2" as a map; NULL after saying what is wrong. */
static far_value_t *read_settings (const cli_t *cli)
{
    far_value_t *settings = far_value_map ();
    for (int i = 2; i < cli->word_count; i++) {
        char *word = cli->words[i], *equals = strchr (word, '='), *end = NULL;
        long long number = equals ? strtoll (equals + 1, &end, 10) : 0;
        if (!equals || end == equals + 1 || *end) {
            cli_misused (cli, "'%s': expected a setting and a number, as prefetch=8", word);
            far_value_destroy (&settings);
            return NULL;
        }
        far_value_t *key = far_value_string (word, (size_t)(equals - word));
        far_value_t *value = far_value_new ("l", (int64_t)number);
        if (far_value_put (settings, &key, &value)) {
            cli_fail (cli, word);
            far_value_destroy (&settings);
            return NULL;
        }
    }
    return settings;
}

static const struct action {
    const char *name;
    const char *function; /* of the broker's module */
    const char *takes;
    int least, most;                           /* words behind it */
    void (*print) (const far_value_t *answer); /* NULL: it answers nothing */
} actions[] = {
    { "ls", "list", "", 0, 0, print_fleets },
    { "show", "show", "FLEET", 1, 1, print_one },
    { "set", "set", "FLEET SETTING=NUMBER...", 2, 64, NULL },
    { "pause", "pause", "FLEET", 1, 1, NULL },
    { "resume", "resume", "FLEET", 1, 1, NULL },
    { "dead", "dead", "FLEET", 1, 1, print_dead },
    { "retry", "retry", "FLEET NUMBER", 2, 2, NULL },
    { "drop", "drop", "FLEET NUMBER", 2, 2, NULL },
};

static const struct action *find_action (const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (!strcmp (actions[i].name, name))
            return &actions[i];
    return NULL;
}

/* The arguments of the broker's function: NULL after saying what is wrong. */
static far_value_t *arguments_of (const cli_t *cli, const struct action *action)
{
    if (!action->least)
        return far_value_list ();
    if (!strcmp (action->name, "set")) {
        CLI_OWNED (far_value_destroy) far_value_t *settings = read_settings (cli);
        return settings ? far_value_new ("[sv]", cli->words[1], settings) : NULL;
    }
    if (action->least == 1)
        return far_value_new ("[s]", cli->words[1]);
    char *end;
    unsigned long long number = strtoull (cli->words[2], &end, 10);
    if (end != cli->words[2] && !*end)
        return far_value_new ("[su]", cli->words[1], (uint64_t)number);
    cli_misused (cli, "'%s' is no number of a dead request", cli->words[2]);
    return NULL;
}

static cli_exit_t ask (cli_t *cli, const struct action *action, const far_value_t *arguments)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (code)
        return code;
    char path[64];
    snprintf (path, sizeof path, MODULE "%s", action->function);
    CLI_OWNED (far_proxy_destroy) far_proxy_t *function = far_import_deferred (broker, path);
    CLI_OWNED (far_request_destroy)
    far_request_t *request = function ? far_call_values (function, NULL, arguments, NULL) : NULL;
    CLI_OWNED (far_value_destroy) far_value_t *answer = NULL;
    if (!request || far_request_result (request, "v", &answer))
        return cli_fail (cli, path);
    if (cli->options.json) {
        json_write (stdout, answer, JSON_ONE_LINE);
        putchar ('\n');
    } else if (action->print) {
        action->print (answer);
    }
    return CLI_DONE;
}

static cli_exit_t run (cli_t *cli)
{
    const struct action *action = find_action (cli->words[0]);
    if (!action)
        return cli_misused (cli, "no action '%s'", cli->words[0]);
    int words = cli->word_count - 1;
    if (words < action->least || words > action->most)
        return cli_misused (cli, "'fleet %s' takes %s", action->name, *action->takes ? action->takes : "nothing more");
    CLI_OWNED (far_value_destroy) far_value_t *arguments = arguments_of (cli, action);
    return arguments ? ask (cli, action, arguments) : CLI_USAGE;
}

const cli_verb_t cli_verb_fleet = {
    .name = "fleet",
    .takes = "ACTION [WORD...]",
    .says = "Look at fleets: workers behind one queue, and steer them.",
    .more = "Actions:\n"
            "  ls                        all fleets\n"
            "  show FLEET                one, with its workers and settings\n"
            "  set FLEET SETTING=NUMBER  change settings; makes the fleet if it is not there\n"
            "  pause FLEET               hand nothing out ...\n"
            "  resume FLEET              ... and go on\n"
            "  dead FLEET                the requests that killed their workers\n"
            "  retry FLEET NUMBER        try one of them again; nobody gets its answer\n"
            "  drop FLEET NUMBER         forget one of them\n"
            "\n"
            "  far-actor --fleet sums --module ./counter.so &\n"
            "  far fleet show sums\n"
            "  far fleet set sums prefetch=8 attempts=5\n",
    .least = 1,
    .most = 66,
    .run = run,
};
