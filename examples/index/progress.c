/* A bar on the terminal, drawn over and over in one line. */
#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 40, EVERY_MS = 100 };

static bool is_drawn;

void progress_draw (uint64_t done_bytes, uint64_t all_bytes, size_t done_files)
{
    static const char full[] = "########################################",
                      empty[] = "........................................";
    static int64_t last_ms;
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    int64_t now_ms = (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
    if (now_ms - last_ms < EVERY_MS || !isatty (STDOUT_FILENO))
        return;
    last_ms = now_ms;
    is_drawn = true;
    double share = all_bytes ? (double)done_bytes / (double)all_bytes : 1;
    int filled = (int)(share * WIDTH);
    printf ("\r[%.*s%.*s] %3d%%  %zu files", filled, full, WIDTH - filled, empty, (int)(share * 100), done_files);
    fflush (stdout);
}

void progress_clear (void)
{
    if (is_drawn)
        printf ("\r\033[K");
    is_drawn = false;
    fflush (stdout);
}
