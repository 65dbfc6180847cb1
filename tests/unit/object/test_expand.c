/* Requests that speak of earlier answers: as roots, and in the place of arguments, alone and inside of others. */
#include "counter.h"
#include "base/limits.h"
#include "object/expand.h"

/* An answer that the exchange refers to from now on. Consumes value. */
static far_kept_t *pin (exchange_t *exchange, far_pin_t *pins, uint64_t request, far_outcome_t outcome)
{
    far_keeps_t keeps = { 0 };
    far_kept_t *kept = far_keeps_add (&keeps, (far_process_id_t){ 7 }, request);
    assert_non_null (kept);
    far_handle_release (far_keeps_forget (&keeps, (far_process_id_t){ 7 }, request));
    far_kept_settle (kept, &outcome);
    pins[exchange->pins.count++] = (far_pin_t){ request, kept };
    exchange->pins.pins = pins;
    return kept;
}

static void unpin (exchange_t *exchange)
{
    for (size_t i = 0; i < exchange->pins.count; i++)
        far_handle_release (&exchange->pins.pins[i].kept->handle);
    exchange->pins = (far_pins_t){ 0 };
}

static void write_answer (far_writer_t *out, uint64_t request, const char *path)
{
    far_write_answer (out, request, (far_text_t){ path, strlen (path) });
}

static void an_answer_is_a_root (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    far_pin_t pins[2];
    pin (exchange, pins, 3,
         (far_outcome_t){ .value = far_object_as_value (self->object), .object = far_object_retain (self->object) });
    exchange_reset (exchange);
    far_write_list (&exchange->body, 3);
    write_answer (&exchange->body, 3, "");
    write_text (&exchange->body, "add");
    far_write_list (&exchange->body, 1);
    far_write_int (&exchange->body, 2);
    exchange_run (exchange, FAR_CALL, NULL);
    assert_answer_int (exchange, 42);
    exchange_reset (exchange);
    far_write_list (&exchange->body, 2);
    write_answer (&exchange->body, 3, "");
    write_text (&exchange->body, "");
    exchange_run (exchange, FAR_GETVALUE, NULL);
    assert_int_equal (far_value_int (far_value_lookup (exchange->value, "total")), 42);
    unpin (exchange);
}

static void answers_are_arguments (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    far_pin_t pins[2];
    pin (exchange, pins, 3, (far_outcome_t){ .value = far_value_new ("i", 40) });
    pin (exchange, pins, 4,
         (far_outcome_t){ .value = far_object_as_value (self->object), .object = far_object_retain (self->object) });
    exchange_reset (exchange);
    far_write_list (&exchange->body, 3);
    far_write_nil (&exchange->body);
    write_text (&exchange->body, "counter.sum");
    far_write_list (&exchange->body, 2);
    write_answer (&exchange->body, 3, "");
    write_answer (&exchange->body, 3, "");
    exchange_run (exchange, FAR_CALL, NULL);
    assert_answer_int (exchange, 80);
    /* Inside of others, and beside a reference that the message brings itself: that one's index stays what it is. */
    fake_proxy_t elsewhere;
    fake_proxy_init (&elsewhere);
    far_handle_t *references[] = { &elsewhere.handle };
    exchange->references = references;
    exchange->reference_count = 1;
    exchange_reset (exchange);
    far_write_list (&exchange->body, 3);
    write_answer (&exchange->body, 4, "");
    far_write_reference (&exchange->body, &elsewhere.handle);
    far_write_map (&exchange->body, 1);
    write_answer (&exchange->body, 3, "");
    far_write_list (&exchange->body, 1);
    write_answer (&exchange->body, 4, "");
    exchange_run (exchange, FAR_TRANSFER, NULL);
    far_value_t *whole = NULL;
    far_object_t *hosted = far_object_retain (answered_object (exchange));
    getvalue (exchange, hosted, "");
    whole = far_value_retain (exchange->value);
    assert_ptr_equal (far_value_handle (far_value_item (whole, 0)), &self->object->handle);
    assert_ptr_equal (far_value_handle (far_value_item (whole, 1)), &elsewhere.handle);
    const far_value_t *map = far_value_item (whole, 2);
    assert_int_equal (far_value_int (far_value_key (map, 0)), 40);
    assert_ptr_equal (far_value_handle (far_value_item (far_value_item (map, 0), 0)), &self->object->handle);
    far_value_destroy (&whole);
    far_object_destroy (&hosted);
    unpin (exchange);
    exchange_reset (exchange);
}

static void run_with_argument (exchange_t *exchange, const void *ext, size_t size)
{
    exchange_reset (exchange);
    far_write_list (&exchange->body, 3);
    far_write_nil (&exchange->body);
    write_text (&exchange->body, "counter.sum");
    far_write_list (&exchange->body, 2);
    far_write_int (&exchange->body, 1);
    far_write_encoded (&exchange->body, ext, size);
    exchange_run (exchange, FAR_CALL, NULL);
}

static void what_can_not_be_put_in_is_an_error (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    far_pin_t pins[2];
    pin (exchange, pins, 3,
         (far_outcome_t){ .value = far_object_as_value (self->object), .object = far_object_retain (self->object) });
    run_with_argument (exchange, "\xd7\x03\0\0\0\0\0\0\0\x09", 10);
    assert_answer_error (exchange, FAR_E_STALE, "request 9 is not kept");
    run_with_argument (exchange, "\xd6\x03\0\0\0\x03", 6);
    assert_answer_error (exchange, FAR_E_PROTOCOL_ERROR, "8 bytes");
    run_with_argument (exchange, "\xc7\x09\x03\0\0\0\0\0\0\0\x03x", 12);
    assert_answer_error (exchange, FAR_E_NO_SUCH_ATTRIBUTE, "x");
    run_with_argument (exchange, "\xd7\x03\0\0\0\0\0\0\0\x03", 10); /* an object is no number */
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "sum");
    unpin (exchange);
}

static void an_error_before_is_passed_on (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    far_pin_t pins[2];
    far_error_t *plain = far_error_from (FAR_E_RAISED, "NoInk", 5, "it is empty", 11);
    far_hop_t hop = { .process = "printer", .object = "Printer", .method = "print", .file = "p.c", .line = 7 };
    pin (exchange, pins, 3, (far_outcome_t){ .error = far_error_with_hop (plain, &hop) });
    far_error_release (&plain);
    run_with_argument (exchange, "\xd7\x03\0\0\0\0\0\0\0\x03", 10);
    assert_answer_error (exchange, FAR_E_RAISED, "it is empty");
    assert_string_equal (far_error_class (exchange->error), "NoInk");
    assert_int_equal (far_error_hop_count (exchange->error), 1);
    unpin (exchange);
}

/* A few bytes for each megabyte: it ends at the first that is too many, and does not write them all first. */
static void what_grows_too_large_is_not_written (void **state)
{
    enum { PIECE = 1 << 20, TIMES = 256 };
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    far_pin_t pins[1];
    char *bytes = calloc (1, PIECE);
    pin (exchange, pins, 3, (far_outcome_t){ .value = far_value_make_text (FAR_TYPE_BINARY, bytes, PIECE) });
    free (bytes);
    exchange_reset (exchange);
    far_write_list (&exchange->body, TIMES);
    for (int i = 0; i < TIMES; i++)
        write_answer (&exchange->body, 3, "");
    far_incoming_t incoming = { .message = exchange_finish (&exchange->request, FAR_TRANSFER), .pins = exchange->pins };
    far_expansion_t expansion = { 0 };
    assert_int_equal (far_expand (&expansion, &incoming, false, NULL), FAR_E_LIMIT);
    assert_true (expansion.body.size < FAR_LIMIT_MESSAGE_BYTES + 2 * PIECE);
    far_expansion_deinit (&expansion);
    unpin (exchange);
    exchange_reset (exchange);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (an_answer_is_a_root, setup, teardown),
        cmocka_unit_test_setup_teardown (answers_are_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown (what_can_not_be_put_in_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown (what_grows_too_large_is_not_written, setup, teardown),
        cmocka_unit_test_setup_teardown (an_error_before_is_passed_on, setup, teardown),
    };
    return cmocka_run_group_tests_name ("expand", tests, NULL, NULL);
}
