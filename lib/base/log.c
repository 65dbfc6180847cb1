/* Log lines: formats, escapes and passes them on, to stderr or to the program's own handler. Owns the level and the
 * handler of the process. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES  2048
#define LEVEL_UNSET (-1)

static const char *const level_names[] = {
    [FAR_LOG_ERROR] = "error",
    [FAR_LOG_WARNING] = "warning",
    [FAR_LOG_INFO] = "info",
    [FAR_LOG_DEBUG] = "debug",
};
#define LEVELS ((int)(sizeof level_names / sizeof *level_names))

static atomic_int current_level = LEVEL_UNSET;
static _Atomic (far_log_handler_t *) current_handler;
static _Atomic (void *) current_context;

void far_log_set_handler (far_log_handler_t *handler, void *context)
{
    atomic_store (&current_context, context);
    atomic_store (&current_handler, handler);
}

void far_log_set_level (far_log_level_t level)
{
    atomic_store (&current_level, (int)level);
}

static int level_from_environment (void)
{
    const char *name = getenv ("FAR_LOG");
    for (int level = 0; name && level < LEVELS; level++)
        if (strcmp (name, level_names[level]) == 0)
            return level;
    return FAR_LOG_WARNING;
}

bool far_log_wants (far_log_level_t level)
{
    int most = atomic_load_explicit (&current_level, memory_order_relaxed);
    if (most == LEVEL_UNSET) {
        int unset = LEVEL_UNSET;
        most = level_from_environment ();
        if (!atomic_compare_exchange_strong (&current_level, &unset, most))
            most = unset;
    }
    return (int)level <= most;
}

void far_log (far_log_level_t level, const char *format, ...)
{
    if (!far_log_wants (level))
        return;
    char raw[LINE_BYTES], line[4 * LINE_BYTES];
    va_list args;
    va_start (args, format);
    int wanted = vsnprintf (raw, sizeof raw, format, args);
    va_end (args);
    if (wanted < 0)
        return;
    if (wanted >= LINE_BYTES)
        strcpy (raw + LINE_BYTES - 4, "...");
    far_escape (raw, strlen (raw), line, sizeof line);

    far_log_handler_t *handler = atomic_load (&current_handler);
    if (handler)
        handler (atomic_load (&current_context), level, line);
    else
        fprintf (stderr, "farcall: %s: %s\n", level_names[level], line);
}
