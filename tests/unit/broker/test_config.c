/* Options: the same table for the command line and the file, and one clear line for whatever is wrong. */
#include "config_file.h"

#include "base/error.h"
#include "base/limits.h"
#include "broker/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static far_status_t read_arguments (config_t *config, config_task_t *task, const char *const *arguments)
{
    char *argv[16] = { "far-broker" };
    int argc = 1;
    for (; *arguments; arguments++)
        argv[argc++] = (char *)*arguments;
    return config_read (config, argc, argv, task);
}

static void nothing_is_fine (void **state)
{
    (void)state;
    config_t config;
    config_task_t task;
    assert_int_equal (read_arguments (&config, &task, (const char *const[]){ NULL }), FAR_OK);
    assert_int_equal (task, CONFIG_RUN);
    assert_int_equal (config.endpoint_count, 0);
    assert_int_equal (config.message_bytes, FAR_LIMIT_MESSAGE_BYTES);
    assert_int_equal (config.parked_bytes, FAR_LIMIT_PARKED_BYTES);
    assert_int_equal (config.idle_exit_s, 0);
    assert_false (config.daemon);
    config_deinit (&config);
}

static void command_line_is_read (void **state)
{
    (void)state;
    config_t config;
    config_task_t task;
    const char *const arguments[] = { "--daemon",       "--idle-exit",    "60",     "--log=/tmp/log",
                                      "--bind",         "ipc:///tmp/x/y", "--bind", "tcp://*:1",
                                      "--insecure-tcp", "--log-level",    "info",   NULL };
    assert_int_equal (read_arguments (&config, &task, arguments), FAR_OK);
    assert_true (config.daemon);
    assert_true (config.insecure_tcp);
    assert_int_equal (config.idle_exit_s, 60);
    assert_string_equal (config.log_path, "/tmp/log");
    assert_int_equal (config.endpoint_count, 2);
    assert_string_equal (config.endpoints[1], "tcp://*:1");
    assert_int_equal (config.log_level, FAR_LOG_INFO);
    config_deinit (&config);
}

static void file_is_read_and_the_command_line_counts_more (void **state)
{
    (void)state;
    config_t config;
    config_task_t task;
    write_config_file (
        "# a comment\nbind = \"ipc:///tmp/a/b\"\nbind = \"ipc:///tmp/a/c\"\nidle-exit = 5\ndaemon = true\n"
        "max-connections = 17\n");
    assert_int_equal (read_arguments (&config, &task, (const char *const[]){ "--config", config_path, NULL }), FAR_OK);
    assert_int_equal (config.endpoint_count, 2);
    assert_string_equal (config.endpoints[1], "ipc:///tmp/a/c");
    assert_int_equal (config.idle_exit_s, 5);
    assert_int_equal (config.max_connections, 17);
    assert_true (config.daemon);
    config_deinit (&config);
    const char *const more[] = { "--idle-exit", "7", "--bind", "ipc:///tmp/d/e", "--config", config_path, NULL };
    assert_int_equal (read_arguments (&config, &task, more), FAR_OK);
    assert_int_equal (config.endpoint_count, 1);
    assert_string_equal (config.endpoints[0], "ipc:///tmp/d/e");
    assert_int_equal (config.idle_exit_s, 7);
    config_deinit (&config);
}

static void help_and_version_need_nothing_else (void **state)
{
    (void)state;
    config_t config;
    config_task_t task;
    assert_int_equal (read_arguments (&config, &task, (const char *const[]){ "--help", NULL }), FAR_OK);
    assert_int_equal (task, CONFIG_HELP);
    config_deinit (&config);
    assert_int_equal (read_arguments (&config, &task, (const char *const[]){ "--version", NULL }), FAR_OK);
    assert_int_equal (task, CONFIG_VERSION);
    config_deinit (&config);
}

/* What must stand in the one line that is printed. */
typedef struct wrong {
    const char *arguments[4];
    const char *says[3];
} wrong_t;

static void check_wrong (const wrong_t *row)
{
    config_t config;
    config_task_t task;
    assert_int_not_equal (read_arguments (&config, &task, row->arguments), FAR_OK);
    const char *message = far_error_message (far_last_error ());
    for (size_t i = 0; i < 3 && row->says[i]; i++)
        if (!strstr (message, row->says[i]))
            fail_msg ("'%s' does not say '%s'", message, row->says[i]);
    assert_null (strchr (message, '\n'));
    config_deinit (&config);
}

static void wrong_command_lines_are_told (void **state)
{
    (void)state;
    static const wrong_t rows[] = {
        { { "--nothing" }, { "command line", "'--nothing'", "--help" } },
        { { "nothing" }, { "'nothing'" } },
        { { "--" }, { "'--'" } },
        { { "--bind" }, { "--bind", "expected ENDPOINT" } },
        { { "--bind", "inproc://x" }, { "bind = 'inproc://x'", "expected ipc:///absolute/path, or tcp://host:port" } },
        { { "--bind", "ipc://x" }, { "expected ipc:///" } },
        { { "--bind", "ipc://@x" }, { "expected ipc:///" } },
        { { "--bind", "tcp://*" }, { "expected ipc:///" } },
        { { "--bind", "" }, { "expected ipc:///" } },
        { { "--bind", "tcp://*:5" }, { "tcp://*:5", "expected --insecure-tcp" } },
        { { "--idle-exit", "-1" }, { "idle-exit = '-1'", "an integer from 0 to" } },
        { { "--idle-exit", "1x" }, { "'1x'" } },
        { { "--idle-exit", "" }, { "''" } },
        { { "--idle-exit", "99999999999999999999" }, { "an integer from" } },
        { { "--message-bytes", "67108865" }, { "to 67108864" } },
        { { "--daemon=1" }, { "--daemon alone" } },
        { { "--log", "" }, { "log = ''", "FILE" } },
        { { "--log-level", "loud" }, { "'loud'", "error, warning, info or debug" } },
        { { "--config", "/nowhere/at/all" }, { "/nowhere/at/all", "No such file", "expected a configuration file" } },
        { { "--config", "/tmp" }, { "/tmp", "expected a configuration file" } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_wrong (&rows[i]);
}

static void wrong_files_are_told (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *says[3];
    } rows[] = {
        { "daemon = true\nnothing = 1\n", { ", line 2", "'nothing'", "--help" } },
        { "idle-exit = 1\nidle-exit = soon\n", { ", line 2", "'soon'", "an integer" } },
        { "bind = \"ipc:///tmp/a\n", { ", line 1", "missing \"" } },
        { "\n\nthis is nothing\n", { ", line 3", "expected name = value" } },
        { "broker\n    idle-exit = 1\n", { ", line 1", "'broker'", "a section fleet" } },
        { "config = \"/etc/passwd\"\n", { ", line 1", "'config'" } },
        { "daemon = maybe\n", { ", line 1", "'maybe'", "true or false" } },
        { "bind = \"tcp://*:5\"\n", { "tcp://*:5", "expected --insecure-tcp" } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_config_file (rows[i].text);
        wrong_t row = { { "--config", config_path }, { rows[i].says[0], rows[i].says[1], rows[i].says[2] } };
        check_wrong (&row);
    }
}

static void too_many_endpoints_are_told (void **state)
{
    (void)state;
    char text[1024] = "";
    for (int i = 0; i <= CONFIG_ENDPOINTS; i++)
        strcat (text, "bind = \"ipc:///tmp/a/b\"\n");
    write_config_file (text);
    check_wrong (&(wrong_t){ { "--config", config_path }, { ", line 9", "no more than 8" } });
}

static void help_names_every_option (void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream (&text, &size);
    config_print_help (file);
    fclose (file);
    static const char *const names[] = { "--config FILE",
                                         "--bind ENDPOINT",
                                         "--insecure-tcp",
                                         "--daemon",
                                         "--log FILE",
                                         "--log-level LEVEL",
                                         "--idle-exit SECONDS",
                                         "--max-connections COUNT",
                                         "--message-bytes BYTES",
                                         "--parked-bytes BYTES",
                                         "--help",
                                         "--version" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null (strstr (text, names[i]));
    free (text);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (nothing_is_fine),
        cmocka_unit_test (command_line_is_read),
        cmocka_unit_test (file_is_read_and_the_command_line_counts_more),
        cmocka_unit_test (help_and_version_need_nothing_else),
        cmocka_unit_test (wrong_command_lines_are_told),
        cmocka_unit_test (wrong_files_are_told),
        cmocka_unit_test (too_many_endpoints_are_told),
        cmocka_unit_test (help_names_every_option),
    };
    return cmocka_run_group_tests_name ("config", tests, make_config_file, remove_config_file);
}
