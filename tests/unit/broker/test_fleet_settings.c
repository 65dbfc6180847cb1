/* The settings of fleets as a table: what is taken and given by name, and that both pages say the same. */
#include "support/cm.h"

#include "base/error.h"
#include "broker/fleet_spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static far_status_t set (fleet_settings_t *settings, const char *name, int64_t number)
{
    far_value_t *map = far_value_map ();
    far_value_set (map, name, "l", number);
    far_status_t status = fleet_settings_set (settings, map);
    far_value_destroy (&map);
    return status;
}

static int64_t get (const fleet_settings_t *settings, const char *name)
{
    int64_t number = -1;
    far_value_t *map = fleet_settings_get (settings);
    for (size_t i = 0; i < far_value_count (map); i++)
        if (strcmp (far_value_bytes (far_value_key (map, i)).data, name) == 0)
            far_value_get (far_value_item (map, i), "l", &number);
    far_value_destroy (&map);
    return number;
}

static void every_one_keeps_what_it_is_set_to (void **state)
{
    (void)state;
    fleet_settings_t settings = fleet_settings_usual ();
    for (size_t i = 0; i < fleet_settings_count; i++) {
        const setting_t *setting = &fleet_settings[i];
        const int64_t numbers[] = { setting->least, setting_most (setting) };
        assert_int_equal (get (&settings, setting->name), strtoll (setting->usual, NULL, 10));
        for (size_t j = 0; j < 2; j++) {
            assert_int_equal (set (&settings, setting->name, numbers[j]), FAR_OK);
            assert_int_equal (get (&settings, setting->name), numbers[j]);
        }
    }
    for (size_t i = 0; i < fleet_settings_count; i++) /* and none is where another one is */
        assert_int_equal (get (&settings, fleet_settings[i].name), setting_most (&fleet_settings[i]));
}

static void what_is_out_of_bounds_changes_nothing (void **state)
{
    (void)state;
    fleet_settings_t settings = fleet_settings_usual ();
    for (size_t i = 0; i < fleet_settings_count; i++) {
        const setting_t *setting = &fleet_settings[i];
        assert_int_equal (set (&settings, setting->name, setting->least - 1), FAR_E_BAD_ARGUMENTS);
        assert_int_equal (set (&settings, setting->name, setting_most (setting) + 1), FAR_E_BAD_ARGUMENTS);
        assert_non_null (strstr (far_error_message (far_last_error ()), setting->name));
    }
    assert_int_equal (set (&settings, "nothing", 1), FAR_E_BAD_ARGUMENTS);
    far_value_t *map = far_value_map ();
    far_value_set (map, "attempts", "l", (int64_t)7);
    far_value_set (map, "poison", "s", "much");
    assert_int_equal (fleet_settings_set (&settings, map), FAR_E_BAD_ARGUMENTS); /* all or none */
    far_value_destroy (&map);
    for (size_t i = 0; i < fleet_settings_count; i++)
        assert_int_equal (get (&settings, fleet_settings[i].name), strtoll (fleet_settings[i].usual, NULL, 10));
}

/* Counts the rows of tables that begin with a name in backquotes, and fails for one of the settings that is not among
 * them, or begins otherwise. */
static void check_rows (const char *page, const setting_t *settings, size_t count, bool with_range)
{
    for (size_t i = 0; i < count; i++) {
        const setting_t *setting = &settings[i];
        char row[128], range[64] = "";
        if (with_range)
            snprintf (range, sizeof range, " %lld to %lld |", setting->least, setting_most (setting));
        if (setting->usual)
            snprintf (row, sizeof row, "\n| `%s` | %s |%s", setting->name, setting->usual, range);
        else
            snprintf (row, sizeof row, "\n| `%s` |", setting->name);
        if (!strstr (page, row))
            fail_msg ("no row %s", row);
    }
}

static char *read_page (const char *path)
{
    char *page = NULL;
    size_t capacity = 0;
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    assert_true (getdelim (&page, &capacity, '\0', file) > 0);
    fclose (file);
    return page;
}

/* Rows of the table under this heading, that up to the next blank line. */
static size_t count_rows (const char *page, const char *heading)
{
    size_t count = 0;
    const char *at = strstr (page, heading);
    assert_non_null (at);
    for (const char *end = strstr (at, "\n\n"); (at = strstr (at, "\n| `")) && (!end || at < end); at++)
        count++;
    return count;
}

static void the_pages_say_the_same (void **state)
{
    (void)state;
    char *protocol = read_page (FAR_SOURCE_DIR "/docs/protocol.md"),
         *fleets = read_page (FAR_SOURCE_DIR "/docs/fleets.md");
    check_rows (protocol, fleet_settings, fleet_settings_count, true);
    check_rows (fleets, fleet_settings, fleet_settings_count, false);
    check_rows (fleets, fleet_spec_settings, fleet_spec_settings_count, false);
    assert_int_equal (count_rows (protocol, "\n| setting | default | range |"), fleet_settings_count);
    assert_int_equal (count_rows (fleets, "\n| setting | default |"), fleet_settings_count);
    assert_int_equal (count_rows (fleets, "\n| key | default |"), fleet_spec_settings_count);
    free (protocol);
    free (fleets);
}

static void help_has_a_line_for_each (void **state)
{
    (void)state;
    char *help = NULL;
    size_t size = 0, lines = 0;
    FILE *out = open_memstream (&help, &size);
    fleet_spec_print_help (out);
    fclose (out);
    for (const char *at = help; (at = strchr (at, '\n')); at++)
        lines++;
    assert_int_equal (lines, fleet_settings_count + fleet_spec_settings_count);
    assert_non_null (strstr (help,
                             "\n    backoff_ms = MS             before an attempt that follows a death; doubles each "
                             "time (default: 100)\n"));
    free (help);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_one_keeps_what_it_is_set_to),
        cmocka_unit_test (what_is_out_of_bounds_changes_nothing),
        cmocka_unit_test (the_pages_say_the_same),
        cmocka_unit_test (help_has_a_line_for_each),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
