/* A call inside a call: what a getter, an operator or an iterator runs so that a request can be answered. */
#ifndef FAR_OBJECT_INNER_H
#define FAR_OBJECT_INNER_H

#include "object/call.h"

/* On the stack of who makes the call. */
typedef struct far_inner {
    far_call_t call; /* run something with it */
    far_call_t *outer;
    far_buffer_t buffer;
    far_writer_t writer;
} far_inner_t;

/* A call with these arguments (NULL: none) on behalf of the outer one: of the same host, caller and references. */
void far_inner_begin (far_inner_t *self, far_call_t *outer, const far_request_body_t *request);
/* Ends it, status being how it went, and gives what it has answered, nil if nothing. On failure the outer call has the
 * error, the place where it was raised included. */
far_status_t far_inner_end (far_inner_t *self, far_status_t status, far_value_t **out);

/* Both, for a method or operator of an object, by name. */
far_status_t far_inner_call (far_call_t *outer, far_object_t *object, const char *name,
                             const far_request_body_t *request, far_value_t **out);

#endif
