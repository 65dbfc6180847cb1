/* FAR_TRACE=1: each message as one line on stderr. */
#ifndef FAR_WIRE_TRACE_H
#define FAR_WIRE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is it on? Reads the environment once. */
bool far_trace_on (void);
/* Prints a frame: who ("host", a name), which way ("->" out, "<-" in), type, party, request, sizes, and a summary of
 * the body, escaped: 12:01:02.345678 host <- CALL 1 of 8f31a2b4:3 36+0 counter.add(2) */
void far_trace (const char *who, const char *way, const uint8_t *frame, size_t size);

#endif
