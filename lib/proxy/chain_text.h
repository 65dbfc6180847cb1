/* The text of a chain of calls, "read (80).split ('\n').count": its links, one after the other. */
#ifndef FAR_PROXY_CHAIN_TEXT_H
#define FAR_PROXY_CHAIN_TEXT_H

#include "wire/writer.h"

/* Encoded values, one behind the other. */
typedef struct far_literals {
    far_buffer_t bytes;
    size_t count; /* of keywords: pairs */
} far_literals_t;

/* A path, and the call that stands behind it, if there is one. */
typedef struct far_link {
    far_text_t path;
    bool calls;
    far_literals_t arguments, keywords;
} far_link_t;

/* Reads the link at *at, which is not the end, and moves on. *out is to be given to far_link_deinit. BadArguments says what was
 * expected where; *out is empty then. */
far_status_t far_link_read (const char *text, const char **at, far_link_t *out);
void far_link_deinit (far_link_t *self);

#endif
