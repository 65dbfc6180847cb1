/* The map from numbers, against an array that is searched from end to end. */
#include "support/cm.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

static int things[512];

static void empty_map_has_nothing (void **state)
{
    (void)state;
    far_map_t map = { 0 };
    size_t position = 0;
    uint64_t key;
    assert_null (far_map_get (&map, 0));
    assert_null (far_map_remove (&map, 7));
    assert_null (far_map_next (&map, &position, &key));
    far_map_deinit (&map);
}

static void put_replaces (void **state)
{
    (void)state;
    far_map_t map = { 0 };
    assert_true (far_map_put (&map, 0, &things[0]));
    assert_true (far_map_put (&map, 0, &things[1]));
    assert_int_equal (map.count, 1);
    assert_ptr_equal (far_map_get (&map, 0), &things[1]);
    assert_ptr_equal (far_map_remove (&map, 0), &things[1]);
    assert_null (far_map_get (&map, 0));
    assert_int_equal (map.count, 0);
    far_map_deinit (&map);
}

static void check_all (const far_map_t *map, void *const model[512], uint64_t spread)
{
    size_t count = 0;
    for (size_t i = 0; i < 512; i++) {
        assert_ptr_equal (far_map_get (map, i * spread), model[i]);
        count += model[i] != NULL;
    }
    assert_int_equal (map->count, count);
    size_t position = 0, seen = 0;
    uint64_t key;
    for (void *value; (value = far_map_next (map, &position, &key)); seen++)
        assert_ptr_equal (model[key / spread], value);
    assert_int_equal (seen, count);
}

/* Removing closes the gaps: whatever is left stays reachable. */
static void behaves_like_an_array (void **state)
{
    (void)state;
    static const uint64_t spreads[] = { 1, 1u << 16, (uint64_t)1 << 40 };
    for (size_t s = 0; s < 3; s++) {
        far_map_t map = { 0 };
        void *model[512] = { 0 };
        srand (7);
        for (int step = 0; step < 20000; step++) {
            size_t i = (size_t)rand () % 512;
            uint64_t key = i * spreads[s];
            if (rand () % 2) {
                void *value = &things[rand () % 512];
                assert_true (far_map_put (&map, key, value));
                model[i] = value;
            } else {
                assert_ptr_equal (far_map_remove (&map, key), model[i]);
                model[i] = NULL;
            }
            if (step % 1000 == 0)
                check_all (&map, model, spreads[s]);
        }
        check_all (&map, model, spreads[s]);
        far_map_deinit (&map);
    }
}

/* Keys in steps must not end up behind one another: 64 in a row would be a hash that does not mix. */
static void mixes (void **state)
{
    (void)state;
    for (unsigned shift = 0; shift < 48; shift += 8) {
        far_map_t map = { 0 };
        for (uint64_t i = 1; i <= 4096; i++)
            assert_true (far_map_put (&map, i << shift, things));
        size_t row = 0, longest = 0;
        for (size_t i = 0; i < map.capacity; i++) {
            row = map.slots[i].value ? row + 1 : 0;
            longest = row > longest ? row : longest;
        }
        assert_true (longest < 64);
        far_map_deinit (&map);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (empty_map_has_nothing),
        cmocka_unit_test (put_replaces),
        cmocka_unit_test (behaves_like_an_array),
        cmocka_unit_test (mixes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
