/* Hosted values against a grid that a real Python has made, through dispatch; and what the grid can't say. */
#include "support.h"
#include "object/builtin.h"
#include "object/hosted.h"
#include "values/grid.h"

static void send (exchange_t *exchange, far_object_t *object, const char *name, const far_value_t *arguments)
{
    exchange_reset (exchange);
    far_write_list (&exchange->body, 5);
    far_write_uint (&exchange->body, 7);
    write_text (&exchange->body, name);
    exchange->body.depth++;
    far_value_write (&exchange->body, arguments);
    exchange->body.depth--;
    far_write_map (&exchange->body, 0);
    far_write_uint (&exchange->body, FAR_BY_VALUE_USUAL);
    exchange_run (exchange, FAR_CALL, object);
}

static void print_value (const char *what, const far_value_t *value)
{
    far_value_t *text = NULL;
    if (!far_builtin_operate (FAR_STR, value, NULL, &text))
        print_error ("    %s (%s) %s\n", what, far_builtin_name (value), (const char *)far_value_bytes (text).data);
    far_value_destroy (&text);
}

static bool run_case (exchange_t *exchange, const grid_case_t *given)
{
    far_value_t *own = far_value_retain (given->self);
    far_object_t *object = far_hosted_new (&own);
    assert_non_null (object);
    send (exchange, object, given->name, given->arguments);
    far_hosted_t *answered =
        exchange->error ? NULL : far_hosted_from_object (far_object_from_handle (far_value_handle (exchange->value)));
    far_value_t *result = answered ? far_hosted_read (answered) : far_value_retain (exchange->value);
    far_value_t *after = far_hosted_read (far_hosted_from_object (object));
    const char *error_class = exchange->error ? far_error_class (exchange->error) : "";
    bool same = !strcmp (error_class, given->error_class) && (!given->result || grid_same (result, given->result)) &&
                grid_same (after, given->after);
    if (!same) {
        print_error ("operators.txt:%d: %s: expected %s\n", given->line, given->name,
                     given->result ? "a result" : given->error_class);
        print_value ("self", given->self);
        print_value ("arguments", given->arguments);
        if (given->result)
            print_value ("expected", given->result);
        print_value ("after", after);
        if (exchange->error)
            print_error ("    got %s: %s\n", error_class, far_error_message (exchange->error));
        else
            print_value ("got", result);
    }
    far_value_destroy (&result);
    far_value_destroy (&after);
    far_object_destroy (&object);
    return same;
}

static void S41_hosted_values_do_what_python_does (void **state)
{
    (void)state;
    exchange_t exchange = { 0 };
    FILE *file = fopen (FAR_SOURCE_DIR "/tests/values/operators.txt", "r");
    assert_non_null (file);
    int line = 0, wrong = 0;
    for (grid_case_t given; grid_next (file, &line, &given); grid_case_deinit (&given))
        wrong += !run_case (&exchange, &given);
    fclose (file);
    exchange_end (&exchange);
    assert_true (line >= 2000);
    assert_int_equal (wrong, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S41_hosted_values_do_what_python_does),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
