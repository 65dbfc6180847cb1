/* Stages as text: what is read, and what is said of what can't be. */
#include "support/cm.h"

#include "base/error.h"
#include "broker/pipeline_text.h"

#include <stdio.h>
#include <string.h>

static pipeline_stage_t stages[PIPELINE_STAGES_MOST];

/* Keeps a copy: the stages point into it. */
static far_status_t read_text (const char *text, unsigned *out_count)
{
    static char copy[1024];
    snprintf (copy, sizeof copy, "%s", text);
    return pipeline_text_read (copy, stages, out_count);
}

static void stages_and_blanks (void **state)
{
    (void)state;
    unsigned count;
    assert_int_equal (read_text (" a.b@x |\tc @ y.z-1 ", &count), FAR_OK);
    assert_int_equal (count, 2);
    assert_string_equal (stages[0].path, "a.b");
    assert_string_equal (stages[0].at, "x");
    assert_string_equal (stages[1].path, "c");
    assert_string_equal (stages[1].at, "y.z-1");
}

static void settings_and_defaults (void **state)
{
    (void)state;
    const int64_t ms = 1000000;
    unsigned count;
    assert_int_equal (
        read_text ("a @ x|b @ y attempts=1 pause_ms=3600000\t most=4096  timeout_ms=250 | c@z most=1", &count), FAR_OK);
    assert_int_equal (count, 3);
    assert_int_equal (stages[0].attempts, 5);
    assert_int_equal (stages[0].pause_ns, 20 * ms);
    assert_int_equal (stages[0].most, 0);
    assert_int_equal (stages[0].timeout_ns, 0);
    assert_string_equal (stages[1].at, "y");
    assert_int_equal (stages[1].attempts, 1);
    assert_int_equal (stages[1].pause_ns, 3600000 * ms);
    assert_int_equal (stages[1].most, 4096);
    assert_int_equal (stages[1].timeout_ns, 250 * ms);
    assert_int_equal (stages[2].attempts, 5);
    assert_int_equal (stages[2].most, 1);
}

/* What is said: which stage, what stands there, and what was expected. */
static void what_is_wrong_is_said (void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        { "", "stage 1: expected `path @ name`, not ''" },
        { "|", "stage 1: expected" },
        { "a", "stage 1: expected `path @ name`, not 'a'" },
        { "a @", "stage 1: '' is no name of a process or fleet" },
        { "@ x", "stage 1: '' is no path" },
        { "a @ x |", "stage 2: expected" },
        { "a b @ x", "stage 1: 'a b' is no path" },
        { "a @ x | a @ *", "stage 2: '*' is no name" },
        { "a @ x @ y", "stage 1: '@' is no setting: expected attempts=, pause_ms=, most= or timeout_ms= and a number" },
        { "a @ x y", "stage 1: 'y' is no setting" },
        { "a @ x | b @ y most=", "stage 2: most = '': expected an integer from 1 to 4096" },
        { "a @ x most=4097", "stage 1: most = '4097': expected an integer from 1 to 4096" },
        { "a @ x attempts=many", "stage 1: attempts = 'many': expected an integer from 1 to 1000" },
        { "a @ x attempts=0", "expected an integer from 1 to 1000" },
        { "a @ x pause_ms=0", "stage 1: pause_ms = '0': expected an integer from 1 to 3600000" },
        { "a @ x timeout_ms=-1", "expected an integer from 1 to 86400000" },
        { "a @ x tries=1", "stage 1: 'tries=1' is no setting" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        unsigned count = 77;
        assert_int_equal (read_text (wrong[i][0], &count), FAR_E_BAD_ARGUMENTS);
        if (!strstr (far_error_message (far_last_error ()), wrong[i][1]))
            fail_msg ("%s: %s", wrong[i][0], far_error_message (far_last_error ()));
        assert_int_equal (count, 77);
    }
}

static void so_many_stages_and_no_more (void **state)
{
    (void)state;
    unsigned count;
    char many[(PIPELINE_STAGES_MOST + 1) * 4 + 1] = "a@x";
    for (int i = 1; i < PIPELINE_STAGES_MOST; i++)
        strcat (many, "|a@x");
    assert_int_equal (read_text (many, &count), FAR_OK);
    assert_int_equal (count, PIPELINE_STAGES_MOST);
    strcat (many, "|a@x");
    assert_int_equal (read_text (many, &count), FAR_E_BAD_ARGUMENTS);
    assert_string_equal (far_error_message (far_last_error ()), "a pipeline has at most 32 stages");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (stages_and_blanks),
        cmocka_unit_test (settings_and_defaults),
        cmocka_unit_test (what_is_wrong_is_said),
        cmocka_unit_test (so_many_stages_and_no_more),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
