/* The way from a word of the command line to an answer: the connection, which never starts a broker (to look must not
 * change what is there), the process, and what is said on stderr where there is none. */
#include "cli.h"
#include "json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_LEAST_MS = 1000 };

/* Errors that say that there was nobody to do it, or not to its end. */
static const far_status_t nobody[] = { FAR_E_NO_SUCH_PROCESS, FAR_E_PEER_DIED, FAR_E_BROKER_LOST, FAR_E_CLOSED,
                                       FAR_E_NO_WORKER };

static cli_exit_t exit_of_kind (far_status_t kind)
{
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        if (kind == nobody[i])
            return CLI_NOBODY;
    return CLI_FAILED;
}

/* An error with hops comes out of a method, which has its own peers. */
static cli_exit_t exit_for (const far_error_t *error)
{
    return far_error_hop_count (error) ? CLI_FAILED : exit_of_kind (far_error_kind (error));
}

static void write_text (FILE *out, const char *before, const char *text)
{
    fputs (before, out);
    json_write_string (out, text, strlen (text));
}

/* The members of an error's object, its causes among them. Straight to out: far_ functions that fail would take the last
 * error's place. */
static void write_members (FILE *out, const far_error_t *error)
{
    write_text (out, "\"kind\": ", far_status_name (far_error_kind (error)));
    write_text (out, ", \"class\": ", far_error_class (error));
    write_text (out, ", \"message\": ", far_error_message (error));
    fputs (", \"hops\": [", out);
    for (size_t i = 0; i < far_error_hop_count (error); i++) {
        const far_hop_t *hop = far_error_hop (error, i);
        write_text (out, i ? ", {\"process\": " : "{\"process\": ", hop->process);
        write_text (out, ", \"object\": ", hop->object);
        write_text (out, ", \"method\": ", hop->method);
        write_text (out, ", \"file\": ", hop->file);
        fprintf (out, ", \"line\": %d}", hop->line);
    }
    fputc (']', out);
    if (!far_error_cause (error))
        return;
    fputs (", \"cause\": {", out);
    write_members (out, far_error_cause (error));
    fputc ('}', out);
}

static void write_error (FILE *out, const char *context, const far_error_t *error)
{
    write_text (out, "{\"error\": {\"context\": ", context);
    fputs (", ", out);
    write_members (out, error);
    fputs ("}}\n", out);
}

cli_exit_t cli_fail (const cli_t *cli, const char *context)
{
    const far_error_t *error = far_last_error ();
    cli_exit_t code = exit_for (error);
    if (cli->options.json) {
        write_error (stderr, context, error);
        return code;
    }
    CLI_OWNED (far_string_free) char *text = far_error_text (error);
    fprintf (stderr, "far: %s: %s\n", context, text ? text : "NoMemory");
    return code;
}

cli_exit_t cli_fail_at_broker (const cli_t *cli, const char *context)
{
    far_status_t status = far_last_status ();
    cli_exit_t code = status == FAR_E_NO_SUCH_PROCESS ? CLI_NOBODY : exit_for (far_last_error ());
    if (cli->options.json)
        write_error (stderr, context, far_last_error ());
    else
        fprintf (stderr, "far: %s: %s: %s\n", context, far_status_name (status), far_error_message (far_last_error ()));
    return code;
}

cli_exit_t cli_fail_with (const cli_t *cli, const char *context, far_status_t kind, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start (args, format);
    vsnprintf (message, sizeof message, format, args);
    va_end (args);
    const char *name = far_status_name (kind);
    if (cli->options.json) {
        write_text (stderr, "{\"error\": {\"context\": ", context);
        write_text (stderr, ", \"kind\": ", name);
        write_text (stderr, ", \"class\": ", name);
        write_text (stderr, ", \"message\": ", message);
        fputs (", \"hops\": []}}\n", stderr);
    } else {
        fprintf (stderr, "far: %s: %s: %s\n", context, name, message);
    }
    return exit_of_kind (kind);
}

cli_exit_t cli_misused (const cli_t *cli, const char *format, ...)
{
    va_list args;
    va_start (args, format);
    fputs ("far: ", stderr);
    vfprintf (stderr, format, args);
    va_end (args);
    fprintf (stderr, "; see 'far%s%s --help'\n", cli->verb ? " " : "", cli->verb ? cli->verb->name : "");
    return CLI_USAGE;
}

const char *cli_id_text (uint64_t id, char out[CLI_ID_SIZE])
{
    snprintf (out, CLI_ID_SIZE, "%08" PRIx64 ":%" PRIu64, id >> 32, id & UINT32_MAX);
    return out;
}

const char *cli_text_at (const far_value_t *map, const char *key)
{
    const far_value_t *value = map ? far_value_lookup (map, key) : NULL;
    return value && far_value_type (value) == FAR_TYPE_STRING ? far_value_bytes (value).data : "";
}

uint64_t cli_number_at (const far_value_t *map, const char *key)
{
    const far_value_t *value = map ? far_value_lookup (map, key) : NULL;
    return value ? far_value_uint (value) : 0;
}

static cli_exit_t connect_broker (cli_t *cli)
{
    const cli_options_t *options = &cli->options;
    bool is_short = options->wait_ms != FAR_FOREVER && options->wait_ms < CONNECT_LEAST_MS;
    far_actor_options_t wanted = {
        .address = options->broker,
        .no_autostart = true,
        .no_reconnect = true,
        .connect_timeout_ms = is_short ? CONNECT_LEAST_MS : options->wait_ms,
        .timeout_ms = options->timeout_ms,
    };
    cli->actor = far_actor_open (&wanted);
    if (cli->actor)
        return CLI_DONE;
    far_status_t kind = far_last_status ();
    if (kind == FAR_E_SYSTEM && !options->json)
        fprintf (stderr, "far: %s; start one with far-broker, or name another with --broker\n",
                 far_error_message (far_last_error ()));
    else
        cli_fail (cli, "the broker");
    return kind == FAR_E_BAD_ARGUMENTS ? CLI_USAGE : CLI_NOBODY;
}

/* Is word an id, as cli_id_text writes it? A name never has a colon. */
static bool read_id (const char *word, far_process_id_t *out_id)
{
    uint64_t upper, lower;
    int end = 0;
    if (strspn (word, "0123456789abcdefABCDEF:") != strlen (word) || strlen (word) >= CLI_ID_SIZE)
        return false;
    if (sscanf (word, "%" SCNx64 ":%" SCNu64 "%n", &upper, &lower, &end) < 2 || word[end])
        return false;
    out_id->value = upper << 32 | lower;
    return upper && upper <= UINT32_MAX && lower <= UINT32_MAX;
}

static cli_exit_t find_by_name (cli_t *cli, const char *name, far_process_t **out_process)
{
    CLI_OWNED (far_process_destroy) far_process_t *broker = far_broker (cli->actor);
    CLI_OWNED (far_proxy_destroy) far_proxy_t *find = broker ? far_import_deferred (broker, "broker.find") : NULL;
    int wait_ms = cli->options.wait_ms;
    uint64_t id;
    if (find) /* the broker answers when the time is up: that is what ends the wait */
        far_proxy_set (find, FAR_OPTION_TIMEOUT_MS, FAR_FOREVER);
    if (!find || far_call (find, NULL, "si>u", name, wait_ms == FAR_FOREVER ? INT32_MAX : wait_ms, &id))
        return cli_fail_at_broker (cli, name);
    *out_process = far_process (cli->actor, (far_process_id_t){ id });
    return *out_process ? CLI_DONE : cli_fail (cli, name);
}

cli_exit_t cli_reach (cli_t *cli, const char *word, far_process_t **out_process)
{
    far_process_id_t id = { 0 };
    bool is_id = strchr (word, ':'), is_broker = !strcmp (word, CLI_BROKER);
    if (is_id && !read_id (word, &id))
        return cli_misused (cli, "'%s' is no id of a process", word);
    cli_exit_t code = cli->actor ? CLI_DONE : connect_broker (cli);
    if (code)
        return code;
    if (!is_id && !is_broker)
        return find_by_name (cli, word, out_process);
    *out_process = is_id ? far_process (cli->actor, id) : far_broker (cli->actor);
    return *out_process ? CLI_DONE : cli_fail (cli, word);
}

cli_exit_t cli_ask (cli_t *cli, far_process_t *process, const char *path, const char *argument, far_value_t **out_value)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *asked = far_import_deferred (process, path);
    far_status_t status = FAR_E_NO_MEMORY;
    if (asked)
        status =
            argument ? far_call (asked, NULL, "s>v", argument, out_value) : far_call (asked, NULL, ">v", out_value);
    return status ? cli_fail (cli, path) : CLI_DONE;
}
