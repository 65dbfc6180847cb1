/* `far call`: one call, its arguments and its result as JSON. */
#include "cli.h"
#include "json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The '=' of `key=value`, where key is an identifier; NULL for a word that is just a value. */
static const char *equals_of (const char *word)
{
    if (!isalpha ((unsigned char)*word) && *word != '_')
        return NULL;
    while (isalnum ((unsigned char)*word) || *word == '_')
        word++;
    return *word == '=' ? word : NULL;
}

/* Reads one word into the list, or the map. What is wrong goes to problem. */
static bool read_argument (const char *word, far_value_t *list, far_value_t *map, char *problem, size_t problem_size)
{
    const char *equals = equals_of (word);
    far_value_t *item = json_read_word (equals ? equals + 1 : word, problem, problem_size);
    if (!item)
        return false;
    if (!equals)
        return !far_value_append (list, &item);
    far_value_t *key = far_value_string (word, (size_t)(equals - word));
    if (key && far_value_lookup (map, far_value_bytes (key).data)) {
        snprintf (problem, problem_size, "it is given twice");
        far_value_destroy (&key);
        far_value_destroy (&item);
        return false;
    }
    return !far_value_put (map, &key, &item);
}

static cli_exit_t read_arguments (cli_t *cli, far_value_t *list, far_value_t *map)
{
    for (int i = 2; i < cli->word_count; i++) {
        char problem[256] = "";
        if (!read_argument (cli->words[i], list, map, problem, sizeof problem))
            return cli_misused (cli, "argument '%s': %s", cli->words[i], *problem ? problem : "no memory");
    }
    return CLI_DONE;
}

static cli_exit_t call (cli_t *cli, far_process_t *process, const far_value_t *list, const far_value_t *map)
{
    const char *method = cli->words[1];
    CLI_OWNED (far_proxy_destroy) far_proxy_t *called = far_import_deferred (process, method);
    CLI_OWNED (far_request_destroy) far_request_t *request = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *result = NULL;
    if (called)
        request = far_call_values (called, NULL, list, far_value_count (map) ? map : NULL);
    if (!request || far_request_result (request, "v", &result))
        return cli_fail (cli, method);
    json_write (stdout, result, cli->options.json ? JSON_ONE_LINE : JSON_INDENTED);
    putchar ('\n');
    return CLI_DONE;
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *process = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *list = far_value_list (), *map = far_value_map ();
    if (!list || !map)
        return cli_fail (cli, "call");
    cli_exit_t code = read_arguments (cli, list, map);
    if (!code)
        code = cli_reach (cli, cli->words[0], &process);
    return code ? code : call (cli, process, list, map);
}

const cli_verb_t cli_verb_call = {
    .name = "call",
    .takes = "PROCESS MODULE.FUNCTION [ARGUMENT...] [KEY=ARGUMENT...]",
    .says = "Call a function, or construct an object, and print what it gives.",
    .more =
        "Each ARGUMENT is JSON. One that is not is taken as a string, unless it begins with { [ or \": text needs no\n"
        "quotes, but 42, true and null do where they are meant as text: '\"42\"'. With KEY= in front, KEY a name of\n"
        "letters, digits and _, it goes to the parameter of that name. Write -- before words that begin with - and\n"
        "are no numbers.\n"
        "\n"
        "What JSON has no form for is an object of one entry, in arguments and in results:\n"
        "  {\"$binary\": \"aGVsbG8=\"}                  binary, as base64\n"
        "  {\"$time\": \"2026-01-01T00:00:00.123Z\"}    a timestamp\n"
        "  {\"$uint\": \"18446744073709551615\"}        an integer of more than 63 bits\n"
        "  {\"$float\": \"nan\"}                        also inf and -inf\n"
        "  {\"$map\": [[1, \"one\"], [\"$key\", 2]]}      a map with keys that are no strings, or begin with $\n"
        "  {\"$proxy\": \"<Counter 7 of process ...>\"} a reference: printed, but can't be given\n"
        "\n"
        "  far call host counter.sum 2 40\n"
        "  far call host text.wrap 'some text' width=72\n"
        "  far call host text.find -- --json\n"
        "  far call host files.write name=a.txt 'data={\"$binary\": \"aGVsbG8=\"}'\n"
        "  far call " CLI_BROKER " broker.find host\n",
    .least = 2,
    .most = -1,
    .run = run,
};
