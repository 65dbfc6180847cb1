/* What is logged, when, and that nobody can write lines of his own into it. */
#include "support/cm.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char last_line[16384];
static int lines;

static void keep (void *context, far_log_level_t level, const char *line)
{
    *(far_log_level_t *)context = level;
    snprintf (last_line, sizeof last_line, "%s", line);
    lines++;
}

/* The first question is asked before any level was set. */
static void level_comes_from_the_environment (void **state)
{
    (void)state;
    setenv ("FAR_LOG", "info", 1);
    assert_true (far_log_wants (FAR_LOG_ERROR));
    assert_true (far_log_wants (FAR_LOG_INFO));
    assert_false (far_log_wants (FAR_LOG_DEBUG));
    far_log_set_level (FAR_LOG_ERROR);
    assert_true (far_log_wants (FAR_LOG_ERROR));
    assert_false (far_log_wants (FAR_LOG_WARNING));
}

static void handler_gets_what_passes (void **state)
{
    (void)state;
    far_log_level_t level = FAR_LOG_DEBUG;
    far_log_set_level (FAR_LOG_WARNING);
    far_log_set_handler (keep, &level);
    lines = 0;
    far_log (FAR_LOG_INFO, "not this");
    assert_int_equal (lines, 0);
    far_log (FAR_LOG_WARNING, "peer %d said %s", 7, "a\nb\x1b[2J");
    assert_int_equal (lines, 1);
    assert_int_equal (level, FAR_LOG_WARNING);
    assert_string_equal (last_line, "peer 7 said a\\x0ab\\x1b[2J");
    far_log_set_handler (NULL, NULL);
}

static void long_lines_are_cut (void **state)
{
    (void)state;
    far_log_level_t level;
    char text[5001];
    memset (text, 'x', 5000);
    text[5000] = '\0';
    far_log_set_handler (keep, &level);
    far_log (FAR_LOG_ERROR, "%s", text);
    size_t size = strlen (last_line);
    assert_true (size > 1000 && size < 5000);
    assert_string_equal (last_line + size - 3, "...");
    far_log_set_handler (NULL, NULL);
}

static void stderr_is_the_default (void **state)
{
    (void)state;
    int ends[2], before = dup (STDERR_FILENO);
    assert_int_equal (pipe (ends), 0);
    dup2 (ends[1], STDERR_FILENO);
    far_log_set_level (FAR_LOG_WARNING);
    far_log (FAR_LOG_WARNING, "full");
    dup2 (before, STDERR_FILENO);
    char text[64] = "";
    assert_true (read (ends[0], text, sizeof text - 1) > 0);
    assert_string_equal (text, "farcall: warning: full\n");
    close (before);
    close (ends[0]);
    close (ends[1]);
}

static void escapes (void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "plain", "plain" },
        { "h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
        { "\xff\x80", "\\xff\\x80" },
        { "\t\x7f", "\\x09\\x7f" },
        { "\xc2\x9b", "\\xc2\\x9b" },          /* CSI as one character */
        { "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
        { "\xc3", "\\xc3" },
    };
    char out[128];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal (far_escape (rows[i].in, strlen (rows[i].in), out, sizeof out), rows[i].out);
    assert_string_equal (far_escape ("a\0b", 3, out, sizeof out), "a\\x00b");
}

/* What does not fit is left out whole. */
static void escape_keeps_within_its_room (void **state)
{
    (void)state;
    char out[8];
    memset (out, 'Z', sizeof out);
    assert_string_equal (far_escape ("ab\ncd", 5, out, 6), "ab");
    assert_int_equal (out[6], 'Z');
    assert_string_equal (far_escape ("a\xe2\x82\xac", 4, out, 4), "a");
    assert_string_equal (far_escape ("abc", 3, out, 1), "");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (level_comes_from_the_environment),
        cmocka_unit_test (handler_gets_what_passes),
        cmocka_unit_test (long_lines_are_cut),
        cmocka_unit_test (stderr_is_the_default),
        cmocka_unit_test (escapes),
        cmocka_unit_test (escape_keeps_within_its_room),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
