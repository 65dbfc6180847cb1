/* FAR_TRACE: each message that passes as one line on stderr. Whoever sends and receives calls it; it changes nothing,
 * not even the thread's last error. */
#include "wire/trace.h"
#include "base/error.h"
#include "wire/summary.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SUMMARY_BYTES 256

static bool is_on;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_environment (void)
{
    const char *wanted = getenv ("FAR_TRACE");
    is_on = wanted && *wanted && strcmp (wanted, "0") != 0;
}

bool far_trace_on (void)
{
    pthread_once (&once, read_environment);
    return is_on;
}

/* "12:01:02.345678" */
static void time_text (char *out, size_t size)
{
    struct timespec now;
    struct tm parts;
    clock_gettime (CLOCK_REALTIME, &now);
    localtime_r (&now.tv_sec, &parts);
    size_t used = strftime (out, size, "%H:%M:%S", &parts);
    snprintf (out + used, size - used, ".%06ld", now.tv_nsec / 1000);
}

static void print_message (const char *time, const char *who, const char *way, const far_message_t *message,
                           bool in_batch)
{
    char party[32], summary[SUMMARY_BYTES];
    const far_header_t *header = &message->header;
    far_summary (message, summary, sizeof summary);
    fprintf (stderr, "%s %s %s %s%s%s%s %" PRIu64 " %s %s %" PRIu32 "+%" PRIu32 "%s%s%s\n", time, who, way,
             far_message_name (header->type), header->flags & FAR_FLAG_BY_BROKER ? " (by the broker)" : "",
             header->flags & FAR_FLAG_KEEP ? " keep" : "", header->flags & FAR_FLAG_HOLDS ? " holds" : "",
             header->request, strcmp (way, "->") == 0 ? "to" : "of", far_process_text (header->party, party),
             header->body_size, header->fields_size, in_batch ? " batched" : "", *summary ? " " : "",
             *summary == ' ' ? summary + 1 : summary);
}

void far_trace (const char *who, const char *way, const uint8_t *frame, size_t size)
{
    char time[32];
    time_text (time, sizeof time);
    far_message_t whole, message;
    if (!far_message_read (frame, size, &whole)) {
        fprintf (stderr, "%s %s %s malformed frame of %zu bytes\n", time, who, way, size);
        return;
    }
    far_error_t *before = far_error_retain (far_last_error ());
    far_messages_t messages;
    far_messages_start (&messages, &whole);
    while (far_messages_next (&messages, &message))
        print_message (time, who, way, &message, whole.header.flags & FAR_FLAG_BATCH);
    far_fail_with (before);
}
