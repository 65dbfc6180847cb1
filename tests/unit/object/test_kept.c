/* Answers that stay: whose they are, how long they live, and what a message that refers to them holds on to. */
#include "base/limits.h"
#include "object/pins.h"
#include "thing.h"

static const far_process_id_t ann = { 0x100000002 }, bob = { 0x100000003 };

/* Lets go of what the table gave; was it anything? */
static bool let_go (far_handle_t *handle)
{
    bool any = handle;
    far_handle_release (handle);
    return any;
}

/* A place whose answer is a thing that nobody else owns; only the table owns the place. */
static far_kept_t *keep (far_keeps_t *keeps, far_process_id_t caller, uint64_t request, thing_t *thing)
{
    far_kept_t *kept = far_keeps_add (keeps, caller, request);
    assert_non_null (kept);
    assert_false (kept->settled);
    *thing = (thing_t){ .released = false };
    far_object_init (&thing->base, &thing_ops);
    far_buffer_t bytes = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &bytes);
    far_write_reference (&writer, &thing->base.handle);
    far_outcome_t outcome;
    far_outcome_read (&outcome, &writer, 0);
    assert_null (outcome.error);
    assert_ptr_equal (outcome.object, &thing->base);
    far_writer_deinit (&writer);
    far_buffer_deinit (&bytes);
    far_object_t *own = &thing->base;
    far_object_destroy (&own);
    far_kept_settle (kept, &outcome);
    assert_true (kept->settled);
    assert_null (outcome.value);
    far_handle_release (&kept->handle);
    return kept;
}

static void each_caller_has_its_own (void **state)
{
    (void)state;
    far_keeps_t keeps = { 0 };
    thing_t of_ann, of_bob;
    assert_false (far_keeps_any (&keeps, ann));
    far_kept_t *kept = keep (&keeps, ann, 7, &of_ann);
    assert_ptr_equal (far_keeps_find (&keeps, ann, 7), kept);
    assert_null (far_keeps_find (&keeps, ann, 8));
    assert_null (far_keeps_find (&keeps, bob, 7));
    assert_true (far_keeps_any (&keeps, ann));
    assert_false (far_keeps_any (&keeps, bob));
    assert_null (far_keeps_add (&keeps, ann, 7)); /* an ID is never used twice */
    keep (&keeps, bob, 7, &of_bob);
    assert_false (let_go (far_keeps_forget (&keeps, bob, 8)));
    assert_true (let_go (far_keeps_forget (&keeps, bob, 7)));
    assert_false (let_go (far_keeps_forget (&keeps, bob, 7)));
    assert_true (of_bob.released);
    assert_false (of_ann.released);
    assert_false (let_go (far_keeps_drop_caller (&keeps, bob)));
    assert_true (let_go (far_keeps_drop_caller (&keeps, ann)));
    assert_true (of_ann.released);
    assert_false (let_go (far_keeps_drop_caller (&keeps, ann)));
    assert_int_equal (keeps.callers.count, 0);
}

static void the_end_of_a_session_drops_all (void **state)
{
    (void)state;
    far_keeps_t keeps = { 0 };
    thing_t things[6];
    for (size_t i = 0; i < 6; i++)
        keep (&keeps, i % 2 ? ann : bob, i + 1, &things[i]);
    size_t dropped = 0;
    while (let_go (far_keeps_clear (&keeps)))
        dropped++;
    assert_int_equal (dropped, 6);
    for (size_t i = 0; i < 6; i++)
        assert_true (things[i].released);
    assert_int_equal (keeps.callers.count, 0);
}

static void plain_answers_are_hosted_as_a_copy (void **state)
{
    (void)state;
    far_buffer_t bytes = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &bytes);
    far_write_int (&writer, 1); /* what stands before the answer */
    size_t start = bytes.size;
    far_write_list (&writer, 1);
    far_write_int (&writer, 2);
    far_outcome_t outcome;
    far_outcome_read (&outcome, &writer, start);
    assert_int_equal (far_value_count (outcome.value), 1);
    assert_string_equal (far_object_class_name (outcome.object), "list");
    assert_null (outcome.error);
    far_outcome_deinit (&outcome);
    far_writer_deinit (&writer);
    far_buffer_deinit (&bytes);
}

/* A CALL of ann whose body has these answers, each in a list more, and a root. */
static far_message_t message_of (far_buffer_t *frame, far_process_id_t from, const uint64_t *requests, size_t count)
{
    far_message_t message;
    far_writer_t writer;
    far_message_begin (frame);
    far_writer_init (&writer, frame);
    far_write_list (&writer, 3);
    far_write_answer (&writer, requests[0], (far_text_t){ "", 0 });
    far_write_string (&writer, "m", 1);
    for (size_t i = 0; i < count; i++) {
        far_write_list (&writer, i + 1 < count ? 2 : 1);
        far_write_answer (&writer, requests[i], (far_text_t){ "a.b", 3 });
    }
    far_header_t header = { .type = FAR_CALL, .party = from.value, .request = 9 };
    far_message_finish (frame, &header, NULL, 0);
    assert_true (far_message_read (frame->data, frame->size, &message));
    return message;
}

static void a_message_pins_what_it_speaks_of (void **state)
{
    (void)state;
    far_keeps_t keeps = { 0 };
    thing_t things[4];
    for (size_t i = 0; i < 4; i++)
        keep (&keeps, ann, i + 1, &things[i]);
    far_kept_t *open = far_keeps_add (&keeps, ann, 5);
    far_buffer_t frame = { 0 };
    const uint64_t requests[] = { 3, 1, 4, 99, 5, 3 };
    far_message_t message = message_of (&frame, ann, requests, 6);
    far_pins_t pins = { 0 };
    far_pins_take (&pins, &keeps, &message);
    assert_int_equal (pins.count, 4);
    assert_ptr_equal (far_pins_find (&pins, 5), open);
    assert_false (far_pins_settled (&pins));
    assert_null (far_pins_find (&pins, 2)); /* it is kept, but not spoken of */
    assert_last_error (FAR_E_STALE, "request 2 is not kept");
    assert_null (far_pins_find (&pins, 99));
    /* A FORGET behind it, or the end of the caller, changes nothing for it. */
    while (let_go (far_keeps_drop_caller (&keeps, ann)))
        ;
    assert_true (things[1].released);
    assert_false (things[0].released || things[2].released || things[3].released);
    far_outcome_t outcome = { .error = far_error_new (FAR_E_CANCELLED, "given up") };
    assert_null (far_pins_error (&pins));
    far_kept_settle (open, &outcome);
    far_handle_release (&open->handle);
    assert_true (far_pins_settled (&pins));
    assert_int_equal (far_error_kind (far_pins_error (&pins)), FAR_E_CANCELLED);
    far_pins_release (&pins);
    assert_int_equal (pins.count, 0);
    assert_true (things[0].released && things[2].released && things[3].released);
    far_buffer_deinit (&frame);
}

static void nothing_of_others_is_pinned (void **state)
{
    (void)state;
    far_keeps_t keeps = { 0 };
    thing_t thing;
    keep (&keeps, ann, 1, &thing);
    far_buffer_t frame = { 0 };
    const uint64_t requests[] = { 1 };
    far_message_t message = message_of (&frame, bob, requests, 1);
    far_pins_t pins = { 0 };
    far_pins_take (&pins, &keeps, &message);
    assert_int_equal (pins.count, 0);
    assert_true (far_pins_settled (&pins));
    far_buffer_deinit (&frame);
    while (let_go (far_keeps_clear (&keeps)))
        ;
    assert_true (thing.released);
}

static void a_caller_has_so_many_and_no_more (void **state)
{
    (void)state;
    far_keeps_t keeps = { 0 };
    for (uint64_t request = 1; request <= FAR_LIMIT_KEPT; request++) {
        assert_false (far_keeps_full (&keeps, ann));
        far_handle_release (&far_keeps_add (&keeps, ann, request)->handle);
    }
    assert_true (far_keeps_full (&keeps, ann));
    assert_false (far_keeps_full (&keeps, bob));
    assert_true (let_go (far_keeps_forget (&keeps, ann, 1)));
    assert_false (far_keeps_full (&keeps, ann));
    while (let_go (far_keeps_clear (&keeps)))
        ;
}

static void settle_with (far_kept_t *kept, size_t size_bytes)
{
    far_outcome_t outcome = { .error = far_error_new (FAR_E_RAISED, "large"), .size_bytes = size_bytes };
    far_kept_settle (kept, &outcome);
    far_handle_release (&kept->handle);
}

static void answers_are_weighed_when_they_come (void **state)
{
    (void)state;
    far_keeps_t keeps = { 0 };
    far_kept_t *large = far_keeps_add (&keeps, ann, 1), *larger = far_keeps_add (&keeps, ann, 2);
    far_kept_t *late = far_keeps_add (&keeps, ann, 3);
    settle_with (large, FAR_LIMIT_KEPT_BYTES - 1);
    assert_false (far_keeps_full (&keeps, ann));
    settle_with (larger, FAR_LIMIT_KEPT_BYTES);
    assert_true (far_keeps_full (&keeps, ann));
    assert_true (let_go (far_keeps_forget (&keeps, ann, 2)));
    assert_false (far_keeps_full (&keeps, ann));
    assert_true (let_go (far_keeps_forget (&keeps, ann, 3)));
    settle_with (late, 1); /* forgotten before it came: it weighs nothing any more */
    assert_false (far_keeps_full (&keeps, ann));
    while (let_go (far_keeps_clear (&keeps)))
        ;
    assert_int_equal (keeps.callers.count, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (each_caller_has_its_own),
        cmocka_unit_test (the_end_of_a_session_drops_all),
        cmocka_unit_test (plain_answers_are_hosted_as_a_copy),
        cmocka_unit_test (a_message_pins_what_it_speaks_of),
        cmocka_unit_test (nothing_of_others_is_pinned),
        cmocka_unit_test (a_caller_has_so_many_and_no_more),
        cmocka_unit_test (answers_are_weighed_when_they_come),
    };
    return cmocka_run_group_tests_name ("kept", tests, NULL, NULL);
}
