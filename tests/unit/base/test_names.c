/* The map from names, and the hash that it is built on. */
#include "support/cm.h"

#include "base/map.h"
#include "base/siphash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int things[300];

/* The first vectors of the reference implementation (vectors_sip64): key 00 01 .. 0f, input 00, 00 01, ... */
static void siphash_is_the_published_one (void **state)
{
    (void)state;
    static const uint64_t expected[] = { 0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a,
                                         0x85676696d7fb7e2d, 0xcf2794e0277187b7, 0x18765564cd99a68d,
                                         0xcbc9466e58fee3ce, 0xab0200f58b01d137, 0x93f5f5799a932462 };
    const uint64_t key[2] = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
    uint8_t input[16];
    for (size_t i = 0; i < sizeof input; i++)
        input[i] = (uint8_t)i;
    for (size_t size = 0; size < sizeof expected / sizeof *expected; size++)
        assert_int_equal (far_siphash (key, input, size), expected[size]);
    assert_int_equal (far_siphash (key, input, 15), 0xa129ca6149be45e5);
}

static void names_are_copied_and_unique (void **state)
{
    (void)state;
    far_names_t *names = far_names_new ();
    char name[] = "counterX";
    assert_true (far_names_add (names, name, 7, &things[0]));
    assert_false (far_names_add (names, "counter", 7, &things[1]));
    memset (name, 'z', sizeof name);
    assert_ptr_equal (far_names_get (names, "counter", 7), &things[0]);
    assert_null (far_names_get (names, "counterX", 8));
    assert_null (far_names_get (names, "count", 5));
    size_t position = 0;
    const char *found;
    assert_ptr_equal (far_names_next (names, &position, &found), &things[0]);
    assert_string_equal (found, "counter");
    assert_null (far_names_next (names, &position, &found));
    far_names_destroy (&names);
    assert_null (names);
    far_names_destroy (&names);
}

static void empty_name_is_a_name (void **state)
{
    (void)state;
    far_names_t *names = far_names_new ();
    assert_null (far_names_get (names, "", 0));
    assert_null (far_names_remove (names, "", 0));
    assert_true (far_names_add (names, "", 0, things));
    assert_ptr_equal (far_names_remove (names, "", 0), things);
    assert_int_equal (far_names_count (names), 0);
    far_names_destroy (&names);
}

static void behaves_like_an_array (void **state)
{
    (void)state;
    far_names_t *names = far_names_new ();
    void *model[300] = { 0 };
    size_t count = 0;
    srand (11);
    for (int step = 0; step < 20000; step++) {
        size_t i = (size_t)rand () % 300;
        char name[16];
        size_t size = (size_t)snprintf (name, sizeof name, "n%zu", i);
        if (rand () % 2) {
            assert_int_equal (far_names_add (names, name, size, &things[i]), model[i] == NULL);
            count += model[i] == NULL;
            model[i] = &things[i];
        } else {
            assert_ptr_equal (far_names_remove (names, name, size), model[i]);
            count -= model[i] != NULL;
            model[i] = NULL;
        }
        assert_int_equal (far_names_count (names), count);
    }
    for (size_t i = 0; i < 300; i++) {
        char name[16];
        size_t size = (size_t)snprintf (name, sizeof name, "n%zu", i);
        assert_ptr_equal (far_names_get (names, name, size), model[i]);
    }
    far_names_destroy (&names);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (siphash_is_the_published_one),
        cmocka_unit_test (names_are_copied_and_unique),
        cmocka_unit_test (empty_name_is_a_name),
        cmocka_unit_test (behaves_like_an_array),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
