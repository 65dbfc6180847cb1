/* The golden vectors: each is built by the writers of the library, and must be, byte for byte, what its file has and what
 * the page shows. The files were not made by this library. */
#include "page.h"

#include "wire/bodies.h"
#include "wire/message.h"
#include "wire/reference.h"

#define PROCESS(serial) ((far_process_id_t){ (uint64_t)0x8f31a2b4 << 32 | (serial) })

/* A frame being built. */
typedef struct frame {
    far_buffer_t bytes, fields;
    far_writer_t out;
    far_header_t header;
} frame_t;

static void add_field (frame_t *self, far_field_t field)
{
    far_field_append (&self->fields, &field);
}

static void value_of (frame_t *self, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    assert_int_equal (far_picture_write_value (&self->out, picture, &arguments), FAR_OK);
    va_end (arguments.list);
}

static void arguments_of (frame_t *self, const char *picture, ...)
{
    bool has_keywords;
    const char *results;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    assert_int_equal (far_picture_write_call (&self->out, picture, &arguments, &has_keywords, &results), FAR_OK);
    va_end (arguments.list);
}

static void target_of (frame_t *self, size_t elements, far_root_t root, uint64_t id, const char *path)
{
    far_target_t target = { root, id, { path, strlen (path) } };
    far_write_list (&self->out, elements);
    far_target_write (&self->out, &target, NULL);
}

static void make_hello (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_HELLO, .request = 1 };
    value_of (self, "{si ss si ss ss}", "version", 1, "name", "host", "pid", 4711, "host", "box", "program",
              "far-actor");
}

static void make_welcome (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_WELCOME, .request = 1 };
    value_of (self, "{su su s{si si si}}", "process", PROCESS (2).value, "broker", PROCESS (1).value, "limits",
              "message_bytes", 64 << 20, "references", 1024, "parked_bytes", 64 << 20);
}

static void make_reset (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_RESET };
    value_of (self, "s", "no session here");
}

static void make_bye (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_BYE };
}

static void make_grant (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_GRANT };
    add_field (self, (far_field_t){ .tag = FAR_FIELD_GRANT, .grant = { { 5 }, PROCESS (3), PROCESS (4) } });
}

static void make_down (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_DOWN };
    value_of (self, "s", "killed by signal 9");
    add_field (self, (far_field_t){ .tag = FAR_FIELD_DOWN, .down = { PROCESS (3), FAR_DOWN_DIED } });
}

static void make_import (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_IMPORT, .party = PROCESS (2).value, .request = 2 };
    value_of (self, "[s[ss]]", "counter", "Counter", "sum");
}

static void make_getattr (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_GETATTR, .party = PROCESS (2).value, .request = 3 };
    target_of (self, 3, FAR_ROOT_MODULES, 0, "counter.limits.most");
    far_write_uint (&self->out, 31);
}

static void make_getvalue (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_GETVALUE, .party = PROCESS (2).value, .request = 4 };
    target_of (self, 2, FAR_ROOT_OBJECT, 300, "");
}

static void make_call (frame_t *self)
{
    fake_t report;
    fake_init (&report, &fake_object, "Report", "");
    self->header = (far_header_t){ .type = FAR_CALL, .party = PROCESS (2).value, .request = 7, .time_left_ms = 1500 };
    target_of (self, 4, FAR_ROOT_OBJECT, 5, "add");
    arguments_of (self, "iO text:s", 2, &report, "h\xc3\xa9");
    assert_int_equal (self->out.reference_count, 1);
    add_field (self, (far_field_t){ .tag = FAR_FIELD_REFERENCE, .reference = { PROCESS (3), { 9 } } });
    far_writer_deinit (&self->out);
}

static const far_options_t *watched_options (const far_handle_t *handle)
{
    static far_options_t options;
    (void)handle;
    far_options_init (&options);
    far_options_default (&options, FAR_OPTION_MODE, FAR_MODE_OFF);
    far_options_default (&options, FAR_OPTION_TIMEOUT_MS, 500);
    far_options_default (&options, FAR_OPTION_AUTO_PROXY, 1);
    far_options_default (&options, FAR_OPTION_BY_VALUE, 31);
    return &options;
}

static void make_options (frame_t *self)
{
    far_handle_kind_t kind = fake_object;
    kind.options = watched_options;
    fake_t report;
    fake_init (&report, &kind, "Report", "");
    self->header = (far_header_t){ .type = FAR_CALL, .party = PROCESS (2).value, .request = 13 };
    target_of (self, 3, FAR_ROOT_OBJECT, 5, "watch");
    arguments_of (self, "O", &report);
    add_field (self, (far_field_t){ .tag = FAR_FIELD_REFERENCE, .reference = { PROCESS (3), { 9 } } });
    far_writer_deinit (&self->out);
}

static void make_chained (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_CALL, .party = PROCESS (2).value, .request = 12 };
    target_of (self, 3, FAR_ROOT_MODULES, 0, "counter.sum");
    arguments_of (self, "ii", 1, 2);
    add_field (self, (far_field_t){ .tag = FAR_FIELD_CHAIN, .chain = { PROCESS (3), 7 } });
}

static void make_held (frame_t *self)
{
    self->header =
        (far_header_t){ .type = FAR_CALL, .flags = FAR_FLAG_HOLDS, .party = PROCESS (2).value, .request = 13 };
    target_of (self, 3, FAR_ROOT_MODULES, 0, "counter.sum");
    arguments_of (self, "ii", 1, 2);
}

static void make_unheld (frame_t *self)
{
    self->header =
        (far_header_t){ .type = FAR_CANCEL, .flags = FAR_FLAG_HOLDS, .party = PROCESS (2).value, .request = 13 };
}

static void make_transfer (frame_t *self)
{
    far_bytes_t bytes = { "\0\xff", 2 };
    struct timespec time = { 1704164645, 6 };
    self->header = (far_header_t){ .type = FAR_TRANSFER, .party = PROCESS (2).value, .request = 8 };
    value_of (self, "[nbiufsyt{s[]}]", 1, -33, UINT64_MAX, 1.5, "s", &bytes, &time, "k");
}

static void make_del (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_DEL, .party = PROCESS (2).value };
    add_field (self, (far_field_t){ .tag = FAR_FIELD_RELEASE, .release = { { 5 }, 2 } });
    add_field (self, (far_field_t){ .tag = FAR_FIELD_RELEASE, .release = { { 6 }, 1 } });
}

static void make_cancel (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_CANCEL, .party = PROCESS (2).value, .request = 7 };
}

static void make_close (frame_t *self)
{
    self->header =
        (far_header_t){ .type = FAR_CLOSE, .flags = FAR_FLAG_NO_CLEANUP, .party = PROCESS (2).value, .request = 9 };
}

static void make_result (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_RESULT, .party = PROCESS (2).value, .request = 7 };
    value_of (self, "i", 42);
}

static void make_error (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_ERROR, .party = PROCESS (2).value, .request = 7 };
    far_error_t *error = far_error_from (FAR_E_RAISED, "OverflowError", 13, "too much", 8);
    far_error_t *whole = far_error_with_hop (error, &(far_hop_t){ "host", "counter", "add", "counter.c", 42 });
    far_error_write (&self->out, whole);
    far_error_release (&whole);
    far_error_release (&error);
}

static void make_caused (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_ERROR, .party = PROCESS (3).value, .request = 7 };
    far_error_t *key = far_error_from (FAR_E_RAISED, "KeyError", 8, "May", 3);
    far_error_t *cause = far_error_with_hop (key, &(far_hop_t){ "store", "map", "pop", "", 0 });
    far_error_t *error = far_error_from (FAR_E_RAISED, "NoReport", 8, "of May", 6);
    far_error_t *placed = far_error_with_hop (error, &(far_hop_t){ "host", "report", "make", "report.c", 7 });
    far_error_t *whole = far_error_with_cause (placed, cause);
    far_error_write (&self->out, whole);
    far_error_release (&whole);
    far_error_release (&placed);
    far_error_release (&error);
    far_error_release (&cause);
    far_error_release (&key);
}

static void make_keep (frame_t *self)
{
    self->header =
        (far_header_t){ .type = FAR_CALL, .flags = FAR_FLAG_KEEP, .party = PROCESS (2).value, .request = 11 };
    target_of (self, 3, FAR_ROOT_MODULES, 0, "files.open");
    arguments_of (self, "s", "/etc/hosts");
}

static void make_then (frame_t *self)
{
    self->header =
        (far_header_t){ .type = FAR_CALL, .flags = FAR_FLAG_KEEP, .party = PROCESS (2).value, .request = 12 };
    target_of (self, 3, FAR_ROOT_REQUEST, 11, "read");
    far_write_list (&self->out, 2);
    far_write_uint (&self->out, 80);
    far_write_answer (&self->out, 11, (far_text_t){ "name", 4 });
}

static void make_forget (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_DEL, .party = PROCESS (2).value };
    add_field (self, (far_field_t){ .tag = FAR_FIELD_FORGET, .forget = 11 });
    add_field (self, (far_field_t){ .tag = FAR_FIELD_RELEASE, .release = { { 5 }, 1 } });
}

static void make_refused (frame_t *self)
{
    self->header =
        (far_header_t){ .type = FAR_ERROR, .flags = FAR_FLAG_BY_BROKER, .party = PROCESS (99).value, .request = 7 };
    far_error_t *error = far_error_new (FAR_E_NO_SUCH_PROCESS, "no process 8f31a2b4:99");
    far_error_write (&self->out, error);
    far_error_release (&error);
}

/* A record behind what is in the frame: first its body and fields are made as if it were a frame. */
static void add_record (frame_t *self, frame_t *record)
{
    uint8_t head[FAR_RECORD_SIZE];
    record->header.body_size = (uint32_t)record->bytes.size;
    record->header.fields_size = (uint32_t)record->fields.size;
    far_record_write (&record->header, head);
    far_buffer_append (&self->bytes, head, sizeof head);
    far_buffer_append (&self->bytes, record->fields.data, record->fields.size);
    far_buffer_append (&self->bytes, record->bytes.data, record->bytes.size);
    far_buffer_deinit (&record->bytes);
    far_buffer_deinit (&record->fields);
    far_writer_deinit (&record->out);
}

static void make_urgent (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_CALL,
                                   .flags = FAR_FLAG_IDEMPOTENT,
                                   .request = 14,
                                   .time_left_ms = 2000,
                                   .party = PROCESS (FAR_FIRST_RESIDENT).value };
    add_field (self, (far_field_t){ .tag = FAR_FIELD_PRIORITY, .priority = -2 });
    add_field (self, (far_field_t){ .tag = FAR_FIELD_DELAY, .delay_ms = 500 });
    add_field (self, (far_field_t){ .tag = FAR_FIELD_KEY, .key = 7 });
    target_of (self, 3, FAR_ROOT_MODULES, 0, "thumbs.make");
    arguments_of (self, "i", 3);
}

static void make_credit (frame_t *self)
{
    self->header = (far_header_t){ .type = FAR_CREDIT, .party = PROCESS (2).value };
    add_field (self, (far_field_t){ .tag = FAR_FIELD_CREDIT, .credit = { 1500, 9000000 } });
}

static void make_batch (frame_t *self)
{
    self->header = (far_header_t){ .flags = FAR_FLAG_BATCH, .party = PROCESS (2).value };
    frame_t call = { .header = { .type = FAR_CALL, .request = 10 } };
    far_writer_init (&call.out, &call.bytes);
    target_of (&call, 3, FAR_ROOT_MODULES, 0, "counter.sum");
    arguments_of (&call, "ii", 1, 2);
    add_record (self, &call);
    frame_t off = { .header = { .type = FAR_CALL } };
    far_writer_init (&off.out, &off.bytes);
    target_of (&off, 2, FAR_ROOT_MODULES, 0, "counter.sum");
    add_record (self, &off);
    frame_t release = { .header = { .type = FAR_DEL } };
    add_field (&release, (far_field_t){ .tag = FAR_FIELD_RELEASE, .release = { { 5 }, 1 } });
    add_record (self, &release);
}

static const struct {
    const char *name;
    void (*make) (frame_t *self);
} vectors[] = {
    { "hello", make_hello },     { "welcome", make_welcome }, { "reset", make_reset },
    { "bye", make_bye },         { "grant", make_grant },     { "down", make_down },
    { "import", make_import },   { "getattr", make_getattr }, { "getvalue", make_getvalue },
    { "call", make_call },       { "chained", make_chained }, { "options", make_options },
    { "held", make_held },       { "unheld", make_unheld },   { "transfer", make_transfer },
    { "del", make_del },         { "cancel", make_cancel },   { "close", make_close },
    { "result", make_result },   { "error", make_error },     { "caused", make_caused },
    { "refused", make_refused }, { "keep", make_keep },       { "then", make_then },
    { "forget", make_forget },   { "batch", make_batch },     { "urgent", make_urgent },
    { "credit", make_credit },
};
#define VECTORS (sizeof vectors / sizeof *vectors)

static char *read_vector (const char *name)
{
    char path[64];
    snprintf (path, sizeof path, "tests/vectors/%s.hex", name);
    return read_text (path);
}

static void writers_give_these_bytes (void **state)
{
    (void)state;
    for (size_t i = 0; i < VECTORS; i++) {
        frame_t frame = { 0 };
        far_message_begin (&frame.bytes);
        far_writer_init (&frame.out, &frame.bytes);
        vectors[i].make (&frame);
        assert_int_equal (far_writer_status (&frame.out), FAR_OK);
        far_message_finish (&frame.bytes, &frame.header, frame.fields.data, frame.fields.size);
        char *text = read_vector (vectors[i].name);
        print_message ("%s\n", vectors[i].name);
        assert_int_equal (text[0], '#');
        assert_bytes (&frame.bytes, strchr (text, '\n'));
        free (text);
        far_writer_deinit (&frame.out);
        far_buffer_deinit (&frame.fields);
        far_buffer_deinit (&frame.bytes);
    }
}

/* And the other way: each is a whole message, and its body can be read. */
static void readers_take_these_bytes (void **state)
{
    (void)state;
    for (size_t i = 0; i < VECTORS; i++) {
        char *text = read_vector (vectors[i].name);
        size_t size;
        uint8_t *bytes = from_hex (strchr (text, '\n'), &size);
        far_message_t whole, message;
        far_messages_t messages;
        assert_true (far_message_read (bytes, size, &whole));
        far_messages_start (&messages, &whole);
        while (far_messages_next (&messages, &message)) {
            far_request_body_t body;
            const char *why;
            if (far_message_role (message.header.type) == FAR_ROLE_REQUEST)
                assert_int_equal (
                    far_request_body_read (message.header.type, message.body, message.header.body_size, &body), FAR_OK);
            else
                assert_int_equal (far_scan (message.body, message.header.body_size, &why),
                                  message.header.body_size != 0);
        }
        free (bytes);
        free (text);
    }
}

/* "**name**: what", an empty line, and the hex indented. */
static void page_shows_these_bytes (void **state)
{
    (void)state;
    char *section = read_section ("## 11. Test vectors");
    size_t shown = 0;
    for (const char *at = section; (at = strstr (at, "\n**")); at++)
        shown++;
    assert_int_equal (shown, VECTORS);
    for (size_t i = 0; i < VECTORS; i++) {
        char *text = read_vector (vectors[i].name), *hex = strchr (text, '\n');
        far_buffer_t block = { 0 };
        far_buffer_append (&block, "\n**", 3);
        far_buffer_append (&block, vectors[i].name, strlen (vectors[i].name));
        far_buffer_append (&block, "**:", 3);
        far_buffer_append (&block, text + 1, (size_t)(hex - text) - 1);
        far_buffer_append (&block, "\n", 1);
        for (const char *line = hex; line[1]; line = strchr (line + 1, '\n')) {
            far_buffer_append (&block, "\n    ", 5);
            far_buffer_append (&block, line + 1, strcspn (line + 1, "\n"));
        }
        far_buffer_append (&block, "\n", 2);
        if (!strstr (section, (const char *)block.data))
            fail_msg ("docs/protocol.md does not show what tests/vectors/%s.hex has:%s", vectors[i].name, block.data);
        far_buffer_deinit (&block);
        free (text);
    }
    free (section);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (writers_give_these_bytes),
        cmocka_unit_test (readers_take_these_bytes),
        cmocka_unit_test (page_shows_these_bytes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
