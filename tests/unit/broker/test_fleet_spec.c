/* What a configuration file may say of fleets, and the one line for whatever is wrong in it. */
#include "config_file.h"

#include "broker/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static far_status_t read_text (config_t *config, const char *text)
{
    write_config_file (text);
    char *const argv[] = { "far-broker", "--config", config_path };
    config_task_t task;
    return config_read (config, 3, argv, &task);
}

static void everything_is_read (void **state)
{
    (void)state;
    config_t config;
    assert_int_equal (read_text (&config, "idle-exit = 5\n"
                                          "fleet\n"
                                          "    name = resize\n"
                                          "    modules = /usr/lib/a.so, b.so\n"
                                          "    workers = 2..8\n"
                                          "    slots = 3\n"
                                          "    directory = /tmp\n"
                                          "    environment = \"A=b c\"\n"
                                          "    environment = \"EMPTY=\"\n"
                                          "    limit = \"nofile=77\"\n"
                                          "    limit = \"core=0\"\n"
                                          "    restart_ms = 0\n"
                                          "    restarts = 7\n"
                                          "    drain_ms = 1500\n"
                                          "fleet\n"
                                          "    name = shell\n"
                                          "    command = \"exec something --loud\"\n"),
                      FAR_OK);
    assert_int_equal (config.idle_exit_s, 5);
    assert_int_equal (config.fleets.count, 2);
    const fleet_spec_t *spec = fleet_specs_find (&config.fleets, "resize");
    assert_non_null (spec);
    assert_int_equal (spec->module_count, 2);
    assert_string_equal (spec->modules[0], "/usr/lib/a.so");
    assert_string_equal (spec->modules[1], "b.so");
    assert_int_equal (spec->crew.least, 2);
    assert_int_equal (spec->crew.most, 8);
    assert_int_equal (spec->slots, 3);
    assert_string_equal (spec->directory, "/tmp");
    assert_int_equal (spec->environment_count, 2);
    assert_string_equal (spec->environment[0], "A=b c");
    assert_string_equal (spec->environment[1], "EMPTY=");
    assert_int_equal (spec->limit_count, 2);
    assert_int_equal (spec->limits[0].resource, RLIMIT_NOFILE);
    assert_int_equal (spec->limits[0].value, 77);
    assert_int_equal (spec->crew.backoff_ns, 0);
    assert_int_equal (spec->crew.restarts, 7);
    assert_int_equal (spec->crew.drain_ns, 1500000000);
    spec = fleet_specs_find (&config.fleets, "shell");
    assert_string_equal (spec->command, "exec something --loud");
    assert_int_equal (spec->crew.least, 1);
    assert_int_equal (spec->crew.most, 1);
    assert_int_equal (spec->slots, 1);
    assert_null (fleet_specs_find (&config.fleets, "other"));
    config_deinit (&config);
}

#define START "fleet\n    name = a\n    command = b\n"

static void what_is_wrong_is_told (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *says[3];
    } rows[] = {
        { "fleet\n    command = b\n", { ", line 1", "without a name", "name = NAME" } },
        { "fleet\n    name = a\n", { ", line 1", "'a'", "either modules or a command" } },
        { START "    modules = c.so\n", { ", line 1", "either modules or a command" } },
        { "idle-exit = 1\n" START START, { ", line 5", "is there already", ", line 2" } },
        { "fleet\n    name = \"a b\"\n    command = b\n", { ", line 2", "'a b'", "letters, digits" } },
        { START "    nothing = 1\n", { ", line 4", "'nothing'", "of a fleet" } },
        { START "    workers = 0\n", { ", line 4", "'0'", "at most 128" } },
        { START "    workers = 3..2\n", { ", line 4", "N or N..M" } },
        { START "    workers = 1..\n", { "N or N..M" } },
        { START "    workers = -1\n", { "N or N..M" } },
        { START "    workers = 129\n", { "at most 128" } },
        { START "    workers = many\n", { "'many'" } },
        { START "    slots = 0\n", { "slots = '0'", "an integer from 1 to 1024" } },
        { START "    slots = x\n", { "slots = 'x'" } },
        { START "    environment = \"=x\"\n", { "environment", "NAME=VALUE" } },
        { START "    environment = x\n", { "environment", "NAME=VALUE" } },
        { START "    limit = \"files=3\"\n", { "'files=3'", "nofile" } },
        { START "    limit = \"nofile\"\n", { "'nofile'", "=NUMBER" } },
        { START "    limit = \"nofile=-3\"\n", { "an integer from 0" } },
        { START "    restart_ms = soon\n", { "restart_ms = 'soon'", "an integer" } },
        { START "    rest_ms = 0\n", { "rest_ms = '0'", "an integer from 1" } },
        { START "    command = \"\"\n", { "command = ''", "TEXT" } },
        { START "    inner\n        x = 1\n", { ", line 4", "'inner'", "no sections inside" } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        config_t config;
        assert_int_equal (read_text (&config, rows[i].text), FAR_E_BAD_ARGUMENTS);
        const char *message = far_error_message (far_last_error ());
        for (size_t j = 0; j < 3 && rows[i].says[j]; j++)
            if (!strstr (message, rows[i].says[j]))
                fail_msg ("'%s' does not say '%s'", message, rows[i].says[j]);
        config_deinit (&config);
    }
}

/* Which changes of a section make new workers of the old ones. */
static void changes_that_matter_to_workers (void **state)
{
    (void)state;
    static const struct {
        const char *more;
        bool alike;
    } rows[] = {
        { "", true },
        { "    workers = 2..3\n    drain_ms = 1\n", true },
        { "    slots = 2\n", false },
        { "    directory = /tmp\n", false },
        { "    environment = \"A=b\"\n", false },
        { "    limit = \"nofile=9\"\n", false },
    };
    config_t first;
    assert_int_equal (read_text (&first, START), FAR_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        config_t other;
        snprintf (text, sizeof text, START "%s", rows[i].more);
        assert_int_equal (read_text (&other, text), FAR_OK);
        assert_int_equal (fleet_spec_starts_alike (first.fleets.items[0], other.fleets.items[0]), rows[i].alike);
        config_deinit (&other);
    }
    config_deinit (&first);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (everything_is_read),
        cmocka_unit_test (what_is_wrong_is_told),
        cmocka_unit_test (changes_that_matter_to_workers),
    };
    return cmocka_run_group_tests (tests, make_config_file, remove_config_file);
}
