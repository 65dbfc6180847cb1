/* Operators on any object: where a CALL of a reserved name goes, and what an operator means that the object leaves to
 * others. docs/protocol.md, section 3, "Operators". */
#ifndef FAR_OBJECT_OPERATORS_H
#define FAR_OBJECT_OPERATORS_H

#include "object/object.h"

/* Answers the call with the operator: the object's own, or else what follows from its others (`!=` from `==`, `+=` from
 * `+`, `in` by iterating), or what any object has (`==` is identity, str() names the class). NoSuchAttribute if there is
 * neither. Not for FAR_INVOKE. */
far_status_t far_operators_call (far_object_t *self, far_operator_t of, far_call_t *call);

#endif
