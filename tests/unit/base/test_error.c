/* Errors: their parts, the thread's last one, and the text that people read. */
#include "support/cm.h"

#include "base/error.h"
#include "base/limits.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void nothing_failed_yet (void **state)
{
    (void)state;
    const far_error_t *none = far_last_error ();
    assert_int_equal (far_error_kind (none), FAR_OK);
    assert_string_equal (far_error_class (none), "Ok");
    assert_string_equal (far_error_message (none), "");
    assert_int_equal (far_error_hop_count (none), 0);
    far_error_t *shared = far_error_retain (none);
    far_error_release (&shared);
}

static void fail_sets_the_last_error (void **state)
{
    (void)state;
    assert_int_equal (far_fail (FAR_E_LIMIT, "%d is the most", 7), FAR_E_LIMIT);
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_LIMIT);
    assert_string_equal (far_error_class (far_last_error ()), "Limit");
    assert_string_equal (far_error_message (far_last_error ()), "7 is the most");
    /* The text of the last error may go into the next. */
    far_fail (FAR_E_SYSTEM, "again: %s", far_error_message (far_last_error ()));
    assert_string_equal (far_error_message (far_last_error ()), "again: 7 is the most");
    errno = ENOENT;
    assert_int_equal (far_fail_errno ("open %s", "x"), FAR_E_SYSTEM);
    assert_string_equal (far_error_message (far_last_error ()), "open x: No such file or directory");
}

static void long_messages_are_whole (void **state)
{
    (void)state;
    char text[3001];
    memset (text, 'm', 3000);
    text[3000] = '\0';
    far_error_t *error = far_error_new (FAR_E_RAISED, "<%s>", text);
    assert_int_equal (strlen (far_error_message (error)), 3002);
    assert_int_equal (far_error_message (error)[3001], '>');
    far_error_release (&error);
    assert_null (error);
}

static void hops_are_copied_and_limited (void **state)
{
    (void)state;
    far_error_t *error = far_error_from (FAR_E_RAISED, "OverflowErrorX", 13, "too muchX", 8);
    assert_string_equal (far_error_class (error), "OverflowError");
    assert_string_equal (far_error_message (error), "too much");
    for (int i = 0; i < FAR_LIMIT_HOPS + 3; i++) {
        char name[16];
        snprintf (name, sizeof name, "p%d", i);
        far_error_t *longer = far_error_with_hop (error, &(far_hop_t){ .process = name, .line = i });
        far_error_release (&error);
        error = longer;
    }
    assert_int_equal (far_error_hop_count (error), FAR_LIMIT_HOPS);
    far_hop_t many[FAR_LIMIT_HOPS + 1] = { { .process = "q" } };
    far_error_t *short_one = far_error_new (FAR_E_RAISED, "x"), *one = far_error_with_hops (short_one, many, 1);
    far_error_t *cut = far_error_with_hops (one, many, FAR_LIMIT_HOPS + 1);
    assert_int_equal (far_error_hop_count (cut), FAR_LIMIT_HOPS);
    far_error_release (&short_one);
    far_error_release (&one);
    far_error_release (&cut);
    assert_string_equal (far_error_hop (error, 0)->process, "p0");
    assert_string_equal (far_error_hop (error, 31)->process, "p31");
    assert_int_equal (far_error_hop (error, 31)->line, 31);
    assert_string_equal (far_error_hop (error, 31)->file, "");
    assert_null (far_error_hop (error, 32));
    assert_string_equal (far_error_message (error), "too much");
    far_error_release (&error);
}

static void text_shows_the_chain (void **state)
{
    (void)state;
    far_error_t *error = far_error_from (FAR_E_RAISED, "OverflowError", 13, "too\nmuch\x1b", 9);
    const far_hop_t hops[] = { { "host", "counter", "add", "counter.c", 42 },
                               { "relay", "", "forward", "", 0 },
                               { "", "", "", "", 0 } };
    far_error_t *whole = far_error_with_hops (error, hops, 3);
    char *text = far_error_text (whole);
    assert_string_equal (text, "Raised (OverflowError): too\n    much\\x1b\n"
                               "  at counter.add (counter.c:42) in process host\n"
                               "  at forward in process relay\n"
                               "  at ?");
    far_string_free (&text);
    assert_null (text);
    far_error_release (&whole);
    far_error_release (&error);

    error = far_error_new (FAR_E_TIMEOUT, "no answer in 10 s");
    text = far_error_text (error);
    assert_string_equal (text, "Timeout: no answer in 10 s");
    far_string_free (&text);
    far_error_release (&error);
}

/* Kind Raised, a message of one number, and a cause (consumed; NULL for none). */
static far_error_t *numbered (int number, far_error_t *cause)
{
    far_error_t *error = far_error_new (FAR_E_RAISED, "%d", number), *whole = far_error_with_cause (error, cause);
    far_error_release (&error);
    far_error_release (&cause);
    return whole;
}

static void text_shows_the_causes (void **state)
{
    (void)state;
    far_error_t *root = numbered (1, NULL),
                *placed = far_error_with_hop (root, &(far_hop_t){ "host", "a", "b", "", 0 });
    far_error_t *error = numbered (3, numbered (2, placed));
    far_error_t *whole = far_error_with_hop (error, &(far_hop_t){ "relay", "c", "d", "c.c", 4 });
    assert_string_equal (far_error_message (far_error_cause (far_error_cause (whole))), "1"); /* a hop loses no cause */
    assert_null (far_error_cause (root));
    char *text = far_error_text (whole);
    assert_string_equal (text, "Raised: 3\n"
                               "  at c.d (c.c:4) in process relay\n"
                               "caused by: Raised: 2\n"
                               "caused by: Raised: 1\n"
                               "  at a.b in process host");
    far_string_free (&text);
    far_error_release (&whole);
    far_error_release (&error);
    far_error_release (&root);
}

static void causes_are_limited (void **state)
{
    (void)state;
    far_error_t *error = NULL;
    for (int i = 0; i <= FAR_LIMIT_CAUSES + 2; i++)
        error = numbered (i, error);
    int number = FAR_LIMIT_CAUSES + 2, causes = 0;
    const far_error_t *at = error;
    for (; far_error_cause (at); at = far_error_cause (at), causes++)
        assert_int_equal (atoi (far_error_message (at)), number--);
    assert_int_equal (causes, FAR_LIMIT_CAUSES);
    far_error_release (&error);
}

static void last_errors_are_put_aside (void **state)
{
    (void)state;
    far_fail (FAR_E_STALE, "mine");
    far_error_t *mine = far_last_error_take ();
    assert_int_equal (far_last_status (), FAR_OK);
    far_fail (FAR_E_DENIED, "of somebody else");
    far_last_error_put (&mine);
    assert_null (mine);
    assert_string_equal (far_error_message (far_last_error ()), "mine");
    far_clear_error ();
    assert_int_equal (far_last_status (), FAR_OK);
    far_fail (FAR_E_DENIED, "of somebody else");
    far_last_error_put (&mine); /* there was none */
    assert_int_equal (far_last_status (), FAR_OK);
}

static void print_says_where (void **state)
{
    (void)state;
    int ends[2], before = dup (STDERR_FILENO);
    assert_int_equal (pipe (ends), 0);
    far_fail (FAR_E_STALE, "gone");
    dup2 (ends[1], STDERR_FILENO);
    int result = far_print_error ("counter.add");
    dup2 (before, STDERR_FILENO);
    char text[64] = "";
    assert_int_equal (result, 1);
    assert_true (read (ends[0], text, sizeof text - 1) > 0);
    assert_string_equal (text, "counter.add: Stale: gone\n");
    close (before);
    close (ends[0]);
    close (ends[1]);
}

static void *fail_elsewhere (void *before)
{
    *(far_status_t *)before = far_error_kind (far_last_error ());
    far_fail (FAR_E_DENIED, "in a thread");
    far_fail (FAR_E_CLOSED, "in a thread again");
    return NULL; /* what is left is given back when the thread ends: the leak check of ASan looks */
}

static void each_thread_has_its_own (void **state)
{
    (void)state;
    far_status_t before = FAR_E_SYSTEM;
    far_fail (FAR_E_STALE, "here");
    pthread_t thread;
    assert_int_equal (pthread_create (&thread, NULL, fail_elsewhere, &before), 0);
    pthread_join (thread, NULL);
    assert_int_equal (before, FAR_OK);
    assert_int_equal (far_error_kind (far_last_error ()), FAR_E_STALE);
}

static void status_names (void **state)
{
    (void)state;
    assert_string_equal (far_status_name (FAR_OK), "Ok");
    assert_string_equal (far_status_name (FAR_E_SYSTEM), "System");
    assert_string_equal (far_status_name ((far_status_t)22), "Unknown");
    assert_string_equal (far_status_name ((far_status_t)-1), "Unknown");
    assert_string_equal (far_version (), FAR_VERSION);
}

static void bytes_are_freed (void **state)
{
    (void)state;
    far_bytes_t bytes = { malloc (5), 5 };
    far_bytes_free (&bytes);
    assert_null (bytes.data);
    assert_int_equal (bytes.size, 0);
    far_bytes_free (&bytes);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (nothing_failed_yet),      cmocka_unit_test (fail_sets_the_last_error),
        cmocka_unit_test (long_messages_are_whole), cmocka_unit_test (hops_are_copied_and_limited),
        cmocka_unit_test (text_shows_the_chain),    cmocka_unit_test (print_says_where),
        cmocka_unit_test (each_thread_has_its_own), cmocka_unit_test (status_names),
        cmocka_unit_test (bytes_are_freed),         cmocka_unit_test (text_shows_the_causes),
        cmocka_unit_test (causes_are_limited),      cmocka_unit_test (last_errors_are_put_aside),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
