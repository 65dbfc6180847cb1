/* Filling modules: what they may hold, which names are refused, and that the first error is the one that is told. */
#include "object/module.h"
#include "support.h"

static far_status_t nothing (far_call_t *call, void *self)
{
    (void)call;
    (void)self;
    return FAR_OK;
}

static far_status_t give_data (far_call_t *call, void *self)
{
    return far_call_return (call, "i", *(int *)self);
}

static const far_method_t bad_methods[] = { { "add", nothing, "amount:l=x", "" }, { 0 } };
static const far_class_t bad_class = { .name = "Bad", .methods = bad_methods };
static const far_class_t good_class = { .name = "Good" };

static int destroyed;

static void destroy_data (void *data)
{
    destroyed += *(int *)data;
}

static int data = 5;

static void fill_good (far_module_t *module)
{
    far_module_set_doc (module, "A good one.");
    far_module_set_data (module, &data, destroy_data);
    far_module_class (module, &good_class);
    far_module_function (module, "data", give_data, "-> i", NULL);
    far_module_constant (module, "pair", "[is]", 1, "two");
    far_object_t *object = far_function (module ? far_module_actor (module) : NULL, nothing, NULL, NULL);
    far_module_constant (module, "with_object", "[O]", object);
    far_module_object (module, "callback", &object);
    assert_null (object);
    far_module_t *inner = far_module_submodule (module, "inner", NULL);
    far_module_t *innermost = far_module_submodule (inner, "most", "Deep.");
    far_module_constant (innermost, "depth", "i", 2);
}

static int setup (void **state)
{
    destroyed = 0;
    return exchange_set_up (state, NULL, NULL);
}

static void a_module_offers_what_it_was_filled_with (void **state)
{
    exchange_t *self = *state;
    assert_int_equal (far_registry_add (self->registry, "good", fill_good), FAR_OK);
    call (self, NULL, "good.data", "");
    assert_answer_int (self, 5);
    getattr (self, NULL, "good.pair");
    assert_string_equal (far_value_bytes (far_value_item (self->value, 1)).data, "two");
    call (self, NULL, "good.callback", "");
    assert_int_equal (self->type, FAR_RESULT);
    getattr (self, NULL, "good.with_object");
    assert_non_null (far_value_handle (far_value_item (self->value, 0)));
    getattr (self, NULL, "good.inner.most.depth");
    assert_answer_int (self, 2);
    call (self, NULL, "good.Good", "");
    assert_string_equal (far_object_class_name (answered_object (self)), "Good");
}

/* What others hold of a module keeps it, and its data. */
static void a_module_lives_as_long_as_its_parts (void **state)
{
    exchange_t *self = *state;
    assert_int_equal (far_registry_add (self->registry, "good", fill_good), FAR_OK);
    getattr (self, NULL, "good.data");
    far_object_t *function = far_object_retain (answered_object (self));
    getattr (self, NULL, "good.inner.most");
    far_object_t *inner = far_object_retain (answered_object (self));
    exchange_reset (self);
    far_registry_destroy (&self->registry);
    assert_int_equal (destroyed, 0);
    self->registry = far_registry_new (NULL);
    call (self, function, "", "");
    assert_answer_int (self, 5);
    far_object_destroy (&function);
    assert_int_equal (destroyed, 5);
    getattr (self, inner, "depth");
    assert_answer_int (self, 2);
    far_object_destroy (&inner);
}

static void fill_bad_class (far_module_t *module)
{
    far_module_class (module, &bad_class);
}

static void fill_bad_function (far_module_t *module)
{
    far_module_function (module, "add", nothing, "x:l y:l", "");
}

static void fill_no_function (far_module_t *module)
{
    far_module_function (module, "add", NULL, "", "");
}

static void fill_bad_constant (far_module_t *module)
{
    far_module_constant (module, "pi", "q", 3);
}

static void fill_bad_text (far_module_t *module)
{
    far_module_constant (module, "text", "s", "\xff");
}

static void fill_no_object (far_module_t *module)
{
    far_object_t *object = far_object_new (NULL, &bad_class, NULL);
    far_module_object (module, "thing", &object);
}

static void fill_bad_name (far_module_t *module)
{
    far_module_constant (module, "a.b", "i", 1);
}

static void fill_digit (far_module_t *module)
{
    far_object_t *object = far_function (NULL, nothing, NULL, NULL);
    far_module_object (module, "1st", &object);
    assert_null (object);
}

static void fill_no_name (far_module_t *module)
{
    far_module_function (module, NULL, nothing, "", "");
}

static void fill_twice (far_module_t *module)
{
    far_module_class (module, &good_class);
    far_module_constant (module, "Good", "i", 1);
}

static void fill_bad_inner (far_module_t *module)
{
    far_module_set_data (module, &data, destroy_data);
    far_module_t *inner = far_module_submodule (module, "inner", NULL);
    far_module_t *most = far_module_submodule (inner, "most", NULL);
    far_module_constant (most, "a b", "i", 1);
    far_module_constant (module, "2", "i", 1); /* the first error is kept */
    assert_null (far_module_submodule (module, "another", NULL));
    far_module_constant (NULL, "x", "i", 1);
    far_object_t *object = far_function (NULL, nothing, NULL, NULL);
    far_module_object (NULL, "x", &object);
    assert_null (object);
}

static void the_first_error_is_told (void **state)
{
    exchange_t *self = *state;
    static const struct row {
        far_module_fn *fill;
        const char *says;
    } rows[] = {
        { fill_bad_class, "module m: class Bad, method add: signature \"amount:l=x\", character 10: " },
        { fill_bad_function, "module m: function add: signature \"x:l y:l\", character 5: " },
        { fill_no_function, "module m: function add: there is no function" },
        { fill_bad_constant, "module m: constant pi: " },
        { fill_bad_text, "module m: constant text: " },
        { fill_no_object, "module m: object thing: there is none (class Bad, method add" },
        { fill_bad_name, "module m: 'a.b' is no name" },
        { fill_digit, "module m: '1st' is no name" },
        { fill_no_name, "module m: '' is no name" },
        { fill_twice, "module m: Good is there twice" },
        { fill_bad_inner, "module m.inner.most: 'a b' is no name" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        far_status_t status = far_registry_add (self->registry, "m", rows[i].fill);
        assert_int_equal (status, far_error_kind (far_last_error ()));
        assert_true (status == FAR_E_BAD_ARGUMENTS || status == FAR_E_NOT_SERIALIZABLE);
        assert_contains (far_error_message (far_last_error ()), rows[i].says);
        assert_null (far_registry_find (self->registry, (far_text_t){ "m", 1 }));
    }
    assert_int_equal (destroyed, 5);
}

static far_module_t *sealed;

static void fill_and_keep (far_module_t *module)
{
    sealed = module;
}

static void no_line (void *context, far_log_level_t level, const char *line)
{
    assert_int_equal (level, FAR_LOG_ERROR);
    assert_contains (line, "after it had been filled");
    ++*(int *)context;
}

static void nothing_is_added_later (void **state)
{
    exchange_t *self = *state;
    int lines = 0;
    assert_int_equal (far_registry_add (self->registry, "kept", fill_and_keep), FAR_OK);
    far_log_set_handler (no_line, &lines);
    far_module_constant (sealed, "late", "i", 1);
    far_log_set_handler (NULL, NULL);
    assert_int_equal (lines, 1);
    getattr (self, NULL, "kept.late");
    assert_answer_error (self, FAR_E_NO_SUCH_ATTRIBUTE, "module kept has no attribute 'late'");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (a_module_offers_what_it_was_filled_with, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (a_module_lives_as_long_as_its_parts, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (the_first_error_is_told, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (nothing_is_added_later, setup, exchange_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
