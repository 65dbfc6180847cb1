/* A method together with the object it belongs to, as an object that can be called. */
#ifndef FAR_OBJECT_METHOD_H
#define FAR_OBJECT_METHOD_H

#include "object/call.h"

/* A bound method, as a value. owner is retained for as long as the method lives; callee and data are the owner's. */
far_status_t far_bound_method_value (far_object_t *owner, const far_callee_t *callee, void *data, far_value_t **out);

#endif
