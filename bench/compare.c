/* compare: farcall beside a raw ZeroMQ loop that does the same.
 *
 * A round measures each load with both systems, one right after the other, so that both see the same machine; which one
 * begins changes from round to round. Each measurement has processes of its own. */
#include "family.h"
#include "report.h"
#include "role.h"
#include "settings.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { READY_MS = 15000 };

typedef struct part {
    const char *role;
    bool is_ready_told; /* far-broker says nothing; who needs it waits for it */
} part_t;

typedef part_t cast_t[BENCH_CHILDREN];

/* Who takes part, in the order of their starts; the last one calls. */
static const cast_t casts[BENCH_SYSTEMS] = {
    [BENCH_FARCALL] = { { "far-broker", false }, { "far-host", true }, { "far-caller", false } },
    [BENCH_RAW_ZMQ] = { { "raw-broker", true }, { "raw-worker", true }, { "raw-caller", false } },
};
static const cast_t fleet_casts[BENCH_SYSTEMS] = {
    [BENCH_FARCALL] = { { "far-broker", false }, { "far-workers", true }, { "far-clients", false } },
    [BENCH_RAW_ZMQ] = { { "raw-balancer", true }, { "raw-workers", true }, { "raw-clients", false } },
};

typedef struct compare {
    bench_settings_t settings;
    bench_family_t family;
    bench_report_t report;
    unsigned serial; /* of the measurement */
} compare_t;

/* The last core that this process may use: the first one has more of the machine's interrupts. */
static int pick_core (void)
{
    cpu_set_t set;
    int core = CPU_SETSIZE - 1;
    if (sched_getaffinity (0, sizeof set, &set))
        return 0;
    while (core > 0 && !CPU_ISSET ((size_t)core, &set))
        core--;
    return core;
}

static bool start (compare_t *self, const part_t *part, bench_load_t load)
{
    char core[16], address[128], seconds[32], line[16];
    const bench_load_info_t *info = bench_load_info (load);
    snprintf (core, sizeof core, "%d", info->is_pinned ? pick_core () : -1);
    snprintf (address, sizeof address, "ipc://%s/%u", self->family.folder, self->serial);
    snprintf (seconds, sizeof seconds, "%g", self->settings.seconds);
    char *argv[BENCH_ROLE_ARGUMENTS + 1] = { self->settings.program, "--role", (char *)part->role,       core, address,
                                             (char *)info->name,     seconds,  self->settings.far_broker };
    return bench_family_start (&self->family, part->role, argv) &&
           (!part->is_ready_told || bench_family_read (&self->family, READY_MS, line, sizeof line));
}

static bool measure (compare_t *self, bench_load_t load, bench_system_t system)
{
    char line[64];
    bool is_ok = true;
    const cast_t *cast = load == BENCH_FLEET ? &fleet_casts[system] : &casts[system];
    self->serial++;
    for (int i = 0; is_ok && i < BENCH_CHILDREN; i++)
        is_ok = start (self, &(*cast)[i], load);
    int timeout_ms = READY_MS + (int)(self->settings.seconds * 4000);
    is_ok = is_ok && bench_family_read (&self->family, timeout_ms, line, sizeof line);
    bench_family_end (&self->family);
    return is_ok && bench_report_add (&self->report, load, system, strtod (line, NULL));
}

static bool run_round (compare_t *self, long round)
{
    for (bench_load_t load = 0; load < BENCH_LOADS; load++) {
        if (self->settings.only != BENCH_LOADS && self->settings.only != load)
            continue;
        for (int i = 0; i < BENCH_SYSTEMS; i++)
            if (!measure (self, load, (bench_system_t)((i + round) % BENCH_SYSTEMS)))
                return false;
    }
    return true;
}

static double now_s (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool run_rounds (compare_t *self)
{
    double begin_s = now_s (), longest_s = 0, budget_s = self->settings.budget_s;
    for (long round = 0; round < self->settings.rounds; round++) {
        double round_s = now_s ();
        if (round && budget_s > 0 && round_s - begin_s + longest_s > budget_s)
            break;
        if (!run_round (self, round))
            return false;
        round_s = now_s () - round_s;
        if (round_s > longest_s)
            longest_s = round_s;
    }
    return true;
}

int main (int argc, char **argv)
{
    static compare_t self;
    int status;
    if (bench_role_is_asked (argc, argv))
        return bench_role_main (argv);
    if (!bench_settings_read (&self.settings, argc, argv, &status))
        return status;
    bool is_ok = bench_family_init (&self.family) && run_rounds (&self);
    bench_family_deinit (&self.family);
    if (is_ok && self.settings.is_json)
        bench_report_print_json (&self.report);
    else if (is_ok)
        bench_report_print_table (&self.report, &self.settings);
    bench_report_deinit (&self.report);
    return is_ok ? 0 : 1;
}
