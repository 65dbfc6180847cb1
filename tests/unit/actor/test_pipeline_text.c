/* Records of stages as text. */
#include "support/cm.h"

#include "actor/pipeline_text.h"
#include "base/error.h"

#include <string.h>

static void records_are_written (void **state)
{
    (void)state;
    const far_pipeline_stage_t stages[] = {
        { .path = "reader.read", .at = "readers" },
        { .path = "tokens.count", .at = "counters", .attempts = 2, .pause_ms = 5, .most = 8, .timeout_ms = 1500 },
        { .path = "merge.add", .at = "merger", .most = 1 },
        { 0 },
    };
    char *text = far_pipeline_text (stages);
    assert_string_equal (text, "reader.read @ readers | "
                               "tokens.count @ counters attempts=2 pause_ms=5 most=8 timeout_ms=1500 | "
                               "merge.add @ merger most=1");
    far_string_free (&text);
    text = far_pipeline_text (&(far_pipeline_stage_t){ 0 }); /* the broker says what is missing */
    assert_string_equal (text, "");
    far_string_free (&text);
}

/* What would be read as something else than it is. */
static void no_path_and_no_name_is_more_than_that (void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        { "a", NULL },  { NULL, "x" },           { "", "x" },      { "a", "" },
        { "a|b", "x" }, { "a", "x attempts=9" }, { "a @ b", "x" }, { "a", "x\n" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const far_pipeline_stage_t stages[] = { { .path = "a", .at = "x" },
                                                { .path = wrong[i][0], .at = wrong[i][1] },
                                                { 0 } };
        assert_null (far_pipeline_text (stages));
        assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
        assert_non_null (strstr (far_error_message (far_last_error ()), "stage 2: expected"));
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (records_are_written),
        cmocka_unit_test (no_path_and_no_name_is_more_than_that),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
