/* A call inside a call: what a getter, an operator or an iterator runs so that a request can be answered. */
#ifndef FAR_OBJECT_INNER_H
#define FAR_OBJECT_INNER_H

#include "object/call.h"

/* Runs a callee with these arguments (NULL: none) on behalf of a call, and gives what it answers, nil if nothing. On
 * failure the outer call has the error, the place where it was raised included. */
far_status_t far_inner_run (far_call_t *outer, const far_callee_t *callee, void *data,
                            const far_request_body_t *request, far_value_t **out);
/* The same for a method or operator of an object, by name. */
far_status_t far_inner_call (far_call_t *outer, far_object_t *object, const char *name,
                             const far_request_body_t *request, far_value_t **out);

#endif
