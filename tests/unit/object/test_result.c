/* The mask "returns": what comes by value, what by reference. */
#include "support.h"

static fake_proxy_t elsewhere;

static far_status_t money_value (far_call_t *call, void *self)
{
    return far_call_return (call, "i", *(int *)self);
}

static far_status_t money_init (far_call_t *call, void *self)
{
    return far_call_args (call, self);
}

static const far_class_t money_class = {
    .name = "Money", .size = sizeof (int), .init = money_init, .init_takes = "cents:i", .value = money_value
};

static far_status_t poor_value (far_call_t *call, void *self)
{
    (void)self;
    return far_call_fail (call, "PoorError", "there is none");
}

static far_status_t silent_value (far_call_t *call, void *self)
{
    (void)call;
    (void)self;
    return FAR_OK;
}

static const far_class_t poor_class = { .name = "Poor", .value = poor_value };
static const far_class_t silent_class = { .name = "Silent", .value = silent_value };
static const far_class_t plain_class = { .name = "Plain" };

static far_status_t echo (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    return far_call_return (call, "v", value);
}

static far_status_t give_proxy (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "P", (far_proxy_t *)&elsewhere);
}

FAR_MODULE (bank)
{
    far_module_class (module, &money_class);
    far_module_class (module, &poor_class);
    far_module_class (module, &silent_class);
    far_module_class (module, &plain_class);
    far_module_function (module, "echo", echo, "x:v -> v", NULL);
    far_module_function (module, "proxy", give_proxy, "-> P", NULL);
    far_module_constant (module, "limit", "i", 12);
    far_object_t *purse = far_object_new (NULL, &money_class, "i", 300);
    far_module_object (module, "purse", &purse);
}

static int setup (void **state)
{
    fake_proxy_init (&elsewhere);
    return exchange_set_up (state, "bank", far_module_bank);
}

static int teardown (void **state)
{
    exchange_tear_down (state);
    assert_int_equal (atomic_load (&elsewhere.handle.owners), 1);
    return 0;
}

/* Each kind of value comes by value with its own bit, and hosted without it; and hosted it is the same value. */
static void each_kind_has_its_bit (void **state)
{
    exchange_t *self = *state;
    struct timespec now = { 1, 2 };
    far_bytes_t bytes = { "xyz", 3 };
    struct row {
        uint32_t bit;
        const char *name;
        far_value_t *value;
    } rows[] = {
        { FAR_BY_VALUE_NIL, "nil", far_value_new ("n") },
        { FAR_BY_VALUE_BOOL, "bool", far_value_new ("b", 1) },
        { FAR_BY_VALUE_INT, "int", far_value_new ("i", -1) },
        { FAR_BY_VALUE_INT, "int", far_value_new ("u", UINT64_MAX) },
        { FAR_BY_VALUE_FLOAT, "float", far_value_new ("f", 1.5) },
        { FAR_BY_VALUE_STRING, "string", far_value_new ("s", "text") },
        { FAR_BY_VALUE_BINARY, "binary", far_value_new ("y", &bytes) },
        { FAR_BY_VALUE_LIST, "list", far_value_new ("[i[s]]", 1, "in") },
        { FAR_BY_VALUE_MAP, "map", far_value_new ("{s[i]}", "k", 1) },
        { FAR_BY_VALUE_TIME, NULL, far_value_new ("t", &now) },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_non_null (rows[i].value);
        call_for (self, rows[i].bit, NULL, "bank.echo", "v", rows[i].value);
        assert_true (far_value_equals (self->value, rows[i].value));
        call_for (self, FAR_BY_VALUE_USUAL & ~rows[i].bit, NULL, "bank.echo", "v", rows[i].value);
        far_object_t *hosted = far_object_retain (answered_object (self));
        if (rows[i].name)
            assert_string_equal (far_object_class_name (hosted), rows[i].name);
        getvalue (self, hosted, "");
        assert_true (far_value_equals (self->value, rows[i].value));
        far_object_destroy (&hosted);
        far_value_destroy (&rows[i].value);
    }
}

static void proxies_go_as_themselves_or_hosted (void **state)
{
    exchange_t *self = *state;
    call (self, NULL, "bank.proxy", "");
    assert_ptr_equal (far_value_handle (self->value), &elsewhere.handle);
    call_for (self, FAR_BY_VALUE_PROXY | FAR_BY_VALUE_OBJECT, NULL, "bank.proxy", "");
    assert_ptr_equal (far_value_handle (self->value), &elsewhere.handle);
    call_for (self, 0, NULL, "bank.proxy", "");
    far_object_t *hosted = far_object_retain (answered_object (self));
    getvalue (self, hosted, "");
    assert_ptr_equal (far_value_handle (self->value), &elsewhere.handle);
    far_object_destroy (&hosted);
}

static void objects_by_value_where_they_have_a_form (void **state)
{
    exchange_t *self = *state;
    uint32_t objects = FAR_BY_VALUE_USUAL | FAR_BY_VALUE_OBJECT;
    call (self, NULL, "bank.Money", "i", 5);
    assert_string_equal (far_object_class_name (answered_object (self)), "Money");
    call_for (self, 0, NULL, "bank.Money", "i", 5);
    assert_string_equal (far_object_class_name (answered_object (self)), "Money");
    call_for (self, objects, NULL, "bank.Money", "i", 5);
    assert_answer_int (self, 5);
    getattr_for (self, objects, NULL, "bank.purse");
    assert_answer_int (self, 300);
    getattr_for (self, FAR_BY_VALUE_OBJECT, NULL, "bank.limit");
    assert_string_equal (far_object_class_name (answered_object (self)), "int");
    call_for (self, objects, NULL, "bank.Plain", "");
    assert_string_equal (far_object_class_name (answered_object (self)), "Plain");
    call_for (self, objects, NULL, "bank.Silent", "");
    assert_int_equal (far_value_type (self->value), FAR_TYPE_NIL);
    call_for (self, objects, NULL, "bank.Poor", "");
    assert_answer_error (self, FAR_E_RAISED, "there is none");
    assert_string_equal (far_error_class (self->error), "PoorError");
    import_for (self, objects, "bank", "purse,limit,purse,Plain");
    assert_int_equal (far_value_count (self->value), 4);
    assert_int_equal (far_value_int (far_value_item (self->value, 0)), 300);
    assert_int_equal (far_value_int (far_value_item (self->value, 2)), 300);
    assert_non_null (far_value_handle (far_value_item (self->value, 3)));
    import_for (self, 0, "bank", "limit");
    assert_non_null (far_value_handle (far_value_item (self->value, 0)));
    import_for (self, objects, "bank", NULL);
    assert_string_equal (far_object_class_name (answered_object (self)), "module");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (each_kind_has_its_bit, setup, teardown),
        cmocka_unit_test_setup_teardown (proxies_go_as_themselves_or_hosted, setup, teardown),
        cmocka_unit_test_setup_teardown (objects_by_value_where_they_have_a_form, setup, teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
