/* What Python's operators mean for plain values. Pure functions: operands are borrowed, results are new. Errors are of
 * kind Raised, with the class that Python gives (TypeError, ZeroDivisionError, ...); Limit for what could never travel;
 * NoMemory. */
#ifndef FAR_OBJECT_BUILTIN_H
#define FAR_OBJECT_BUILTIN_H

#include "base/operator.h"
#include "wire/value.h"

/* self and one operand: `other` is not looked at by an operator of the object alone, and is the key of FAR_GETITEM. What
 * changes an object (in-place on lists and maps, items) is not here: see builtin_edit.h. In-place is the plain operator.
 * TypeError where the types have no such operator. */
far_status_t far_builtin_operate (far_operator_t of, const far_value_t *self, const far_value_t *other,
                                  far_value_t **out);

/* Equal as Python has it: 1, 1.0 and true are, maps in any order are; a reference only to the same object. */
bool far_builtin_equals (const far_value_t *a, const far_value_t *b);
/* The same for equal values. TypeError: lists and maps can change. */
far_status_t far_builtin_hash (const far_value_t *value, int64_t *out);
/* nil, false, 0 and what is empty are false. */
bool far_builtin_truth (const far_value_t *value);

/* Makes an error of kind Raised the thread's last one, and gives its kind. */
far_status_t far_raise (const char *error_class, const char *format, ...) FAR_PRINTF (2, 3);
/* The type's name in messages, which is also the class of a hosted value: both kinds of integers are "int". */
const char *far_builtin_name (const far_value_t *value);

#endif
