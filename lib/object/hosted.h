/* A plain value, hosted as an object: what TRANSFER makes, and results that come by reference. It has Python's operators
 * and the usual methods. Lists and maps can be changed; what is inside of them is plain values, and references. */
#ifndef FAR_OBJECT_HOSTED_H
#define FAR_OBJECT_HOSTED_H

#include "object/builtin_map.h"
#include "object/object.h"

typedef struct far_hosted far_hosted_t;

/* Consumes the value, also on failure. NULL with NoMemory. */
far_object_t *far_hosted_new (far_value_t **value_p);
/* NULL unless the object is a hosted value. Borrowed. */
far_hosted_t *far_hosted_from_object (far_object_t *object);

/* The value as it is now, one more owner: later changes are made to a copy. Any thread. */
far_value_t *far_hosted_read (far_hosted_t *self);
/* Begins a change, with the lock held: *out is the value, which has one owner and may be replaced, *keys the index of a
 * map. NoMemory: then there is no change to end. */
far_status_t far_hosted_edit (far_hosted_t *self, far_value_t ***out, far_keys_t **keys);
/* Ends it, and releases what was dropped. */
void far_hosted_edited (far_hosted_t *self, far_value_t **dropped);

/* What an argument stands for as an operand: NULL is nil, a hosted value of this process is its value. One owner. */
far_value_t *far_hosted_operand (const far_value_t *argument);
/* What an argument is when it is kept: NULL is nil. One owner. */
far_value_t *far_hosted_kept (const far_value_t *argument);
/* Answers with what a function gave, and consumes it; passes its error on. */
far_status_t far_hosted_answer (far_call_t *call, far_status_t status, far_value_t **result_p);

#endif
