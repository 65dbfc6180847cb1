/* Iterators: objects that give the items of something in batches. docs/protocol.md, section 3, "Iteration". */
#ifndef FAR_OBJECT_ITERATOR_H
#define FAR_OBJECT_ITERATOR_H

#include "object/call.h"

/* The item of an object at a place, counted from 0; *out stays NULL where there is none any more. */
typedef far_status_t far_item_fn (far_object_t *over, size_t index, far_value_t **out);

/* An iterator over the items of an object, which it retains. NULL with NoMemory. */
far_object_t *far_iterator_new (far_object_t *over, far_item_fn *item);
/* An iterator over the items of a list or the keys of a map, which it retains; over nothing where it is neither. */
far_object_t *far_iterator_over (const far_value_t *value);

/* The answer of an object's `__iter__` as an iterator: a list or a map becomes one, an object is one. Raises TypeError for
 * anything else. */
far_status_t far_iterator_answer (const far_object_t *self, far_call_t *call);

/* Runs a `__next__` that a class has. Whether it gives one item or a list of them, and raises StopIteration at the end or
 * gives an empty list: the answer is a list. */
far_status_t far_iterator_run (far_call_t *call, far_object_t *object, const far_callee_t *callee, void *data);

#endif
