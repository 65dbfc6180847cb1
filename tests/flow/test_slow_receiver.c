/* A receiver that is stopped: it costs those who send to it, up to what it has given credit for, and nobody else. */
#include "support/floods.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    SENDERS = 4,
    WARM = 200,                    /* calls, more than may be sent without any credit: so there is some after them */
    SIZE = 16 << 10,               /* of each later call */
    COUNT = 3000,                  /* of those: each sender has more than all of the room */
    ROOM = 32 << 20,               /* given to all senders together, as a window of 8 MiB each */
    FIRST = 64 << 10,              /* what each may have there beside that */
    BETWEEN = 4 << 20,             /* what lies in buffers of sockets, and not at the broker */
    OVERHEAD = 2100 * SENDERS * 96 /* of what is parked: headers and the like */
};

static uint64_t parked_bytes (far_proxy_t *stats)
{
    far_value_t *values;
    assert_ok (far_call (stats, NULL, ">v", &values));
    uint64_t bytes = far_value_uint (far_value_lookup (values, "parked_bytes"));
    far_value_destroy (&values);
    return bytes;
}

/* Of the broker; 0 where a sanitizer has memory of its own. */
static size_t resident_bytes (const world_t *world)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    (void)world;
    return 0;
#else
    char path[64];
    long all, resident;
    snprintf (path, sizeof path, "/proc/%d/statm", (int)world->broker);
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    assert_int_equal (fscanf (file, "%ld %ld", &all, &resident), 2);
    fclose (file);
    return (size_t)resident * (size_t)sysconf (_SC_PAGESIZE);
#endif
}

static void it_costs_its_senders_only (void **state)
{
    world_t *world = world_new ();
    *state = world;
    far_actor_t *me = world_actor (world, NULL);
    far_proxy_t *stats = world_at_broker (me, "broker.stats");
    flooder_t slow = flooder_new (world, me, "slow"), fast = flooder_new (world, me, "fast"), senders[SENDERS];
    pid_t stopped = world->processes[0];
    far_request_t *floods[SENDERS], *others[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
        char name[16];
        snprintf (name, sizeof name, "sender.%d", i);
        senders[i] = flooder_new (world, me, name);
        floods[i] = flooder_begin (&senders[i], &slow, i, WARM, 0);
        floods_end (&floods[i], 1);
    }
    size_t before = resident_bytes (world);
    world_signal (world, stopped, SIGSTOP);
    for (int i = 0; i < SENDERS; i++)
        floods[i] = flooder_begin (&senders[i], &slow, SENDERS + i, COUNT, SIZE);
    while (parked_bytes (stats) < ROOM - BETWEEN) /* it is used up */
        ;
    for (int i = 0; i < SENDERS; i++)
        others[i] = flooder_begin (&senders[i], &fast, i, COUNT, 100);
    floods_end (others, SENDERS); /* the same senders, with others */
    for (int i = 0; i < SENDERS; i++) {
        flooder_assert_taken (&fast, i, COUNT);
        assert_false (far_request_done (floods[i]));
    }
    assert_in_range (parked_bytes (stats), ROOM - BETWEEN, ROOM + SENDERS * (FIRST + SIZE) + OVERHEAD);
    assert_true (resident_bytes (world) <= before + 2 * (size_t)ROOM);
    world_signal (world, stopped, SIGCONT);
    floods_end (floods, SENDERS);
    for (int i = 0; i < SENDERS; i++)
        flooder_assert_taken (&slow, SENDERS + i, COUNT);
    assert_int_equal (world_log_lines (world, "Disorder"), 0);
    assert_int_equal (parked_bytes (stats), 0);
    for (int i = 0; i < SENDERS; i++)
        flooder_end (&senders[i]);
    flooder_end (&slow);
    flooder_end (&fast);
    far_proxy_destroy (&stats);
    far_actor_destroy (&me);
    world_destroy (&world);
}

int main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (it_costs_its_senders_only) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
