/* Which results go by value and which by reference. docs/protocol.md, section 3, "returns". */
#ifndef FAR_OBJECT_RESULT_H
#define FAR_OBJECT_RESULT_H

#include "object/call.h"

/* Makes the answer of a call what returns asks for: a value that may not go by value is hosted, an object whose value
 * form is wanted is replaced by it. */
far_status_t far_result_apply (far_call_t *call, uint32_t returns);

#endif
