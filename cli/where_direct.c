/* Where a request is that went from process to process, of which the broker keeps nothing: the one that asked says whom it
 * has asked, and that one what it does with it. One that runs a single method at a time says nothing meanwhile, so neither
 * is waited for long; what the kernel says of it is known all the same. */
#include "where.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 1000 };

/* What the process knows of the request. */
static far_status_t ask (const cli_t *cli, far_process_t *process, far_process_id_t caller, uint64_t number,
                         far_value_t **out_map)
{
    int timeout_ms = cli->options.timeout_ms;
    CLI_OWNED (far_proxy_destroy) far_proxy_t *where = far_import_deferred (process, "process.where");
    if (!where)
        return far_last_status ();
    bool is_short = timeout_ms != FAR_FOREVER && timeout_ms < PATIENCE_MS;
    far_proxy_set (where, FAR_OPTION_TIMEOUT_MS, is_short ? timeout_ms : PATIENCE_MS);
    return far_call (where, NULL, "uu>v", caller.value, number, out_map);
}

static cli_exit_t fail (cli_t *cli, far_status_t status)
{
    const char *word = cli->words[0];
    if (!status)
        return cli_fail_with (cli, word, FAR_E_NO_SUCH_ATTRIBUTE, "it has been answered, or was never asked");
    if (status == FAR_E_TIMEOUT)
        return cli_fail_with (
            cli, word, FAR_E_TIMEOUT,
            "the broker does not have it, and who asked does not say: it runs something, or is stopped");
    return cli_fail_with (cli, word, FAR_E_NO_SUCH_ATTRIBUTE,
                          "the broker does not have it, and who asked can't say where it is (%s)",
                          far_status_name (status));
}

/* The map of this process in what broker.list gives; NULL if it is none that is listed. */
static const far_value_t *listed (const far_value_t *processes, uint64_t id)
{
    for (size_t i = 0; i < far_value_count (processes); i++)
        if (cli_number_at (far_value_item (processes, i), "id") == id)
            return far_value_item (processes, i);
    return NULL;
}

static far_status_t add_process (far_value_t *place, const far_value_t *process, uint64_t id)
{
    if (far_value_set (place, "worker", "u", id) || !process)
        return far_last_status ();
    if (far_value_set (place, "name", "v", far_value_lookup (process, "name")) ||
        far_value_set (place, "worker_name", "v", far_value_lookup (process, "name")) ||
        far_value_set (place, "pid", "v", far_value_lookup (process, "pid")))
        return far_last_status ();
    return far_value_set (place, "process", "v", far_value_lookup (process, "state"));
}

/* What the callee said takes the place of what the caller did: its state, and why. */
static far_status_t add_answer (far_value_t *place, const far_value_t *said)
{
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && i < far_value_count (said); i++)
        status = far_value_set (place, far_value_bytes (far_value_key (said, i)).data, "v", far_value_item (said, i));
    return status;
}

/* The callee is asked too, unless it is no process that could say. */
static far_status_t describe (cli_t *cli, const far_value_t *processes, far_process_id_t caller, uint64_t number,
                              far_value_t *place)
{
    CLI_OWNED (far_process_destroy) far_process_t *callee = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *said = NULL;
    uint64_t id = cli_number_at (place, "worker");
    const far_value_t *process = listed (processes, id);
    far_status_t status = add_process (place, process, id);
    if (status || !process || !(callee = far_process (cli->actor, (far_process_id_t){ id })))
        return status;
    status = ask (cli, callee, caller, number, &said);
    if (status)
        return far_value_set (place, "silent", "b", true);
    return far_value_type (said) == FAR_TYPE_MAP ? add_answer (place, said) : FAR_OK;
}

cli_exit_t where_ask_processes (cli_t *cli, const asked_t *asked, far_value_t **out_places)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = NULL;
    CLI_OWNED (far_value_destroy) far_value_t *said = NULL, *processes = NULL, *place = NULL;
    far_process_id_t id = { asked->id };
    char text[CLI_ID_SIZE], name[CLI_ID_SIZE + 24];
    far_status_t status = ask (cli, asked->caller, id, asked->number, &said);
    if (status || far_value_type (said) != FAR_TYPE_MAP)
        return fail (cli, status);
    cli_exit_t code = cli_reach (cli, CLI_BROKER, &broker);
    if (!code)
        code = cli_ask (cli, broker, "broker.list", NULL, &processes);
    if (code)
        return code;
    snprintf (name, sizeof name, "%s/%" PRIu64, cli_id_text (asked->id, text), asked->number);
    place = far_value_new ("{ss su ss sn}", "id", name, "caller", asked->id, "in", "process", "name");
    far_value_t *places = far_value_list ();
    if (!place || !places || add_answer (place, said) || describe (cli, processes, id, asked->number, place) ||
        far_value_append (places, &place)) {
        far_value_destroy (&places);
        return cli_fail (cli, "where");
    }
    *out_places = places;
    return CLI_DONE;
}
