/* Promises through a real broker: what is asked of answers that have not come. */
#include "support/files.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up (void **state)
{
    return files_set_up (state, 0);
}

static int set_up_pool (void **state)
{
    return files_set_up (state, 4);
}

/* Everything has been sent, and nothing has been answered; only the last call waits. */
static void chain_takes_one_round_trip (void **state)
{
    files_t *self = *state;
    far_request_t *opened = far_call_promise (self->files, "open", "s", "a");
    assert_made (opened);
    far_proxy_t *words = far_then (opened, "read ().split ()");
    assert_made (words);
    far_request_t *first = far_call_async (words, "__getitem__", "i", 0);
    assert_false (far_request_done (opened));
    assert_false (far_request_done (first));
    sem_post (&files_gate);
    size_t count = 0;
    assert_ok (far_len (words, &count));
    assert_int_equal (count, 3);
    assert_gives_text (&first, "three");
    assert_true (far_request_done (opened));
    far_proxy_destroy (&words);
    far_request_destroy (&opened);
    files_assert_all_ended ();
}

static void links_take_literals (void **state)
{
    files_t *self = *state;
    sem_post (&files_gate);
    far_request_t *opened = far_call_promise (self->files, "open", "s", "a");
    char *text = NULL;
    far_proxy_t *end = far_then (opened, "read (5, end = '!' ).replace('t', 'T')");
    assert_made (end);
    assert_ok (far_get_value (end, "s", &text));
    assert_string_equal (text, "Three!");
    far_string_free (&text);
    far_proxy_destroy (&end);
    end = far_then (opened, "name"); /* no call: nothing is sent for it */
    assert_ok (far_get (end, NULL, "s", &text));
    assert_string_equal (text, "a");
    far_string_free (&text);
    far_proxy_destroy (&end);
    end = far_then (opened, NULL);
    assert_ok (far_call (end, "read", "l>s", (int64_t)3, &text));
    assert_string_equal (text, "thr");
    far_string_free (&text);
    far_proxy_destroy (&end);
    far_request_destroy (&opened);
}

static void what_is_no_chain_is_refused (void **state)
{
    files_t *self = *state;
    sem_post (&files_gate);
    far_request_t *opened = far_call_promise (self->files, "open", "s", "a"), *plain;
    assert_ok (far_request_wait (opened, FAR_FOREVER));
    static const struct {
        const char *chain, *says;
    } cases[] = {
        { "read (", "position 7" },     { "read ().", "expected a name at position 9" },
        { ".read ()", "position 1" },   { "read ()split ()", "expected `.` or the end at position 8" },
        { "read (1 2)", "`,` or `)`" }, { "read (end='', 3)", "expected a keyword" },
        { "read (end=word)", "nil" },   { "read ('a", "no end" },
        { "a..b", "position 3" },       { "read (99999999999999999999)", "range" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null (far_then (opened, cases[i].chain));
        assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
        if (!strstr (far_error_message (far_last_error ()), cases[i].says))
            fail_msg ("'%s' gave: %s", cases[i].chain, far_error_message (far_last_error ()));
    }
    far_request_destroy (&opened);
    plain = far_call_async (self->files, "same", "i", 1);
    assert_null (far_then (plain, "bit_length ()"));
    assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
    far_request_destroy (&plain);
    assert_null (far_then (NULL, "read ()"));
    assert_null (far_call_promise (NULL, "open", ""));
}

/* The error of the first is that of all, hops and all. */
static void error_of_the_chain (void **state)
{
    files_t *self = *state;
    sem_post (&files_gate);
    far_request_t *opened = far_call_promise (self->files, "open", "s", "missing");
    far_proxy_t *words = far_then (opened, "read ().split ()"), *file = far_then (opened, NULL);
    size_t count, hops;
    char *text;
    assert_status (far_request_result (opened, NULL), FAR_E_RAISED);
    hops = far_error_hop_count (far_last_error ());
    const far_status_t statuses[] = { far_request_result (opened, NULL), far_len (words, &count),
                                      far_call (self->files, "name_of", "P>s", file, &text),
                                      far_get (file, "name", "s", &text) };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        assert_int_equal (statuses[i], FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "FileError");
    assert_int_equal (far_error_hop_count (far_last_error ()), hops);
    assert_string_equal (far_error_hop (far_last_error (), hops - 1)->method, "open");
    far_proxy_destroy (&words);
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
}

static void answers_as_arguments (void **state)
{
    files_t *self = *state;
    far_request_t *opened = far_call_promise (self->files, "open", "s", "b");
    far_request_t *number = far_call_promise (self->files, "same", "[is]", 7, "seven");
    far_proxy_t *file = far_then (opened, NULL), *name = far_then (opened, "name"), *list = far_then (number, NULL);
    far_request_t *named = far_call_async (self->files, "name_of", "P behind:P", file, name);
    far_value_t *inside = far_value_new ("[P{sP}]", name, "list", list), *got = NULL;
    assert_made (inside);
    far_request_t *same = far_call_async (self->files, "same", "v", inside);
    assert_false (far_request_done (named));
    sem_post (&files_gate);
    assert_gives_text (&named, "bb");
    char *text[2];
    int seven = 0;
    assert_ok (far_request_result (same, "[s{s[is]}]", &text[0], "list", &seven, &text[1]));
    assert_string_equal (text[0], "b");
    assert_string_equal (text[1], "seven");
    assert_int_equal (seven, 7);
    far_string_free (&text[0]);
    far_string_free (&text[1]);
    far_value_destroy (&inside);
    far_value_destroy (&got);
    far_request_destroy (&same);
    far_proxy_t *copy = NULL;
    assert_ok (far_call (self->files, "same", "P>P", file, &copy)); /* comes back as the same object */
    far_proxy_t *direct = far_undefer (file);
    assert_true (far_proxy_equals (copy, direct));
    far_proxy_destroy (&copy);
    far_proxy_destroy (&direct);
    far_proxy_destroy (&file);
    far_proxy_destroy (&name);
    far_proxy_destroy (&list);
    far_request_destroy (&number);
    far_request_destroy (&opened);
    files_assert_all_ended ();
}

/* To a process that did not give it the answer goes as what it is, once it is there. */
static void answer_for_another_process (void **state)
{
    files_t *self = *state;
    far_proxy_t *probe = world_probe (self->me, "third");
    far_request_t *opened = far_call_promise (self->files, "open", "s", "c");
    far_proxy_t *file = far_then (opened, NULL), *name = far_then (opened, "name"), *back = NULL, *direct = NULL;
    sem_post (&files_gate);
    assert_ok (far_call (probe, "echo", "P>P", file, &back));
    assert_ok (far_request_result (opened, "P", &direct));
    assert_true (far_proxy_equals (back, direct));
    char *text = NULL;
    assert_ok (far_call (probe, "echo", "P>s", name, &text));
    assert_string_equal (text, "c");
    far_string_free (&text);
    far_proxy_destroy (&back);
    far_proxy_destroy (&direct);
    far_proxy_destroy (&file);
    far_proxy_destroy (&name);
    far_request_destroy (&opened);
    far_proxy_destroy (&probe);
    files_assert_all_ended ();
}

/* All ask for one plain answer as an object: it is one object. */
static void plain_answer_is_one_object (void **state)
{
    files_t *self = *state;
    far_request_t *made = far_call_promise (self->files, "same", "[i]", 1);
    far_proxy_t *list = far_then (made, NULL), *again = far_then (made, "");
    assert_true (far_proxy_equals (list, again));
    assert_int_equal (far_proxy_hash (list), far_proxy_hash (again));
    assert_ok (far_call (list, "append", "i", 2));
    size_t count = 0;
    assert_ok (far_len (again, &count));
    assert_int_equal (count, 2);
    far_value_t *value = NULL;
    assert_ok (far_request_result (made, "v", &value)); /* the answer itself is what it was */
    assert_int_equal (far_value_count (value), 1);
    far_value_destroy (&value);
    char *text = far_proxy_repr (list);
    assert_non_null (strstr (text, "<answer of request "));
    far_string_free (&text);
    far_request_destroy (&made);
    far_proxy_destroy (&again);
    far_proxy_destroy (&list);
}

/* What it may have kept at one process, by count and by bytes; what was forgotten makes room. */
static void so_much_is_kept_and_no_more (void **state)
{
    enum { LARGE = 5 };
    files_t *self = *state;
    far_proxy_t *probe = world_probe (self->me, "third");
    far_request_t **kept = test_calloc (FAR_LIMIT_KEPT, sizeof *kept), *more, *large[LARGE];
    for (size_t i = 0; i < FAR_LIMIT_KEPT; i++)
        assert_made (kept[i] = far_call_promise (probe, "pid", ""));
    assert_made (more = far_call_promise (probe, "pid", ""));
    assert_status (far_request_result (more, NULL), FAR_E_OVERLOADED);
    far_request_destroy (&more);
    assert_ok (far_request_result (kept[FAR_LIMIT_KEPT - 1], NULL));
    assert_ok (far_call (probe, "pid", "")); /* whose answer is not kept */
    for (size_t i = 0; i < FAR_LIMIT_KEPT; i++)
        far_request_destroy (&kept[i]);
    test_free (kept);
    for (size_t i = 0; i < LARGE; i++) {
        assert_made (large[i] = far_call_promise (probe, "bytes", "l", (int64_t)FAR_LIMIT_KEPT_BYTES / (LARGE - 1)));
        assert_status (far_request_wait (large[i], FAR_FOREVER), FAR_OK);
        assert_status (far_request_result (large[i], NULL), i < LARGE - 1 ? FAR_OK : FAR_E_OVERLOADED);
    }
    for (size_t i = 0; i < LARGE; i++)
        far_request_destroy (&large[i]);
    far_proxy_destroy (&probe);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (chain_takes_one_round_trip),  cmocka_unit_test (links_take_literals),
        cmocka_unit_test (what_is_no_chain_is_refused), cmocka_unit_test (error_of_the_chain),
        cmocka_unit_test (answers_as_arguments),        cmocka_unit_test (answer_for_another_process),
        cmocka_unit_test (plain_answer_is_one_object),  cmocka_unit_test (so_much_is_kept_and_no_more),
    };
    const struct CMUnitTest on_a_pool[] = {
        cmocka_unit_test (chain_takes_one_round_trip),
        cmocka_unit_test (error_of_the_chain),
        cmocka_unit_test (answers_as_arguments),
    };
    int failed = cmocka_run_group_tests_name ("promises", tests, set_up, files_tear_down);
    return failed + cmocka_run_group_tests_name ("promises on a pool", on_a_pool, set_up_pool, files_tear_down);
}
