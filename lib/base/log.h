/* Log lines: one line each, escaped, passed over below the level. */
#ifndef FAR_BASE_LOG_H
#define FAR_BASE_LOG_H

#include <farcall/base.h>

void far_log (far_log_level_t level, const char *format, ...) FAR_PRINTF (2, 3);
/* Would a line of this level be printed? */
bool far_log_wants (far_log_level_t level);

/* Writes text into out (of out_size bytes, always NUL-terminated) with everything that is not printable ASCII or valid
 * UTF-8, and control characters, as \xNN. Gives out. */
char *far_escape (const char *text, size_t size, char *out, size_t out_size);

#endif
