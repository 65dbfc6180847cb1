/* Requests of each type, dispatched to a table-driven class, and what they are answered with. */
#include "counter.h"

static void a_call_answers (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    call (exchange, self->object, "add", "i", 2);
    assert_answer_int (exchange, 42);
    call (exchange, self->object, "add", "");
    assert_answer_int (exchange, 43);
    call (exchange, self->object, "add", "amount:i", -3);
    assert_answer_int (exchange, 40);
    call (exchange, self->object, "", "i", 5);
    assert_answer_int (exchange, 45);
    call (exchange, self->object, "reset", "");
    assert_int_equal (exchange->type, FAR_RESULT);
    assert_int_equal (far_value_type (exchange->value), FAR_TYPE_NIL);
    call (exchange, self->object, "recover", "");
    assert_string_equal (far_value_bytes (exchange->value).data, "recovered");
    call (exchange, self->object, "twice", "");
    assert_string_equal (far_value_bytes (exchange->value).data, "the second");
    call (exchange, self->object, "whoami", "");
    assert_answer_int (exchange, 7);
    const far_wanted_t wanted = { .cancelled = true, .until = FAR_DEADLINE_NEVER };
    exchange->wanted = &wanted;
    call (exchange, self->object, "whoami", "");
    assert_answer_int (exchange, 107);
}

static void a_call_finds_its_way_from_the_modules (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    call (exchange, NULL, "counter.sum", "ii", 2, 40);
    assert_answer_int (exchange, 42);
    call (exchange, NULL, "counter.inner.sum", "b:i a:i", 2, 41);
    assert_answer_int (exchange, 43);
    call (exchange, NULL, "counter.shared.add", "");
    assert_answer_int (exchange, 8);
    call (exchange, NULL, "counter.shared.add", "");
    assert_answer_int (exchange, 9);
    call (exchange, NULL, "counter.shared", "");
    assert_answer_int (exchange, 10);
    call (exchange, NULL, "counter.Counter", "start:i", 5);
    far_object_t *made = far_object_retain (answered_object (exchange));
    assert_string_equal (far_object_class_name (made), "Counter");
    call (exchange, made, "add", "i", 1);
    assert_answer_int (exchange, 6);
    far_object_destroy (&made);
}

static void getattr_gives_values_and_methods (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    getattr (exchange, NULL, "counter.limit");
    assert_answer_int (exchange, 1000);
    getattr (exchange, NULL, "counter.table");
    assert_int_equal (far_value_int (far_value_lookup (exchange->value, "two")), 2);
    getattr (exchange, NULL, "counter");
    assert_string_equal (far_object_class_name (answered_object (exchange)), "module");
    getattr (exchange, NULL, "counter.Counter");
    assert_string_equal (far_object_class_name (answered_object (exchange)), "class");
    getattr (exchange, self->object, "");
    assert_ptr_equal (answered_object (exchange), self->object);
    getattr (exchange, self->object, "none");
    assert_answer_error (exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Counter has no attribute 'none'");

    getattr (exchange, self->object, "add");
    far_object_t *method = far_object_retain (answered_object (exchange));
    assert_string_equal (far_object_class_name (method), "method");
    far_object_destroy (&self->object); /* the method keeps it */
    call (exchange, method, "", "i", 2);
    assert_answer_int (exchange, 42);
    call (exchange, method, "", "s", "2");
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "add: parameter 'amount'");
    getvalue (exchange, method, "");
    assert_answer_error (exchange, FAR_E_NOT_SERIALIZABLE, "method has no value form");
    far_object_destroy (&method);

    getattr (exchange, NULL, "counter.inner.sum");
    method = far_object_retain (answered_object (exchange));
    call (exchange, method, "", "ii", 1, 2);
    assert_answer_int (exchange, 3);
    far_object_destroy (&method);
}

static void getvalue_gives_the_value_form (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    getvalue (exchange, self->object, "");
    assert_int_equal (exchange->type, FAR_RESULT);
    assert_int_equal (far_value_int (far_value_lookup (exchange->value, "total")), 40);
    getvalue (exchange, NULL, "counter.shared");
    assert_int_equal (far_value_int (far_value_lookup (exchange->value, "total")), 7);
    getvalue (exchange, NULL, "counter.limit");
    assert_answer_int (exchange, 1000);
    getvalue (exchange, NULL, "counter");
    assert_answer_error (exchange, FAR_E_NOT_SERIALIZABLE, "module has no value form");
}

static void transfer_hosts_a_copy (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    far_value_t *sent = far_value_new ("{s[ifs]sn}", "list", 1, 2.5, "three", "none");
    exchange_reset (exchange);
    far_value_write (&exchange->body, sent);
    exchange_run (exchange, FAR_TRANSFER, NULL);
    far_object_t *copy = far_object_retain (answered_object (exchange));
    assert_string_equal (far_object_class_name (copy), "map");
    getvalue (exchange, copy, "");
    assert_true (far_value_equals (exchange->value, sent));
    call (exchange, copy, "append", "");
    assert_answer_error (exchange, FAR_E_NO_SUCH_ATTRIBUTE, "map has no attribute 'append'");
    far_value_destroy (&sent);
    far_object_destroy (&copy);

    exchange_reset (exchange);
    far_write_uint (&exchange->body, UINT64_MAX);
    exchange_run (exchange, FAR_TRANSFER, NULL);
    assert_string_equal (far_object_class_name (answered_object (exchange)), "int");
}

static void import_gives_modules_and_names (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    import (exchange, "counter", NULL);
    assert_string_equal (far_object_class_name (answered_object (exchange)), "module");
    import (exchange, "counter.inner", NULL);
    far_object_t *inner = far_object_retain (answered_object (exchange));
    call (exchange, inner, "sum", "ii", 1, 1);
    assert_answer_int (exchange, 2);
    far_object_destroy (&inner);

    import (exchange, "counter", "limit,shared,inner.sum,limit");
    assert_int_equal (far_value_count (exchange->value), 4);
    assert_int_equal (far_value_int (far_value_item (exchange->value, 0)), 1000);
    assert_non_null (far_value_handle (far_value_item (exchange->value, 1)));
    assert_non_null (far_value_handle (far_value_item (exchange->value, 2)));
    assert_int_equal (far_value_int (far_value_item (exchange->value, 3)), 1000);
    import (exchange, "counter", "");
    assert_int_equal (far_value_count (exchange->value), 0);
    assert_int_equal (far_value_type (exchange->value), FAR_TYPE_LIST);

    import (exchange, "counter", "limit,none");
    assert_answer_error (exchange, FAR_E_NO_SUCH_ATTRIBUTE, "module counter has no attribute 'none'");
    static const char *const names[] = {
        "",  "nowhere", "counter.nowhere", "counter.Counter", "counter.limit", "counter.",
        ".", "/etc",    "counter/../x",    "coun\ter"
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        import (exchange, names[i], NULL);
        assert_answer_error (exchange, FAR_E_NO_SUCH_MODULE, "there is no module '");
        assert_contains (far_error_message (exchange->error), names[i]);
    }
}

static bool target_of (const char *body, size_t size, uint8_t type, uint64_t *out)
{
    far_object_id_t id = { 0 };
    far_message_t message = { .header = { .type = type, .body_size = (uint32_t)size }, .body = (const uint8_t *)body };
    bool found = far_dispatch_target (&message, &id);
    *out = id.value;
    return found;
}

static void the_target_is_read_from_the_front (void **state)
{
    (void)state;
    uint64_t id;
    assert_true (target_of ("\x92\x07\xa1x", 4, FAR_CALL, &id));
    assert_int_equal (id, 7);
    assert_true (target_of ("\x91\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 10, FAR_GETVALUE, &id));
    assert_true (id == UINT64_MAX);
    assert_true (target_of ("\x92\x07\xc1", 3, FAR_GETATTR, &id)); /* dispatch will say that the rest can't be read */
    assert_false (target_of ("\x92\xc0\xa1x", 4, FAR_CALL, &id));
    assert_false (target_of ("\x92\x00\xa1x", 4, FAR_CALL, &id));
    assert_false (target_of ("\x92\xff\xa1x", 4, FAR_CALL, &id));
    assert_false (target_of ("\x90", 1, FAR_CALL, &id));
    assert_false (target_of ("", 0, FAR_CALL, &id));
    assert_false (target_of ("\x07", 1, FAR_TRANSFER, &id));
    assert_false (target_of ("\x91\x07", 2, FAR_IMPORT, &id));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (a_call_answers, setup, teardown),
        cmocka_unit_test_setup_teardown (a_call_finds_its_way_from_the_modules, setup, teardown),
        cmocka_unit_test_setup_teardown (getattr_gives_values_and_methods, setup, teardown),
        cmocka_unit_test_setup_teardown (getvalue_gives_the_value_form, setup, teardown),
        cmocka_unit_test_setup_teardown (transfer_hosts_a_copy, setup, teardown),
        cmocka_unit_test_setup_teardown (import_gives_modules_and_names, setup, teardown),
        cmocka_unit_test (the_target_is_read_from_the_front),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
