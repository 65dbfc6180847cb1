/* The queue of a fleet: who gets which request when, and what becomes of it. */
#include "fleet_fixture.h"

static int set_up (void **state)
{
    fleet_t *fleet = malloc (sizeof *fleet);
    fleet_init (fleet, &plain);
    *state = fleet;
    return 0;
}

static int tear_down (void **state)
{
    fleet_t *fleet = *state;
    fleet_deinit (fleet);
    free (fleet);
    return 0;
}

static void ask_many (fleet_t *fleet, uint64_t first, uint64_t last, wish_t wish)
{
    for (uint64_t request = first; request <= last; request++)
        assert_int_equal (ask (fleet, 'a', request, wish, 0), FAR_OK);
}

static void in_the_order_of_coming (void **state)
{
    fleet_t *fleet = *state;
    ask_many (fleet, 1, 3, NONE);
    assert_string_equal (handed_out (fleet, 0), "");
    assert_int_equal (fleet_waiting (fleet), 3);
    fleet_join (fleet, who ('A'), 1);
    assert_string_equal (handed_out (fleet, 0), "1A");
    answer (fleet, 'a', 1);
    assert_string_equal (handed_out (fleet, 0), "2A");
    answer (fleet, 'a', 2);
    assert_string_equal (handed_out (fleet, 0), "3A");
}

static void no_more_than_the_slots (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 3);
    ask_many (fleet, 1, 5, IDEMPOTENT);
    assert_string_equal (handed_out (fleet, 0), "1A 2A 3A");
    assert_int_equal (fleet_waiting (fleet), 2);
    fleet_join (fleet, who ('A'), 4); /* other slots for the same worker */
    assert_string_equal (handed_out (fleet, 0), "4A");
    assert_int_equal (fleet->worker_count, 1);
}

static void to_the_least_loaded (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 2);
    fleet_join (fleet, who ('B'), 2);
    ask_many (fleet, 1, 1, NONE);
    const char first = handed_out (fleet, 0)[1], other = first == 'A' ? 'B' : 'A';
    char expected[32];
    ask_many (fleet, 2, 2, NONE);
    snprintf (expected, sizeof expected, "2%c", other);
    assert_string_equal (handed_out (fleet, 0), expected);
    answer (fleet, 'a', 1);
    ask_many (fleet, 3, 3, NONE);
    snprintf (expected, sizeof expected, "3%c", first);
    assert_string_equal (handed_out (fleet, 0), expected);
}

static void load_counts_by_slots (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 8);
    ask_many (fleet, 1, 2, NONE);
    handed_out (fleet, 0);
    fleet_join (fleet, who ('B'), 2);
    ask_many (fleet, 3, 4, NONE);
    assert_string_equal (handed_out (fleet, 0), "3B 4A"); /* 2 of 8, then 1 of 2 */
}

static void priority_then_deadline_then_order (void **state)
{
    fleet_t *fleet = *state;
    ask (fleet, 'a', 1, NONE, 0);
    ask (fleet, 'a', 2, (wish_t){ .deadline = 90 }, 0);
    ask (fleet, 'a', 3, (wish_t){ .deadline = 80 }, 0);
    ask (fleet, 'a', 4, (wish_t){ .wishes.priority = 1 }, 0);
    ask (fleet, 'a', 5, (wish_t){ .wishes.priority = -1, .deadline = 10 }, 0);
    ask (fleet, 'a', 6, (wish_t){ .wishes.priority = 1, .deadline = 99 }, 0);
    fleet_join (fleet, who ('A'), 10);
    assert_string_equal (handed_out (fleet, 0), "6A 4A 3A 2A 1A 5A");
}

static void not_before_its_delay (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 10);
    ask (fleet, 'a', 1, (wish_t){ .wishes.delay_ns = 50 }, 100);
    ask (fleet, 'a', 2, NONE, 100);
    assert_string_equal (handed_out (fleet, 149), "2A");
    assert_int_equal (fleet_next_time (fleet), 150);
    assert_string_equal (handed_out (fleet, 150), "1A");
    assert_int_equal (fleet_next_time (fleet), FAR_DEADLINE_NEVER);
}

static void prefetch_is_for_idempotent_ones (void **state)
{
    fleet_t *fleet = *state;
    fleet->settings.prefetch = 2;
    fleet_join (fleet, who ('A'), 1);
    ask_many (fleet, 1, 1, NONE);
    ask_many (fleet, 2, 5, IDEMPOTENT);
    assert_string_equal (handed_out (fleet, 0), "1A 2A 3A");
    ask_many (fleet, 6, 6, (wish_t){ .wishes.priority = 1 });
    answer (fleet, 'a', 1);
    assert_string_equal (handed_out (fleet, 0), ""); /* 6 is first, and waits for a slot that is free */
    answer (fleet, 'a', 2);
    answer (fleet, 'a', 3);
    assert_string_equal (handed_out (fleet, 0), "6A 4A 5A");
}

static void same_key_same_worker (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    fleet_join (fleet, who ('B'), 1);
    ask (fleet, 'a', 1, KEYED (7), 0);
    const char holder = handed_out (fleet, 0)[1];
    ask (fleet, 'a', 2, KEYED (7), 0);
    ask (fleet, 'a', 3, NONE, 0);
    char expected[32];
    snprintf (expected, sizeof expected, "3%c",
              holder == 'A' ? 'B' : 'A'); /* others pass the one that waits for its own */
    assert_string_equal (handed_out (fleet, 0), expected);
    answer (fleet, 'a', 3);
    assert_string_equal (handed_out (fleet, 0), "");
    answer (fleet, 'a', 1);
    snprintf (expected, sizeof expected, "2%c", holder);
    assert_string_equal (handed_out (fleet, 0), expected);
}

static void keys_do_not_pass_what_is_more_urgent (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    ask (fleet, 'a', 1, KEYED (7), 0);
    handed_out (fleet, 0);
    ask (fleet, 'a', 2, KEYED (7), 0);
    ask (fleet, 'a', 3, (wish_t){ .wishes.priority = 1 }, 0);
    answer (fleet, 'a', 1);
    assert_string_equal (handed_out (fleet, 0), "3A");
    ask (fleet, 'a', 4, NONE, 0);
    answer (fleet, 'a', 3);
    assert_string_equal (handed_out (fleet, 0), "2A");
}

static void key_goes_on_when_its_worker_is_gone (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    ask (fleet, 'a', 1, KEYED (7), 0);
    ask (fleet, 'a', 2, KEYED (7), 0);
    ask (fleet, 'a', 3, KEYED (7), 0);
    assert_string_equal (handed_out (fleet, 0), "1A");
    fleet_join (fleet, who ('B'), 2);
    assert_string_equal (handed_out (fleet, 0), "");
    assert_string_equal (died (fleet, 'A', 0), "1");
    assert_string_equal (handed_out (fleet, 0), "2B 3B");
}

static void keys_are_bounded (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    for (uint64_t key = 1; key <= FLEET_KEYS_MOST + 10; key++) {
        ask (fleet, 'a', key, KEYED (key), 0);
        handed_out (fleet, 0);
        answer (fleet, 'a', key);
    }
    assert_int_equal (fleet->keys.by_key.count, FLEET_KEYS_MOST);
    assert_null (keys_worker (&fleet->keys, 10));
    assert_non_null (keys_worker (&fleet->keys, 11));
}

static void bounded_by_count (void **state)
{
    fleet_t *fleet = *state;
    fleet->settings.queue_requests = 2;
    fleet_join (fleet, who ('A'), 1);
    assert_int_equal (ask (fleet, 'a', 1, NONE, 0), FAR_OK);
    handed_out (fleet, 0); /* what runs does not wait */
    assert_int_equal (ask (fleet, 'a', 2, NONE, 0), FAR_OK);
    assert_int_equal (ask (fleet, 'a', 3, (wish_t){ .wishes.delay_ns = 5 }, 0), FAR_OK);
    assert_int_equal (ask (fleet, 'a', 4, NONE, 0), FAR_E_OVERLOADED);
    answer (fleet, 'a', 1);
    handed_out (fleet, 0);
    assert_int_equal (ask (fleet, 'a', 4, NONE, 0), FAR_OK);
}

static void bounded_by_bytes (void **state)
{
    fleet_t *fleet = *state;
    fleet->settings.queue_bytes = 3 * FAR_HEADER_SIZE - 1;
    assert_int_equal (fleet_room (fleet, 1000000), FAR_OK); /* one larger one may be alone */
    ask_many (fleet, 1, 2, NONE);
    assert_int_equal (ask (fleet, 'a', 3, NONE, 0), FAR_E_OVERLOADED);
    fleet_join (fleet, who ('A'), 1);
    handed_out (fleet, 0);
    assert_int_equal (ask (fleet, 'a', 3, NONE, 0), FAR_E_OVERLOADED); /* what runs is kept, and counts */
    answer (fleet, 'a', 1);
    assert_int_equal (ask (fleet, 'a', 3, NONE, 0), FAR_OK);
}

static void without_workers_as_the_policy_says (void **state)
{
    fleet_t *fleet = *state;
    ask_many (fleet, 1, 2, NONE);
    assert_null (fleet_unserved (fleet));
    fleet->settings.queue_without_worker = false;
    assert_int_equal (ask (fleet, 'a', 3, NONE, 0), FAR_E_NO_WORKER);
    for (int left = 2; left; left--) {
        fleet_job_t *job = fleet_unserved (fleet);
        assert_non_null (job);
        fleet_take (fleet, job);
        free (job);
    }
    assert_null (fleet_unserved (fleet));
    fleet_join (fleet, who ('A'), 1);
    assert_int_equal (ask (fleet, 'a', 3, NONE, 0), FAR_OK);
    assert_null (fleet_unserved (fleet));
}

static void expired_is_never_handed_out (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    ask (fleet, 'a', 1, (wish_t){ .deadline = 100 }, 0);
    ask (fleet, 'a', 2, (wish_t){ .deadline = 200 }, 0);
    assert_string_equal (handed_out (fleet, 0), "1A");
    assert_int_equal (fleet_next_time (fleet), 100);
    fleet_job_t *job = fleet_expired (fleet, 100); /* it runs: it stays in its slot, and nobody waits for it */
    assert_int_equal (job->request, 1);
    fleet_abandon (fleet, job);
    assert_null (fleet_expired (fleet, 100));
    assert_null (fleet_find (fleet, who ('a')->id, 1));
    assert_string_equal (handed_out (fleet, 100), "");
    job = fleet_expired (fleet, 200);
    assert_int_equal (job->state, JOB_QUEUED);
    fleet_take (fleet, job);
    free (job);
    assert_string_equal (handed_out (fleet, 200), "");
    assert_int_equal (fleet_next_time (fleet), FAR_DEADLINE_NEVER);
}

static void death_ends_what_may_not_be_repeated (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 2);
    ask_many (fleet, 1, 1, NONE);
    ask_many (fleet, 2, 2, IDEMPOTENT);
    handed_out (fleet, 0);
    fleet_join (fleet, who ('B'), 2);
    assert_string_equal (died (fleet, 'A', 0), "1");
    assert_string_equal (handed_out (fleet, 0), "2B");
    assert_int_equal (fleet->worker_count, 1);
}

static void attempts_are_bounded (void **state)
{
    fleet_t *fleet = *state;
    ask_many (fleet, 1, 1, IDEMPOTENT);
    for (char worker = 'A'; worker <= 'C'; worker++) {
        fleet_join (fleet, who (worker), 1);
        assert_int_equal (handed_out (fleet, 0)[1], worker);
        assert_string_equal (died (fleet, worker, 0), worker == 'C' ? "1" : "");
    }
    assert_int_equal (fleet->bytes, 0);
}

static void attempts_back_off (void **state)
{
    fleet_t *fleet = *state;
    fleet->settings.backoff_ns = 10;
    ask_many (fleet, 1, 1, IDEMPOTENT);
    fleet_join (fleet, who ('A'), 1);
    handed_out (fleet, 0);
    died (fleet, 'A', 1000);
    fleet_join (fleet, who ('B'), 1);
    assert_string_equal (handed_out (fleet, 1009), "");
    assert_string_equal (handed_out (fleet, 1010), "1B");
    died (fleet, 'B', 2000);
    fleet_join (fleet, who ('C'), 1);
    assert_string_equal (handed_out (fleet, 2019), "");
    assert_string_equal (handed_out (fleet, 2020), "1C");
}

static void what_is_sent_ahead_loses_an_attempt_too (void **state)
{
    fleet_t *fleet = *state;
    fleet->settings.prefetch = 5;
    fleet->settings.attempts = 2;
    fleet->settings.backoff_ns = 10;
    ask_many (fleet, 1, 3, IDEMPOTENT);
    fleet_join (fleet, who ('A'), 1);
    assert_string_equal (handed_out (fleet, 0), "1A 2A 3A");
    assert_string_equal (died (fleet, 'A', 100), "");
    fleet_join (fleet, who ('B'), 1);
    assert_string_equal (handed_out (fleet, 100), "2B"); /* 1 is the likeliest cause, and waits; the last attempt of 3
                                                            needs a slot */
    answer (fleet, 'a', 2);
    assert_string_equal (handed_out (fleet, 110), "1B");
    assert_string_equal (died (fleet, 'B', 110), "1");
    fleet_join (fleet, who ('C'), 1);
    assert_string_equal (handed_out (fleet, 110), "3C");
}

static void the_last_attempt_is_not_sent_ahead (void **state)
{
    fleet_t *fleet = *state;
    fleet->settings.prefetch = 5;
    fleet_join (fleet, who ('A'), 1);
    ask_many (fleet, 1, 2, IDEMPOTENT);
    fleet->settings.attempts = 1;
    assert_string_equal (handed_out (fleet, 0), "1A");
    fleet->settings.attempts = 2;
    fleet->settings.poison = 1;
    assert_string_equal (handed_out (fleet, 0), "");
    fleet->settings.poison = 0;
    assert_string_equal (handed_out (fleet, 0), "2A");
}

static void poison_ends_sooner (void **state)
{
    fleet_t *fleet = *state;
    fleet->settings.poison = 2;
    ask_many (fleet, 1, 1, IDEMPOTENT);
    fleet_join (fleet, who ('A'), 1);
    handed_out (fleet, 0);
    assert_string_equal (died (fleet, 'A', 0), "");
    fleet_join (fleet, who ('B'), 1);
    handed_out (fleet, 0);
    assert_string_equal (died (fleet, 'B', 0), "1");
}

static void who_leaves_gets_nothing_more (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 2);
    ask_many (fleet, 1, 2, NONE);
    handed_out (fleet, 0);
    fleet_worker_t *leaving = fleet_worker (fleet, who ('A')->id);
    fleet_turn_away (fleet, leaving);
    fleet_again (fleet, fleet_find (fleet, who ('a')->id, 2), 0); /* it had not begun it */
    assert_string_equal (handed_out (fleet, 0), "");
    assert_int_equal (fleet->worker_count, 0);
    fleet_join (fleet, who ('B'), 1);
    assert_string_equal (handed_out (fleet, 0), "2B");
    answer (fleet, 'a', 1);
    assert_string_equal (died (fleet, 'A', 0), "");
}

static void caller_that_is_gone (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    ask_many (fleet, 1, 3, IDEMPOTENT);
    ask (fleet, 'b', 1, NONE, 0);
    ask (fleet, 'a', 0, NONE, 0);
    assert_string_equal (handed_out (fleet, 0), "1A");
    for (fleet_job_t *job; (job = fleet_of_caller (fleet, who ('a')->id));) {
        fleet_abandon (fleet, job);
        if (job->state == JOB_RUNNING)
            continue;
        fleet_take (fleet, job);
        free (job);
    }
    assert_int_equal (fleet->callers.count, 1);
    assert_int_equal (fleet_waiting (fleet), 1);
    assert_string_equal (died (fleet, 'A', 0), "1"); /* nobody wants it: not repeated, and nobody to be told */
}

static void request_ids_are_not_used_twice (void **state)
{
    fleet_t *fleet = *state;
    assert_int_equal (ask (fleet, 'a', 1, NONE, 0), FAR_OK);
    assert_int_equal (ask (fleet, 'a', 1, NONE, 0), FAR_E_PROTOCOL_ERROR);
    assert_int_equal (ask (fleet, 'b', 1, NONE, 0), FAR_OK);
    assert_int_equal (ask (fleet, 'a', 0, NONE, 0), FAR_OK);
    assert_int_equal (ask (fleet, 'a', 0, NONE, 0), FAR_OK);
}

static void answers_of_others_are_none (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    ask_many (fleet, 1, 1, NONE);
    handed_out (fleet, 0);
    uint64_t attempt = fleet_find (fleet, who ('a')->id, 1)->attempt;
    assert_null (fleet_attempt (fleet, who ('B')->id, attempt));
    assert_null (fleet_attempt (fleet, who ('A')->id, attempt + 1));
    answer (fleet, 'a', 1);
    assert_null (fleet_attempt (fleet, who ('A')->id, attempt));
}

static void paused_hands_nothing_out (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    fleet->mode = FLEET_PAUSES;
    ask_many (fleet, 1, 1, NONE);
    assert_string_equal (handed_out (fleet, 0), "");
    fleet->mode = FLEET_RUNS;
    assert_string_equal (handed_out (fleet, 0), "1A");
}

static void drained_waits_or_is_refused (void **state)
{
    fleet_t *fleet = *state;
    fleet_join (fleet, who ('A'), 1);
    ask_many (fleet, 1, 1, KEYED (7));
    assert_string_equal (handed_out (fleet, 0), "1A");
    ask_many (fleet, 2, 2, KEYED (7)); /* waits in the queue of its worker */
    fleet->mode = FLEET_DRAINS;
    ask_many (fleet, 3, 3, NONE);
    answer (fleet, 'a', 1);
    assert_string_equal (handed_out (fleet, 0), "");
    assert_null (fleet_unserved (fleet));
    fleet->settings.queue_without_worker = false;
    assert_int_equal (ask (fleet, 'a', 4, NONE, 0), FAR_E_NO_WORKER);
    for (fleet_job_t *job; (job = fleet_unserved (fleet));) {
        fleet_take (fleet, job);
        free (job);
    }
    assert_int_equal (fleet_waiting (fleet), 0);
    fleet->mode = FLEET_RUNS;
    ask_many (fleet, 5, 5, NONE);
    assert_string_equal (handed_out (fleet, 0), "5A");
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (in_the_order_of_coming),
        TEST (no_more_than_the_slots),
        TEST (to_the_least_loaded),
        TEST (load_counts_by_slots),
        TEST (priority_then_deadline_then_order),
        TEST (not_before_its_delay),
        TEST (prefetch_is_for_idempotent_ones),
        TEST (same_key_same_worker),
        TEST (keys_do_not_pass_what_is_more_urgent),
        TEST (key_goes_on_when_its_worker_is_gone),
        TEST (keys_are_bounded),
        TEST (bounded_by_count),
        TEST (bounded_by_bytes),
        TEST (without_workers_as_the_policy_says),
        TEST (expired_is_never_handed_out),
        TEST (death_ends_what_may_not_be_repeated),
        TEST (attempts_are_bounded),
        TEST (attempts_back_off),
        TEST (what_is_sent_ahead_loses_an_attempt_too),
        TEST (the_last_attempt_is_not_sent_ahead),
        TEST (poison_ends_sooner),
        TEST (who_leaves_gets_nothing_more),
        TEST (caller_that_is_gone),
        TEST (request_ids_are_not_used_twice),
        TEST (answers_of_others_are_none),
        TEST (paused_hands_nothing_out),
        TEST (drained_waits_or_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
