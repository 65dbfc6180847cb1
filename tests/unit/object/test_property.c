/* Properties and constants of classes: fields of each type, getters, setters, deleters, and what may not be written. */
#include "counter.h"
#include <pthread.h>
#include <stdio.h>

typedef struct thing {
    bool flag;
    int small;
    int64_t large;
    uint64_t natural;
    double real;
    char *text; /* owned */
    struct timespec moment;
    int64_t doubled;
    far_value_t *list; /* owned; NULL once it was deleted */
} thing_t;

static void thing_fini (void *self)
{
    thing_t *thing = self;
    free (thing->text);
    far_value_destroy (&thing->list);
}

static far_status_t get_doubled (far_call_t *call, void *self)
{
    return far_call_return (call, "l", 2 * ((thing_t *)self)->doubled);
}

static far_status_t set_doubled (far_call_t *call, void *self)
{
    int64_t value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    if (value % 2)
        return far_call_fail (call, "ValueError", "%d is odd", (int)value);
    ((thing_t *)self)->doubled = value / 2;
    return far_call_return (call, "s", "nobody reads what a setter answers");
}

static far_status_t get_list (far_call_t *call, void *self)
{
    thing_t *thing = self;
    return thing->list ? far_call_return (call, "v", thing->list)
                       : far_call_fail (call, "AttributeError", "the list was deleted");
}

static far_status_t set_list (far_call_t *call, void *self)
{
    thing_t *thing = self;
    const far_value_t *list;
    if (far_call_args (call, &list))
        return far_call_status (call);
    far_value_destroy (&thing->list);
    thing->list = far_value_retain (list);
    return FAR_OK;
}

static far_status_t del_list (far_call_t *call, void *self)
{
    (void)call;
    far_value_destroy (&((thing_t *)self)->list);
    return FAR_OK;
}

static far_status_t get_itself (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "O", far_call_object (call));
}

static far_status_t call_itself (far_call_t *call, void *self)
{
    return far_call_return (call, "l", ((thing_t *)self)->large);
}

static const far_method_t thing_methods[] = { { "__call__", call_itself, "-> l", "" }, { 0 } };

static const far_property_t thing_properties[] = {
    { "flag", "b", "", FAR_FIELD (thing_t, flag) },
    { "small", "i", "", FAR_FIELD (thing_t, small) },
    { "large", "l", "", FAR_FIELD (thing_t, large) },
    { "natural", "u", "", FAR_FIELD (thing_t, natural) },
    { "real", "f", "", FAR_FIELD (thing_t, real) },
    { "text", "s=nil", "", FAR_FIELD (thing_t, text) },
    { "moment", "t", "", FAR_FIELD (thing_t, moment) },
    { "fixed", "l", "", FAR_FIELD_READ_ONLY (thing_t, large) },
    { "doubled", "l", "", .get = get_doubled, .set = set_doubled },
    { "computed", "l", "", .get = get_doubled },
    { "list", "[l]", "", .get = get_list, .set = set_list, .del = del_list },
    { "itself", "O", "", .get = get_itself },
    { 0 },
};

static const far_constant_t thing_constants[] = {
    { "MOST", "1000", "" }, { "NAME", "'thing'", "" }, { "HALF", "-0.5", "" }, { 0 }
};

static const far_class_t thing_class = {
    .name = "Thing",
    .size = sizeof (thing_t),
    .fini = thing_fini,
    .methods = thing_methods,
    .properties = thing_properties,
    .constants = thing_constants,
};

static int make (void **state)
{
    fixture_t *self;
    setup (state);
    self = *state;
    far_object_destroy (&self->object);
    self->object = far_object_new (NULL, &thing_class, NULL);
    assert_non_null (self->object);
    return 0;
}

static const thing_t *thing_of (const fixture_t *self)
{
    return far_object_data (self->object);
}

#define set(self, name, picture, ...) \
    call (&(self)->exchange, (self)->object, "__setattr__", "s" picture, name, __VA_ARGS__)

static void assert_set (fixture_t *self, const char *name)
{
    exchange_t *exchange = &self->exchange;
    if (exchange->error)
        fail_msg ("%s: %s", name, far_error_message (exchange->error));
    assert_int_equal (far_value_type (exchange->value), FAR_TYPE_NIL);
    getattr (exchange, self->object, name);
    assert_int_equal (exchange->type, FAR_RESULT);
}

static void fields_of_each_type (void **state)
{
    fixture_t *self = *state;
    const thing_t *thing = thing_of (self);
    const far_value_t *const *value = (const far_value_t *const *)&self->exchange.value;
    set (self, "flag", "b", 1);
    assert_set (self, "flag");
    assert_true (thing->flag && far_value_bool (*value));
    set (self, "small", "i", -7);
    assert_set (self, "small");
    assert_true (thing->small == -7 && far_value_int (*value) == -7);
    set (self, "large", "l", INT64_MIN);
    assert_set (self, "large");
    assert_true (thing->large == INT64_MIN && far_value_int (*value) == INT64_MIN);
    set (self, "natural", "u", UINT64_MAX);
    assert_set (self, "natural");
    assert_true (thing->natural == UINT64_MAX && far_value_uint (*value) == UINT64_MAX);
    set (self, "real", "f", 1.5);
    assert_set (self, "real");
    assert_true (thing->real == 1.5 && far_value_float (*value) == 1.5);
    struct timespec moment = { 12, 34 };
    set (self, "moment", "t", &moment);
    assert_set (self, "moment");
    assert_true (thing->moment.tv_nsec == 34 && far_value_time (*value).tv_sec == 12);
}

static void text_fields_are_copies (void **state)
{
    fixture_t *self = *state;
    getattr (&self->exchange, self->object, "text");
    assert_int_equal (far_value_type (self->exchange.value), FAR_TYPE_NIL);
    set (self, "text", "s", "one");
    assert_set (self, "text");
    set (self, "text", "s", "another");
    assert_set (self, "text");
    assert_string_equal (thing_of (self)->text, "another");
    assert_string_equal (far_value_bytes (self->exchange.value).data, "another");
    set (self, "text", "i", 1);
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "text: parameter 'value' takes a string, and got 1");
    set (self, "text", "s", NULL);
    assert_set (self, "text");
    assert_null (thing_of (self)->text);
}

static void values_are_checked_first (void **state)
{
    fixture_t *self = *state;
    set (self, "small", "l", (int64_t)1 << 40);
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "small: parameter 'value' takes an integer of 32 bits");
    set (self, "flag", "s", NULL);
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "takes a bool, and got nil");
    set (self, "list", "[is]", 1, "x");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "list: parameter 'value', item 2 takes");
    set (self, "doubled", "s", "x");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "doubled: parameter 'value' takes");
    assert_int_equal (thing_of (self)->small, 0);
    assert_null (thing_of (self)->list);
}

static void getters_and_setters (void **state)
{
    fixture_t *self = *state;
    set (self, "doubled", "i", 42);
    assert_set (self, "doubled");
    assert_answer_int (&self->exchange, 42);
    assert_int_equal (thing_of (self)->doubled, 21);
    set (self, "doubled", "i", 43);
    assert_answer_error (&self->exchange, FAR_E_RAISED, "43 is odd");
    assert_string_equal (far_error_class (self->exchange.error), "ValueError");
    const far_hop_t *hop = far_error_hop (self->exchange.error, 0);
    assert_string_equal (hop->object, "Thing");
    assert_string_equal (hop->method, "doubled");
    assert_contains (hop->file, "test_property.c");
    set (self, "list", "[ll]", (int64_t)1, (int64_t)2);
    assert_set (self, "list");
    assert_int_equal (far_value_count (self->exchange.value), 2);
    getvalue (&self->exchange, self->object, "list");
    assert_int_equal (far_value_count (self->exchange.value), 2);
}

static void a_getter_that_fails_says_where (void **state)
{
    fixture_t *self = *state;
    getattr (&self->exchange, self->object, "list");
    assert_answer_error (&self->exchange, FAR_E_RAISED, "the list was deleted");
    assert_int_equal (far_error_hop_count (self->exchange.error), 1);
    const far_hop_t *hop = far_error_hop (self->exchange.error, 0);
    assert_string_equal (hop->method, "list");
    assert_contains (hop->file, "test_property.c");
    assert_string_equal (hop->process, "tester");
    call (&self->exchange, self->object, "list.append", "i", 1);
    assert_answer_error (&self->exchange, FAR_E_RAISED, "the list was deleted");
}

static void read_only_and_deleted (void **state)
{
    fixture_t *self = *state;
    static const char *const fixed[] = { "fixed", "computed", "itself", "MOST", "__call__" };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        char says[64];
        snprintf (says, sizeof says, "Thing.%s can't be set", fixed[i]);
        set (self, fixed[i], "i", 1);
        assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, says);
        call (&self->exchange, self->object, "__delattr__", "s", fixed[i]);
        assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "can't be deleted");
    }
    set (self, "nothing", "i", 1);
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Thing has no attribute 'nothing'");
    call (&self->exchange, self->object, "__delattr__", "s", "nothing");
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Thing has no attribute 'nothing'");
    set (self, "list", "[l]", (int64_t)1);
    assert_set (self, "list");
    call (&self->exchange, self->object, "__delattr__", "s", "list");
    assert_int_equal (self->exchange.type, FAR_RESULT);
    assert_null (thing_of (self)->list);
}

/* A property stands on the way of paths, and what it holds may be called. */
static void paths_through_properties (void **state)
{
    fixture_t *self = *state;
    set (self, "large", "i", 5);
    getattr (&self->exchange, self->object, "itself");
    assert_ptr_equal (answered_object (&self->exchange), self->object);
    getattr (&self->exchange, self->object, "itself.itself.large");
    assert_answer_int (&self->exchange, 5);
    call (&self->exchange, self->object, "itself", "");
    assert_answer_int (&self->exchange, 5);
    call (&self->exchange, self->object, "large", "");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "Thing.large can't be called");
    far_value_t *value = NULL;
    assert_int_equal (far_object_getattr (self->object, (far_text_t){ "large", 5 }, NULL, &value), FAR_OK);
    far_value_destroy (&value);
    assert_int_equal (far_object_getattr (self->object, (far_text_t){ "doubled", 7 }, NULL, &value),
                      FAR_E_BAD_ARGUMENTS);
    assert_contains (far_error_message (far_last_error ()), "Thing.doubled is made by a method");
}

/* Sets the text and reads it, over and over, as a thread of a pool would. */
static void *change_text (void *object)
{
    exchange_t exchange = { .registry = far_registry_new (NULL) };
    static const char *const texts[] = { "the one", "and quite another one" };
    const char *wrong = NULL;
    for (int i = 0; i < 3000 && !wrong; i++) {
        call (&exchange, object, "__setattr__", "ss", "text", texts[i % 2]);
        getattr (&exchange, object, "text");
        const char *text = exchange.value ? far_value_bytes (exchange.value).data : "";
        wrong = strcmp (text, texts[0]) && strcmp (text, texts[1]) ? "read what nobody set" : NULL;
    }
    exchange_end (&exchange);
    far_registry_destroy (&exchange.registry);
    return (void *)wrong;
}

static void text_fields_on_a_pool_of_threads (void **state)
{
    fixture_t *self = *state;
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, change_text, self->object), 0);
    for (size_t i = 0; i < 3; i++) {
        void *wrong;
        pthread_join (threads[i], &wrong);
        assert_null (wrong);
    }
}

static void module_thing (far_module_t *module)
{
    far_module_class (module, &thing_class);
}

static void constants_of_the_class_and_of_objects (void **state)
{
    fixture_t *self = *state;
    assert_int_equal (far_registry_add (self->exchange.registry, "thing", module_thing), FAR_OK);
    getattr (&self->exchange, NULL, "thing.Thing.MOST");
    assert_answer_int (&self->exchange, 1000);
    getattr (&self->exchange, self->object, "MOST");
    assert_answer_int (&self->exchange, 1000);
    getattr (&self->exchange, self->object, "NAME");
    assert_string_equal (far_value_bytes (self->exchange.value).data, "thing");
    getattr (&self->exchange, self->object, "HALF");
    assert_true (far_value_float (self->exchange.value) == -0.5);
    getattr (&self->exchange, NULL, "thing.Thing.large");
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "class Thing has no constant 'large'");
    call (&self->exchange, self->object, "MOST", "");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "Thing.MOST can't be called");
}

static void a_bad_property_or_constant_is_refused (void **state)
{
    (void)state;
    static const struct row {
        far_property_t property;
        const char *says;
    } rows[] = {
        { { "p", "q", "", .get = get_list }, "class Bad, property p: signature \"value:q\", character 7" },
        { { "p", NULL, "", .get = get_list }, "class Bad, property p: signature \"value:\"" },
        { { "p", "l=3", "", .get = get_list }, "property p: its type is one shape" },
        { { "p", "l, x:l", "", .get = get_list }, "property p: its type is one shape" },
        { { "p.q", "l", "", .get = get_list }, "'p.q' is no name for a property" },
        { { "p", "l", "", .get = NULL }, "there is neither a getter nor a field" },
        { { "p", "l", "", .get = get_list, FAR_FIELD (thing_t, large) }, "there are a getter and a field" },
        { { "p", "l", "", FAR_FIELD (thing_t, small) }, "the field's size is not that of its type" },
        { { "p", "v", "", FAR_FIELD (thing_t, large) }, "a field's type is one of" },
        { { "p", "l", "", FAR_FIELD (thing_t, doubled) }, "the field lies behind the data" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const far_property_t properties[] = { rows[i].property, { 0 } };
        far_class_t bad = { .name = "Bad", .size = offsetof (thing_t, doubled), .properties = properties };
        assert_null (far_object_new (NULL, &bad, NULL));
        assert_last_error (FAR_E_BAD_ARGUMENTS, rows[i].says);
    }
    static const char *const literals[] = { "", "nothing", "1 2", "'x", "[1]", "\"x\"" };
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        const far_constant_t constants[] = { { "ONE", "1", "" }, { "C", literals[i], "" }, { 0 } };
        far_class_t bad = { .name = "Bad", .constants = constants };
        assert_null (far_object_new (NULL, &bad, NULL));
        assert_last_error (FAR_E_BAD_ARGUMENTS, "class Bad, constant C: ");
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (fields_of_each_type, make, teardown),
        cmocka_unit_test_setup_teardown (text_fields_are_copies, make, teardown),
        cmocka_unit_test_setup_teardown (values_are_checked_first, make, teardown),
        cmocka_unit_test_setup_teardown (getters_and_setters, make, teardown),
        cmocka_unit_test_setup_teardown (a_getter_that_fails_says_where, make, teardown),
        cmocka_unit_test_setup_teardown (read_only_and_deleted, make, teardown),
        cmocka_unit_test_setup_teardown (paths_through_properties, make, teardown),
        cmocka_unit_test_setup_teardown (text_fields_on_a_pool_of_threads, make, teardown),
        cmocka_unit_test_setup_teardown (constants_of_the_class_and_of_objects, make, teardown),
        cmocka_unit_test (a_bad_property_or_constant_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
