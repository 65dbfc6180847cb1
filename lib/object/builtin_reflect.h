/* Operators between a plain value and an object of a class that knows the other side of them. */
#ifndef FAR_OBJECT_BUILTIN_REFLECT_H
#define FAR_OBJECT_BUILTIN_REFLECT_H

#include "object/call.h"

/* The object of this process that `value of other` has to be left to: other, if it has the operator from its side. NULL:
 * there is none, and plain values have to do. Borrowed. */
far_object_t *far_builtin_reflects (far_operator_t of, const far_value_t *other);
/* Leaves it to the object, and gives what that answers. On failure the call has the error. */
far_status_t far_builtin_reflect (far_call_t *call, far_operator_t of, const far_value_t *value, far_object_t *other,
                                  far_value_t **out);

#endif
