/* Timestamps as text. */
#ifndef FAR_CLI_MOMENT_H
#define FAR_CLI_MOMENT_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* Writes "2026-01-01T00:00:00.123Z", with 0, 3, 6 or 9 digits behind the second: as many as it takes. Years that have
 * not four digits: "@SECONDS" since 1970. */
void moment_write (FILE *out, const struct timespec *moment);
/* Reads both, and other offsets than Z ("+01:00"). false if text is neither. */
bool moment_read (const char *text, struct timespec *out_moment);

/* As people read it, in local time: "2026-01-01 00:00:00"; "-" for 1970. */
void moment_show (FILE *out, const struct timespec *moment);

#endif
