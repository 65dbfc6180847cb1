/* The lines of FAR_TRACE, made from the golden vectors. */
#include "page.h"

#include "wire/bodies.h"
#include "wire/summary.h"
#include "wire/trace.h"

#include <unistd.h>

static uint8_t *load (const char *name, size_t *size)
{
    char path[64];
    snprintf (path, sizeof path, "tests/vectors/%s.hex", name);
    char *text = read_text (path);
    uint8_t *bytes = from_hex (strchr (text, '\n'), size);
    free (text);
    return bytes;
}

static void summaries (void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
    } rows[] = {
        { "hello",
          "{\"version\": 1, \"name\": \"host\", \"pid\": 4711, \"host\": \"box\", \"program\": \"far-actor\"}" },
        { "bye", "" },
        { "grant", " grant 5 of 8f31a2b4:3 to 8f31a2b4:4" },
        { "down", "\"killed by signal 9\" 8f31a2b4:3 died" },
        { "import", "counter(\"Counter\", \"sum\")" },
        { "getattr", "counter.limits.most" },
        { "getvalue", "#300" },
        { "call", "#5.add(2, <ref 0 Report>, text=\"h\xc3\xa9\") ref 8f31a2b4:3/9" },
        { "options", "#5.watch(<ref 0 Report {\"mode\": \"off\", \"timeout_ms\": 500, \"auto_proxy\": true, "
                     "\"by_value\": 31}>) ref 8f31a2b4:3/9" },
        { "transfer", "[nil, true, -33, 18446744073709551615, 1.5, \"s\", <2 bytes>, 2024-01-02T03:04:05.000000006Z, "
                      "{\"k\": []}]" },
        { "del", " release 5 x2 release 6 x1" },
        { "result", "42" },
        { "error", "[1, \"OverflowError\", \"too much\", [[\"host\", \"counter\", \"add\", \"counter.c\", 42]]]" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size;
        uint8_t *bytes = load (rows[i].name, &size);
        far_message_t message;
        char text[256];
        assert_true (far_message_read (bytes, size, &message));
        far_summary (&message, text, sizeof text);
        assert_string_equal (text, rows[i].text);
        free (bytes);
    }
}

static void summaries_keep_within_their_room (void **state)
{
    (void)state;
    size_t size;
    uint8_t *bytes = load ("transfer", &size);
    far_message_t message;
    assert_true (far_message_read (bytes, size, &message));
    for (size_t room = 8; room < 160; room++) {
        char *text = malloc (room), whole[256];
        far_summary (&message, whole, sizeof whole);
        far_summary (&message, text, room);
        if (strlen (whole) < room)
            assert_string_equal (text, whole);
        else
            assert_string_equal (text + strlen (text) - 3, "...");
        free (text);
    }
    free (bytes);
}

static void bad_bodies_are_named (void **state)
{
    (void)state;
    uint8_t body[] = { 0xa3, 'a', '\n', 0xff };
    far_message_t message = { .header = { .type = FAR_RESULT, .body_size = 4 }, .fields = body, .body = body };
    char text[256];
    far_summary (&message, text, sizeof text);
    assert_string_equal (text, "? a string is not UTF-8");
    message.header.type = FAR_CALL;
    far_summary (&message, text, sizeof text);
    assert_string_equal (text, "? body of CALL: a string is not UTF-8");
    message.header.type = FAR_RESULT;
    body[3] = 0x1b;
    far_summary (&message, text, sizeof text);
    assert_string_equal (text, "\"a\\x0a\\x1b\"");
}

/* What far_trace prints for a frame, without the time in front. */
static void traced (const uint8_t *frame, size_t size, char *out, size_t out_size)
{
    int ends[2], before = dup (STDERR_FILENO);
    assert_int_equal (pipe (ends), 0);
    dup2 (ends[1], STDERR_FILENO);
    far_trace ("host", "<-", frame, size);
    dup2 (before, STDERR_FILENO);
    close (ends[1]);
    size_t used = 0;
    for (ssize_t got; (got = read (ends[0], out + used, out_size - 1 - used)) > 0;)
        used += (size_t)got;
    out[used] = '\0';
    close (ends[0]);
    close (before);
    assert_int_equal (strspn (out, "0123456789:."), 15);
    memmove (out, out + 16, used - 15);
}

static void lines (void **state)
{
    (void)state;
    size_t size;
    char text[1024];
    uint8_t *bytes = load ("result", &size);
    traced (bytes, size, text, sizeof text);
    assert_string_equal (text, "host <- RESULT 7 of 8f31a2b4:2 1+0 42\n");
    traced (bytes, size - 1, text, sizeof text);
    assert_string_equal (text, "host <- malformed frame of 32 bytes\n");
    free (bytes);
    bytes = load ("refused", &size);
    traced (bytes, size, text, sizeof text);
    assert_string_equal (text, "host <- ERROR (by the broker) 7 of 8f31a2b4:99 39+0 "
                               "[6, \"NoSuchProcess\", \"no process 8f31a2b4:99\"]\n");
    free (bytes);
    bytes = load ("bye", &size);
    traced (bytes, size, text, sizeof text);
    assert_string_equal (text, "host <- BYE 0 of session 0+0\n");
    free (bytes);
}

static void batches_have_a_line_for_each (void **state)
{
    (void)state;
    size_t size;
    char text[1024];
    uint8_t *bytes = load ("batch", &size);
    traced (bytes, size, text, sizeof text);
    assert_memory_equal (text, "host <- CALL 10 of 8f31a2b4:2 17+0 batched counter.sum(1, 2)\n", 61);
    assert_non_null (strstr (text, " host <- CALL 0 of 8f31a2b4:2 14+0 batched counter.sum()\n"));
    assert_non_null (strstr (text, " host <- DEL 0 of 8f31a2b4:2 0+20 batched release 5 x1\n"));
    free (bytes);
}

static void last_error_stays (void **state)
{
    (void)state;
    size_t size;
    char text[1024];
    uint8_t *bytes = load ("call", &size);
    bytes[size - 1] = 0xff; /* its body can't be read */
    far_fail (FAR_E_STALE, "mine");
    traced (bytes, size, text, sizeof text);
    assert_non_null (strstr (text, "? body of CALL: "));
    assert_string_equal (far_error_message (far_last_error ()), "mine");
    free (bytes);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (summaries),
        cmocka_unit_test (summaries_keep_within_their_room),
        cmocka_unit_test (bad_bodies_are_named),
        cmocka_unit_test (lines),
        cmocka_unit_test (batches_have_a_line_for_each),
        cmocka_unit_test (last_error_stays),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
