/* Requests that are wrong, and methods that fail or give nonsense: each is answered with an error that says why. */
#include "counter.h"

static void wrong_arguments_name_the_parameter (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    call (exchange, self->object, "add", "ii", 1, 2);
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "add: takes at most 1 arguments, and got 2");
    call (exchange, self->object, "add", "s", "1");
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "add: parameter 'amount' takes an integer");
    call (exchange, self->object, "add", "n");
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "and got nil");
    call (exchange, self->object, "add", "u", UINT64_MAX);
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "and got 18446744073709551615");
    call (exchange, self->object, "add", "amont:i", 1);
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "there is no parameter 'amont'");
    call (exchange, NULL, "counter.sum", "i", 1);
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "sum: parameter 'b' is missing");
    call (exchange, NULL, "counter.Counter", "s", "x");
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "init: parameter 'start' takes an integer");
    call (exchange, self->object, "add", "");
    assert_answer_int (exchange, 41); /* none of them reached the method */
}

static void paths_name_the_part_that_is_not_there (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    static const struct row {
        const char *path;
        far_status_t kind;
        const char *says;
    } rows[] = {
        { "", FAR_E_NO_SUCH_MODULE, "there is no module ''" },
        { "nowhere", FAR_E_NO_SUCH_MODULE, "there is no module 'nowhere'" },
        { "nowhere.sum", FAR_E_NO_SUCH_MODULE, "there is no module 'nowhere'" },
        { "../counter", FAR_E_NO_SUCH_MODULE, "an empty name in the path" },
        { "counter", FAR_E_BAD_ARGUMENTS, "module counter can't be called" },
        { "counter.", FAR_E_NO_SUCH_ATTRIBUTE, "an empty name in the path" },
        { "counter..sum", FAR_E_NO_SUCH_ATTRIBUTE, "an empty name in the path" },
        { ".counter", FAR_E_NO_SUCH_MODULE, "an empty name in the path" },
        { "counter.product", FAR_E_NO_SUCH_ATTRIBUTE, "module counter has no attribute 'product'" },
        { "counter.inner.product", FAR_E_NO_SUCH_ATTRIBUTE, "module counter.inner has no attribute 'product'" },
        { "counter.outer.sum.x", FAR_E_NO_SUCH_ATTRIBUTE, "module counter has no attribute 'outer'" },
        { "counter.sum.x", FAR_E_NO_SUCH_ATTRIBUTE, "method has no attribute 'x'" },
        { "counter.limit", FAR_E_BAD_ARGUMENTS, "counter.limit is a constant" },
        { "counter.limit.x", FAR_E_NO_SUCH_ATTRIBUTE, "int has no attribute 'x'" },
        { "counter.shared.x", FAR_E_NO_SUCH_ATTRIBUTE, "Counter has no attribute 'x'" },
        { "counter.Counter.add", FAR_E_NO_SUCH_ATTRIBUTE, "class has no attribute 'add'" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        call (exchange, NULL, rows[i].path, "");
        assert_answer_error (exchange, rows[i].kind, rows[i].says);
    }
    call (exchange, self->object, "subtract", "");
    assert_answer_error (exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Counter has no attribute 'subtract'");
    call (exchange, self->object, "add.x", "");
    assert_answer_error (exchange, FAR_E_NO_SUCH_ATTRIBUTE, "method has no attribute 'x'");
}

static void what_is_not_held_is_stale (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    exchange_reset (exchange);
    far_write_list (&exchange->body, 2);
    far_write_uint (&exchange->body, 99);
    write_text (&exchange->body, "add");
    exchange_run (exchange, FAR_CALL, NULL);
    assert_answer_error (exchange, FAR_E_STALE, "object 99 is not held");
    assert_string_equal (far_error_hop (exchange->error, 0)->method, "add");
}

static void a_hop_names_the_path_that_leads_nowhere (void **state)
{
    exchange_t *exchange = &((fixture_t *)*state)->exchange;
    call (exchange, NULL, "nowhere.sum", "");
    assert_string_equal (far_error_hop (exchange->error, 0)->object, "");
    assert_string_equal (far_error_hop (exchange->error, 0)->method, "nowhere.sum");
}

static void check_hop (const far_error_t *error, size_t index, const char *process, const char *object,
                       const char *method, bool has_line)
{
    const far_hop_t *hop = far_error_hop (error, index);
    assert_non_null (hop);
    assert_string_equal (hop->process, process);
    assert_string_equal (hop->object, object);
    assert_string_equal (hop->method, method);
    assert_int_equal (hop->line > 0, has_line);
}

static void errors_carry_their_hops (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    call (exchange, self->object, "add", "l", INT64_MAX);
    assert_answer_error (exchange, FAR_E_RAISED, "-1 is too much");
    assert_string_equal (far_error_class (exchange->error), "OverflowError");
    assert_int_equal (far_error_hop_count (exchange->error), 1);
    check_hop (exchange->error, 0, "tester", "Counter", "add", true);
    assert_contains (far_error_hop (exchange->error, 0)->file, "counter.h");

    call (exchange, self->object, "relay", "");
    assert_answer_error (exchange, FAR_E_PEER_DIED, "the printer died");
    assert_int_equal (far_error_hop_count (exchange->error), 2);
    check_hop (exchange->error, 0, "printer", "Printer", "print", true);
    check_hop (exchange->error, 1, "tester", "Counter", "relay", false);

    call (exchange, NULL, "counter.inner.sum", "");
    check_hop (exchange->error, 0, "tester", "counter.inner", "sum", false);
    call (exchange, NULL, "counter.product", "");
    check_hop (exchange->error, 0, "tester", "counter", "product", false);
    call (exchange, self->object, "subtract", "");
    check_hop (exchange->error, 0, "tester", "Counter", "subtract", false);
    import (exchange, "nowhere", NULL);
    check_hop (exchange->error, 0, "tester", "", "nowhere", false);
}

static void errors_carry_their_cause (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    call (exchange, self->object, "wrap", "");
    assert_answer_error (exchange, FAR_E_RAISED, "no print: the printer died");
    assert_int_equal (far_error_hop_count (exchange->error), 1);
    check_hop (exchange->error, 0, "tester", "Counter", "wrap", true);
    const far_error_t *cause = far_error_cause (exchange->error);
    assert_non_null (cause);
    assert_int_equal (far_error_kind (cause), FAR_E_PEER_DIED);
    assert_int_equal (far_error_hop_count (cause), 1);
    check_hop (cause, 0, "printer", "Printer", "print", true);
    far_fail (FAR_E_LIMIT, "of another call");
    call (exchange, self->object, "add", "l", INT64_MAX);
    assert_null (far_error_cause (exchange->error));
    call (exchange, self->object, "relay", ""); /* its error is the one that it met */
    assert_null (far_error_cause (exchange->error));
}

static far_status_t fail_if_negative (far_call_t *call, void *self)
{
    (void)self;
    int number;
    if (far_call_args (call, &number))
        return far_call_status (call);
    return number < 0 ? far_call_fail (call, "InitError", "%d", number) : FAR_OK;
}

/* What has failed before an object is made is no cause of what its init fails with. */
static void init_begins_without_a_cause (void **state)
{
    (void)state;
    static const far_class_t class = { .name = "Natural", .size = 1, .init = fail_if_negative, .init_takes = "of:i" };
    far_fail (FAR_E_LIMIT, "before");
    far_object_t *object = far_object_new (NULL, &class, "i", 1);
    assert_non_null (object);
    assert_string_equal (far_error_message (far_last_error ()), "before");
    far_object_destroy (&object);
    assert_null (far_object_new (NULL, &class, "i", -1));
    assert_string_equal (far_error_class (far_last_error ()), "InitError");
    assert_null (far_error_cause (far_last_error ()));
}

static void failing_without_a_word_is_still_an_error (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    returns_status = FAR_E_LIMIT;
    call (exchange, self->object, "nonsense", "");
    assert_answer_error (exchange, FAR_E_LIMIT, "Counter.nonsense failed and did not say why");
    far_fail (FAR_E_LIMIT, "of another call");
    call (exchange, self->object, "nonsense", "");
    assert_answer_error (exchange, FAR_E_LIMIT, "Counter.nonsense failed and did not say why");
    static const int nonsense[] = { -1, 22, 4711, INT32_MIN, INT32_MAX };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        returns_status = nonsense[i];
        call (exchange, self->object, "nonsense", "");
        assert_answer_error (exchange, FAR_E_RAISED, "which is no status");
        assert_string_equal (far_error_class (exchange->error), "BadStatus");
    }
    call (exchange, self->object, "careless", "");
    assert_answer_error (exchange, FAR_E_RAISED, "nobody looked");
    call (exchange, self->object, "bad_text", "");
    assert_answer_error (exchange, FAR_E_NOT_SERIALIZABLE, "UTF-8");
    call (exchange, self->object, "bad_error", "");
    assert_int_equal (exchange->type, FAR_ERROR);
    assert_int_equal (far_error_kind (exchange->error), FAR_E_RAISED);
    assert_contains (far_error_message (exchange->error), "it said ");
}

static void broken_bodies_are_answered (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    static const uint8_t types[] = { FAR_CALL, FAR_GETATTR, FAR_GETVALUE, FAR_IMPORT };
    static const char *const bodies[] = { "", "\xc1", "\xc0\xc0", "\x93", "\xdd\xff\xff\xff\xff", "\xa1x" };
    for (size_t i = 0; i < sizeof types; i++)
        for (size_t j = 0; j < sizeof bodies / sizeof *bodies; j++) {
            exchange_reset (exchange);
            far_buffer_append (&exchange->request, bodies[j], strlen (bodies[j]));
            exchange_run (exchange, types[i], self->object);
            assert_answer_error (exchange, FAR_E_PROTOCOL_ERROR, "");
        }
    exchange_reset (exchange);
    exchange_run (exchange, FAR_TRANSFER, NULL);
    assert_answer_error (exchange, FAR_E_PROTOCOL_ERROR, "");
    exchange_reset (exchange);
    exchange_run (exchange, FAR_DEL, NULL);
    assert_answer_error (exchange, FAR_E_PROTOCOL_ERROR, "DEL is no request");
    exchange_reset (exchange);
    far_write_list (&exchange->body, 2);
    far_write_encoded (&exchange->body, "\xd7\x03\0\0\0\0\0\0\0\x09", 10);
    write_text (&exchange->body, "x");
    exchange_run (exchange, FAR_CALL, NULL);
    assert_answer_error (exchange, FAR_E_STALE, "the answer of request 9 is not kept");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (wrong_arguments_name_the_parameter, setup, teardown),
        cmocka_unit_test_setup_teardown (paths_name_the_part_that_is_not_there, setup, teardown),
        cmocka_unit_test_setup_teardown (what_is_not_held_is_stale, setup, teardown),
        cmocka_unit_test_setup_teardown (a_hop_names_the_path_that_leads_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown (errors_carry_their_hops, setup, teardown),
        cmocka_unit_test_setup_teardown (errors_carry_their_cause, setup, teardown),
        cmocka_unit_test (init_begins_without_a_cause),
        cmocka_unit_test_setup_teardown (failing_without_a_word_is_still_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown (broken_bodies_are_answered, setup, teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
