/* `far where`: what the broker knows of one request. It is told as sentences, one for each place, from the outside in. */
#include "cli.h"
#include "moment.h"
#include "shown.h"
#include "text.h"
#include "where.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The broker's words for why a request waits, as the end of a sentence. */
static const struct reason {
    const char *why, *says;
} reasons[] = {
    { "paused", "the fleet is paused" },
    { "drained", "the fleet is drained" },
    { "delayed", "it is not to be begun before" },
    { "backoff", "its last worker died, and it is not to be begun again before" },
    { "no worker", "there is no worker" },
    { "key", "it waits for the worker that has its key" },
    { "busy", "all that could take it have enough" },
    { "answer", "it refers to an answer that is not there yet" },
    { "nobody", "nobody has that name" },
    { "refused", "it was refused, and is to be sent again soon" },
};

static const char *reason_of (const far_value_t *place)
{
    const char *why = cli_text_at (place, "why");
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (!strcmp (reasons[i].why, why))
            return reasons[i].says;
    return why;
}

static void print_text (const char *text)
{
    text_write (stdout, text, strlen (text), false);
}

/* " since 2026-01-01 12:00:00 (3.2 s)" */
static void print_since (const far_value_t *place)
{
    const far_value_t *since = far_value_lookup (place, "since");
    struct timespec at = since ? far_value_time (since) : (struct timespec){ 0 }, now;
    if (!at.tv_sec)
        return;
    clock_gettime (CLOCK_REALTIME, &now);
    double seconds = (double)(now.tv_sec - at.tv_sec) + (double)(now.tv_nsec - at.tv_nsec) / 1e9;
    fputs (" since ", stdout);
    moment_show (stdout, &at);
    printf (" (%.1f s)", seconds < 0 ? 0.0 : seconds);
}

static void print_until (const far_value_t *place)
{
    const far_value_t *until = far_value_lookup (place, "until");
    struct timespec at = until ? far_value_time (until) : (struct timespec){ 0 };
    if (!at.tv_sec)
        return;
    fputc (' ', stdout);
    moment_show (stdout, &at);
}

/* "host (1a2b3c4d:17, pid 4711, stopped)", "1a2b3c4d:17 (pid 4711, stopped)" of an entry of a list, or of the worker of a place. */
static void print_process (const far_value_t *map, const char *id_key, const char *name_key)
{
    char id[CLI_ID_SIZE];
    const char *name = cli_text_at (map, name_key);
    cli_id_text (cli_number_at (map, id_key), id);
    print_text (*name ? name : id);
    printf (" (%s%spid %" PRIu64 ", ", *name ? id : "", *name ? ", " : "", cli_number_at (map, "pid"));
    print_text (cli_text_at (map, "process"));
    fputc (')', stdout);
}

static void print_waits (const far_value_t *place)
{
    const far_value_t *list = far_value_lookup (place, "waits_for");
    for (size_t i = 0; list && i < far_value_count (list); i++) {
        fputs (i ? ", which waits for " : "; it waits for ", stdout);
        print_process (far_value_item (list, i), "id", "name");
    }
}

static void print_worker (const far_value_t *place, const char *before)
{
    if (!far_value_lookup (place, "worker"))
        return;
    fputs (before, stdout);
    print_process (place, "worker", "worker_name");
    print_waits (place);
}

static void print_waiting (const far_value_t *place)
{
    fputs ("waits", stdout);
    print_since (place);
    if (far_value_lookup (place, "before"))
        printf (", behind %" PRIu64, cli_number_at (place, "before"));
    fputs (": ", stdout);
    print_text (reason_of (place));
    print_until (place);
    print_worker (place, ", ");
}

static void print_running (const far_value_t *place)
{
    const far_value_t *given_up = far_value_lookup (place, "given_up");
    fputs ("runs", stdout);
    print_since (place);
    print_worker (place, " in ");
    if (given_up && far_value_bool (given_up))
        fputs ("; its worker was asked to give it up", stdout);
}

static void print_parked (const far_value_t *place)
{
    fputs ("waits in the broker", stdout);
    print_since (place);
    printf (", behind %" PRIu64 ": nothing is taken by ", cli_number_at (place, "before"));
    print_worker (place, "");
}

static void print_sent (const far_value_t *place)
{
    const far_value_t *silent = far_value_lookup (place, "silent");
    fputs ("was sent", stdout);
    print_worker (place, " to ");
    if (silent && far_value_bool (silent))
        fputs (", which does not say what it does with it: it runs something, or is stopped", stdout);
}

static void print_deferred (const far_value_t *place)
{
    fputs ("is to be answered later, its method has ended", stdout);
    print_worker (place, " in ");
}

static void print_dead (const far_value_t *place)
{
    printf ("is on the dead list as number %" PRIu64, cli_number_at (place, "number"));
    print_since (place);
    fputs (": ", stdout);
    print_text (cli_text_at (place, "why"));
}

static const struct state_row {
    const char *state;
    void (*print) (const far_value_t *place);
} states[] = {
    { "waiting", print_waiting }, { "running", print_running }, { "parked", print_parked },
    { "sent", print_sent },       { "dead", print_dead },       { "deferred", print_deferred },
};

static void print_place (const far_value_t *place)
{
    const char *call = cli_text_at (place, "call"), *kind = cli_text_at (place, "in");
    print_text (cli_text_at (place, "id"));
    if (*call)
        fputs (", ", stdout);
    print_text (call);
    printf ("\n  ");
    if (far_value_lookup (place, "stage")) {
        printf ("input %" PRIu64 ", at stage %" PRIu64 " (", cli_number_at (place, "input"),
                cli_number_at (place, "stage"));
        print_text (cli_text_at (place, "path"));
        fputs (" @ ", stdout);
        print_text (cli_text_at (place, "at"));
        fputs (") of ", stdout);
    }
    if (strcmp (kind, "process") != 0) {
        print_text (kind);
        fputc (' ', stdout);
        print_text (cli_text_at (place, "name"));
        fputs (": ", stdout);
    }
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strcmp (states[i].state, cli_text_at (place, "state")))
            states[i].print (place);
    if (cli_number_at (place, "deaths"))
        printf ("; %" PRIu64 " died of it before", cli_number_at (place, "deaths"));
    putchar ('\n');
}

/* "PROCESS/NUMBER": the number, and the process in its place. */
static cli_exit_t read_request (cli_t *cli, char *process, size_t size, uint64_t *out_number)
{
    const char *word = cli->words[0], *slash = strrchr (word, '/');
    char *end = NULL;
    errno = 0;
    *out_number = slash && slash[1] >= '1' && slash[1] <= '9' ? strtoull (slash + 1, &end, 10) : 0;
    if (!*out_number || *end || errno || slash == word || (size_t)(slash - word) >= size)
        return cli_misused (cli, "'%s' is no request: expected PROCESS/NUMBER, as 1a2b3c4d:17/42", word);
    memcpy (process, word, (size_t)(slash - word));
    process[slash - word] = 0;
    return CLI_DONE;
}

cli_exit_t where_begin (cli_t *cli, const char *function, asked_t *out)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    char process[160];
    cli_exit_t code = read_request (cli, process, sizeof process, &out->number);
    if (!code)
        code = cli_reach (cli, process, &out->caller);
    if (!code)
        code = cli_reach (cli, CLI_BROKER, &broker);
    if (code)
        return code;
    out->id = far_process_get_id (out->caller).value;
    out->function = far_import_deferred (broker, function);
    return out->function ? CLI_DONE : cli_fail_at_broker (cli, cli->words[0]);
}

void where_end (asked_t *asked)
{
    far_proxy_destroy (&asked->function);
    far_process_destroy (&asked->caller);
}

static cli_exit_t ask (cli_t *cli, far_value_t **out_places)
{
    CLI_OWNED (where_end) asked_t asked = { 0 };
    cli_exit_t code = where_begin (cli, "broker.where", &asked);
    if (code || !far_call (asked.function, NULL, "uu>v", asked.id, asked.number, out_places))
        return code;
    if (far_last_status () == FAR_E_NO_SUCH_ATTRIBUTE)
        return where_ask_processes (cli, &asked, out_places);
    return cli_fail_at_broker (cli, cli->words[0]);
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_value_destroy) far_value_t *places = NULL, *copy = NULL;
    cli_exit_t code = ask (cli, &places);
    if (code)
        return code;
    if (cli->options.json) {
        copy = shown_with_ids (places);
        return copy ? shown_json (copy) : cli_fail (cli, "where");
    }
    for (size_t i = 0; i < far_value_count (places); i++)
        print_place (far_value_item (places, i));
    return CLI_DONE;
}

const cli_verb_t cli_verb_where = {
    .name = "where",
    .takes = "PROCESS/NUMBER",
    .says = "Say where a request is: waiting behind what, or running where.",
    .more =
        "PROCESS is who asked, by name or id; NUMBER is the request's own. Both stand in the text of\n"
        "far_request_describe, in the error of a call that came to no end in time, and in 'far fleet where'.\n"
        "The broker knows what is in fleets and pipelines, what it keeps for a process that takes nothing, and what\n"
        "a process waits for that serves nothing meanwhile. Of what went from process to process both of them are\n"
        "asked; one that runs a single method at a time can't say, and that is told.\n"
        "\n"
        "  far where 1a2b3c4d:17/42\n"
        "  far where host/42 --json | jq -r '.[-1].process'     # running, sleeping or stopped?\n",
    .least = 1,
    .most = 1,
    .run = run,
};
