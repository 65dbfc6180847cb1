/* Importing modules between real processes, and what is inside them by name. */
#include "support/pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up (void **state)
{
    return pair_set_up (state, "library", 0);
}

static void S01_import_gives_the_innermost_module (void **state)
{
    pair_t *pair = *state;
    static const struct {
        const char *module, *name;
    } rows[] = { { "library.rooms", "rooms" }, { "library.rooms.attic", "attic" } };
    for (size_t i = 0; i < 2; i++) {
        far_proxy_t *module = far_import (pair->host, rows[i].module);
        assert_made (module);
        char *name;
        assert_ok (far_get (module, "name", "s", &name));
        world_assert_text (&name, rows[i].name);
        far_proxy_destroy (&module);
    }
    far_proxy_t *deferred = far_import_deferred (pair->host, "library.rooms.attic");
    char *name;
    assert_ok (far_get (deferred, "name", "s", &name));
    world_assert_text (&name, "attic");
    far_proxy_destroy (&deferred);
}

static void S02_import_by_names_gives_each_in_order (void **state)
{
    pair_t *pair = *state;
    far_proxy_t *shelf_class, *sorted;
    char *city, *inner, *again;
    assert_ok (far_import_names (pair->host, "library", "Shelf, city, sorted, rooms.name, city", "[PsPss]",
                                 &shelf_class, &city, &sorted, &inner, &again));
    world_assert_text (&city, "Alexandria");
    world_assert_text (&again, "Alexandria");
    world_assert_text (&inner, "rooms");
    far_proxy_t *shelf = NULL;
    assert_ok (far_call (shelf_class, NULL, "f>P", 1.5, &shelf));
    double height;
    assert_ok (far_get (shelf, "height", "f", &height));
    assert_true (height == 1.5);
    assert_ok (far_call (sorted, NULL, "s>n", "name"));
    assert_status (far_import_names (pair->host, "library", "city, street, house", "[sss]", &city, &inner, &again),
                   FAR_E_NO_SUCH_ATTRIBUTE);
    world_assert_says ("street");
    assert_status (far_import_names (pair->host, "nowhere", "city", "[s]", &city), FAR_E_NO_SUCH_MODULE);
    world_assert_says ("nowhere");
    far_proxy_destroy (&shelf);
    far_proxy_destroy (&shelf_class);
    far_proxy_destroy (&sorted);
}

/* Has the process a file of this name in its memory? */
static bool has_loaded (pid_t pid, const char *file)
{
    char path[64], line[1024];
    snprintf (path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen (path, "r");
    assert_non_null (maps);
    bool found = false;
    while (fgets (line, sizeof line, maps))
        found = found || strstr (line, file);
    fclose (maps);
    return found;
}

static void S03_import_of_what_is_not_there_loads_nothing (void **state)
{
    pair_t *pair = *state;
    char longest[1025];
    memset (longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    static const char *const names[] = { "sample",
                                         "sample.so",
                                         "./sample",
                                         "../modules/sample",
                                         "library/..",
                                         FAR_BUILD_DIR "/tests/modules/sample.so",
                                         "library.so",
                                         "library.",
                                         ".library",
                                         "library..rooms",
                                         "library.nothing",
                                         "library.city",
                                         "library\n",
                                         "Library",
                                         "" };
    assert_true (has_loaded (pair->pid, "library.so"));
    for (size_t i = 0; i <= sizeof names / sizeof *names; i++) {
        const char *name = i < sizeof names / sizeof *names ? names[i] : longest;
        far_proxy_t *module = far_import (pair->host, name);
        assert_null (module);
        assert_status (far_last_status (), FAR_E_NO_SUCH_MODULE);
        if (strlen (name) < 16 && !strchr (name, '\n'))
            world_assert_says (name);
    }
    assert_false (has_loaded (pair->pid, "sample.so"));
    far_proxy_t *process = far_import (pair->host, "process");
    far_value_t *modules;
    assert_ok (far_call (process, "modules", ">v", &modules));
    assert_int_equal (far_value_count (modules), 2);
    far_value_destroy (&modules);
    far_proxy_destroy (&process);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S01_import_gives_the_innermost_module, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S02_import_by_names_gives_each_in_order, set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown (S03_import_of_what_is_not_there_loads_nothing, set_up, pair_tear_down),
    };
    return cmocka_run_group_tests_name ("modules", tests, NULL, NULL);
}
