/* Percentiles against the sorted truth, and what is forgotten when. */
#include "support/cm.h"

#include "broker/latency.h"

#include <stdlib.h>

#define US     INT64_C (1000)
#define MS     INT64_C (1000000)
#define SECOND INT64_C (1000000000)
#define DAY    (86400 * SECOND) /* a time to begin at, which is also the beginning of a slice */

static int by_size (const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

static void assert_close (int64_t figure, int64_t truth)
{
    assert_true (figure >= truth);
    assert_true (figure <= truth + truth / 16 + US);
}

static void assert_truth (const int64_t *sorted, size_t count, const latency_figures_t *figures)
{
    assert_int_equal (figures->count, count);
    assert_close (figures->p50_ns, sorted[(count * 50 + 99) / 100 - 1]);
    assert_close (figures->p90_ns, sorted[(count * 90 + 99) / 100 - 1]);
    assert_close (figures->p99_ns, sorted[(count * 99 + 99) / 100 - 1]);
    assert_int_equal (figures->worst_ns, sorted[count - 1]);
}

/* Of every order of magnitude, from nanoseconds to an hour. */
static void figures_are_close_to_the_truth (void **state)
{
    (void)state;
    enum { MOST = 3000 };
    static int64_t took[MOST];
    unsigned seed = 1;
    for (size_t count = 1; count <= MOST; count = count * 3 + 1) {
        latency_t *latency = latency_new ();
        latency_figures_t figures;
        for (size_t i = 0; i < count; i++) {
            int64_t most = INT64_C (1) << rand_r (&seed) % 42;
            took[i] = ((int64_t)rand_r (&seed) << 30 | rand_r (&seed)) % most;
            latency_add (latency, took[i], DAY + (int64_t)i * MS);
        }
        qsort (took, count, sizeof *took, by_size);
        latency_read (latency, DAY + (int64_t)count * MS, &figures);
        assert_truth (took, count, &figures);
        latency_destroy (&latency);
        assert_null (latency);
    }
}

/* One alone: every figure is what it took, at the edges of the buckets too. */
static void each_time_alone (void **state)
{
    (void)state;
    latency_figures_t figures;
    for (int bit = 0; bit < 62; bit++)
        for (int64_t beside = -1; beside <= 1; beside++) {
            latency_t *latency = latency_new ();
            int64_t took = (INT64_C (1) << bit) + beside;
            latency_add (latency, took, DAY);
            latency_read (latency, DAY, &figures);
            assert_int_equal (figures.p50_ns, took); /* the worst is exact, and no other is more */
            assert_int_equal (figures.worst_ns, took);
            latency_add (latency, INT64_C (1) << 62, DAY);
            latency_read (latency, DAY, &figures);
            if (bit < 41)
                assert_close (figures.p50_ns, took);
            latency_destroy (&latency);
        }
}

static void old_ones_are_forgotten (void **state)
{
    (void)state;
    latency_t *latency = latency_new ();
    latency_figures_t figures;
    latency_add (latency, 5 * SECOND, DAY);
    for (int64_t at = 0; at < 40; at++)
        latency_add (latency, MS, DAY + at * SECOND);
    latency_read (latency, DAY + 59 * SECOND, &figures);
    assert_int_equal (figures.count, 41);
    assert_int_equal (figures.worst_ns, 5 * SECOND);
    latency_read (latency, DAY + 60 * SECOND, &figures);
    assert_int_equal (figures.count, 20);
    assert_int_equal (figures.worst_ns, MS);
    latency_add (latency, 2 * MS, DAY + 61 * SECOND); /* in the place of the oldest */
    latency_read (latency, DAY + 61 * SECOND, &figures);
    assert_int_equal (figures.count, 21);
    assert_close (figures.p50_ns, MS);
    assert_int_equal (figures.worst_ns, 2 * MS);
    latency_read (latency, DAY + 3600 * SECOND, &figures);
    assert_int_equal (figures.count, 0);
    assert_int_equal (figures.worst_ns, 0);
    assert_int_equal (figures.p99_ns, 0);
    latency_destroy (&latency);
}

static void without_memory_nothing_is_recorded (void **state)
{
    (void)state;
    latency_t *none = NULL;
    latency_figures_t figures;
    latency_add (none, MS, DAY);
    latency_read (none, DAY, &figures);
    assert_int_equal (figures.count, 0);
    latency_destroy (&none);
    latency_t *latency = latency_new ();
    latency_add (latency, -MS, DAY);
    latency_read (latency, DAY, &figures);
    assert_int_equal (figures.count, 1);
    assert_int_equal (figures.p99_ns, 0);
    latency_destroy (&latency);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (figures_are_close_to_the_truth),
        cmocka_unit_test (each_time_alone),
        cmocka_unit_test (old_ones_are_forgotten),
        cmocka_unit_test (without_memory_nothing_is_recorded),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
