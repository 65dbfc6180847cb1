/* What a message says, as a line of text for people. */
#ifndef FAR_WIRE_SUMMARY_H
#define FAR_WIRE_SUMMARY_H

#include "wire/message.h"

/* "8f31a2b4:3"; "session" and "broker" for the parties that are none. Gives out. */
char *far_process_text (uint64_t process, char out[32]);
/* "8f31a2b4:3/42": how people name a request, by who asked and under which ID. Gives out. */
char *far_request_text (uint64_t caller, uint64_t request, char out[64]);
/* "counter.add(2)", "ref 8f31a2b4:3/7", ...: body and fields, escaped; what does not fit ends with "...". out_size is 8
 * or more. */
void far_summary (const far_message_t *message, char *out, size_t out_size);

#endif
