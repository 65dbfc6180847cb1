/* The heap against a plain array: always the least, whatever was put in and taken out in between. */
#include "support/cm.h"

#include "base/heap.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS = 500, STEPS = 200000 };

typedef struct item {
    far_heap_node_t node; /* first, so that a node is its item */
    int value;
    bool in;
} item_t;

static bool is_before (const far_heap_node_t *a, const far_heap_node_t *b)
{
    const item_t *one = (const item_t *)a, *other = (const item_t *)b;
    return one->value != other->value ? one->value < other->value : one < other;
}

static const item_t *least (const item_t *items)
{
    const item_t *best = NULL;
    for (int i = 0; i < ITEMS; i++)
        if (items[i].in && (!best || is_before (&items[i].node, &best->node)))
            best = &items[i];
    return best;
}

static size_t place_of (const item_t *items, const item_t *item)
{
    size_t before = 0;
    for (int i = 0; i < ITEMS; i++)
        before += items[i].in && is_before (&items[i].node, &item->node);
    return before;
}

static void least_comes_first (void **state)
{
    (void)state;
    static item_t items[ITEMS];
    far_heap_t heap = { .before = is_before };
    size_t count = 0;
    unsigned seed = 1;
    for (int step = 0; step < STEPS; step++) {
        int random = rand_r (&seed);
        item_t *item = random % 4 == 0 && heap.first ? (item_t *)heap.first : &items[random / 4 % ITEMS];
        if (item->in) {
            far_heap_remove (&heap, &item->node);
            count--;
        } else {
            item->value = rand_r (&seed) % 100;
            far_heap_put (&heap, &item->node);
            count++;
        }
        item->in = !item->in;
        assert_int_equal (heap.count, count);
        if (step % 16 == 0)
            assert_ptr_equal (heap.first, least (items));
        if (step % 256 == 0 && item->in)
            assert_int_equal (far_heap_place (&heap, &item->node), place_of (items, item));
    }
    for (int before = -1; heap.first; far_heap_remove (&heap, heap.first)) {
        assert_true (((item_t *)heap.first)->value >= before);
        before = ((item_t *)heap.first)->value;
    }
    assert_int_equal (heap.count, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (least_comes_first) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
