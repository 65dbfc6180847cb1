/* far_call_args: every letter of a signature into its variable, references resolved, and nothing changed on failure. */
#include "support.h"
#include <inttypes.h>
#include <stdio.h>

static char seen[4096]; /* what the last method was given, as text */

static const char *or_null (const char *text)
{
    return text ? text : "NULL";
}

static far_status_t take_scalars (far_call_t *call, void *self)
{
    (void)self;
    bool b = false;
    int i = 0;
    int64_t l = 0;
    uint64_t u = 0;
    double f = 0;
    struct timespec t = { 0 };
    if (far_call_args (call, &b, &i, &l, &u, &f, &t))
        return far_call_status (call);
    snprintf (seen, sizeof seen, "%d %d %" PRId64 " %" PRIu64 " %g %ld.%09ld", b, i, l, u, f, (long)t.tv_sec,
              t.tv_nsec);
    return FAR_OK;
}

static far_status_t take_texts (far_call_t *call, void *self)
{
    (void)self;
    const char *first, *second;
    far_bytes_t bytes = { "x", 1 };
    if (far_call_args (call, &first, &second, &bytes))
        return far_call_status (call);
    snprintf (seen, sizeof seen, "%s %s %zu%s", or_null (first), or_null (second), bytes.size,
              bytes.data ? "" : " NULL");
    return FAR_OK;
}

static far_status_t take_values (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *any, *list, *map;
    if (far_call_args (call, &any, &list, &map))
        return far_call_status (call);
    snprintf (seen, sizeof seen, "%s %zu %s", any ? far_type_name (far_value_type (any)) : "NULL",
              list ? far_value_count (list) : 0, map ? "map" : "NULL");
    return FAR_OK;
}

static far_proxy_t *proxy;
static far_object_t *object;
static const far_value_t *kept;

static far_status_t take_references (far_call_t *call, void *self)
{
    (void)self;
    const char *text = "unchanged";
    proxy = NULL;
    object = NULL;
    if (far_call_args (call, &text, &proxy, &object)) {
        snprintf (seen, sizeof seen, "%s %d %d", text, proxy != NULL, object != NULL);
        return far_call_status (call);
    }
    snprintf (seen, sizeof seen, "%s", text);
    return FAR_OK;
}

static far_status_t take_any (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *any, *again;
    if (far_call_args (call, &any) || far_call_args (call, &again))
        return far_call_status (call);
    assert_ptr_equal (any, again);
    kept = far_value_retain (any);
    return FAR_OK;
}

static far_status_t take_ten (far_call_t *call, void *self)
{
    (void)self;
    int i[9];
    const char *text;
    if (far_call_args (call, &i[0], &i[1], &i[2], &i[3], &i[4], &i[5], &i[6], &i[7], &i[8], &text))
        return far_call_status (call);
    snprintf (seen, sizeof seen, "%d %d %s", i[0], i[8], text);
    return FAR_OK;
}

static far_status_t take_nothing (far_call_t *call, void *self)
{
    (void)self;
    return far_call_args (call);
}

FAR_MODULE (taker)
{
    far_module_function (module, "scalars", take_scalars, "b:b, i:i, l:l, u:u, f:f, t:t", "");
    far_module_function (module, "texts", take_texts, "first:s, second:s=nil, bytes:y=nil", "");
    far_module_function (module, "values", take_values, "any:v=nil, list:[v]=nil, map:{sv}=nil", "");
    far_module_function (module, "references", take_references, "text:s, proxy:P=nil, object:O=nil", "");
    far_module_function (module, "any", take_any, "any:v", "");
    far_module_function (module, "ten", take_ten, "a:i, b:i, c:i, d:i, e:i, f:i, g:i, h:i, i:i=9, j:s='ten'", "");
    far_module_function (module, "nothing", take_nothing, NULL, "");
    far_module_constant (module, "limit", "i", 3);
    far_object_t *callback = far_function (NULL, take_nothing, NULL, NULL);
    far_module_object (module, "callback", &callback);
}

static int setup (void **state)
{
    seen[0] = '\0';
    return exchange_set_up (state, "taker", far_module_taker);
}

#define assert_seen(self, text) \
    do { \
        if ((self)->error) \
            print_error ("%s\n", far_error_message ((self)->error)); \
        assert_int_equal ((self)->type, FAR_RESULT); \
        assert_string_equal (seen, (text)); \
    } while (0)

static void scalars (void **state)
{
    exchange_t *self = *state;
    struct timespec t = { 5, 7 };
    call (self, NULL, "taker.scalars", "biluft", 1, -2, INT64_MIN, UINT64_MAX, 0.5, &t);
    assert_seen (self, "1 -2 -9223372036854775808 18446744073709551615 0.5 5.000000007");
    call (self, NULL, "taker.scalars", "biiiit", 0, 2, 3, 4, -5, &t);
    assert_seen (self, "0 2 3 4 -5 5.000000007");
    call (self, NULL, "taker.scalars", "biiiut", 0, 2, 3, 4, UINT64_MAX, &t);
    assert_seen (self, "0 2 3 4 1.84467e+19 5.000000007");
    call (self, NULL, "taker.nothing", "");
    assert_int_equal (self->type, FAR_RESULT);
}

static void texts (void **state)
{
    exchange_t *self = *state;
    far_bytes_t bytes = { "\0\1\2", 3 };
    call (self, NULL, "taker.texts", "ssy", "one", "two", &bytes);
    assert_seen (self, "one two 3");
    call (self, NULL, "taker.texts", "s", "");
    assert_seen (self, " NULL 0 NULL");
    char big[FAR_CALL_TEXT + 100], expected[1024];
    memset (big, 'x', sizeof big);
    for (size_t size = FAR_CALL_TEXT - 6; size < FAR_CALL_TEXT + 3; size++) {
        big[size] = '\0';
        call (self, NULL, "taker.texts", "ss", "two", big);
        snprintf (expected, sizeof expected, "two %s 0 NULL", big);
        assert_seen (self, expected);
        big[size] = 'x';
    }
    call (self, NULL, "taker.ten", "iiiiiiii", 1, 2, 3, 4, 5, 6, 7, 8);
    assert_seen (self, "1 9 ten");
    call (self, NULL, "taker.ten", "i", 1);
    assert_answer_error (self, FAR_E_BAD_ARGUMENTS, "parameter 'b' is missing");
}

static void values (void **state)
{
    exchange_t *self = *state;
    call (self, NULL, "taker.values", "f[is]{si}", 1.0, 1, "two", "k", 1);
    assert_seen (self, "float 2 map");
    call (self, NULL, "taker.values", "");
    assert_seen (self, "NULL 0 NULL");
    call (self, NULL, "taker.any", "[is]", 1, "kept");
    assert_int_equal (self->type, FAR_RESULT);
    assert_string_equal (far_value_bytes (far_value_item (kept, 1)).data, "kept");
    far_value_t *mine = (far_value_t *)kept;
    far_value_destroy (&mine);
}

/* A CALL of taker.METHOD whose arguments are 'text' and the references that count, index and path name. */
static void call_with (exchange_t *self, const char *path, size_t count, const uint64_t *indexes,
                       const char *const *paths)
{
    exchange_reset (self);
    far_write_list (&self->body, 3);
    far_write_nil (&self->body);
    write_text (&self->body, path);
    far_write_list (&self->body, count + 1);
    write_text (&self->body, "text");
    for (size_t i = 0; i < count; i++) {
        far_buffer_t content = { 0 };
        far_writer_t writer;
        far_writer_init (&writer, &content);
        far_write_list (&writer, 3);
        far_write_uint (&writer, indexes[i]);
        write_text (&writer, "Thing");
        write_text (&writer, paths ? paths[i] : "");
        uint8_t head[3] = { 0xc7, (uint8_t)content.size, 1 };
        far_buffer_append (&self->request, head, sizeof head);
        far_buffer_append (&self->request, content.data, content.size);
        far_writer_deinit (&writer);
        far_buffer_deinit (&content);
    }
    exchange_run (self, FAR_CALL, NULL);
}

static fake_proxy_t child; /* what take_proxy gives */
static char child_path[64];

static far_handle_t *take_proxy (far_handle_t *parent, const far_reference_t *reference)
{
    assert_non_null (parent);
    snprintf (child_path, sizeof child_path, "%.*s", (int)reference->path.size, reference->path.data);
    return far_handle_retain (&child.handle);
}

static void references (void **state)
{
    exchange_t *self = *state;
    fake_proxy_t elsewhere;
    fake_proxy_init (&elsewhere);
    fake_proxy_init (&child);
    far_object_t *mine = far_function (NULL, take_nothing, NULL, NULL);
    far_handle_t *both[] = { &elsewhere.handle, &mine->handle, NULL };
    self->references = both;
    self->reference_count = 3;

    call_with (self, "taker.references", 2, (uint64_t[]){ 0, 1 }, NULL);
    assert_seen (self, "text");
    assert_ptr_equal (proxy, &elsewhere);
    assert_ptr_equal (object, mine);
    call_with (self, "taker.references", 2, (uint64_t[]){ 1, 0 }, NULL);
    assert_answer_error (self, FAR_E_BAD_ARGUMENTS, "parameter 'proxy' takes an object of another process");
    assert_string_equal (seen, "unchanged 0 0");
    call_with (self, "taker.references", 2, (uint64_t[]){ 0, 0 }, NULL);
    assert_answer_error (self, FAR_E_BAD_ARGUMENTS, "parameter 'object' takes an object of this process");
    assert_string_equal (seen, "unchanged 0 0");
    call_with (self, "taker.references", 1, (uint64_t[]){ 2 }, NULL);
    assert_answer_error (self, FAR_E_STALE, "(Thing)");
    call_with (self, "taker.references", 1, (uint64_t[]){ 3 }, NULL);
    assert_answer_error (self, FAR_E_PROTOCOL_ERROR, "reference 3, and there are 3");
    call_with (self, "taker.references", 1, (uint64_t[]){ 0 }, (const char *[]){ "a.b" });
    assert_answer_error (self, FAR_E_PROTOCOL_ERROR, "can't be followed");
    self->take_proxy = take_proxy;
    call_with (self, "taker.references", 1, (uint64_t[]){ 0 }, (const char *[]){ "a.b" });
    assert_seen (self, "text");
    assert_ptr_equal (proxy, &child);
    assert_string_equal (child_path, "a.b");

    far_object_destroy (&mine);
    assert_int_equal (atomic_load (&elsewhere.handle.owners), 1); /* nothing is kept */
    assert_int_equal (atomic_load (&child.handle.owners), 1);
}

static void references_that_come_home_with_a_path (void **state)
{
    exchange_t *self = *state;
    far_handle_t *root[] = { &far_registry_root (self->registry)->handle };
    self->references = root;
    self->reference_count = 1;
    static const struct row {
        const char *path;
        far_status_t kind;
        const char *says;
    } rows[] = {
        { "taker.callback", FAR_OK, "" },
        { "taker", FAR_OK, "" },
        { "taker.limit", FAR_E_BAD_ARGUMENTS, "'taker.limit' is a plain value" },
        { "taker.none", FAR_E_NO_SUCH_ATTRIBUTE, "module taker has no attribute 'none'" },
        { "none.taker", FAR_E_NO_SUCH_MODULE, "there is no module 'none'" },
        { "taker..callback", FAR_E_NO_SUCH_ATTRIBUTE, "an empty name" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        exchange_reset (self);
        uint8_t head[] = { 0x93, 0xc0, 0xb0 };
        far_buffer_append (&self->request, head, sizeof head);
        far_buffer_append (&self->request, "taker.references", 16);
        size_t size = strlen (rows[i].path);
        uint8_t list[] = { 0x93, 0xa1, 'x', 0xc0, 0xc7, (uint8_t)(size + 4), 1, 0x93, 0, 0xa0, (uint8_t)(0xa0 | size) };
        far_buffer_append (&self->request, list, sizeof list);
        far_buffer_append (&self->request, rows[i].path, size);
        exchange_run (self, FAR_CALL, NULL);
        if (rows[i].kind)
            assert_answer_error (self, rows[i].kind, rows[i].says);
        else
            assert_int_equal (self->type, FAR_RESULT);
        assert_int_equal (object != NULL, !rows[i].kind);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (scalars, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (texts, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (values, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (references, setup, exchange_tear_down),
        cmocka_unit_test_setup_teardown (references_that_come_home_with_a_path, setup, exchange_tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
