/* The loads: what is asked of a counter, how much of it may be under way, and when to stop. Every answer is compared
 * with the total that it must be: answers come in the order of the calls, so there is just one right one. Knows nothing
 * of ZeroMQ or farcall. */
#include "load.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const bench_load_info_t infos[BENCH_LOADS] = {
    [BENCH_ONE_AT_A_TIME] = { "W1", "one at a time", true },
    [BENCH_IN_FLIGHT] = { "W2", "1000 in flight", false },
    [BENCH_ONE_WAY] = { "W3", "one way", false },
    [BENCH_FLEET] = { "F", "4 clients, 4 workers", false },
};

typedef struct run {
    const bench_caller_t *caller;
    int64_t total;  /* of all amounts of which the answer has come: what the last answer had to say */
    int64_t end_ns; /* when to begin nothing new */
} run_t;

static int64_t now_ns (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_time_up (const run_t *run)
{
    return now_ns () >= run->end_ns;
}

static bool check (run_t *run, int64_t amount, int64_t total)
{
    run->total += amount;
    if (total == run->total)
        return true;
    fprintf (stderr, "compare: a wrong answer: %" PRId64 ", should be %" PRId64 "\n", total, run->total);
    return false;
}

static bool finish (run_t *run, int64_t amount)
{
    int64_t total;
    return run->caller->finish (run->caller->context, &total) && check (run, amount, total);
}

static bool run_one_at_a_time (run_t *run, int64_t *count)
{
    const bench_caller_t *caller = run->caller;
    do {
        int64_t total;
        if (!caller->call (caller->context, 1, &total) || !check (run, 1, total))
            return false;
        ++*count;
    } while (!is_time_up (run));
    return true;
}

static bool run_in_flight (run_t *run, int64_t *count)
{
    const bench_caller_t *caller = run->caller;
    for (int i = 0; i < BENCH_WINDOW; i++)
        if (!caller->start (caller->context, 1))
            return false;
    /* The clock costs a few percent of a raw call: not each time. */
    for (int64_t i = 1; i % 64 || !is_time_up (run); i++) {
        if (!finish (run, 1) || !caller->start (caller->context, 1))
            return false;
        ++*count;
    }
    for (int i = 0; i < BENCH_WINDOW; i++)
        if (!finish (run, 1))
            return false;
    *count += BENCH_WINDOW;
    return true;
}

/* Answers come in any order: it is their sum that must be right. */
static bool run_fleet (run_t *run, int64_t *count)
{
    const bench_caller_t *caller = run->caller;
    int64_t started = 0, sum = 0, next;
    while (started < BENCH_FLEET_WINDOW)
        if (!caller->start (caller->context, started++))
            return false;
    while (started % 64 || !is_time_up (run)) {
        if (!caller->finish (caller->context, &next) || !caller->start (caller->context, started++))
            return false;
        sum += next;
    }
    for (int i = 0; i < BENCH_FLEET_WINDOW; i++) {
        if (!caller->finish (caller->context, &next))
            return false;
        sum += next;
    }
    *count += started;
    run->total = 0;
    return check (run, started * (started + 1) / 2, sum);
}

static bool run_one_way (run_t *run, int64_t *count)
{
    const bench_caller_t *caller = run->caller;
    int blocks = 0;
    do {
        if (blocks == BENCH_BLOCKS) {
            if (!finish (run, BENCH_BLOCK))
                return false;
            blocks--;
        }
        for (int i = 0; i < BENCH_BLOCK; i++)
            if (!caller->send (caller->context, 1))
                return false;
        if (!caller->start (caller->context, 0))
            return false;
        blocks++;
        *count += BENCH_BLOCK;
    } while (!is_time_up (run));
    for (; blocks; blocks--)
        if (!finish (run, BENCH_BLOCK))
            return false;
    return true;
}

const bench_load_info_t *bench_load_info (bench_load_t load)
{
    return &infos[load];
}

bench_load_t bench_load_find (const char *name)
{
    int load = 0;
    while (load < BENCH_LOADS && strcmp (infos[load].name, name))
        load++;
    return (bench_load_t)load;
}

bool bench_load_run (const bench_caller_t *caller, bench_load_t load, double seconds, double *out_rate)
{
    static bool (*const loops[BENCH_LOADS]) (run_t *, int64_t *) = { run_one_at_a_time, run_in_flight, run_one_way,
                                                                     run_fleet };
    run_t run = { .caller = caller };
    int64_t count = 0;
    run.end_ns = now_ns () + (int64_t)(seconds / 4 * 1e9);
    if (!loops[load](&run, &count))
        return false;
    count = 0;
    int64_t begin_ns = now_ns ();
    run.end_ns = begin_ns + (int64_t)(seconds * 1e9);
    if (!loops[load](&run, &count))
        return false;
    *out_rate = (double)count * 1e9 / (double)(now_ns () - begin_ns);
    return true;
}
