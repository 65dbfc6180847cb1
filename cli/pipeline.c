/* `far pipeline`: looks at pipelines, pushes into one, and ends one. */
#include "arguments.h"
#include "json.h"
#include "shown.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

static const table_column_t pipeline_columns[] = {
    { "name", "NAME", false, NULL },    { "owner", "OWNER", false, NULL },
    { "window", "WINDOW", true, NULL }, { "inside", "INSIDE", true, NULL },
    { "pushed", "PUSHED", true, NULL }, { "done", "DONE", true, NULL },
    { "failed", "FAILED", true, NULL }, { 0 },
};

static const table_column_t entry_columns[] = {
    { "name", "PIPELINE", false, NULL },
    { "value", "VALUE", true, NULL },
    { 0 },
};

static void show_tenths (FILE *out, const far_value_t *value)
{
    fprintf (out, "%.1f", value ? far_value_float (value) : 0.0);
}

static const table_column_t stage_columns[] = {
    { "path", "STAGE", false, NULL },
    { "at", "AT", false, NULL },
    { "waiting", "WAITING", true, NULL },
    { "running", "RUNNING", true, NULL },
    { "done", "DONE", true, NULL },
    { "failed", "FAILED", true, NULL },
    { "repeated", "REPEATED", true, NULL },
    { "rate", "RATE/S", true, show_tenths },
    { "waited.p50_ms", "WAITED P50", true, table_show_ms },
    { "waited.p99_ms", "P99", true, table_show_ms },
    { "worked.p50_ms", "WORKED P50", true, table_show_ms },
    { "worked.p99_ms", "P99", true, table_show_ms },
    { 0 },
};

static cli_exit_t list (cli_t *cli)
{
    CLI_OWNED (far_value_destroy) far_value_t *pipelines = NULL;
    cli_exit_t code = shown_ask (cli, "broker.pipelines.list", &pipelines);
    if (code || cli->options.json)
        return code ? code : shown_json (pipelines);
    table_print (stdout, pipeline_columns, pipelines);
    return CLI_DONE;
}

static cli_exit_t show (cli_t *cli)
{
    CLI_OWNED (far_value_destroy) far_value_t *pipeline = NULL, *entries = NULL, *stages = NULL, *sink = NULL;
    cli_exit_t code = shown_ask (cli, "broker.pipelines.show", &pipeline);
    if (code || cli->options.json)
        return code ? code : shown_json (pipeline);
    const far_value_t *errors = far_value_lookup (pipeline, "errors");
    entries = table_entries (pipeline);
    stages = far_value_new ("v", far_value_lookup (pipeline, "stages"));
    sink = errors ? far_value_new ("v", errors) : NULL;
    if (!entries || !stages || (errors && far_value_append (stages, &sink)))
        return cli_fail (cli, cli->verb->name);
    table_print (stdout, entry_columns, entries);
    putchar ('\n');
    table_print (stdout, stage_columns, stages);
    return CLI_DONE;
}

static cli_exit_t push (cli_t *cli)
{
    return cli_call_words (cli, cli->words[0], "push", 1);
}

static cli_exit_t close_pipeline (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    CLI_OWNED (far_proxy_destroy) far_proxy_t *end = NULL;
    const char *name = cli->words[0];
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (code)
        return code;
    end = far_import_deferred (broker, "broker.pipelines.end");
    if (!end || far_call (end, NULL, "s", name))
        return cli_fail_at_broker (cli, name);
    if (cli->options.json) {
        fputs ("{\"done\": \"close\", \"pipeline\": ", stdout);
        json_write_string (stdout, name, strlen (name));
        puts ("}");
    }
    return CLI_DONE;
}

static const cli_verb_t verb_ls = {
    .name = "pipeline ls",
    .takes = "",
    .says = "List the pipelines.",
    .more = "INSIDE is how many inputs are on their way, of WINDOW that may be.\n"
            "\n"
            "  far pipeline ls\n"
            "  far pipeline ls --json | jq -r '.[] | select (.inside == .window) | .name'\n",
    .run = list,
};

static const cli_verb_t verb_show = {
    .name = "pipeline show",
    .takes = "NAME",
    .says = "Show one and its stages: queues, counts, rates, latencies.",
    .more =
        "WAITING is for a process, RUNNING is at one. RATE/S is inputs per second, over the last 8. WAITED and WORKED\n"
        "are milliseconds of the last minute, from coming into the stage until handed out, and from then until done:\n"
        "half of the inputs took no longer than P50, 99 of 100 no longer than P99. --json has p90 and the worst too. "
        "Where failed\n"
        "inputs go, if that is said, is the last row.\n"
        "\n"
        "  far pipeline show index\n"
        "  far pipeline show index --json | jq '.stages[] | {path, worst: .worked.worst_ms}'\n",
    .least = 1,
    .most = 1,
    .run = show,
};

static const cli_verb_t verb_push = {
    .name = "pipeline push",
    .takes = "NAME [ARGUMENT...]",
    .says = "Push one input, and print what the last stage gives.",
    .more = CLI_ARGUMENTS_HELP "'far call --help' says how binary and other values are written.\n"
                               "\n"
                               "  far pipeline push index /etc/hosts\n",
    .least = 1,
    .most = -1,
    .run = push,
};

static const cli_verb_t verb_close = {
    .name = "pipeline close",
    .takes = "NAME",
    .says = "End one, whoever it belongs to.",
    .more = "What is inside ends with Closed, and so does what is pushed after that.\n"
            "\n"
            "  far pipeline close index\n",
    .least = 1,
    .most = 1,
    .run = close_pipeline,
};

static const cli_verb_t *const verbs[] = { &verb_ls, &verb_show, &verb_push, &verb_close, NULL };

const cli_verb_t cli_verb_pipeline = {
    .name = "pipeline",
    .takes = "VERB [WORD...]",
    .says = "Look at pipelines, push into one, and end one.",
    .more = "  far pipeline ls\n"
            "  far pipeline show index\n"
            "  far pipeline VERB --help             # more about a verb, with examples\n",
    .least = 1,
    .most = -1,
    .verbs = verbs,
};
