/* `far fleet`: the verbs that change a fleet. Each calls the function of the broker that has its name. Those that show
 * something are in fleet_show.c. */
#include "fleet.h"
#include "json.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

cli_exit_t cli_fleets (cli_t *cli, far_proxy_t **out_fleets)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (code)
        return code;
    *out_fleets = far_import_deferred (broker, "broker.fleets");
    return *out_fleets ? CLI_DONE : cli_fail (cli, "broker.fleets");
}

cli_exit_t cli_fleet_finish (cli_t *cli, far_status_t status)
{
    const char *name = cli->words[0];
    if (status)
        return cli_fail_at_broker (cli, name);
    if (!cli->options.json)
        return CLI_DONE;
    printf ("{\"done\": \"%s\", \"fleet\": ", cli_verb_word (cli->verb));
    json_write_string (stdout, name, strlen (name));
    puts ("}");
    return CLI_DONE;
}

static cli_exit_t change (cli_t *cli)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *fleets = NULL;
    cli_exit_t code = cli_fleets (cli, &fleets);
    return code ? code : cli_fleet_finish (cli, far_call (fleets, cli_verb_word (cli->verb), "s", cli->words[0]));
}

/* A whole number; what ends it is given out. */
static bool read_number (const char *text, uint64_t most, uint64_t *out_number, const char **out_end)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull (text, &end, 10);
    *out_end = end;
    *out_number = number;
    return isdigit ((unsigned char)*text) && !errno && number <= most;
}

static cli_exit_t change_dead (cli_t *cli)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *fleets = NULL;
    uint64_t number;
    const char *end;
    if (!read_number (cli->words[1], UINT64_MAX, &number, &end) || *end)
        return cli_misused (cli, "'%s' is no number of a request; 'far fleet dead' lists them", cli->words[1]);
    cli_exit_t code = cli_fleets (cli, &fleets);
    return code ? code
                : cli_fleet_finish (cli, far_call (fleets, cli_verb_word (cli->verb), "su", cli->words[0], number));
}

static cli_exit_t scale (cli_t *cli)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *fleets = NULL;
    uint64_t least, most;
    const char *end;
    bool fine = read_number (cli->words[1], INT_MAX, &least, &end);
    most = least;
    if (fine && !strncmp (end, "..", 2))
        fine = read_number (end + 2, INT_MAX, &most, &end);
    if (!fine || *end || least > most)
        return cli_misused (cli, "'%s' is no number of workers: expected N, or N..M", cli->words[1]);
    cli_exit_t code = cli_fleets (cli, &fleets);
    return code ? code
                : cli_fleet_finish (cli, far_call (fleets, "scale", "sii", cli->words[0], (int)least, (int)most));
}

static cli_exit_t read_setting (cli_t *cli, const char *word, far_value_t *settings)
{
    char problem[256] = "no memory";
    const char *equals = strchr (word, '=');
    if (!equals || equals == word)
        return cli_misused (cli, "'%s' is no setting: expected KEY=NUMBER", word);
    far_value_t *key = far_value_string (word, (size_t)(equals - word));
    far_value_t *item = json_read_word (equals + 1, problem, sizeof problem);
    return far_value_put (settings, &key, &item) ? cli_misused (cli, "'%s': %s", word, problem) : CLI_DONE;
}

static cli_exit_t set (cli_t *cli)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *fleets = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *settings = far_value_map ();
    cli_exit_t code = CLI_DONE;
    for (int i = 1; i < cli->word_count && !code; i++)
        code = read_setting (cli, cli->words[i], settings);
    if (!code)
        code = cli_fleets (cli, &fleets);
    return code ? code : cli_fleet_finish (cli, far_call (fleets, "set", "sv", cli->words[0], settings));
}

static const cli_verb_t verb_pause = {
    .name = "fleet pause",
    .takes = "NAME",
    .says = "Hand nothing out until resume; what runs goes on.",
    .more = "  far fleet pause resize\n",
    .least = 1,
    .most = 1,
    .run = change,
};

static const cli_verb_t verb_resume = {
    .name = "fleet resume",
    .takes = "NAME",
    .says = "Go on after pause, or drain.",
    .more = "  far fleet resume resize\n",
    .least = 1,
    .most = 1,
    .run = change,
};

static const cli_verb_t verb_scale = {
    .name = "fleet scale",
    .takes = "NAME N[..M]",
    .says = "Keep N workers, or N to M as the queue needs.",
    .more =
        "Only for fleets whose workers the broker starts, and until it reads its configuration again. Workers that\n"
        "are too many finish what they have. 0 ends them all.\n"
        "\n"
        "  far fleet scale resize 4\n"
        "  far fleet scale resize 2..8\n",
    .least = 2,
    .most = 2,
    .run = scale,
};

static const cli_verb_t verb_retry = {
    .name = "fleet retry",
    .takes = "NAME NUMBER",
    .says = "Take up a request of the dead list again.",
    .more = "Nobody gets its answer any more. NUMBER is the one that 'far fleet dead' shows.\n"
            "\n"
            "  far fleet retry resize 3\n",
    .least = 2,
    .most = 2,
    .run = change_dead,
};

static const cli_verb_t verb_drop = {
    .name = "fleet drop",
    .takes = "NAME NUMBER",
    .says = "Forget a request of the dead list.",
    .more = "  far fleet drop resize 3\n",
    .least = 2,
    .most = 2,
    .run = change_dead,
};

static const cli_verb_t verb_set = {
    .name = "fleet set",
    .takes = "NAME KEY=NUMBER...",
    .says = "Change settings, all or none.",
    .more = "'far fleet show' lists them. A fleet that is not there yet is made.\n"
            "\n"
            "  far fleet set resize prefetch=8 attempts=5\n",
    .least = 2,
    .most = -1,
    .run = set,
};

static const cli_verb_t *const verbs[] = {
    &cli_fleet_ls, &cli_fleet_show, &cli_fleet_where, &verb_pause, &cli_fleet_drain, &verb_resume,
    &verb_scale,   &verb_set,       &cli_fleet_dead,  &verb_retry, &verb_drop,       NULL,
};

const cli_verb_t cli_verb_fleet = {
    .name = "fleet",
    .takes = "VERB [WORD...]",
    .says = "Look at fleets, their workers and queues, and change them.",
    .more = "  far fleet ls\n"
            "  far fleet scale resize 2..8\n"
            "  far fleet VERB --help                # more about a verb, with examples\n",
    .least = 1,
    .most = -1,
    .verbs = verbs,
};
