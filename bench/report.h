/* The figures of all rounds, and how they are told. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "settings.h"

#include <stddef.h>

typedef enum bench_system { BENCH_FARCALL, BENCH_RAW_ZMQ, BENCH_SYSTEMS } bench_system_t;

/* Rates of one system under one load. All zero is empty. */
typedef struct bench_rates {
    double *values;
    size_t count;
} bench_rates_t;

typedef struct bench_report {
    bench_rates_t rates[BENCH_LOADS][BENCH_SYSTEMS];
} bench_report_t;

/* False without memory, with a line on stderr. */
bool bench_report_add (bench_report_t *self, bench_load_t load, bench_system_t system, double rate);
void bench_report_deinit (bench_report_t *self);

/* Prints what was measured (loads without figures are left out): as one JSON object, or as a table with what was run. */
void bench_report_print_json (bench_report_t *self);
void bench_report_print_table (bench_report_t *self, const bench_settings_t *settings);

#endif
