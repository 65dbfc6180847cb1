/* The sample of requests that is followed: which ones, how many, and that what takes long is not lost. */
#include "support/cm.h"

#include "broker/sampler.h"

#include <stdlib.h>
#include <string.h>

#define US     INT64_C (1000)
#define MS     (1000 * US)
#define CALLER 77u

typedef struct fixture {
    sampler_t sampler;
    sampling_t callee, other;
    uint64_t requests; /* that the callee was sent */
} fixture_t;

static int set_up (void **state)
{
    *state = calloc (1, sizeof (fixture_t));
    return 0;
}

static int tear_down (void **state)
{
    fixture_t *self = *state;
    sampler_forget (&self->sampler, CALLER, &self->callee);
    sampler_forget (&self->sampler, CALLER, &self->other);
    free (self);
    return 0;
}

static void ask (fixture_t *self, uint64_t request, int64_t now_ns)
{
    if (sampler_wants (&self->callee, ++self->requests, now_ns))
        sampler_begin (&self->sampler, &self->callee, CALLER, request, self->requests, now_ns);
}

static void answer (fixture_t *self, uint64_t request, int64_t now_ns)
{
    sampler_pass (&self->sampler, &self->callee, CALLER, request, now_ns);
}

static latency_figures_t figures (const fixture_t *self, int64_t now_ns)
{
    latency_figures_t figures;
    latency_read (self->callee.latency, now_ns, &figures);
    return figures;
}

static void all_are_followed_where_there_are_few (void **state)
{
    fixture_t *self = *state;
    int64_t now = MS;
    for (uint64_t request = 1; request <= 100; request++, now += 10 * MS) {
        ask (self, request, now);
        answer (self, request, now + 2 * MS);
    }
    assert_int_equal (figures (self, now).count, 100);
    assert_int_equal (figures (self, now).worst_ns, 2 * MS);
    assert_in_range (figures (self, now).p50_ns, 2 * MS, 2 * MS + 2 * MS / 16 + US);
}

static void a_part_is_followed_where_there_are_many (void **state)
{
    fixture_t *self = *state;
    int64_t now = MS;
    for (uint64_t request = 1; request <= 1000000; request++, now += US) { /* for a second */
        ask (self, request, now);
        answer (self, request, now + 50 * US);
    }
    assert_in_range (figures (self, now).count, 500, 2000);
    for (uint64_t request = 1000001; request <= 1000100; request++, now += 10 * MS) { /* and few again */
        ask (self, request, now);
        answer (self, request, now);
    }
    uint64_t before = figures (self, now).count;
    ask (self, 1000101, now);
    answer (self, 1000101, now);
    assert_int_equal (figures (self, now).count, before + 1);
}

static void what_takes_long_is_not_lost (void **state)
{
    fixture_t *self = *state;
    int64_t now = MS;
    ask (self, 1, now);
    for (uint64_t request = 2; request <= 5000; request++) {
        now += 5 * MS;
        ask (self, request, now);
        answer (self, request, now + MS);
    }
    answer (self, 1, now);
    assert_int_equal (figures (self, now).worst_ns, now - MS);
}

static void those_that_wait_keep_no_places_of_others (void **state)
{
    fixture_t *self = *state;
    for (uint64_t request = 1; request <= 1000; request++)
        ask (self, request, (int64_t)request * 10 * MS);
    assert_int_equal (self->callee.open, 16);
    for (uint64_t request = 1; request <= 1000; request++)
        answer (self, request, 10001 * MS);
    assert_int_equal (self->callee.open, 0);
    assert_int_equal (figures (self, 10001 * MS).count, 16);
}

static void only_who_was_asked_answers (void **state)
{
    fixture_t *self = *state;
    ask (self, 5, MS);
    sampler_pass (&self->sampler, &self->other, CALLER, 5, 2 * MS);
    sampler_pass (&self->sampler, &self->callee, CALLER + 1, 5, 2 * MS);
    answer (self, 6, 2 * MS);
    assert_int_equal (self->callee.open, 1);
    assert_null (self->other.latency);
    answer (self, 5, 3 * MS);
    answer (self, 5, 4 * MS);
    assert_int_equal (figures (self, 4 * MS).count, 1);
}

static void who_is_gone_is_forgotten (void **state)
{
    fixture_t *self = *state;
    ask (self, 5, MS);
    sampler_forget (&self->sampler, CALLER, &self->other); /* who asked */
    assert_int_equal (self->callee.open, 0);
    ask (self, 6, 10 * MS);
    sampler_forget (&self->sampler, 1, &self->callee); /* who was asked */
    assert_int_equal (self->callee.open, 0);
    answer (self, 6, 11 * MS);
    assert_null (self->callee.latency);
}

static void what_is_never_answered_gives_its_place_up (void **state)
{
    fixture_t *self = *state;
    ask (self, 5, MS);
    ask (self, 5 + SAMPLER_SLOTS, 1000 * MS);
    assert_int_equal (self->callee.open, 1);
    ask (self, 5 + SAMPLER_SLOTS, 700000 * MS);
    answer (self, 5, 700001 * MS);
    answer (self, 5 + SAMPLER_SLOTS, 700001 * MS);
    assert_int_equal (figures (self, 700001 * MS).count, 1);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (all_are_followed_where_there_are_few),
        TEST (a_part_is_followed_where_there_are_many),
        TEST (what_takes_long_is_not_lost),
        TEST (those_that_wait_keep_no_places_of_others),
        TEST (only_who_was_asked_answers),
        TEST (who_is_gone_is_forgotten),
        TEST (what_is_never_answered_gives_its_place_up),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
