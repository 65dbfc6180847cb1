/* Classes with a base: what is inherited and what is overridden, the order of init and fini, and what is refused. And
 * operators in tables. */
#include "counter.h"
#include <stdio.h>

/* What ran, in order. */
static char trace[256];

static void note (const char *what)
{
    size_t used = strlen (trace);
    snprintf (trace + used, sizeof trace - used, "%s ", what);
}

typedef struct animal {
    int64_t legs;
    bool made;
} animal_t;

typedef struct dog {
    animal_t animal;
    int64_t tricks;
} dog_t;

typedef struct puppy {
    dog_t dog;
    int64_t days;
} puppy_t;

static far_status_t animal_init (far_call_t *call, void *self)
{
    animal_t *animal = self;
    if (far_call_args (call, &animal->legs))
        return far_call_status (call);
    note ("animal");
    animal->made = true;
    if (animal->legs < 0)
        return far_call_fail (call, "ValueError", "%d legs", (int)animal->legs);
    return FAR_OK;
}

static void animal_fini (void *self)
{
    note (((animal_t *)self)->made ? "~animal" : "~nothing");
}

static far_status_t animal_legs (far_call_t *call, void *self)
{
    return far_call_return (call, "l", ((animal_t *)self)->legs);
}

static far_status_t animal_says (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "s", "...");
}

static far_status_t animal_equals (far_call_t *call, void *self)
{
    far_object_t *other;
    if (far_call_args (call, &other))
        return far_call_status (call);
    return far_call_return (call, "b", ((animal_t *)far_object_data (other))->legs == ((animal_t *)self)->legs);
}

static far_status_t animal_value (far_call_t *call, void *self)
{
    return far_call_return (call, "[sl]", "legs", ((animal_t *)self)->legs);
}

static const far_method_t animal_methods[] = {
    { "legs", animal_legs, "-> l", "How many." },
    { "says", animal_says, "-> s", "What." },
    { 0 },
};
static const far_operation_t animal_operators[] = { { FAR_EQ, animal_equals, "other:O -> b", "" },
                                                    { FAR_LEN, animal_legs, "-> l", "" },
                                                    { 0 } };
static const far_property_t animal_properties[] = { { "made", "b", "", FAR_FIELD_READ_ONLY (animal_t, made) }, { 0 } };
static const far_constant_t animal_constants[] = { { "KIND", "'animal'", "" }, { "PLANET", "'Earth'", "" }, { 0 } };
static const far_class_t animal_class = {
    .name = "Animal",
    .size = sizeof (animal_t),
    .init = animal_init,
    .init_takes = "legs:l=4",
    .fini = animal_fini,
    .methods = animal_methods,
    .value = animal_value,
    .properties = animal_properties,
    .operators = animal_operators,
    .constants = animal_constants,
};

static far_status_t dog_init (far_call_t *call, void *self)
{
    int64_t legs;
    if (far_call_args (call, &legs))
        return far_call_status (call);
    if (legs != 99 && far_call_init_base (call, "legs:l", legs))
        return far_call_status (call);
    note ("dog");
    ((dog_t *)self)->tricks = 2;
    return legs == 13 ? far_call_fail (call, "LuckError", "no dog") : FAR_OK;
}

static void dog_fini (void *self)
{
    (void)self;
    note ("~dog");
}

static far_status_t dog_says (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "s", "wow");
}

static const far_method_t dog_methods[] = { { "says", dog_says, "-> s", "Wow." }, { 0 } };
static const far_property_t dog_properties[] = { { "tricks", "l", "", FAR_FIELD (dog_t, tricks) }, { 0 } };
static const far_constant_t dog_constants[] = { { "KIND", "'dog'", "" }, { 0 } };
static const far_class_t dog_class = {
    .name = "Dog",
    .size = sizeof (dog_t),
    .init = dog_init,
    .init_takes = "legs:l=4",
    .fini = dog_fini,
    .methods = dog_methods,
    .properties = dog_properties,
    .constants = dog_constants,
    .base = &animal_class,
};

static const far_class_t puppy_class = { .name = "Puppy", .size = sizeof (puppy_t), .base = &dog_class };

static int reset (void **state)
{
    trace[0] = '\0';
    return setup (state);
}

static void inherited_and_overridden (void **state)
{
    fixture_t *self = *state;
    exchange_t *exchange = &self->exchange;
    far_object_t *puppy = far_object_new (NULL, &puppy_class, "i", 3);
    assert_non_null (puppy);
    assert_string_equal (far_object_class_name (puppy), "Puppy");
    call (exchange, puppy, "legs", "");
    assert_answer_int (exchange, 3);
    call (exchange, puppy, "__len__", "");
    assert_answer_int (exchange, 3);
    call (exchange, puppy, "says", "");
    assert_string_equal (far_value_bytes (exchange->value).data, "wow");
    getattr (exchange, puppy, "KIND");
    assert_string_equal (far_value_bytes (exchange->value).data, "dog");
    getattr (exchange, puppy, "PLANET");
    assert_string_equal (far_value_bytes (exchange->value).data, "Earth");
    getattr (exchange, puppy, "made");
    assert_true (far_value_bool (exchange->value));
    call (exchange, puppy, "__setattr__", "si", "tricks", 7);
    getattr (exchange, puppy, "tricks");
    assert_answer_int (exchange, 7);
    assert_int_equal (((puppy_t *)far_object_data (puppy))->dog.tricks, 7);
    getvalue (exchange, puppy, "");
    assert_int_equal (far_value_int (far_value_item (exchange->value, 1)), 3);
    call (exchange, puppy, "legs", "i", 1);
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "legs: takes at most 0");
    far_object_destroy (&puppy);
    assert_string_equal (trace, "animal dog ~dog ~animal ");
}

static void an_inherited_operator_sees_the_base (void **state)
{
    fixture_t *self = *state;
    far_object_t *animal = far_object_new (NULL, &animal_class, "i", 3),
                 *dog = far_object_new (NULL, &dog_class, "i", 3);
    far_handle_t *references[] = { &animal->handle };
    self->exchange.references = references;
    self->exchange.reference_count = 1;
    call (&self->exchange, dog, "__ne__", "O", animal);
    assert_int_equal (self->exchange.type, FAR_RESULT);
    assert_false (far_value_bool (self->exchange.value));
    exchange_reset (&self->exchange);
    far_object_destroy (&animal);
    far_object_destroy (&dog);
}

static void init_that_fails_ends_what_was_made (void **state)
{
    (void)state;
    assert_null (far_object_new (NULL, &dog_class, "i", 13));
    assert_last_error (FAR_E_RAISED, "no dog");
    assert_string_equal (trace, "animal dog ~animal ");
    trace[0] = '\0';
    assert_null (far_object_new (NULL, &puppy_class, "i", -1));
    assert_last_error (FAR_E_RAISED, "-1 legs");
    assert_string_equal (trace, "animal ");
    const far_hop_t *hop = far_error_hop (far_last_error (), 0);
    assert_non_null (hop);
    assert_string_equal (hop->object, "Animal");
    assert_contains (hop->file, "test_inheritance.c");
}

static void a_base_without_init_stays_zeroed (void **state)
{
    (void)state;
    far_object_t *dog = far_object_new (NULL, &dog_class, "i", 99);
    assert_non_null (dog);
    assert_int_equal (((dog_t *)far_object_data (dog))->animal.legs, 0);
    far_object_destroy (&dog);
    assert_string_equal (trace, "dog ~dog ~nothing ");
}

static void is_a (void **state)
{
    fixture_t *self = *state;
    far_object_t *puppy = far_object_new (NULL, &puppy_class, NULL), *dog = far_object_new (NULL, &dog_class, NULL);
    assert_true (far_object_is (puppy, &puppy_class));
    assert_true (far_object_is (puppy, &animal_class));
    assert_false (far_object_is (dog, &puppy_class));
    assert_false (far_object_is (self->object, &animal_class));
    assert_false (far_object_is (NULL, &animal_class));
    far_object_t *callback = far_function (NULL, animal_legs, NULL, NULL);
    assert_false (far_object_is (callback, &animal_class));
    far_object_destroy (&callback);
    far_object_destroy (&puppy);
    far_object_destroy (&dog);
}

static far_status_t bad_base_init (far_call_t *call, void *self)
{
    (void)self;
    return far_call_init_base (call, NULL);
}

static far_status_t twice_init (far_call_t *call, void *self)
{
    (void)self;
    if (far_call_init_base (call, "i", 1))
        return far_call_status (call);
    return far_call_init_base (call, "i", 1);
}

static far_status_t wrong_init (far_call_t *call, void *self)
{
    (void)self;
    return far_call_init_base (call, "s", "four");
}

static void init_base_is_checked (void **state)
{
    (void)state;
    static const far_class_t orphan = { .name = "Orphan", .init = bad_base_init };
    assert_null (far_object_new (NULL, &orphan, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "there is no base to initialize");
    far_class_t twice = { .name = "Twice", .size = sizeof (animal_t), .init = twice_init, .base = &animal_class };
    assert_null (far_object_new (NULL, &twice, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "class Twice initializes its base twice");
    assert_string_equal (trace, "animal ~animal ");
    far_class_t wrong = { .name = "Wrong", .size = sizeof (animal_t), .init = wrong_init, .base = &animal_class };
    assert_null (far_object_new (NULL, &wrong, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "init: parameter 'legs' takes");
}

static void bad_bases_are_refused (void **state)
{
    (void)state;
    far_class_t small = { .name = "Small", .size = 1, .base = &animal_class };
    assert_null (far_object_new (NULL, &small, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "class Small, base Animal: its data is larger");
    far_class_t circle = { .name = "Circle", .base = &circle };
    assert_null (far_object_new (NULL, &circle, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "more than 16 bases");
    static const far_method_t bad[] = { { "m", NULL, "", "" }, { 0 } };
    far_class_t broken = { .name = "Broken", .methods = bad };
    far_class_t derived = { .name = "Derived", .base = &broken };
    assert_null (far_object_new (NULL, &derived, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "class Broken, method m: there is no function");
    far_class_t chain[18];
    for (size_t i = 0; i < 18; i++)
        chain[i] = (far_class_t){ .name = "Link", .base = i ? &chain[i - 1] : NULL };
    far_object_t *fine = far_object_new (NULL, &chain[16], NULL);
    assert_non_null (fine);
    far_object_destroy (&fine);
    assert_null (far_object_new (NULL, &chain[17], NULL));
}

static void operators_take_their_operands (void **state)
{
    (void)state;
    static const struct row {
        far_operation_t operation;
        const char *says; /* NULL: it is fine */
    } rows[] = {
        { { FAR_ADD, animal_legs, "other:v -> v", "" }, NULL },
        { { FAR_ADD, animal_legs, "other:v=1, more:v=2 -> v", "" }, NULL },
        { { FAR_ADD, animal_legs, "-> v", "" }, "class Bad, operator __add__: it is given one operand" },
        { { FAR_RSUB, animal_legs, "a:v, b:v -> v", "" }, "operator __rsub__: it is given one operand" },
        { { FAR_LEN, animal_legs, "x:v", "" }, "operator __len__: it is given no operand" },
        { { FAR_SETITEM, animal_legs, "x:v", "" }, "operator __setitem__: it is given two operands" },
        { { FAR_GETITEM, animal_legs, "x:v -> v", "" }, NULL },
        { { FAR_SETATTR, animal_legs, "name:s, value:v", "" }, NULL },
        { { FAR_NEXT, animal_legs, "-> v", "" }, NULL },
        { { FAR_NEXT, animal_legs, "most:u -> [v]", "" }, NULL },
        { { FAR_NEXT, animal_legs, "most:u, more:u -> [v]", "" }, "operator __next__: " },
        { { FAR_INVOKE, animal_legs, "a:v, b:v", "" }, NULL },
        { { FAR_ADD, animal_legs, "x", "" }, "class Bad, operator __add__: signature \"x\"" },
        { { FAR_OPERATOR_COUNT, animal_legs, "", "" }, "class Bad, operator ?: there is no such operator" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const far_operation_t operators[] = { rows[i].operation, { 0 } };
        far_class_t bad = { .name = "Bad", .size = sizeof (animal_t), .operators = operators };
        far_object_t *object = far_object_new (NULL, &bad, NULL);
        if (rows[i].says)
            assert_last_error (FAR_E_BAD_ARGUMENTS, rows[i].says);
        else if (!object)
            fail_msg ("%s", far_error_message (far_last_error ()));
        far_object_destroy (&object);
    }
    static const far_method_t methods[] = { { "__len__", animal_legs, "-> l", "" }, { 0 } };
    far_class_t twice = { .name = "Twice", .methods = methods, .operators = animal_operators };
    assert_null (far_object_new (NULL, &twice, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "class Twice: __len__ is there twice");
}

/* Iterators that are classes: one item each time, or as many as are wanted. */
typedef struct countdown {
    int64_t left;
} countdown_t;

static far_status_t countdown_init (far_call_t *call, void *self)
{
    return far_call_args (call, &((countdown_t *)self)->left);
}

static far_status_t countdown_iter (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "O", far_call_object (call));
}

static far_status_t countdown_next (far_call_t *call, void *self)
{
    countdown_t *countdown = self;
    if (countdown->left == 13)
        return far_call_fail (call, "LuckError", "not this one");
    return countdown->left ? far_call_return (call, "l", countdown->left--)
                           : far_call_fail (call, "StopIteration", "the end");
}

static far_status_t countdown_batch (far_call_t *call, void *self)
{
    countdown_t *countdown = self;
    uint64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    if (countdown->left > 5)
        return far_call_return (call, "l", countdown->left);
    far_value_t *batch = far_value_list ();
    for (; most && countdown->left; most--) {
        far_value_t *item = far_value_new ("l", countdown->left--);
        far_value_append (batch, &item);
    }
    far_status_t status = far_call_return (call, "v", batch);
    far_value_destroy (&batch);
    return status;
}

static const far_operation_t countdown_operators[] = { { FAR_ITER, countdown_iter, "-> O", "" },
                                                       { FAR_NEXT, countdown_next, "-> l", "" },
                                                       { 0 } };
static const far_operation_t batch_operators[] = { { FAR_NEXT, countdown_batch, "most:u=1 -> [l]", "" }, { 0 } };
static const far_class_t countdown_class = {
    .name = "Countdown",
    .size = sizeof (countdown_t),
    .init = countdown_init,
    .init_takes = "from:l",
    .operators = countdown_operators,
};
static const far_class_t batch_class = {
    .name = "Batch",
    .size = sizeof (countdown_t),
    .operators = batch_operators,
    .base = &countdown_class,
};

static void assert_items (const exchange_t *exchange, size_t count, int64_t first)
{
    assert_int_equal (exchange->type, FAR_RESULT);
    assert_int_equal (far_value_type (exchange->value), FAR_TYPE_LIST);
    assert_int_equal (far_value_count (exchange->value), count);
    if (count)
        assert_int_equal (far_value_int (far_value_item (exchange->value, 0)), first);
}

static void classes_as_iterators (void **state)
{
    exchange_t *exchange = &((fixture_t *)*state)->exchange;
    far_object_t *single = far_object_new (NULL, &countdown_class, "i", 2);
    call (exchange, single, "__iter__", "");
    assert_ptr_equal (answered_object (exchange), single);
    call (exchange, single, "__next__", "i", 10);
    assert_items (exchange, 1, 2);
    call (exchange, single, "__contains__", "i", 1);
    assert_true (far_value_bool (exchange->value));
    call (exchange, single, "__next__", "i", 10);
    assert_items (exchange, 0, 0);
    call (exchange, single, "__next__", "i", 0);
    assert_answer_error (exchange, FAR_E_BAD_ARGUMENTS, "at least 1");
    ((countdown_t *)far_object_data (single))->left = 13;
    call (exchange, single, "__next__", "");
    assert_answer_error (exchange, FAR_E_RAISED, "not this one");
    assert_contains (far_error_hop (exchange->error, 0)->file, "test_inheritance.c");
    far_object_t *batches = far_object_new (NULL, &batch_class, "i", 5);
    call (exchange, batches, "__next__", "i", 3);
    assert_items (exchange, 3, 5);
    call (exchange, batches, "__next__", "i", 3);
    assert_items (exchange, 2, 2);
    call (exchange, batches, "__next__", "");
    assert_items (exchange, 0, 0);
    ((countdown_t *)far_object_data (batches))->left = 6;
    call (exchange, batches, "__next__", "");
    assert_answer_error (exchange, FAR_E_RAISED, "__next__ of Batch gave int and no list");
    far_object_destroy (&single);
    far_object_destroy (&batches);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (inherited_and_overridden, reset, teardown),
        cmocka_unit_test_setup_teardown (an_inherited_operator_sees_the_base, reset, teardown),
        cmocka_unit_test_setup_teardown (init_that_fails_ends_what_was_made, reset, teardown),
        cmocka_unit_test_setup_teardown (a_base_without_init_stays_zeroed, reset, teardown),
        cmocka_unit_test_setup_teardown (is_a, reset, teardown),
        cmocka_unit_test_setup_teardown (init_base_is_checked, reset, teardown),
        cmocka_unit_test_setup_teardown (bad_bases_are_refused, reset, teardown),
        cmocka_unit_test (operators_take_their_operands),
        cmocka_unit_test_setup_teardown (classes_as_iterators, reset, teardown),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
