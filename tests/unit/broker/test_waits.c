/* Who waits for whom. */
#include "support/cm.h"

#include "broker/waits.h"

#include <stdio.h>
#include <string.h>

enum { PROCESSES = 5 };

static waits_t waits[PROCESSES];

static void name_of (const waits_t *self, char *out, size_t size)
{
    snprintf (out, size, "%c", (char)('a' + (self - waits)));
}

static int set_up (void **state)
{
    (void)state;
    memset (waits, 0, sizeof waits);
    return 0;
}

static waits_t *process (char name)
{
    return &waits[name - 'a'];
}

static bool begin (char from, char on)
{
    return waits_begin (process (from), process (on), 1);
}

static void S42_cycles_are_found (void **state)
{
    (void)state;
    assert_true (begin ('a', 'b'));
    assert_true (begin ('b', 'c'));
    assert_true (begin ('d', 'b'));
    assert_false (begin ('c', 'a'));
    assert_false (begin ('c', 'b'));
    assert_false (begin ('c', 'c'));
    assert_true (begin ('c', 'e'));
    assert_false (begin ('e', 'd'));
}

static void what_closed_no_cycle_has_changed_nothing (void **state)
{
    (void)state;
    assert_true (begin ('a', 'b'));
    assert_false (begin ('b', 'a'));
    assert_null (process ('b')->on);
    assert_true (begin ('b', 'c'));
    assert_false (begin ('b', 'b'));
    assert_ptr_equal (process ('b')->on, process ('c'));
}

static void an_answer_ends_the_wait_for_it_alone (void **state)
{
    (void)state;
    assert_true (waits_begin (process ('a'), process ('b'), 7));
    waits_end (process ('a'), process ('b'), 6);
    waits_end (process ('a'), process ('c'), 7);
    assert_false (begin ('b', 'a'));
    waits_end (process ('a'), process ('b'), 7);
    assert_true (begin ('b', 'a'));
}

/* Whoever asks again has given the first answer up. */
static void a_new_wait_takes_the_place_of_the_old (void **state)
{
    (void)state;
    assert_true (begin ('a', 'b'));
    assert_true (begin ('a', 'c'));
    assert_true (begin ('b', 'a'));
    assert_false (begin ('c', 'b'));
}

static void nobody_waits_for_who_is_gone (void **state)
{
    (void)state;
    assert_true (begin ('a', 'b'));
    waits_lose (process ('a'), process ('c'));
    assert_ptr_equal (process ('a')->on, process ('b'));
    waits_lose (process ('a'), process ('b'));
    assert_null (process ('a')->on);
}

static void a_cycle_is_described (void **state)
{
    (void)state;
    char text[128], small[24];
    assert_true (begin ('a', 'b'));
    assert_true (begin ('b', 'c'));
    waits_describe (process ('c'), process ('a'), name_of, text, sizeof text);
    assert_string_equal (text, "c waits for a, a waits for b, b waits for c");
    waits_describe (process ('d'), process ('d'), name_of, text, sizeof text);
    assert_string_equal (text, "d waits for d");
    waits_describe (process ('c'), process ('a'), name_of, small, sizeof small);
    assert_string_equal (small, "c waits for a, a wai...");
}

/* All graphs of three processes that can be made by waits that begin and end, against a search that knows no shortcut. */
static bool reaches (const int on[3], int from, int to)
{
    for (int steps = 0; steps < 4 && from >= 0; steps++, from = on[from])
        if (from == to)
            return true;
    return false;
}

static void every_step_of_three_processes (void **state)
{
    enum { STEPS = 6, CHOICES = 12 };
    (void)state;
    for (long script = 0; script < 12L * 12 * 12 * 12 * 12 * 12; script++) {
        int on[3] = { -1, -1, -1 };
        memset (waits, 0, sizeof waits);
        long rest = script;
        for (int step = 0; step < STEPS; step++, rest /= CHOICES) {
            int choice = (int)(rest % CHOICES), who = choice % 3, whom = choice / 3;
            if (whom == 3) {
                waits_lose (&waits[who], waits[who].on);
                on[who] = -1;
                continue;
            }
            bool closes = reaches (on, whom, who);
            assert_int_equal (waits_begin (&waits[who], &waits[whom], 1), !closes);
            if (!closes)
                on[who] = whom;
        }
    }
}

#define TEST(name) cmocka_unit_test_setup (name, set_up)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (S42_cycles_are_found),
        TEST (what_closed_no_cycle_has_changed_nothing),
        TEST (an_answer_ends_the_wait_for_it_alone),
        TEST (a_new_wait_takes_the_place_of_the_old),
        TEST (nobody_waits_for_who_is_gone),
        TEST (a_cycle_is_described),
        TEST (every_step_of_three_processes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
