/* Medians of the rounds, as JSON and as a table for people. The ratio is that of the medians: a round that the machine
 * disturbed on one side only then counts no more than any other. */
#include "report.h"

#include <farcall.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zmq.h>

static const char *const system_names[BENCH_SYSTEMS] = { "farcall", "raw_zmq" };

bool bench_report_add (bench_report_t *self, bench_load_t load, bench_system_t system, double rate)
{
    bench_rates_t *rates = &self->rates[load][system];
    double *values = reallocarray (rates->values, rates->count + 1, sizeof *values);
    if (!values) {
        fprintf (stderr, "compare: no memory\n");
        return false;
    }
    rates->values = values;
    values[rates->count++] = rate;
    return true;
}

void bench_report_deinit (bench_report_t *self)
{
    for (int load = 0; load < BENCH_LOADS; load++)
        for (int system = 0; system < BENCH_SYSTEMS; system++)
            free (self->rates[load][system].values);
}

static int compare_rates (const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median (bench_rates_t *rates)
{
    qsort (rates->values, rates->count, sizeof *rates->values, compare_rates);
    return (rates->values[(rates->count - 1) / 2] + rates->values[rates->count / 2]) / 2;
}

void bench_report_print_json (bench_report_t *self)
{
    const char *separator = "{";
    for (bench_load_t load = 0; load < BENCH_LOADS; load++) {
        bench_rates_t *rates = self->rates[load];
        if (!rates[BENCH_FARCALL].count)
            continue;
        double farcall = median (&rates[BENCH_FARCALL]), raw = median (&rates[BENCH_RAW_ZMQ]);
        printf ("%s\"%s\": {\"%s\": %.0f, \"%s\": %.0f, \"ratio\": %.3f}", separator, bench_load_info (load)->name,
                system_names[BENCH_FARCALL], farcall, system_names[BENCH_RAW_ZMQ], raw, farcall / raw);
        separator = ", ";
    }
    puts ("}");
}

/* "model name : X" of /proc/cpuinfo. */
static void read_processor (char *out, size_t out_size)
{
    char line[256];
    snprintf (out, out_size, "unknown processor");
    FILE *file = fopen ("/proc/cpuinfo", "re");
    while (file && fgets (line, sizeof line, file)) {
        const char *colon = strchr (line, ':');
        if (!colon || strncmp (line, "model name", 10))
            continue;
        snprintf (out, out_size, "%.*s", (int)strcspn (colon + 2, "\n"), colon + 2);
        break;
    }
    if (file)
        fclose (file);
}

static void print_setup (const bench_settings_t *settings, size_t rounds)
{
    char processor[128];
    struct utsname system;
    int zmq[3];
    uname (&system);
    zmq_version (&zmq[0], &zmq[1], &zmq[2]);
    read_processor (processor, sizeof processor);
    printf ("%s, %ld cores, %s %s\n", processor, sysconf (_SC_NPROCESSORS_ONLN), system.sysname, system.release);
    printf ("farcall %s, libzmq %d.%d.%d, over ipc\n", far_version (), zmq[0], zmq[1], zmq[2]);
    printf ("%zu rounds, alternating; each measurement %g s after %g s to warm up, in fresh processes\n", rounds,
            settings->seconds, settings->seconds / 4);
    printf ("raw_zmq: DEALER - hand-written ROUTER - DEALER, nothing encoded; farcall: caller - far-broker - host\n");
}

void bench_report_print_table (bench_report_t *self, const bench_settings_t *settings)
{
    size_t rounds = 0;
    for (bench_load_t load = 0; load < BENCH_LOADS; load++)
        if (self->rates[load][BENCH_FARCALL].count)
            rounds = self->rates[load][BENCH_FARCALL].count;
    print_setup (settings, rounds);
    printf ("\n%-30s %12s %12s %8s\n", "a second, medians", system_names[BENCH_FARCALL], system_names[BENCH_RAW_ZMQ],
            "ratio");
    for (bench_load_t load = 0; load < BENCH_LOADS; load++) {
        const bench_load_info_t *info = bench_load_info (load);
        bench_rates_t *rates = self->rates[load];
        char text[64];
        if (!rates[BENCH_FARCALL].count)
            continue;
        snprintf (text, sizeof text, "%s %s%s", info->name, info->text, info->is_pinned ? ", on one core" : "");
        double farcall = median (&rates[BENCH_FARCALL]), raw = median (&rates[BENCH_RAW_ZMQ]);
        printf ("%-30s %12.0f %12.0f %8.2f\n", text, farcall, raw, farcall / raw);
    }
    puts ("\nThe ratio is that of the medians, farcall to raw_zmq.");
}
