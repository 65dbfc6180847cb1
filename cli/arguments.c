/* Words become a list and a map, those a call, and its result JSON again. */
#include "arguments.h"
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

static cli_exit_t read_arguments (cli_t *cli, int first, far_value_t *list, far_value_t *map)
{
    for (int i = first; i < cli->word_count; i++) {
        char problem[256] = "";
        if (!read_argument (cli->words[i], list, map, problem, sizeof problem))
            return cli_misused (cli, "argument '%s': %s", cli->words[i], *problem ? problem : "no memory");
    }
    return CLI_DONE;
}

static cli_exit_t call (cli_t *cli, far_process_t *process, const char *path, const far_value_t *list,
                        const far_value_t *map)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *called = far_import_deferred (process, path);
    CLI_OWNED (far_request_destroy) far_request_t *request = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *result = NULL;
    if (called)
        request = far_call_values (called, NULL, list, far_value_count (map) ? map : NULL);
    if (!request || far_request_result (request, "v", &result))
        return cli_fail (cli, path);
    json_write (stdout, result, cli->options.json ? JSON_ONE_LINE : JSON_INDENTED);
    putchar ('\n');
    return CLI_DONE;
}

cli_exit_t cli_call_words (cli_t *cli, const char *process, const char *path, int first)
{
    CLI_OWNED (far_process_destroy) far_process_t *callee = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *list = far_value_list (), *map = far_value_map ();
    if (!list || !map)
        return cli_fail (cli, cli->verb->name);
    cli_exit_t code = read_arguments (cli, first, list, map);
    if (!code)
        code = cli_reach (cli, process, &callee);
    return code ? code : call (cli, callee, path, list, map);
}
