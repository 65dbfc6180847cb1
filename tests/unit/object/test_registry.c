/* The modules of a process: names, loading from files, the root object, and the built-in module `process`. */
#include "support.h"
#include <dlfcn.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static far_status_t nothing (far_call_t *call, void *self)
{
    (void)call;
    (void)self;
    return FAR_OK;
}

static const far_method_t shape_methods[] = {
    { "area", nothing, "scale:f=1.0 -> f", "Its area." },
    { "draw", nothing, NULL, NULL },
    { 0 },
};
static const far_class_t shape_class = {
    .name = "Shape", .doc = "A shape.", .init_takes = "sides:i=3", .methods = shape_methods
};

FAR_MODULE (drawing)
{
    far_module_set_doc (module, "Shapes.");
    far_module_class (module, &shape_class);
    far_module_function (module, "clear", nothing, "color:s='white'", "Wipes all.");
    far_module_function (module, "flush", nothing, NULL, NULL);
    far_module_constant (module, "sides", "[ii]", 3, 4);
    far_object_t *object = far_object_new (NULL, &shape_class, NULL);
    far_module_object (module, "shared", &object);
    far_module_t *colors = far_module_submodule (module, "colors", "Colors.");
    far_module_constant (colors, "black", "i", 0);
}

static void fill_empty (far_module_t *module)
{
    (void)module;
}

static int setup (void **state)
{
    return exchange_set_up (state, "drawing", far_module_drawing);
}

static void names_are_checked_and_taken_once (void **state)
{
    exchange_t *self = *state;
    static const char *const bad[] = { "", "a.b", "a b", "1a", "a/b", "..", "caf\xc3\xa9", "a-b" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal (far_registry_add (self->registry, bad[i], fill_empty), FAR_E_BAD_ARGUMENTS);
        assert_last_error (FAR_E_BAD_ARGUMENTS, "is no name for a module");
    }
    assert_int_equal (far_registry_add (self->registry, "drawing", fill_empty), FAR_E_BAD_ARGUMENTS);
    assert_last_error (FAR_E_BAD_ARGUMENTS, "there is a module drawing already");
    assert_int_equal (far_registry_add (self->registry, "process", fill_empty), FAR_E_BAD_ARGUMENTS);
    assert_int_equal (far_registry_add (self->registry, NULL, fill_empty), FAR_E_BAD_ARGUMENTS);
    assert_int_equal (far_registry_add (self->registry, "x", NULL), FAR_E_BAD_ARGUMENTS);
    assert_int_equal (far_registry_add (self->registry, "_a1", fill_empty), FAR_OK);
    assert_int_equal (far_registry_add (self->registry, "Zebra", fill_empty), FAR_OK);
    far_value_t *names = far_registry_names (self->registry);
    far_value_t *wanted = far_value_new ("[ssss]", "Zebra", "_a1", "drawing", "process");
    assert_true (far_value_equals (names, wanted));
    far_value_destroy (&names);
    far_value_destroy (&wanted);
}

static void the_root_has_the_modules (void **state)
{
    exchange_t *self = *state;
    far_object_t *root = far_object_retain (far_registry_root (self->registry));
    far_value_t *value = NULL;
    assert_int_equal (far_object_getattr (root, (far_text_t){ "drawing", 7 }, NULL, &value), FAR_OK);
    assert_ptr_equal (far_value_handle (value), far_registry_find (self->registry, (far_text_t){ "drawing", 7 }));
    far_value_destroy (&value);
    assert_int_equal (far_object_getattr (root, (far_text_t){ "paint", 5 }, NULL, &value), FAR_E_NO_SUCH_MODULE);
    far_registry_destroy (&self->registry);
    assert_int_equal (far_object_getattr (root, (far_text_t){ "drawing", 7 }, NULL, &value), FAR_E_NO_SUCH_MODULE);
    far_object_destroy (&root);
}

static const char *text_at (const far_value_t *map, const char *key)
{
    const far_value_t *item = far_value_lookup (map, key);
    assert_non_null (item);
    assert_int_equal (far_value_type (item), FAR_TYPE_STRING);
    return far_value_bytes (item).data;
}

static const far_value_t *item_at (const far_value_t *map, const char *key, size_t index, size_t count)
{
    const far_value_t *list = far_value_lookup (map, key);
    assert_non_null (list);
    assert_int_equal (far_value_count (list), count);
    return far_value_item (list, index);
}

static void process_describes_a_module (void **state)
{
    exchange_t *self = *state;
    call (self, NULL, "process.describe", "s", "drawing");
    assert_int_equal (self->type, FAR_RESULT);
    const far_value_t *map = self->value;
    assert_int_equal (far_value_count (map), 6);
    assert_string_equal (text_at (map, "name"), "drawing");
    assert_string_equal (text_at (map, "doc"), "Shapes.");
    const far_value_t *function = item_at (map, "functions", 0, 2);
    assert_string_equal (text_at (function, "name"), "clear");
    assert_string_equal (text_at (function, "signature"), "color:s='white'");
    assert_string_equal (text_at (function, "doc"), "Wipes all.");
    assert_string_equal (text_at (item_at (map, "functions", 1, 2), "signature"), "");
    const far_value_t *class = item_at (map, "classes", 0, 1);
    assert_string_equal (text_at (class, "name"), "Shape");
    assert_string_equal (text_at (class, "doc"), "A shape.");
    assert_string_equal (text_at (class, "takes"), "sides:i=3");
    assert_string_equal (text_at (item_at (class, "methods", 0, 2), "name"), "area");
    assert_string_equal (text_at (item_at (class, "methods", 0, 2), "signature"), "scale:f=1.0 -> f");
    assert_string_equal (text_at (item_at (class, "methods", 1, 2), "doc"), "");
    const far_value_t *constant = item_at (map, "constants", 0, 1);
    assert_string_equal (text_at (constant, "name"), "sides");
    assert_int_equal (far_value_int (far_value_item (far_value_lookup (constant, "value"), 1)), 4);
    assert_string_equal (far_value_bytes (item_at (map, "modules", 0, 1)).data, "colors");

    call (self, NULL, "process.describe", "s", "drawing.colors");
    assert_string_equal (text_at (self->value, "name"), "drawing.colors");
    assert_string_equal (text_at (item_at (self->value, "constants", 0, 1), "name"), "black");
    call (self, NULL, "process.describe", "s", "drawing.none");
    assert_answer_error (self, FAR_E_NO_SUCH_MODULE, "there is no module 'drawing.none'");
    call (self, NULL, "process.describe", "");
    assert_answer_error (self, FAR_E_BAD_ARGUMENTS, "describe: parameter 'module' is missing");
}

static void process_tells_time_and_modules (void **state)
{
    exchange_t *self = *state;
    time_t before = time (NULL);
    call (self, NULL, "process.ping", "");
    assert_int_equal (far_value_type (self->value), FAR_TYPE_TIME);
    struct timespec at = far_value_time (self->value);
    assert_true (at.tv_sec >= before && at.tv_sec <= time (NULL) + 1); /* time () lags by up to a tick */
    call (self, NULL, "process.modules", "");
    assert_int_equal (far_value_count (self->value), 2);
    assert_string_equal (far_value_bytes (far_value_item (self->value, 0)).data, "drawing");
    call (self, NULL, "process.describe", "s", "process");
    assert_string_equal (text_at (item_at (self->value, "functions", 0, 4), "name"), "ping");
    call (self, NULL, "process.where", "uu", (uint64_t)1, (uint64_t)2);
    assert_answer_error (self, FAR_E_DENIED, "what is asked of this process is not for it to tell");
}

/* A folder of its own for files, removed at the end with the files in it. */
typedef struct folder {
    char path[64], file[128];
} folder_t;

static void folder_init (folder_t *self)
{
    snprintf (self->path, sizeof self->path, "/tmp/far-test-XXXXXX");
    assert_non_null (mkdtemp (self->path));
}

static const char *folder_file (folder_t *self, const char *name)
{
    snprintf (self->file, sizeof self->file, "%s/%s", self->path, name);
    return self->file;
}

static void a_file_that_is_no_module_is_refused (void **state)
{
    exchange_t *self = *state;
    folder_t folder;
    folder_init (&folder);
    static const char *const names[] = { "", ".so", "/tmp/", "counter", "counter.so.1", NULL };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal (far_registry_load (self->registry, names[i]), FAR_E_NO_SUCH_MODULE);
        assert_last_error (FAR_E_NO_SUCH_MODULE, "is no file name of a module");
    }
    assert_int_equal (far_registry_load (self->registry, folder_file (&folder, "none.so")), FAR_E_NO_SUCH_MODULE);
    assert_last_error (FAR_E_NO_SUCH_MODULE, "none.so: No such file");
    assert_int_equal (far_registry_load (self->registry, "libm.so"), FAR_E_NO_SUCH_MODULE); /* not the system's */
    assert_last_error (FAR_E_NO_SUCH_MODULE, "No such file");

    FILE *text = fopen (folder_file (&folder, "text.so"), "w");
    assert_non_null (text);
    fputs ("no shared object", text);
    fclose (text);
    assert_int_equal (far_registry_load (self->registry, folder.file), FAR_E_NO_SUCH_MODULE);
    assert_last_error (FAR_E_NO_SUCH_MODULE, "text.so can't be loaded: ");
    unlink (folder.file);

    Dl_info info;
    assert_true (dladdr ((void *)(uintptr_t)&_run_test, &info)); /* cmocka's own file */
    assert_int_equal (symlink (info.dli_fname, folder_file (&folder, "libother.so")), 0);
    assert_int_equal (far_registry_load (self->registry, folder.file), FAR_E_NO_SUCH_MODULE);
    assert_last_error (FAR_E_NO_SUCH_MODULE, "libother.so has no function far_module_other");
    unlink (folder.file);
    rmdir (folder.path);
}

/* Compiles a module that does nothing; false where there is no compiler. */
static bool compile (const char *name, const char *out)
{
    char command[512];
    snprintf (command, sizeof command,
              "echo 'void far_module_%s (void *m); void far_module_%s (void *m) { (void)m; }' | "
              "cc -shared -fPIC -x c - -o %s 2>/dev/null",
              name, name, out);
    return system (command) == 0;
}

static void a_file_is_loaded_by_its_name (void **state)
{
    exchange_t *self = *state;
    folder_t folder;
    folder_init (&folder);
    static const struct row {
        const char *module, *file;
    } rows[] = { { "empty", "empty.so" }, { "padded", "libpadded.so" }, { "liberty", "liberty.so" } };
    bool compiled = true;
    for (size_t i = 0; compiled && i < sizeof rows / sizeof *rows; i++) {
        compiled = compile (rows[i].module, folder_file (&folder, rows[i].file));
        if (!compiled)
            break;
        if (far_registry_load (self->registry, folder.file))
            fail_msg ("%s", far_error_message (far_last_error ()));
        far_text_t name = { rows[i].module, strlen (rows[i].module) };
        assert_non_null (far_registry_find (self->registry, name));
        assert_int_equal (far_registry_load (self->registry, folder.file), FAR_E_BAD_ARGUMENTS);
        assert_last_error (FAR_E_BAD_ARGUMENTS, "already");
        unlink (folder.file);
    }
    rmdir (folder.path);
    if (!compiled)
        skip ();
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (names_are_checked_and_taken_once, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (the_root_has_the_modules, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (process_describes_a_module, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (process_tells_time_and_modules, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (a_file_that_is_no_module_is_refused, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (a_file_is_loaded_by_its_name, setup, exchange_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
