/* Requests of each type, dispatched to a table-driven class: answers, and every way to be wrong. */
#include "support.h"

typedef struct counter {
    int64_t total;
} counter_t;

static far_status_t counter_init (far_call_t *call, void *self)
{
    return far_call_args (call, &((counter_t *)self)->total);
}

static far_status_t counter_add (far_call_t *call, void *self)
{
    counter_t *counter = self;
    int64_t amount, sum;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    if (__builtin_add_overflow (counter->total, amount, &sum))
        return far_call_fail (call, "OverflowError", "%d is too much", (int)amount);
    return far_call_return (call, "l", counter->total = sum);
}

static far_status_t counter_reset (far_call_t *call, void *self)
{
    (void)call;
    ((counter_t *)self)->total = 0;
    return FAR_OK;
}

static far_status_t counter_value (far_call_t *call, void *self)
{
    return far_call_return (call, "{sl}", "total", ((counter_t *)self)->total);
}

static int returns_status; /* what `nonsense` gives */

static far_status_t counter_nonsense (far_call_t *call, void *self)
{
    (void)call;
    (void)self;
    return (far_status_t)returns_status;
}

static far_status_t counter_relay (far_call_t *call, void *self)
{
    (void)call;
    (void)self;
    far_error_t *inner = far_error_from (FAR_E_PEER_DIED, "PeerDied", 8, "the printer died", 16);
    far_hop_t hop = { .process = "printer", .object = "Printer", .method = "print", .file = "p.c", .line = 7 };
    far_error_t *error = far_error_with_hop (inner, &hop);
    far_error_release (&inner);
    return far_fail_with (error);
}

static far_status_t counter_careless (far_call_t *call, void *self)
{
    (void)self;
    far_call_fail (call, "CarelessError", "nobody looked");
    return FAR_OK;
}

static far_status_t counter_recover (far_call_t *call, void *self)
{
    (void)self;
    far_call_fail (call, "CarelessError", "made good below");
    far_call_return (call, "s", "\xff");
    if (far_call_status (call) != FAR_E_NOT_SERIALIZABLE)
        return FAR_E_SYSTEM;
    return far_call_return (call, "s", "recovered");
}

static far_status_t counter_bad_text (far_call_t *call, void *self)
{
    (void)self;
    far_call_return (call, "s", "\xff\xfe");
    return FAR_OK;
}

static far_status_t counter_bad_error (far_call_t *call, void *self)
{
    (void)self;
    return far_call_fail (call, "TextError", "it said \xff");
}

static far_status_t counter_twice (far_call_t *call, void *self)
{
    (void)self;
    far_call_return (call, "O", NULL);
    return far_call_return (call, "s", "the second");
}

static far_status_t counter_self (far_call_t *call, void *self)
{
    return far_call_return (call, "l", (int64_t)far_call_caller (call).value + (far_call_cancelled (call) ? 100 : 0) +
                                           (self && !far_call_actor (call) ? 0 : 1000));
}

static const far_method_t counter_methods[] = {
    { "reset", counter_reset, NULL, "Back to 0." },
    { "add", counter_add, "amount:l=1 -> l", "Add amount; the new total." },
    { "nonsense", counter_nonsense, "", "Gives a status." },
    { "relay", counter_relay, "", "Fails as another process did." },
    { "careless", counter_careless, "", "Fails, and says it did not." },
    { "recover", counter_recover, "", "Fails, and then does not." },
    { "bad_text", counter_bad_text, "", "Answers with what is no text." },
    { "bad_error", counter_bad_error, "", "Fails with what is no text." },
    { "twice", counter_twice, "", "Answers twice." },
    { "whoami", counter_self, "", "The caller." },
    { "__call__", counter_add, "amount:l=1", "As add." },
    { 0 },
};

static const far_class_t counter_class = {
    .name = "Counter",
    .doc = "A number that processes share.",
    .size = sizeof (counter_t),
    .init = counter_init,
    .init_takes = "start:l=0",
    .methods = counter_methods,
    .value = counter_value,
};

static far_status_t function_sum (far_call_t *call, void *self)
{
    (void)self;
    int64_t a, b;
    if (far_call_args (call, &a, &b))
        return far_call_status (call);
    return far_call_return (call, "l", a + b);
}

FAR_MODULE (counter)
{
    far_module_class (module, &counter_class);
    far_module_function (module, "sum", function_sum, "a:l, b:l -> l", "a + b.");
    far_module_constant (module, "limit", "i", 1000);
    far_module_constant (module, "table", "{sisi}", "one", 1, "two", 2);
    far_object_t *shared = far_object_new (NULL, &counter_class, "i", 7);
    far_module_object (module, "shared", &shared);
    far_module_t *inner = far_module_submodule (module, "inner", "A module inside.");
    far_module_function (inner, "sum", function_sum, "a:l, b:l -> l", "a + b.");
}

typedef struct fixture {
    far_host_t host;
    exchange_t exchange;
    far_object_t *object; /* a Counter at 40 */
} fixture_t;

static int setup (void **state)
{
    fixture_t *self = calloc (1, sizeof *self);
    assert_non_null (self);
    self->host.process_name = "tester";
    self->exchange.host = &self->host;
    self->exchange.registry = far_registry_new (&self->host);
    assert_non_null (self->exchange.registry);
    if (far_registry_add (self->exchange.registry, "counter", far_module_counter))
        fail_msg ("%s", far_error_message (far_last_error ()));
    self->object = far_object_new (NULL, &counter_class, "i", 40);
    assert_non_null (self->object);
    *state = self;
    return 0;
}

static int teardown (void **state)
{
    fixture_t *self = *state;
    exchange_end (&self->exchange);
    far_object_destroy (&self->object);
    far_registry_destroy (&self->exchange.registry);
    free (self);
    return 0;
}

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
    atomic_bool cancelled = true;
    exchange->cancelled = &cancelled;
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
        { "../counter", FAR_E_NO_SUCH_ATTRIBUTE, "an empty name in the path" },
        { "counter", FAR_E_BAD_ARGUMENTS, "module counter can't be called" },
        { "counter.", FAR_E_NO_SUCH_ATTRIBUTE, "an empty name in the path" },
        { "counter..sum", FAR_E_NO_SUCH_ATTRIBUTE, "an empty name in the path" },
        { ".counter", FAR_E_NO_SUCH_ATTRIBUTE, "an empty name in the path" },
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
    static const char *const names[] = { "",  "nowhere", "counter.nowhere", "counter.Counter", "counter.limit", "counter.",
                                         ".", "/etc",    "counter/../x",    "coun\ter" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        import (exchange, names[i], NULL);
        assert_answer_error (exchange, FAR_E_NO_SUCH_MODULE, "there is no module '");
        assert_contains (far_error_message (exchange->error), names[i]);
    }
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
    assert_contains (far_error_hop (exchange->error, 0)->file, "test_dispatch.c");

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
    assert_answer_error (exchange, FAR_E_PROTOCOL_ERROR, "answers as roots");
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
        cmocka_unit_test_setup_teardown (wrong_arguments_name_the_parameter, setup, teardown),
        cmocka_unit_test_setup_teardown (paths_name_the_part_that_is_not_there, setup, teardown),
        cmocka_unit_test_setup_teardown (what_is_not_held_is_stale, setup, teardown),
        cmocka_unit_test_setup_teardown (getattr_gives_values_and_methods, setup, teardown),
        cmocka_unit_test_setup_teardown (getvalue_gives_the_value_form, setup, teardown),
        cmocka_unit_test_setup_teardown (transfer_hosts_a_copy, setup, teardown),
        cmocka_unit_test_setup_teardown (import_gives_modules_and_names, setup, teardown),
        cmocka_unit_test_setup_teardown (errors_carry_their_hops, setup, teardown),
        cmocka_unit_test_setup_teardown (failing_without_a_word_is_still_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown (broken_bodies_are_answered, setup, teardown),
        cmocka_unit_test (the_target_is_read_from_the_front),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
