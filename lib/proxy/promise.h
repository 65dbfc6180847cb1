/* Promises: the answer of a request as a proxy before it has come. */
#ifndef FAR_PROXY_PROMISE_H
#define FAR_PROXY_PROMISE_H

#include "base/handle.h"
#include "wire/writer.h"

/* Writes a proxy that stands for an answer as a value: to the process that was asked as that answer, or else, once it
 * has come, as what it is. Without the lock; may wait. */
void far_promise_write (far_handle_t *handle, far_writer_t *out);

#endif
