/* Lines of a descriptor: whole ones, pieces that come one after the other, a last one without newline, long ones. */
#include "support/cm.h"

#include "base/lines.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct pipe_end {
    int read, write;
    far_lines_t lines;
    char got[3 * FAR_LINE_BYTES];
} pipe_end_t;

static int set_up (void **state)
{
    static pipe_end_t self;
    int fds[2];
    if (pipe2 (fds, O_NONBLOCK))
        return -1;
    self = (pipe_end_t){ .read = fds[0], .write = fds[1] };
    *state = &self;
    return 0;
}

static int tear_down (void **state)
{
    pipe_end_t *self = *state;
    close (self->read);
    if (self->write >= 0)
        close (self->write);
    return 0;
}

static void say (pipe_end_t *self, const char *text)
{
    assert_int_equal (write (self->write, text, strlen (text)), strlen (text));
}

static void note (void *context, const char *line, size_t size)
{
    char *got = ((pipe_end_t *)context)->got;
    assert_int_equal (line[size], 0);
    sprintf (got + strlen (got), "[%s]", line);
}

static bool read_lines (pipe_end_t *self)
{
    self->got[0] = 0;
    return far_lines_read (&self->lines, self->read, note, self);
}

static void lines_in_pieces (void **state)
{
    pipe_end_t *self = *state;
    assert_true (read_lines (self));
    assert_string_equal (self->got, "");
    say (self, "one\ntw");
    assert_true (read_lines (self));
    assert_string_equal (self->got, "[one]");
    say (self, "o\n\nlast");
    assert_true (read_lines (self));
    assert_string_equal (self->got, "[two][]");
    close (self->write);
    self->write = -1;
    assert_false (read_lines (self));
    assert_string_equal (self->got, "[last]");
}

static void a_long_line_comes_in_pieces (void **state)
{
    pipe_end_t *self = *state;
    char text[FAR_LINE_BYTES + 11];
    memset (text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    say (self, text);
    say (self, "\n");
    assert_true (read_lines (self));
    assert_int_equal (strlen (self->got), FAR_LINE_BYTES + 10 + 4);
    assert_int_equal (strcspn (self->got, "]"), 1 + FAR_LINE_BYTES);
}

static void what_has_no_end_is_handed_over_at_the_finish (void **state)
{
    pipe_end_t *self = *state;
    say (self, "half");
    assert_true (read_lines (self));
    far_lines_finish (&self->lines, note, self);
    assert_string_equal (self->got, "[half]");
}

static void write_more (void *context, const char *line, size_t size)
{
    pipe_end_t *self = context;
    note (self, line, size);
    if (strlen (self->got) < FAR_LINE_BYTES)
        say (self, "more\n");
}

/* Whoever writes faster than it is read holds nobody up. */
static void what_is_written_meanwhile_is_read_later (void **state)
{
    pipe_end_t *self = *state;
    say (self, "one\ntwo\nth");
    assert_true (far_lines_read (&self->lines, self->read, write_more, self));
    assert_string_equal (self->got, "[one][two]");
    assert_true (read_lines (self));
    assert_string_equal (self->got, "[thmore][more]");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (lines_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown (a_long_line_comes_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown (what_is_written_meanwhile_is_read_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown (what_has_no_end_is_handed_over_at_the_finish, set_up, tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
