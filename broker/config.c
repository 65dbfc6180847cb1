/* Options as a table: each row is a flag of the command line, a key of the configuration file and a line of --help. Owns
 * the texts in a config_t. */
#include "config.h"
#include "base/address.h"
#include "base/error.h"
#include "base/limits.h"
#include "config_file.h"
#include "setting.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static far_status_t set_endpoint (void *config, const setting_t *option, const char *text, const char *where)
{
    config_t *self = config;
    static const char expected[] = "ipc:///absolute/path, or tcp://host:port";
    bool is_ipc = strncmp (text, "ipc:///", 7) == 0 && text[7];
    bool is_tcp = strncmp (text, "tcp://", 6) == 0 && strchr (text + 6, ':') && text[6] != ':';
    if (!is_ipc && !is_tcp)
        return setting_refuse (option, text, where, expected);
    if (is_ipc && strlen (text + 6) >= sizeof ((far_address_t *)0)->path)
        return setting_refuse (option, text, where, "a path that fits a unix socket: at most 107 bytes");
    if (self->endpoint_count == CONFIG_ENDPOINTS)
        return setting_refuse (option, text, where, "no more than 8 endpoints");
    char *copy = setting_copy (text);
    if (!copy)
        return FAR_E_NO_MEMORY;
    self->endpoints[self->endpoint_count++] = copy;
    return FAR_OK;
}

static far_status_t set_level (void *config, const setting_t *option, const char *text, const char *where)
{
    config_t *self = config;
    static const char *const names[] = { "error", "warning", "info", "debug" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp (text, names[i]) != 0)
            continue;
        self->log_level = (far_log_level_t)i;
        self->has_log_level = true;
        return FAR_OK;
    }
    return setting_refuse (option, text, where, "error, warning, info or debug");
}

#define AT(field) offsetof (config_t, field)

static const setting_t options[] = {
    { "config", "FILE", SETTING_NOWHERE, .help = "read options from FILE (ZPL: a line of name = value each)" },
    { "bind", "ENDPOINT", SETTING_OWN, .read = set_endpoint,
      .help = "listen at ipc:///PATH or tcp://HOST:PORT; may be given several times\n"
              "(default: ipc://$XDG_RUNTIME_DIR/farcall/broker, else ipc:///tmp/farcall-UID/broker)" },
    { "insecure-tcp", NULL, SETTING_SWITCH, AT (insecure_tcp),
      .help = "allow tcp endpoints, though whoever can connect may do everything" },
    { "daemon", NULL, SETTING_SWITCH, AT (daemon), .help = "detach; the command returns when the broker listens" },
    { "log", "FILE", SETTING_TEXT, AT (log_path),
      .help = "append log lines to FILE (default: stderr; a daemon: nowhere)" },
    { "log-level", "LEVEL", SETTING_OWN, .read = set_level,
      .help = "error, warning, info or debug (default: warning, or FAR_LOG)" },
    { "idle-exit", "SECONDS", SETTING_INT, AT (idle_exit_s), 0, INT_MAX, "0",
      .help = "leave when nobody has been connected for so long; 0: never" },
    { "max-connections", "COUNT", SETTING_SIZE, AT (max_connections), 1, 1000000, "4096",
      .help = "refuse connections beyond this, or sooner if the limit of open files allows fewer" },
    { "message-bytes", "BYTES", SETTING_SIZE, AT (message_bytes), 1024, FAR_LIMIT_MESSAGE_BYTES, "67108864",
      .help = "end connections that send larger messages; no more than the default" },
    { "parked-bytes", "BYTES", SETTING_SIZE, AT (parked_bytes), 1024, LLONG_MAX / 4, "67108864",
      .help = "refuse requests to a destination that has this much waiting for it" },
    { "help", NULL, SETTING_NOWHERE, .help = "print this" },
    { "version", NULL, SETTING_NOWHERE, .help = "print the version" },
};

#define OPTIONS (sizeof options / sizeof *options)

static const setting_t *find_option (const char *name, size_t size)
{
    return setting_find (options, OPTIONS, name, size);
}

void config_print_help (FILE *out)
{
    fputs ("Usage: far-broker [OPTION]...\n"
           "Routes messages between farcall processes, and knows who is alive.\n\n",
           out);
    for (size_t i = 0; i < OPTIONS; i++) {
        char flag[64];
        snprintf (flag, sizeof flag, "--%s%s%s", options[i].name, options[i].takes ? " " : "",
                  options[i].takes ? options[i].takes : "");
        fprintf (out, "  %-25s ", flag);
        setting_print_help (&options[i], out, 28);
    }
    fputs ("\nIn FILE the same names stand without dashes, and switches take true or false. The command line counts\n"
           "more than the file. A section `fleet`, of which there may be several, has lines like these, indented by "
           "four:\n\n",
           out);
    fleet_spec_print_help (out);
}

/* An entry of the file. */
static far_status_t take_entry (void *context, const config_entry_t *entry)
{
    config_t *self = context;
    if (entry->section)
        return fleet_specs_take (&self->fleets, entry);
    const setting_t *option = find_option (entry->name, strlen (entry->name));
    if (!option || option->type == SETTING_NOWHERE)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: unknown option '%s': expected one that far-broker --help names",
                         entry->where, entry->name);
    return setting_read (self, option, entry->value, entry->where);
}

static far_status_t begin_section (void *context, const config_entry_t *section)
{
    config_t *self = context;
    if (strcmp (section->name, "fleet") == 0)
        return fleet_specs_begin (&self->fleets, section);
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s: section '%s': expected options at the margin, or a section fleet",
                     section->where, section->name);
}

static far_status_t end_section (void *context, const config_entry_t *section)
{
    config_t *self = context;
    return fleet_specs_end (&self->fleets, section);
}

static far_status_t read_file (config_t *self, const char *path)
{
    const config_taker_t taker = { take_entry, begin_section, end_section, self };
    return config_file_read (path, &taker);
}

typedef struct argument {
    const setting_t *option;
    const char *text;
} argument_t;

/* The argument at *index, and behind it its value: --name, --name value or --name=value. */
static far_status_t next_argument (int argc, char *const *argv, int *index, argument_t *out)
{
    const char *flag = argv[(*index)++];
    size_t size = strncmp (flag, "--", 2) == 0 ? strcspn (flag + 2, "=") : 0;
    const setting_t *option = size ? find_option (flag + 2, size) : NULL;
    if (!option)
        return far_fail (FAR_E_BAD_ARGUMENTS, "command line: unknown option '%s': expected one that --help names",
                         flag);
    const char *text = flag[2 + size] ? flag + 3 + size : NULL;
    if (!option->takes && text)
        return far_fail (FAR_E_BAD_ARGUMENTS, "command line: '%s': expected --%s alone", flag, option->name);
    if (option->takes && !text && *index == argc)
        return far_fail (FAR_E_BAD_ARGUMENTS, "command line: --%s: expected %s behind it", option->name, option->takes);
    if (option->takes && !text)
        text = argv[(*index)++];
    *out = (argument_t){ option, text ? text : "true" };
    return FAR_OK;
}

/* What decides which file is read, and whether anything is run at all. */
static far_status_t scan_arguments (int argc, char *const *argv, config_task_t *out_task, const char **out_file)
{
    argument_t argument;
    far_status_t status = FAR_OK;
    for (int i = 1; i < argc && !status;) {
        status = next_argument (argc, argv, &i, &argument);
        if (status)
            break;
        if (strcmp (argument.option->name, "help") == 0)
            *out_task = CONFIG_HELP;
        else if (strcmp (argument.option->name, "version") == 0)
            *out_task = CONFIG_VERSION;
        else if (strcmp (argument.option->name, "config") == 0)
            *out_file = argument.text;
    }
    return status;
}

static void drop_endpoints (config_t *self)
{
    while (self->endpoint_count)
        free (self->endpoints[--self->endpoint_count]);
}

static far_status_t take_arguments (config_t *self, int argc, char *const *argv)
{
    argument_t argument;
    bool binds = false;
    for (int i = 1; i < argc;) {
        far_status_t status = next_argument (argc, argv, &i, &argument);
        if (!status && argument.option->read == set_endpoint && !binds) {
            drop_endpoints (self);
            binds = true;
        }
        if (!status)
            status = setting_read (self, argument.option, argument.text, "command line");
        if (status)
            return status;
    }
    return FAR_OK;
}

/* What no option is wrong in by itself. */
static far_status_t check_all (const config_t *self)
{
    for (size_t i = 0; i < self->endpoint_count; i++)
        if (strncmp (self->endpoints[i], "tcp:", 4) == 0 && !self->insecure_tcp)
            return far_fail (FAR_E_DENIED,
                             "%s: tcp has no keys yet, so whoever can connect may do everything: expected "
                             "--insecure-tcp if that is meant",
                             self->endpoints[i]);
    return FAR_OK;
}

far_status_t config_read (config_t *self, int argc, char *const *argv, config_task_t *out_task)
{
    const char *file = NULL;
    *self = (config_t){ 0 };
    setting_reset (self, options, OPTIONS);
    *out_task = CONFIG_RUN;
    far_status_t status = scan_arguments (argc, argv, out_task, &file);
    if (!status && *out_task != CONFIG_RUN)
        return FAR_OK;
    self->has_file = file;
    if (!status && file)
        status = read_file (self, file);
    if (!status)
        status = take_arguments (self, argc, argv);
    return status ? status : check_all (self);
}

void config_deinit (config_t *self)
{
    drop_endpoints (self);
    free (self->log_path);
    fleet_specs_deinit (&self->fleets);
    *self = (config_t){ 0 };
}
