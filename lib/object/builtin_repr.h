/* Plain values as text. */
#ifndef FAR_OBJECT_BUILTIN_REPR_H
#define FAR_OBJECT_BUILTIN_REPR_H

#include "object/builtin.h"

/* As Python's repr writes it; a string that is text itself (is_str, at the top only) stays what it is, as str has it.
 * Limit where the text is too long for a message. */
far_status_t far_builtin_text (const far_value_t *value, bool is_str, far_value_t **out);
/* KeyError that names the key. */
far_status_t far_raise_missing (const far_value_t *key);

#endif
