/* Objects of table-driven classes: init and fini, what a class table may not have, bound methods, callbacks. */
#include "object/class.h"
#include "support.h"
#include <pthread.h>

static int inits, finis;

typedef struct box {
    int *content; /* owned */
    int size;
} box_t;

static far_status_t box_init (far_call_t *call, void *self)
{
    box_t *box = self;
    assert_null (box->content); /* zeroed before */
    inits++;
    if (far_call_args (call, &box->size))
        return far_call_status (call);
    if (box->size < 0)
        return far_call_fail (call, "SizeError", "%d is less than nothing", box->size);
    box->content = malloc (sizeof *box->content);
    return far_call_return (call, "s", "nobody reads what init answers");
}

static void box_fini (void *self)
{
    finis++;
    free (((box_t *)self)->content);
}

static far_status_t box_size (far_call_t *call, void *self)
{
    return far_call_return (call, "i", ((box_t *)self)->size);
}

static const far_method_t box_methods[] = {
    { "size", box_size, "-> i", "Its size." },
    { "bytes", box_size, "-> i", "The same." },
    { "a", box_size, "-> i", "The same." },
    { "sizes", box_size, "-> i", "The same." },
    { 0 },
};

static const far_class_t box_class = {
    .name = "Box",
    .size = sizeof (box_t),
    .init = box_init,
    .init_takes = "size:i=3",
    .fini = box_fini,
    .methods = box_methods,
};

static int reset (void **state)
{
    (void)state;
    inits = finis = 0;
    return 0;
}

static void fini_runs_once_for_whom_init_succeeded (void **state)
{
    (void)state;
    far_object_t *object = far_object_new (NULL, &box_class, "i", 7);
    assert_non_null (object);
    assert_int_equal (((box_t *)far_object_data (object))->size, 7);
    assert_true ((uintptr_t)far_object_data (object) % _Alignof(max_align_t) == 0);
    far_object_t *second = far_object_retain (object);
    far_object_destroy (&object);
    assert_null (object);
    assert_int_equal (finis, 0);
    far_object_destroy (&second);
    far_object_destroy (&second);
    assert_int_equal (finis, 1);
    assert_int_equal (inits, 1);
}

static void a_failed_init_leaves_nothing (void **state)
{
    (void)state;
    assert_null (far_object_new (NULL, &box_class, "i", -1));
    assert_last_error (FAR_E_RAISED, "-1 is less than nothing");
    assert_string_equal (far_error_class (far_last_error ()), "SizeError");
    const far_hop_t *hop = far_error_hop (far_last_error (), 0);
    assert_non_null (hop);
    assert_string_equal (hop->object, "Box");
    assert_contains (hop->file, "test_class.c");
    assert_int_equal (inits, 1);
    assert_null (far_object_new (NULL, &box_class, "s", "x"));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "init: parameter 'size'");
    assert_null (far_object_new (NULL, &box_class, "ii", 1, 2));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "takes at most 1");
    assert_null (far_object_new (NULL, &box_class, "i>i", 1));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "no results");
    assert_null (far_object_new (NULL, &box_class, "q", 1));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "");
    assert_int_equal (inits, 1);
    assert_int_equal (finis, 0);
}

static void arguments_of_new (void **state)
{
    (void)state;
    static const char *const nothing[] = { NULL, "" };
    for (size_t i = 0; i < 2; i++) {
        far_object_t *object = far_object_new (NULL, &box_class, nothing[i]);
        assert_int_equal (((box_t *)far_object_data (object))->size, 3);
        far_object_destroy (&object);
    }
    far_object_t *object = far_object_new (NULL, &box_class, "size:i", 9);
    assert_int_equal (((box_t *)far_object_data (object))->size, 9);
    far_object_destroy (&object);
    static const far_class_t bare = { .name = "Bare" };
    object = far_object_new (NULL, &bare, NULL);
    assert_non_null (object);
    far_object_destroy (&object);
    assert_null (far_object_new (NULL, &bare, "i", 1));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "takes at most 0");
}

/* An object that is an argument of init: it is the very object. */
static far_object_t *given;

static far_status_t wrap_init (far_call_t *call, void *self)
{
    (void)self;
    return far_call_args (call, &given);
}

static void objects_as_arguments_of_new (void **state)
{
    (void)state;
    static const far_class_t wrap = { .name = "Wrap", .init = wrap_init, .init_takes = "inner:O" };
    far_object_t *inner = far_object_new (NULL, &box_class, NULL);
    far_object_t *outer = far_object_new (NULL, &wrap, "O", inner);
    assert_non_null (outer);
    assert_ptr_equal (given, inner);
    assert_int_equal (atomic_load (&inner->handle.owners), 1);
    far_object_destroy (&outer);
    far_object_destroy (&inner);
}

static void methods_are_found_by_name (void **state)
{
    (void)state;
    far_class_table_t *table = far_class_table_of (&box_class);
    far_class_table_t *again = far_class_table_of (&box_class);
    assert_ptr_equal (table, again);
    far_class_table_release (&again);
    for (const far_method_t *method = box_methods; method->name; method++) {
        const far_class_member_t *found =
            far_class_table_find (table, (far_text_t){ method->name, strlen (method->name) });
        assert_non_null (found);
        assert_string_equal (found->callee.method, method->name);
    }
    static const char *const others[] = { "", "siz", "sizesx", "b", "Size", "zzz" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_null (far_class_table_find (table, (far_text_t){ others[i], strlen (others[i]) }));
    far_class_table_release (&table);
}

static void a_bad_class_is_refused (void **state)
{
    (void)state;
    static const far_method_t bad_signature[] = { { "one", box_size, "-> i", "" },
                                                  { "two", box_size, "x:q", "" },
                                                  { 0 } };
    static const far_method_t bad_name[] = { { "a.b", box_size, "", "" }, { 0 } };
    static const far_method_t empty_name[] = { { "", box_size, "", "" }, { 0 } };
    static const far_method_t no_function[] = { { "one", NULL, "", "" }, { 0 } };
    static const far_method_t twice[] = {
        { "one", box_size, "", "" }, { "two", box_size, "", "" }, { "one", box_size, "", "" }, { 0 }
    };
    static const struct row {
        far_class_t of;
        const char *says;
    } rows[] = {
        { { .name = "Bad", .methods = bad_signature }, "class Bad, method two: signature \"x:q\", character 3" },
        { { .name = "Bad", .init_takes = "x" }, "class Bad, method init: signature \"x\", character 2" },
        { { .name = "Bad", .methods = bad_name }, "class Bad: 'a.b' is no name for a method" },
        { { .name = "Bad", .methods = empty_name }, "class Bad: '' is no name for a method" },
        { { .name = "Bad", .methods = no_function }, "class Bad, method one: there is no function" },
        { { .name = "Bad", .methods = twice }, "class Bad: one is there twice" },
        { { .name = "2Bad" }, "'2Bad' is no name for a class" },
        { { .name = "" }, "'' is no name for a class" },
        { { .name = NULL }, "'' is no name for a class" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_null (far_object_new (NULL, &rows[i].of, NULL));
        assert_last_error (FAR_E_BAD_ARGUMENTS, rows[i].says);
    }
}

static void data_belongs_to_instances_only (void **state)
{
    (void)state;
    far_object_t *callback = far_function (NULL, box_size, NULL, "-> i");
    assert_null (far_object_data (callback));
    assert_null (far_object_data (NULL));
    assert_string_equal (far_object_class_name (callback), "function");
    far_object_destroy (&callback);
    far_object_destroy (NULL);
    assert_null (far_object_retain (NULL));
    assert_null (far_function (NULL, NULL, NULL, NULL));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "needs a function");
    assert_null (far_function (NULL, box_size, NULL, "x"));
    assert_last_error (FAR_E_BAD_ARGUMENTS, "character 2");
}

static far_status_t add_to (far_call_t *call, void *context)
{
    int64_t *sum = context, amount;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    return far_call_return (call, "l", *sum += amount);
}

static void callbacks (void **state)
{
    (void)state;
    exchange_t exchange = { .registry = far_registry_new (NULL) };
    int64_t sum = 1;
    far_object_t *callback = far_function (NULL, add_to, &sum, "amount:l -> l");
    call (&exchange, callback, "", "i", 4);
    assert_answer_int (&exchange, 5);
    assert_int_equal (sum, 5);
    call (&exchange, callback, "", "s", "x");
    assert_answer_error (&exchange, FAR_E_BAD_ARGUMENTS, "parameter 'amount'");
    call (&exchange, callback, "x", "");
    assert_answer_error (&exchange, FAR_E_NO_SUCH_ATTRIBUTE, "function has no attribute 'x'");
    getattr (&exchange, callback, "x");
    assert_answer_error (&exchange, FAR_E_NO_SUCH_ATTRIBUTE, "function has no attribute 'x'");
    exchange_end (&exchange);
    far_object_destroy (&callback);
    far_registry_destroy (&exchange.registry);
}

static far_status_t quiet_init (far_call_t *call, void *self)
{
    return far_call_args (call, self);
}

static const far_class_t quiet_class = { .name = "Quiet", .size = 8, .init = quiet_init, .init_takes = "x:i=1" };

/* The table of the class comes and goes meanwhile. */
static void *make_quiet (void *unused)
{
    for (int i = 0; i < 1000; i++) {
        far_object_t *object = far_object_new (NULL, &quiet_class, NULL);
        if (!object)
            return "failed";
        far_object_destroy (&object);
    }
    return unused;
}

static void classes_are_used_by_any_thread (void **state)
{
    (void)state;
    pthread_t threads[3];
    for (size_t i = 0; i < 3; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, make_quiet, NULL), 0);
    for (size_t i = 0; i < 3; i++) {
        void *failed;
        pthread_join (threads[i], &failed);
        assert_null (failed);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup (fini_runs_once_for_whom_init_succeeded, reset),
        cmocka_unit_test_setup (a_failed_init_leaves_nothing, reset),
        cmocka_unit_test (arguments_of_new),
        cmocka_unit_test (objects_as_arguments_of_new),
        cmocka_unit_test (methods_are_found_by_name),
        cmocka_unit_test (a_bad_class_is_refused),
        cmocka_unit_test (data_belongs_to_instances_only),
        cmocka_unit_test (callbacks),
        cmocka_unit_test (classes_are_used_by_any_thread),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
