/* What the broker shows is printed as it comes, but that IDs of processes are written as everywhere else. */
#include "shown.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

static bool is_id (const far_value_t *key, const far_value_t *value)
{
    static const char *const keys[] = { "id", "worker", "caller", "owner" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (far_value_type (key) == FAR_TYPE_STRING && !strcmp (far_value_bytes (key).data, keys[i]))
            return far_value_type (value) != FAR_TYPE_STRING; /* that of a request is text already */
    return false;
}

static far_value_t *id_text (const far_value_t *value)
{
    char text[CLI_ID_SIZE];
    uint64_t id = far_value_uint (value);
    return id ? far_value_new ("s", cli_id_text (id, text)) : far_value_new ("n");
}

far_value_t *shown_with_ids (const far_value_t *value)
{
    far_type_t type = far_value_type (value);
    if (type != FAR_TYPE_LIST && type != FAR_TYPE_MAP)
        return far_value_new ("v", value);
    bool is_map = type == FAR_TYPE_MAP;
    far_value_t *copy = is_map ? far_value_map () : far_value_list ();
    for (size_t i = 0; copy && i < far_value_count (value); i++) {
        const far_value_t *key = is_map ? far_value_key (value, i) : NULL, *item = far_value_item (value, i);
        far_value_t *item_copy = is_map && is_id (key, item) ? id_text (item) : shown_with_ids (item);
        far_value_t *key_copy = is_map ? far_value_new ("v", key) : NULL;
        if (is_map ? far_value_put (copy, &key_copy, &item_copy) : far_value_append (copy, &item_copy))
            far_value_destroy (&copy);
    }
    return copy;
}

cli_exit_t shown_ask (cli_t *cli, const char *path, far_value_t **out_value)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    CLI_OWNED (far_proxy_destroy) far_proxy_t *function = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *value = NULL;
    const char *name = cli->word_count ? cli->words[0] : NULL;
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (code)
        return code;
    function = far_import_deferred (broker, path);
    if (!function)
        return cli_fail (cli, path);
    if (name ? far_call (function, NULL, "s>v", name, &value) : far_call (function, NULL, ">v", &value))
        return cli_fail_at_broker (cli, name ? name : path);
    *out_value = shown_with_ids (value);
    return *out_value ? CLI_DONE : cli_fail (cli, cli->verb->name);
}

cli_exit_t shown_json (const far_value_t *value)
{
    json_write (stdout, value, JSON_ONE_LINE);
    putchar ('\n');
    return CLI_DONE;
}
