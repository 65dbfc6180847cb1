#include "fixture.h"

#include "base/limits.h"
#include "wire/bodies.h"

static far_error_t *round_trip (const far_error_t *error)
{
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    far_writer_init (&out, &bytes);
    far_error_write (&out, error);
    assert_int_equal (far_writer_status (&out), FAR_OK);
    far_error_t *read = far_error_read (bytes.data, bytes.size);
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
    return read;
}

static void all_of_it_comes_back (void **state)
{
    (void)state;
    far_error_t *error = far_error_from (FAR_E_RAISED, "OverflowError", 13, "too much", 8);
    const far_hop_t hops[] = { { "host", "counter", "add", "counter.c", 42 }, { "relay", "", "forward", "", -1 } };
    far_error_t *sent = far_error_with_hops (error, hops, 2), *read = round_trip (sent);
    char *expected = far_error_text (sent), *text = far_error_text (read);
    assert_string_equal (text, expected);
    assert_int_equal (far_error_kind (read), FAR_E_RAISED);
    assert_int_equal (far_error_hop_count (read), 2);
    assert_string_equal (far_error_hop (read, 0)->file, "counter.c");
    assert_int_equal (far_error_hop (read, 1)->line, -1);
    far_string_free (&text);
    far_string_free (&expected);
    far_error_release (&error);
    far_error_release (&sent);
    far_error_release (&read);
}

/* The first of count errors, each caused by the next; their messages are numbers from 0 up. */
static far_error_t *chain_of (int count)
{
    far_error_t *whole = NULL;
    while (count--) {
        far_error_t *error = far_error_new (FAR_E_STALE, "%d", count), *hopped = error;
        if (count % 2) {
            hopped = far_error_with_hop (error, &(far_hop_t){ "host", "counter", "add", "counter.c", count });
            far_error_release (&error);
        }
        far_error_t *caused = far_error_with_cause (hopped, whole);
        far_error_release (&hopped);
        far_error_release (&whole);
        whole = caused;
    }
    return whole;
}

static void causes_come_back (void **state)
{
    (void)state;
    for (int count = 1; count <= FAR_LIMIT_CAUSES + 1; count++) {
        far_error_t *sent = chain_of (count), *read = round_trip (sent);
        char *expected = far_error_text (sent), *text = far_error_text (read);
        assert_string_equal (text, expected);
        far_string_free (&text);
        far_string_free (&expected);
        far_error_release (&sent);
        far_error_release (&read);
    }
}

static void inner_causes_are_left_out (void **state)
{
    (void)state;
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    far_writer_init (&out, &bytes);
    for (int i = 0; i <= FAR_LIMIT_CAUSES + 3; i++) {
        far_write_list (&out, 5);
        far_write_int (&out, FAR_E_RAISED);
        far_write_string (&out, "C", 1);
        far_write_string (&out, i > FAR_LIMIT_CAUSES ? "left out" : "kept", i > FAR_LIMIT_CAUSES ? 8 : 4);
        far_write_list (&out, 0);
    }
    far_write_nil (&out);
    far_error_t *error = far_error_read (bytes.data, bytes.size);
    int causes = 0;
    for (const far_error_t *at = error; far_error_cause (at); at = far_error_cause (at), causes++)
        assert_string_equal (far_error_message (far_error_cause (at)), "kept");
    assert_int_equal (causes, FAR_LIMIT_CAUSES);
    far_error_release (&error);
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
}

static void every_kind_comes_back (void **state)
{
    (void)state;
    for (int kind = FAR_E_RAISED; kind <= FAR_E_SYSTEM; kind++) {
        far_error_t *sent = far_error_new ((far_status_t)kind, "kind %d", kind), *read = round_trip (sent);
        assert_int_equal (far_error_kind (read), kind);
        assert_string_equal (far_error_class (read), far_status_name ((far_status_t)kind));
        assert_string_equal (far_error_message (read), far_error_message (sent));
        far_error_release (&sent);
        far_error_release (&read);
    }
}

/* An error must get through, whatever its text was made of. */
static void text_that_is_not_utf8_is_escaped (void **state)
{
    (void)state;
    far_error_t *sent = far_error_new (FAR_E_SYSTEM, "file \xff"), *read = round_trip (sent);
    assert_int_equal (far_error_kind (read), FAR_E_SYSTEM);
    assert_string_equal (far_error_message (read), "file \\xff");
    far_error_release (&sent);
    far_error_release (&read);
}

static void assert_reads (const char *hex, far_status_t kind, const char *message)
{
    size_t size;
    uint8_t *bytes = from_hex (hex, &size);
    far_error_t *error = far_error_read (bytes, size);
    assert_int_equal (far_error_kind (error), kind);
    assert_string_equal (far_error_message (error), message);
    assert_int_equal (far_error_hop_count (error), 0);
    far_error_release (&error);
    free (bytes);
}

static void malformed_ones_say_so (void **state)
{
    (void)state;
    const char *shape = "the body of an ERROR is not [kind, class, message, hops, cause]";
    const char *hops = "the hops of an ERROR are not [process, object, method, file, line]";
    assert_reads ("93 02 a1 43 a1 6d", FAR_E_TIMEOUT, "m");
    assert_reads ("94 02 a1 43 a1 6d 90", FAR_E_TIMEOUT, "m");
    assert_reads ("", FAR_E_PROTOCOL_ERROR, "the body of an ERROR can't be read: it ends too early");
    assert_reads ("c0", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("92 02 a1 43", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("95 02 a1 43 a1 6d 90 c0", FAR_E_TIMEOUT, "m");
    assert_reads ("95 02 a0 a0 90 90", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("95 02 a0 a0 90 a0", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("95 02 a0 a0 90 94 02 a0 a0 91 c0", FAR_E_PROTOCOL_ERROR, hops);
    assert_reads ("96 02 a0 a0 90 c0 c0", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("93 a0 a0 a0", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("93 02 05 a0", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("93 02 a0 c0", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("93 cf 00 00 00 01 00 00 00 02 a0 a0", FAR_E_PROTOCOL_ERROR, shape);
    assert_reads ("94 02 a0 a0 c0", FAR_E_PROTOCOL_ERROR, hops);
    assert_reads ("94 02 a0 a0 91 94 a0 a0 a0 a0", FAR_E_PROTOCOL_ERROR, hops);
    assert_reads ("94 02 a0 a0 91 95 a0 a0 a0 00 a0", FAR_E_PROTOCOL_ERROR, hops);
    assert_reads ("94 02 a0 a0 91 95 a0 a0 a0 a0 a0", FAR_E_PROTOCOL_ERROR, hops);
    assert_reads ("93 00 a1 43 a1 6d", FAR_E_PROTOCOL_ERROR, "an ERROR of the unknown kind 0: C: m");
    assert_reads ("93 16 a1 43 a1 6d", FAR_E_PROTOCOL_ERROR, "an ERROR of the unknown kind 22: C: m");
}

static void outer_hops_are_left_out (void **state)
{
    (void)state;
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    far_writer_init (&out, &bytes);
    far_write_list (&out, 4);
    far_write_int (&out, FAR_E_RAISED);
    far_write_string (&out, "C", 1);
    far_write_string (&out, "m", 1);
    far_write_list (&out, FAR_LIMIT_HOPS + 5);
    for (int i = 0; i < FAR_LIMIT_HOPS + 5; i++) {
        far_write_list (&out, 5);
        for (int text = 0; text < 4; text++)
            far_write_string (&out, "t", 1);
        far_write_int (&out, i);
    }
    far_error_t *error = far_error_read (bytes.data, bytes.size);
    assert_int_equal (far_error_hop_count (error), FAR_LIMIT_HOPS);
    assert_int_equal (far_error_hop (error, 0)->line, 0);
    assert_int_equal (far_error_hop (error, FAR_LIMIT_HOPS - 1)->line, FAR_LIMIT_HOPS - 1);
    far_error_release (&error);
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (all_of_it_comes_back),
        cmocka_unit_test (every_kind_comes_back),
        cmocka_unit_test (text_that_is_not_utf8_is_escaped),
        cmocka_unit_test (malformed_ones_say_so),
        cmocka_unit_test (outer_hops_are_left_out),
        cmocka_unit_test (causes_come_back),
        cmocka_unit_test (inner_causes_are_left_out),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
