/* The body of HELLO, read. docs/protocol.md, section 4. */
#ifndef BROKER_HELLO_H
#define BROKER_HELLO_H

#include "session.h"
#include "wire/reader.h"

/* Is it a name that a process, or a fleet, may have? */
bool hello_is_name (far_text_t text);

/* FAR_OK, and *out is the caller's: hello_deinit. BadArguments, ProtocolError (another version) or NoMemory, with the
 * thread's last error. */
far_status_t hello_read (const uint8_t *body, size_t size, hello_t *out);

#endif
