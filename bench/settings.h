/* What the command line asks for. */
#ifndef BENCH_SETTINGS_H
#define BENCH_SETTINGS_H

#include "load.h"

#include <limits.h>
#include <stdbool.h>

typedef struct bench_settings {
    bool is_json;
    bool is_quick;
    long rounds;       /* at most */
    double seconds;    /* of each measurement, after a quarter of it to warm up */
    double budget_s;   /* begin no round that would end later; 0: no limit */
    bench_load_t only; /* BENCH_LOADS: all */
    char far_broker[PATH_MAX];
    char program[PATH_MAX]; /* of this process */
} bench_settings_t;

/* Reads the command line. When there is nothing more to do, false with the exit status: 0 after --help, 2 for a command
 * line that can't be read and 1 where a program is not found, with a line on stderr. */
bool bench_settings_read (bench_settings_t *self, int argc, char **argv, int *out_status);

#endif
