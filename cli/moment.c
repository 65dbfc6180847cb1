/* Timestamps as text: ISO 8601 in UTC, to the nanosecond and without loss in either direction. */
#include "moment.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void write_fraction (FILE *out, long nanoseconds)
{
    if (nanoseconds % 1000)
        fprintf (out, ".%09ld", nanoseconds);
    else if (nanoseconds % 1000000)
        fprintf (out, ".%06ld", nanoseconds / 1000);
    else if (nanoseconds)
        fprintf (out, ".%03ld", nanoseconds / 1000000);
}

void moment_write (FILE *out, const struct timespec *moment)
{
    struct tm parts;
    bool has_year = gmtime_r (&moment->tv_sec, &parts) && parts.tm_year >= -1900 && parts.tm_year <= 9999 - 1900;
    if (has_year)
        fprintf (out, "%04d-%02d-%02dT%02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                 parts.tm_hour, parts.tm_min, parts.tm_sec);
    else
        fprintf (out, "@%lld", (long long)moment->tv_sec);
    write_fraction (out, moment->tv_nsec);
    if (has_year)
        fputc ('Z', out);
}

/* Reads the digits behind a '.', if there is one. */
static bool read_fraction (const char **text, long *out_nanoseconds)
{
    *out_nanoseconds = 0;
    if (**text != '.')
        return true;
    const char *first = ++*text;
    long scale = 100000000;
    for (; isdigit ((unsigned char)**text); ++*text, scale /= 10)
        *out_nanoseconds += (**text - '0') * scale;
    return *text > first && *text - first <= 9;
}

/* "Z" or "+01:00" at the end of text. */
static bool read_offset (const char *text, long *out_seconds)
{
    *out_seconds = 0;
    if (!strcmp (text, "Z") || !strcmp (text, "z"))
        return true;
    int hours, minutes, end = 0;
    char sign[2];
    if (sscanf (text, "%1[+-]%2d:%2d%n", sign, &hours, &minutes, &end) < 3)
        return false;
    *out_seconds = (*sign == '-' ? -60 : 60) * (hours * 60L + minutes);
    return end == 6 && !text[end] && isdigit ((unsigned char)text[1]) && isdigit ((unsigned char)text[4]);
}

static bool read_seconds (const char *text, struct timespec *out)
{
    char *end;
    errno = 0;
    long long seconds = strtoll (text, &end, 10);
    const char *rest = end;
    bool fine = !errno && end != text && (isdigit ((unsigned char)*text) || *text == '-') &&
                read_fraction (&rest, &out->tv_nsec) && !*rest;
    out->tv_sec = (time_t)seconds;
    return fine;
}

static bool read_date (const char *text, struct timespec *out)
{
    struct tm parts = { 0 };
    const char *rest = strptime (text, "%Y-%m-%dT%H:%M:%S", &parts);
    long offset;
    if (!rest || !isdigit ((unsigned char)*text) || !read_fraction (&rest, &out->tv_nsec) ||
        !read_offset (rest, &offset))
        return false;
    struct tm wanted = parts;
    out->tv_sec = timegm (&parts);
    if (parts.tm_mday != wanted.tm_mday || parts.tm_mon != wanted.tm_mon)
        return false; /* the 30th of February */
    out->tv_sec -= offset;
    return true;
}

bool moment_read (const char *text, struct timespec *out_moment)
{
    struct timespec moment;
    if (!(*text == '@' ? read_seconds (text + 1, &moment) : read_date (text, &moment)))
        return false;
    *out_moment = moment;
    return true;
}

void moment_show (FILE *out, const struct timespec *moment)
{
    struct tm parts;
    char text[64];
    if (moment->tv_sec && localtime_r (&moment->tv_sec, &parts) && strftime (text, sizeof text, "%F %T", &parts))
        fputs (text, out);
    else
        fputc ('-', out);
}
