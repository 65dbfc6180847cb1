/* Operators: what an object has of its own, what follows from it, what every object has, and iteration. */
#include "object/iterator.h"
#include "counter.h"
#include <stdio.h>

typedef struct bag {
    int64_t sum;
} bag_t;

static far_status_t bag_add (far_call_t *call, void *self)
{
    int64_t amount;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    return far_call_return (call, "l", ((bag_t *)self)->sum + amount);
}

/* Says nothing: the answer is the object itself. */
static far_status_t bag_subtract_here (far_call_t *call, void *self)
{
    int64_t amount;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    ((bag_t *)self)->sum -= amount;
    return FAR_OK;
}

static far_status_t bag_equals (far_call_t *call, void *self)
{
    int64_t other;
    if (far_call_args (call, &other))
        return far_call_status (call);
    return far_call_return (call, "b", ((bag_t *)self)->sum == other);
}

static far_status_t bag_length (far_call_t *call, void *self)
{
    return far_call_return (call, "l", ((bag_t *)self)->sum);
}

static far_status_t bag_items (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "[iisn]", 1, 2, "three");
}

static far_status_t map_items (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "{sisi}", "one", 1, "two", 2);
}

static far_status_t no_items (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "s", "abc");
}

static far_status_t bad_items (far_call_t *call, void *self)
{
    (void)self;
    return far_call_fail (call, "BrokenError", "no items today");
}

static const far_method_t bag_methods[] = {
    { "__add__", bag_add, "other:l -> l", "" },   { "__isub__", bag_subtract_here, "other:l -> v", "" },
    { "__eq__", bag_equals, "other:l -> b", "" }, { "__len__", bag_length, "-> l", "" },
    { "__iter__", bag_items, "-> v", "" },        { 0 },
};
static const far_class_t bag_class = { .name = "Bag", .size = sizeof (bag_t), .methods = bag_methods };

static const far_method_t map_methods[] = { { "__iter__", map_items, "-> v", "" }, { 0 } };
static const far_class_t map_class = { .name = "Map", .methods = map_methods };
static const far_method_t text_methods[] = { { "__iter__", no_items, "-> v", "" }, { 0 } };
static const far_class_t text_class = { .name = "Text", .methods = text_methods };
static const far_method_t broken_methods[] = { { "__iter__", bad_items, "-> v", "" }, { 0 } };
static const far_class_t broken_class = { .name = "Broken", .methods = broken_methods };

typedef struct world {
    exchange_t exchange;
    far_object_t *bag, *counter;
} world_t;

static int begin (void **state)
{
    world_t *self = calloc (1, sizeof *self);
    self->exchange.registry = far_registry_new (NULL);
    self->bag = far_object_new (NULL, &bag_class, NULL);
    self->counter = far_object_new (NULL, &counter_class, NULL);
    *state = self;
    return 0;
}

static int finish (void **state)
{
    world_t *self = *state;
    exchange_end (&self->exchange);
    far_object_destroy (&self->bag);
    far_object_destroy (&self->counter);
    far_registry_destroy (&self->exchange.registry);
    free (self);
    return 0;
}

#define assert_answer_bool(exchange, truth) \
    do { \
        assert_int_equal ((exchange)->type, FAR_RESULT); \
        assert_int_equal (far_value_type ((exchange)->value), FAR_TYPE_BOOL); \
        assert_int_equal (far_value_bool ((exchange)->value), (truth)); \
    } while (0)

static void in_place_is_the_plain_one_where_there_is_no_other (void **state)
{
    world_t *self = *state;
    call (&self->exchange, self->bag, "__add__", "i", 2);
    assert_answer_int (&self->exchange, 2);
    call (&self->exchange, self->bag, "__iadd__", "i", 3);
    assert_answer_int (&self->exchange, 3);
    assert_int_equal (((bag_t *)far_object_data (self->bag))->sum, 0);
    call (&self->exchange, self->bag, "__isub__", "i", 4);
    assert_ptr_equal (answered_object (&self->exchange), self->bag);
    assert_int_equal (((bag_t *)far_object_data (self->bag))->sum, -4);
    call (&self->exchange, self->bag, "__sub__", "i", 4);
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Bag has no operator - (__sub__)");
    call (&self->exchange, self->bag, "__imul__", "i", 4);
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Bag has no operator *= (__imul__)");
    call (&self->exchange, self->bag, "__add__", "s", "x");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "__add__: parameter 'other' takes");
}

static void equality_is_identity_unless_there_is_another (void **state)
{
    world_t *self = *state;
    far_handle_t *references[] = { &self->counter->handle, &self->bag->handle };
    self->exchange.references = references;
    self->exchange.reference_count = 2;
    call (&self->exchange, self->counter, "__eq__", "O", self->counter);
    assert_answer_bool (&self->exchange, true);
    call (&self->exchange, self->counter, "__ne__", "O", self->counter);
    assert_answer_bool (&self->exchange, false);
    call (&self->exchange, self->bag, "__eq__", "O", self->counter);
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "other");
    references[0] = &self->bag->handle;
    call (&self->exchange, self->counter, "__eq__", "O", self->bag);
    assert_answer_bool (&self->exchange, false);
    call (&self->exchange, self->counter, "__eq__", "i", 1);
    assert_answer_bool (&self->exchange, false);
    call (&self->exchange, self->bag, "__ne__", "i", 0);
    assert_answer_bool (&self->exchange, false);
    call (&self->exchange, self->bag, "__ne__", "i", 1);
    assert_answer_bool (&self->exchange, true);
    call (&self->exchange, self->bag, "__ne__", "s", "x");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "__eq__: parameter 'other' takes");
}

static void every_object_has_a_hash_a_text_and_a_truth (void **state)
{
    world_t *self = *state;
    call (&self->exchange, self->counter, "__hash__", "");
    int64_t hash = far_value_int (self->exchange.value);
    call (&self->exchange, self->counter, "__hash__", "");
    assert_answer_int (&self->exchange, hash);
    call (&self->exchange, self->bag, "__hash__", "");
    assert_answer_error (&self->exchange, FAR_E_RAISED, "unhashable type: 'Bag'");
    assert_string_equal (far_error_class (self->exchange.error), "TypeError");
    call (&self->exchange, self->bag, "__str__", "");
    assert_string_equal (far_value_bytes (self->exchange.value).data, "<Bag object>");
    call (&self->exchange, self->counter, "__bool__", "");
    assert_answer_bool (&self->exchange, true);
    call (&self->exchange, self->bag, "__bool__", "");
    assert_answer_bool (&self->exchange, false);
    ((bag_t *)far_object_data (self->bag))->sum = 2;
    call (&self->exchange, self->bag, "__bool__", "");
    assert_answer_bool (&self->exchange, true);
    call (&self->exchange, self->bag, "__bool__", "i", 1);
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "__bool__: takes at most 0");
}

static void assert_next (exchange_t *exchange, far_object_t *iterator, int most, const char *expected)
{
    call (exchange, iterator, "__next__", "i", most);
    assert_int_equal (exchange->type, FAR_RESULT);
    assert_int_equal (far_value_type (exchange->value), FAR_TYPE_LIST);
    char text[256] = "";
    for (size_t i = 0; i < far_value_count (exchange->value); i++) {
        const far_value_t *item = far_value_item (exchange->value, i);
        size_t used = strlen (text);
        if (far_value_type (item) == FAR_TYPE_STRING)
            snprintf (text + used, sizeof text - used, "%s ", (const char *)far_value_bytes (item).data);
        else
            snprintf (text + used, sizeof text - used, "%d ", (int)far_value_int (item));
    }
    assert_string_equal (text, expected);
}

static void a_list_is_iterated_over_in_batches (void **state)
{
    world_t *self = *state;
    call (&self->exchange, self->bag, "__iter__", "");
    far_object_t *iterator = far_object_retain (answered_object (&self->exchange));
    assert_next (&self->exchange, iterator, 2, "1 2 ");
    call (&self->exchange, iterator, "__iter__", "");
    assert_ptr_equal (answered_object (&self->exchange), iterator);
    assert_next (&self->exchange, iterator, 9, "three 0 ");
    assert_next (&self->exchange, iterator, 9, "");
    call (&self->exchange, iterator, "__next__", "i", 0);
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "at least 1");
    call (&self->exchange, iterator, "__next__", "s", "x");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "'most' takes");
    far_object_destroy (&iterator);
}

static void a_map_is_iterated_over_by_its_keys (void **state)
{
    world_t *self = *state;
    far_object_t *map = far_object_new (NULL, &map_class, NULL);
    call (&self->exchange, map, "__iter__", "");
    far_object_t *iterator = far_object_retain (answered_object (&self->exchange));
    call (&self->exchange, iterator, "__next__", "");
    assert_int_equal (far_value_count (self->exchange.value), 1);
    assert_next (&self->exchange, iterator, 1000000000, "two ");
    far_object_destroy (&iterator);
    far_object_destroy (&map);
}

static void contains_by_iterating (void **state)
{
    world_t *self = *state;
    call (&self->exchange, self->bag, "__contains__", "s", "three");
    assert_answer_bool (&self->exchange, true);
    call (&self->exchange, self->bag, "__contains__", "f", 2.0); /* equal as Python has it */
    assert_answer_bool (&self->exchange, true);
    call (&self->exchange, self->bag, "__contains__", "i", 3);
    assert_answer_bool (&self->exchange, false);
    call (&self->exchange, self->counter, "__contains__", "i", 3);
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Counter has no operator in (__contains__)");
}

static void what_is_no_iterator_is_an_error (void **state)
{
    world_t *self = *state;
    far_object_t *text = far_object_new (NULL, &text_class, NULL);
    call (&self->exchange, text, "__iter__", "");
    assert_answer_error (&self->exchange, FAR_E_RAISED, "__iter__ of Text gave string");
    assert_string_equal (far_error_class (self->exchange.error), "TypeError");
    call (&self->exchange, self->counter, "__iter__", "");
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Counter has no operator iter() (__iter__)");
    far_object_destroy (&text);
}

/* An error inside the operator that another one is made of arrives with the place of its raise. */
static void errors_inside_say_where (void **state)
{
    world_t *self = *state;
    far_object_t *broken = far_object_new (NULL, &broken_class, NULL);
    call (&self->exchange, broken, "__contains__", "i", 1);
    assert_answer_error (&self->exchange, FAR_E_RAISED, "no items today");
    const far_hop_t *hop = far_error_hop (self->exchange.error, 0);
    assert_string_equal (hop->object, "Broken");
    assert_string_equal (hop->method, "__iter__");
    assert_contains (hop->file, "test_operators.c");
    far_object_destroy (&broken);
}

static far_status_t square (far_object_t *over, size_t index, far_value_t **out)
{
    (void)over;
    if (index == 5)
        return far_fail (FAR_E_LIMIT, "no more squares");
    *out = far_value_new ("l", (int64_t)(index * index));
    return FAR_OK;
}

static void an_object_may_be_iterated_over_item_by_item (void **state)
{
    world_t *self = *state;
    far_object_t *iterator = far_iterator_new (self->bag, square);
    assert_next (&self->exchange, iterator, 3, "0 1 4 ");
    assert_next (&self->exchange, iterator, 3, "9 16 ");
    call (&self->exchange, iterator, "__next__", "i", 3);
    assert_answer_error (&self->exchange, FAR_E_LIMIT, "no more squares");
    far_object_destroy (&iterator);
}

static far_status_t long_text (far_object_t *over, size_t index, far_value_t **out)
{
    (void)over;
    static char text[600001];
    memset (text, 'x', sizeof text - 1);
    *out = index < 5 ? far_value_new ("s", text) : NULL;
    return FAR_OK;
}

static void a_batch_of_large_items_ends_early (void **state)
{
    world_t *self = *state;
    far_object_t *iterator = far_iterator_new (self->bag, long_text);
    static const size_t counts[] = { 2, 2, 1, 0 };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        call (&self->exchange, iterator, "__next__", "i", 100);
        assert_int_equal (far_value_count (self->exchange.value), counts[i]);
    }
    far_object_destroy (&iterator);
}

static void attributes_that_are_no_fields_are_not_set (void **state)
{
    world_t *self = *state;
    call (&self->exchange, self->bag, "__setattr__", "si", "sum", 1);
    assert_answer_error (&self->exchange, FAR_E_NO_SUCH_ATTRIBUTE, "Bag has no attribute 'sum'");
    call (&self->exchange, self->counter, "__setattr__", "si", "add", 1);
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "Counter.add can't be set");
    call (&self->exchange, self->counter, "__delattr__", "s", "add");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "Counter.add can't be deleted");
    call (&self->exchange, self->counter, "__delattr__", "");
    assert_answer_error (&self->exchange, FAR_E_BAD_ARGUMENTS, "parameter 'name' is missing");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (in_place_is_the_plain_one_where_there_is_no_other, begin, finish),
        cmocka_unit_test_setup_teardown (equality_is_identity_unless_there_is_another, begin, finish),
        cmocka_unit_test_setup_teardown (every_object_has_a_hash_a_text_and_a_truth, begin, finish),
        cmocka_unit_test_setup_teardown (a_list_is_iterated_over_in_batches, begin, finish),
        cmocka_unit_test_setup_teardown (a_map_is_iterated_over_by_its_keys, begin, finish),
        cmocka_unit_test_setup_teardown (contains_by_iterating, begin, finish),
        cmocka_unit_test_setup_teardown (what_is_no_iterator_is_an_error, begin, finish),
        cmocka_unit_test_setup_teardown (errors_inside_say_where, begin, finish),
        cmocka_unit_test_setup_teardown (an_object_may_be_iterated_over_item_by_item, begin, finish),
        cmocka_unit_test_setup_teardown (a_batch_of_large_items_ends_early, begin, finish),
        cmocka_unit_test_setup_teardown (attributes_that_are_no_fields_are_not_set, begin, finish),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
