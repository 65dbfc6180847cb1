/* The crew of a fleet: what is started, drained, ended and killed, when; and in 100,000 random events never more than
 * there may be, never a place that is forgotten. */
#include "support/cm.h"

#include "broker/crew.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C (1000000)

static const crew_settings_t two = { .least = 2,
                                     .most = 2,
                                     .backoff_ns = 100 * MS,
                                     .backoff_most_ns = 400 * MS,
                                     .early_ns = 1000 * MS,
                                     .within_ns = 60000 * MS,
                                     .rest_ns = 30000 * MS,
                                     .drain_ns = 5000 * MS,
                                     .grace_ns = 1000 * MS,
                                     .idle_ns = 10000 * MS };

/* What crew_next says until it says nothing, as letters: S0 starts worker 0. */
static const char *say (crew_t *crew, size_t queue, int64_t now_ns)
{
    static char text[4096];
    static const char letters[] = ".SDTKR";
    size_t worker = 0;
    text[0] = 0;
    for (crew_do_t what; (what = crew_next (crew, queue, now_ns, &worker));)
        sprintf (text + strlen (text), what == CREW_REST ? "R " : "%c%zu ", letters[what], worker);
    return text;
}

static void start_two (crew_t *crew, const crew_settings_t *settings)
{
    crew_init (crew, settings);
    assert_string_equal (say (crew, 0, 0), "S0 S1 ");
    crew_started (crew, 0);
    crew_started (crew, 1);
    assert_string_equal (say (crew, 0, 0), "");
}

static void one_that_ends_is_started_again_later_each_time (void **state)
{
    (void)state;
    crew_t crew;
    start_two (&crew, &two);
    int64_t now = 10 * MS;
    static const int64_t waits[] = { 100 * MS, 200 * MS, 400 * MS, 400 * MS };
    for (size_t i = 0; i < 4; i++) {
        crew_ended (&crew, 1, now);
        assert_int_equal (crew_next_time (&crew), now + waits[i]);
        assert_string_equal (say (&crew, 0, now + waits[i] - 1), "");
        now += waits[i];
        assert_string_equal (say (&crew, 0, now), "S1 ");
        crew_started (&crew, 1);
    }
    now += 1000 * MS; /* it has run long enough: at once, and with the first back-off after that */
    crew_ended (&crew, 1, now);
    assert_string_equal (say (&crew, 0, now), "S1 ");
    crew_ended (&crew, 1, now); /* could not be started */
    assert_int_equal (crew_next_time (&crew), now + 100 * MS);
}

static void too_many_restarts_make_it_rest (void **state)
{
    (void)state;
    crew_settings_t settings = two;
    settings.backoff_ns = 0;
    settings.restarts = 3;
    crew_t crew;
    start_two (&crew, &settings);
    for (int i = 1; i <= 3; i++) {
        crew_ended (&crew, 0, i);
        assert_string_equal (say (&crew, 0, i), "S0 ");
        crew_started (&crew, 0);
    }
    crew_ended (&crew, 0, 4);
    assert_string_equal (say (&crew, 0, 4), "R ");
    assert_int_equal (crew_next_time (&crew), 4 + settings.rest_ns);
    crew_ended (&crew, 1, 5);
    assert_string_equal (say (&crew, 0, 3 + settings.rest_ns), "");
    assert_string_equal (say (&crew, 0, 4 + settings.rest_ns), "S0 S1 ");
}

/* Or whoever carries out what is to be done now would never be done. */
static void what_can_not_be_started_is_not_tried_twice_at_one_time (void **state)
{
    (void)state;
    crew_settings_t settings = two;
    settings.backoff_ns = settings.early_ns = 0;
    crew_t crew;
    crew_init (&crew, &settings);
    for (int64_t now = 0; now < 3; now++) {
        size_t worker;
        for (int place = 0; place < 2; place++) {
            assert_int_equal (crew_next (&crew, 0, now, &worker), CREW_START);
            crew_ended (&crew, worker, now);
        }
        assert_int_equal (crew_next (&crew, 0, now, &worker), CREW_NOTHING);
        assert_int_equal (crew_next_time (&crew), now + 1);
    }
}

static void the_number_follows_the_queue (void **state)
{
    (void)state;
    crew_settings_t settings = two;
    settings.most = 3;
    crew_t crew;
    start_two (&crew, &settings);
    assert_string_equal (say (&crew, 1, 1000 * MS), ""); /* a queue is not at once a reason */
    assert_int_equal (crew_next_time (&crew), 1200 * MS);
    assert_string_equal (say (&crew, 1, 1200 * MS), "S2 ");
    crew_started (&crew, 2);
    assert_string_equal (say (&crew, 9, 5000 * MS), ""); /* no more than the most */
    assert_string_equal (say (&crew, 0, 6000 * MS), "");
    assert_int_equal (crew_next_time (&crew), 16000 * MS);
    assert_string_equal (say (&crew, 0, 16000 * MS), "D2 ");
    crew_drained (&crew, 2, 16001 * MS);
    assert_string_equal (say (&crew, 0, 16001 * MS), "T2 ");
    crew_ended (&crew, 2, 16002 * MS);
    assert_string_equal (say (&crew, 0, 16002 * MS), "");
    assert_int_equal (crew_count (&crew, WORKER_RUNS), 2);
}

static void who_does_not_finish_is_told_and_who_does_not_listen_is_killed (void **state)
{
    (void)state;
    crew_t crew;
    start_two (&crew, &two);
    crew_stop (&crew, 2000 * MS);
    assert_string_equal (say (&crew, 0, 100 * MS), "D0 D1 ");
    crew_drained (&crew, 1, 100 * MS);
    assert_string_equal (say (&crew, 0, 100 * MS), "T1 ");
    assert_string_equal (say (&crew, 0, 1100 * MS), "K1 ");
    crew_ended (&crew, 1, 1100 * MS);
    assert_false (crew_is_gone (&crew));
    assert_string_equal (say (&crew, 0, 2100 * MS), "T0 ");
    crew_ended (&crew, 0, 2101 * MS);
    assert_true (crew_is_gone (&crew));
    assert_string_equal (say (&crew, 5, 9999999 * MS), "");
}

static void held_ones_end_and_come_back (void **state)
{
    (void)state;
    crew_t crew;
    start_two (&crew, &two);
    crew_hold (&crew, true);
    assert_string_equal (say (&crew, 9, 100 * MS), "D0 D1 ");
    crew_drained (&crew, 0, 100 * MS);
    crew_drained (&crew, 1, 100 * MS);
    assert_string_equal (say (&crew, 9, 100 * MS), "T0 T1 ");
    crew_ended (&crew, 0, 101 * MS);
    crew_ended (&crew, 1, 101 * MS);
    assert_true (crew_is_gone (&crew));
    assert_string_equal (say (&crew, 9, 999999 * MS), ""); /* a queue is no reason */
    assert_int_equal (crew_next_time (&crew), FAR_DEADLINE_NEVER);
    crew_hold (&crew, false);
    assert_string_equal (say (&crew, 9, 999999 * MS), "S0 S1 ");
}

static void changed_settings_relieve_one_after_the_other (void **state)
{
    (void)state;
    crew_t crew;
    start_two (&crew, &two);
    crew_set (&crew, &two, false, 1);
    assert_string_equal (say (&crew, 0, 1), "");
    crew_set (&crew, &two, true, 2);
    assert_string_equal (say (&crew, 0, 2), "S2 S3 ");
    crew_started (&crew, 2);
    assert_string_equal (say (&crew, 0, 3), "D0 "); /* the other old one is still needed */
    crew_drained (&crew, 0, 4);
    assert_string_equal (say (&crew, 0, 4), "T0 ");
    crew_ended (&crew, 0, 5);
    crew_started (&crew, 3);
    assert_string_equal (say (&crew, 0, 6), "D1 ");
    crew_ended (&crew, 1, 7); /* by itself */
    assert_string_equal (say (&crew, 0, 7), "");
    assert_int_equal (crew_count (&crew, WORKER_RUNS), 2);
}

static void one_that_is_stuck_is_killed_and_replaced (void **state)
{
    (void)state;
    crew_t crew;
    start_two (&crew, &two);
    crew_kill (&crew, 0, 50 * MS);
    assert_string_equal (say (&crew, 0, 50 * MS), "K0 S2 ");
    crew_ended (&crew, 0, 51 * MS);
    crew_started (&crew, 2);
    assert_string_equal (say (&crew, 0, 60 * MS), "");
    crew_kill (&crew, 7, 61 * MS); /* nobody there */
    assert_string_equal (say (&crew, 0, 61 * MS), "");
    crew_init (&crew, &two); /* nor are they at work yet */
    assert_string_equal (say (&crew, 0, 0), "S0 S1 ");
    crew_kill (&crew, 1, 1);
    assert_string_equal (say (&crew, 0, 1), "K1 S2 ");
}

/* All places in use lie before this one, and the last of them is in use. */
static void check_used (const crew_t *crew)
{
    size_t used = CREW_MOST;
    while (used && crew->workers[used - 1].state == WORKER_NONE)
        used--;
    assert_int_equal (crew->used, used);
}

static void random_events (void **state)
{
    (void)state;
    crew_settings_t settings = two;
    settings.most = 6;
    settings.restarts = 20;
    crew_t crew;
    crew_init (&crew, &settings);
    srandom (1);
    int64_t now = 0;
    for (int i = 0; i < 100000; i++) {
        size_t worker = 0;
        long what = random () % 100;
        now += random () % (100 * MS);
        for (crew_do_t next; (next = crew_next (&crew, random () % 3 ? 0 : 5, now, &worker));) {
            if (next == CREW_START && random () % 10 == 0)
                crew_ended (&crew, worker, now);
            else if (next == CREW_START)
                crew_started (&crew, worker);
            else if (next == CREW_KILL || (next == CREW_TERM && random () % 2))
                crew_ended (&crew, worker, now);
        }
        worker = (size_t)random () % CREW_MOST;
        worker_state_t was = crew.workers[worker % 16].state;
        if (what < 20 && was >= WORKER_RUNS)
            crew_ended (&crew, worker % 16, now);
        else if (what < 40 && was == WORKER_DRAINS)
            crew_drained (&crew, worker % 16, now);
        else if (what < 45)
            crew_kill (&crew, worker % 16, now);
        else if (what < 46)
            crew_set (&crew, &settings, random () % 2, now);
        check_used (&crew);
        assert_true (crew_count (&crew, WORKER_RUNS) <= 2 * settings.most);
        if (!crew.resting_until)
            assert_true (crew_count (&crew, WORKER_RUNS) + crew_count (&crew, WORKER_WAITS) > 0 || what < 46);
    }
    crew_set (&crew, &settings, false, now); /* quiet: nothing ends any more, and all places are filled */
    for (int i = 0; i < 1000; i++) {
        size_t worker;
        now += 100 * MS;
        for (crew_do_t next; (next = crew_next (&crew, 0, now, &worker));) {
            if (next == CREW_START)
                crew_started (&crew, worker);
            else if (next == CREW_DRAIN)
                crew_drained (&crew, worker, now);
            else if (next != CREW_REST)
                crew_ended (&crew, worker, now);
        }
    }
    assert_int_equal (crew_count (&crew, WORKER_RUNS), settings.least);
    size_t alive = 0;
    for (worker_state_t at = WORKER_WAITS; at <= WORKER_KILLED; at++)
        alive += crew_count (&crew, at);
    assert_int_equal (alive, settings.least);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (one_that_ends_is_started_again_later_each_time),
        cmocka_unit_test (too_many_restarts_make_it_rest),
        cmocka_unit_test (what_can_not_be_started_is_not_tried_twice_at_one_time),
        cmocka_unit_test (the_number_follows_the_queue),
        cmocka_unit_test (held_ones_end_and_come_back),
        cmocka_unit_test (who_does_not_finish_is_told_and_who_does_not_listen_is_killed),
        cmocka_unit_test (changed_settings_relieve_one_after_the_other),
        cmocka_unit_test (one_that_is_stuck_is_killed_and_replaced),
        cmocka_unit_test (random_events),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
