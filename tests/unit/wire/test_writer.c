#include "fixture.h"

#include "base/limits.h"

typedef struct writing {
    far_buffer_t bytes;
    far_writer_t out;
} writing_t;

static void begin (writing_t *self)
{
    self->bytes = (far_buffer_t){ 0 };
    far_writer_init (&self->out, &self->bytes);
}

static void end (writing_t *self)
{
    far_writer_deinit (&self->out);
    far_buffer_deinit (&self->bytes);
}

static void values_are_as_short_as_can_be (void **state)
{
    (void)state;
    writing_t w;
    begin (&w);
    far_write_list (&w.out, 10);
    far_write_nil (&w.out);
    far_write_bool (&w.out, true);
    far_write_int (&w.out, -33);
    far_write_uint (&w.out, UINT64_MAX);
    far_write_float (&w.out, 1.5);
    far_write_string (&w.out, "h\xc3\xa9", 3);
    far_write_binary (&w.out, NULL, 0);
    far_write_time (&w.out, (struct timespec){ 1, 0 });
    far_write_map (&w.out, 0);
    far_write_encoded (&w.out, "\x2a", 1);
    assert_int_equal (far_writer_status (&w.out), FAR_OK);
    assert_bytes (&w.bytes, "9a c0 c3 d0 df cf ff ff ff ff ff ff ff ff cb 3f f8 00 00 00 00 00 00 a3 68 c3 a9 c4 00 "
                            "d6 ff 00 00 00 01 80 2a");
    end (&w);
}

/* The content is [index, class, path] without what is empty at its end; the same handle is the same index. */
static void references_are_numbered (void **state)
{
    (void)state;
    fake_t plain, classy, deep;
    fake_init (&plain, &fake_object, "", "");
    fake_init (&classy, &fake_object, "C", NULL);
    fake_init (&deep, &fake_proxy, "", "a.b");
    writing_t w;
    begin (&w);
    far_write_list (&w.out, 4);
    far_write_reference (&w.out, &plain.handle);
    far_write_reference (&w.out, &classy.handle);
    far_write_reference (&w.out, &deep.handle);
    far_write_reference (&w.out, &plain.handle);
    assert_int_equal (far_writer_status (&w.out), FAR_OK);
    assert_bytes (&w.bytes, "94 d5 01 91 00 d6 01 92 01 a1 43 c7 07 01 93 02 a0 a3 61 2e 62 d5 01 91 00");
    assert_int_equal (w.out.reference_count, 3);
    assert_ptr_equal (w.out.references[2], &deep.handle);
    assert_int_equal (owners_of (&plain), 2);
    const char *why;
    assert_true (far_scan (w.bytes.data, w.bytes.size, &why));
    end (&w);
    assert_int_equal (owners_of (&plain), 1);
    assert_int_equal (owners_of (&classy), 1);
}

static void references_have_a_limit (void **state)
{
    (void)state;
    fake_t *fakes = calloc (FAR_LIMIT_FIELDS + 1, sizeof *fakes);
    writing_t w;
    begin (&w);
    for (size_t i = 0; i < FAR_LIMIT_FIELDS; i++) {
        fake_init (&fakes[i], &fake_object, "", "");
        far_write_reference (&w.out, &fakes[i].handle);
    }
    assert_int_equal (far_writer_status (&w.out), FAR_OK);
    fake_init (&fakes[FAR_LIMIT_FIELDS], &fake_object, "", "");
    far_write_reference (&w.out, &fakes[FAR_LIMIT_FIELDS].handle);
    assert_failed (far_writer_status (&w.out), FAR_E_LIMIT, "more than 1024 references in a message");
    end (&w);
    for (size_t i = 0; i <= FAR_LIMIT_FIELDS; i++)
        assert_int_equal (owners_of (&fakes[i]), 1);
    free (fakes);
}

static void first_error_stays (void **state)
{
    (void)state;
    writing_t w;
    begin (&w);
    far_write_string (&w.out, "\xff", 1);
    far_write_time (&w.out, (struct timespec){ 0, 1000000000 });
    far_write_nil (&w.out);
    assert_int_equal (far_writer_status (&w.out), FAR_E_NOT_SERIALIZABLE);
    end (&w);
    begin (&w);
    far_write_time (&w.out, (struct timespec){ 0, -1 });
    assert_failed (far_writer_status (&w.out), FAR_E_NOT_SERIALIZABLE,
                   "a timestamp with -1 nanoseconds: below 1000000000 was expected");
    end (&w);
}

static void failure_of_the_buffer_is_no_memory (void **state)
{
    (void)state;
    writing_t w;
    begin (&w);
    w.bytes.failed = true;
    assert_int_equal (far_writer_status (&w.out), FAR_E_NO_MEMORY);
    end (&w);
    begin (&w);
    w.bytes.failed = true;
    far_write_int (&w.out, 5);
    assert_int_equal (w.out.failed, FAR_E_NO_MEMORY);
    end (&w);
}

/* What no receiver would take is refused here, where the cause can be seen. */
static void limits_of_a_message (void **state)
{
    (void)state;
    writing_t w;
    begin (&w);
    w.out.depth = FAR_LIMIT_DEPTH - 1;
    far_write_list (&w.out, 1);
    assert_int_equal (far_writer_status (&w.out), FAR_OK);
    w.out.depth = FAR_LIMIT_DEPTH;
    far_write_map (&w.out, 1);
    assert_failed (far_writer_status (&w.out), FAR_E_LIMIT, "a value is nested more than 32 deep in its message");
    end (&w);

    begin (&w);
    far_write_list (&w.out, FAR_LIMIT_VALUES - 1);
    for (int i = 0; i < FAR_LIMIT_VALUES - 1; i++)
        far_write_nil (&w.out);
    assert_int_equal (far_writer_status (&w.out), FAR_OK);
    far_write_nil (&w.out);
    assert_failed (far_writer_status (&w.out), FAR_E_LIMIT, "1000001 values in a message: 1000000 is the most");
    end (&w);

    begin (&w);
    far_write_binary (&w.out, "", FAR_LIMIT_MESSAGE_BYTES + 1);
    assert_int_equal (far_writer_status (&w.out), FAR_E_LIMIT);
    assert_int_equal (w.bytes.size, 0);
    end (&w);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (values_are_as_short_as_can_be),
        cmocka_unit_test (references_are_numbered),
        cmocka_unit_test (references_have_a_limit),
        cmocka_unit_test (first_error_stays),
        cmocka_unit_test (failure_of_the_buffer_is_no_memory),
        cmocka_unit_test (limits_of_a_message),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
