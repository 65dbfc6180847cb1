/* docs/protocol.md beside the code: every number that both have is the same, and neither has one more. */
#include "page.h"

#include "base/limits.h"
#include "base/operator.h"
#include "base/option.h"
#include "wire/fields.h"
#include "wire/header.h"
#include "wire/types.h"

static void message_types (void **state)
{
    (void)state;
    char *section = read_section ("## 3. Message types");
    char *end = strstr (section, "\nIMPORT, GETATTR");
    assert_non_null (end);
    *end = '\0';
    size_t known = 0;
    for (int type = 0; type < 256; type++) {
        if (far_message_role ((uint8_t)type) == FAR_ROLE_UNKNOWN)
            continue;
        char cells[64];
        snprintf (cells, sizeof cells, "%d | %s", type, far_message_name ((uint8_t)type));
        assert_row (section, cells);
        known++;
    }
    assert_int_equal (count_numbered_rows (section), known);
    free (section);
}

static void roles_are_as_the_page_says (void **state)
{
    (void)state;
    char *section = read_section ("## 3. Message types");
    for (int type = 0; type < 256; type++) {
        far_message_role_t role = far_message_role ((uint8_t)type);
        if (role == FAR_ROLE_UNKNOWN)
            continue;
        char cells[64];
        snprintf (cells, sizeof cells, "\n| %d | %s | ", type, far_message_name ((uint8_t)type));
        const char *from = strstr (section, cells);
        assert_non_null (from);
        from += strlen (cells);
        const char *answer = strchr (from, '|') + 2;
        assert_int_equal (role == FAR_ROLE_BROKER, strncmp (from, "broker (0), ", 12) == 0);
        assert_int_equal (role == FAR_ROLE_SESSION, strncmp (from, "process, broker (0)", 19) == 0);
        assert_int_equal (role == FAR_ROLE_REQUEST, strncmp (answer, "RESULT or ERROR |", 17) == 0);
    }
    free (section);
}

static void flags (void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned bit;
    } rows[] = {
        { "BATCH", FAR_FLAG_BATCH },           { "KEEP", FAR_FLAG_KEEP },
        { "HOLDS", FAR_FLAG_HOLDS },           { "BY_BROKER", FAR_FLAG_BY_BROKER },
        { "NO_CLEANUP", FAR_FLAG_NO_CLEANUP }, { "IDEMPOTENT", FAR_FLAG_IDEMPOTENT },
    };
    char *section = read_section ("## 1. Transport");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char cells[64];
        snprintf (cells, sizeof cells, "%s | 0x%04x", rows[i].name, rows[i].bit);
        assert_row (section, cells);
    }
    size_t count = 0;
    for (const char *at = section; (at = strstr (at, " | 0x")); at++)
        count++;
    assert_int_equal (count, sizeof rows / sizeof *rows);
    free (section);
}

static void header_offsets (void **state)
{
    (void)state;
    char *section = read_section ("## 1. Transport");
    assert_non_null (strstr (section, "version     = %x01                         ; offset  0"));
    assert_non_null (strstr (section, "party       = 8OCTET                       ; offset  8, a process ID"));
    assert_non_null (strstr (section, "request     = 8OCTET                       ; offset 16"));
    assert_non_null (strstr (section, "fields-size = 4OCTET                       ; offset 28"));
    assert_non_null (strstr (section, "`32 + fields-size + body-size`"));
    assert_int_equal (FAR_PROTOCOL_VERSION, 1);
    assert_int_equal (FAR_HEADER_SIZE, 32);
    free (section);
}

/* The sizes in a row of fields: "owner (8), object (8)" are 16. */
static unsigned content_size (const char *section, const char *cells)
{
    const char *at = strstr (section, cells);
    assert_non_null (at);
    const char *end = strchr (at, '\n');
    unsigned size = 0;
    for (; (at = strchr (at, '(')) && at < end; at++)
        size += (unsigned)strtoul (at + 1, NULL, 10);
    return size;
}

static void fields (void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint16_t tag;
    } rows[] = { { "REFERENCE", FAR_FIELD_REFERENCE }, { "RELEASE", FAR_FIELD_RELEASE },
                 { "GRANT", FAR_FIELD_GRANT },         { "DOWN", FAR_FIELD_DOWN },
                 { "CREDIT", FAR_FIELD_CREDIT },       { "PRIORITY", FAR_FIELD_PRIORITY },
                 { "DELAY", FAR_FIELD_DELAY },         { "KEY", FAR_FIELD_KEY },
                 { "CHAIN", FAR_FIELD_CHAIN },         { "FORGET", FAR_FIELD_FORGET },
                 { "REPORT", FAR_FIELD_REPORT } };
    char *section = read_section ("## 2. Fields");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char cells[64];
        snprintf (cells, sizeof cells, "%u | %s", rows[i].tag, rows[i].name);
        assert_row (section, cells);
        uint8_t out[64];
        size_t size = far_field_write (&(far_field_t){ .tag = rows[i].tag }, out);
        assert_int_equal (size, 4 + content_size (section, cells));
    }
    assert_row (section, "9, 11, 12 | reserved for ROUTE, ATTACHMENTS, WINDOW |");
    assert_int_equal (FAR_FIELD_ROUTE, 9);
    assert_int_equal (FAR_FIELD_WINDOW, 12);
    assert_int_equal (count_numbered_rows (section), 12);
    assert_non_null (strstr (section, "4): 1 died, 2 said BYE, 3 cut by the broker"));
    assert_int_equal (FAR_DOWN_DIED, 1);
    assert_int_equal (FAR_DOWN_BYE, 2);
    assert_int_equal (FAR_DOWN_CUT, 3);
    free (section);
}

/* Three columns of kinds stand in one row, so a cell is looked for anywhere. */
static void error_kinds (void **state)
{
    (void)state;
    char *section = read_section ("### Errors");
    size_t kinds = 0;
    for (int kind = 1; strcmp (far_status_name ((far_status_t)kind), "Unknown") != 0; kind++, kinds++) {
        char cells[64];
        snprintf (cells, sizeof cells, "| %d | %s |", kind, far_status_name ((far_status_t)kind));
        if (!strstr (section, cells))
            fail_msg ("docs/protocol.md has no \"%s\"", cells);
    }
    size_t cells = 0;
    for (const char *at = section; (at = strstr (at, "| ")); at++)
        cells += at[2] >= '0' && at[2] <= '9';
    assert_int_equal (cells, kinds);
    free (section);
}

/* Each reserved name once in the table, and no other. */
static void operators (void **state)
{
    (void)state;
    char *section = read_section ("### Operators");
    char *end = strstr (section, "\n- ");
    assert_non_null (end);
    *end = '\0';
    size_t names = 0;
    for (unsigned i = 0; i < FAR_OPERATOR_COUNT; i++) {
        char name[32];
        snprintf (name, sizeof name, "`%s`", far_operator_name ((far_operator_t)i));
        if (!strstr (section, name))
            fail_msg ("docs/protocol.md has no operator %s", name);
    }
    for (const char *row = section; (row = strstr (row, "\n| `")); row++)
        for (const char *at = row + 1, *stop = strstr (row + 2, " | "); (at = strstr (at, "`__")) && at < stop; at++)
            names++;
    assert_int_equal (names, FAR_OPERATOR_COUNT);
    free (section);
}

/* The options that a reference may carry, with the names of their values. */
static void options (void **state)
{
    (void)state;
    char *section = read_section ("### Options of a reference");
    size_t carried = 0, rows = 0;
    for (unsigned i = FAR_OPTION_END + 1; i < FAR_OPTION_COUNT; i++) {
        const far_option_row_t *row = far_option_row ((far_option_t)i);
        char start[64];
        snprintf (start, sizeof start, "\n| `%s` | ", row->name);
        const char *at = strstr (section, start);
        assert_int_equal (at != NULL, (row->levels & FAR_LEVEL_OBJECT) != 0);
        carried += at != NULL;
        for (size_t choice = 0; at && choice < 4 && row->choices[choice]; choice++) {
            snprintf (start, sizeof start, "\"%s\"", row->choices[choice]);
            const char *named = strstr (at, start);
            assert_true (named && named < strchr (at + 1, '\n'));
        }
    }
    for (const char *at = section; (at = strstr (at, "\n| `")); at++)
        rows++;
    assert_int_equal (rows, carried);
    free (section);
}

static void assert_limit (const char *section, const char *name, const char *value)
{
    char cells[128];
    snprintf (cells, sizeof cells, "%s | %s", name, value);
    assert_row (section, cells);
}

/* 1234567 as "1,234,567". */
static const char *grouped (size_t number, char out[32])
{
    char digits[24];
    size_t count = (size_t)snprintf (digits, sizeof digits, "%zu", number), used = 0;
    for (size_t i = 0; i < count; i++) {
        if (i && (count - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

static void assert_amount (const char *section, const char *name, size_t messages, const char *bytes)
{
    char number[32], text[128];
    snprintf (text, sizeof text, "%s messages, %s", grouped (messages, number), bytes);
    assert_limit (section, name, text);
}

static void limits (void **state)
{
    (void)state;
    char *section = read_section ("## 10. Limits");
    char text[64], number[32];
    snprintf (text, sizeof text, "%zu MiB", FAR_LIMIT_MESSAGE_BYTES >> 20);
    assert_limit (section, "message, all of it", text);
    assert_limit (section, "fields of a message", grouped (FAR_LIMIT_FIELDS, number));
    assert_limit (section, "values in a body", grouped (FAR_LIMIT_VALUES, number));
    assert_limit (section, "nesting of a body", grouped (FAR_LIMIT_DEPTH, number));
    snprintf (text, sizeof text, "%d bytes", FAR_LIMIT_NAME_BYTES);
    assert_limit (section, "process name", text);
    snprintf (text, sizeof text, "%s bytes", grouped (FAR_LIMIT_PATH_BYTES, number));
    assert_limit (section, "path", text);
    assert_limit (section, "hops of an error", grouped (FAR_LIMIT_HOPS, number));
    assert_limit (section, "causes of an error, one inside the other", grouped (FAR_LIMIT_CAUSES, number));
    assert_limit (section, "methods that wait, one inside the other", grouped (FAR_LIMIT_NESTING, number));
    assert_limit (section, "references to objects of one process, that another one holds",
                  grouped (FAR_LIMIT_REFERENCES, number));
    assert_limit (section, "answers that one process keeps for another", grouped (FAR_LIMIT_KEPT, number));
    snprintf (text, sizeof text, "%zu MiB", FAR_LIMIT_KEPT_BYTES >> 20);
    assert_limit (section, "bytes of such answers, of those that have come", text);
    assert_limit (section, "fleets and pipelines", grouped (FAR_LIMIT_FLEETS, number));
    assert_limit (section, "of them, made by one process", grouped (FAR_LIMIT_FLEETS_MADE, number));
    assert_limit (section, "requests in a dead list", grouped (FAR_LIMIT_DEAD, number));
    snprintf (text, sizeof text, "%zu MiB", FAR_LIMIT_DEAD_BYTES >> 20);
    assert_limit (section, "bytes in a dead list", text);
    assert_limit (section, "slots of a worker", grouped (FAR_LIMIT_SLOTS, number));
    snprintf (text, sizeof text, "%zu MiB", FAR_LIMIT_PARKED_BYTES >> 20);
    assert_limit (section, "parked for one destination", text);
    assert_amount (section, "sent to a process before it has given credit", FAR_LIMIT_FIRST_MESSAGES, "65,536 bytes");
    assert_int_equal (FAR_LIMIT_FIRST_BYTES, 65536);
    assert_limit (section, "to a fleet or pipeline", grouped (FAR_LIMIT_RESIDENT_FIRST, number));
    snprintf (text, sizeof text, "%zu MiB", (size_t)FAR_LIMIT_ROOM_BYTES >> 20);
    assert_amount (section, "waiting in a process to be run, from all senders", FAR_LIMIT_ROOM_MESSAGES, text);
    snprintf (text, sizeof text, "%zu MiB", (size_t)FAR_LIMIT_WINDOW_BYTES >> 20);
    assert_amount (section, "of these, from one sender", FAR_LIMIT_WINDOW_MESSAGES, text);
    size_t rows = 0;
    for (const char *at = section; (at = strstr (at, "\n| ")); at++)
        rows++;
    assert_int_equal (rows, 23); /* the heading, and these */
    free (section);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (message_types), cmocka_unit_test (roles_are_as_the_page_says),
        cmocka_unit_test (flags),         cmocka_unit_test (header_offsets),
        cmocka_unit_test (fields),        cmocka_unit_test (error_kinds),
        cmocka_unit_test (operators),     cmocka_unit_test (options),
        cmocka_unit_test (limits),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
