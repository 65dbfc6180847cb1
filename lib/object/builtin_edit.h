/* Operators that change a list or a map. */
#ifndef FAR_OBJECT_BUILTIN_EDIT_H
#define FAR_OBJECT_BUILTIN_EDIT_H

#include "object/builtin_map.h"

/* Does this operator change what it is applied to, if that is of this type? Setting and deleting items always does. */
bool far_builtin_edits (far_operator_t of, far_type_t type);
/* Applies it to *self_p, which has one owner. first and second are borrowed: key and value, or the operand. *dropped (NULL
 * before) gets what is to be released. Errors as far_builtin_operate; on error nothing has changed. */
far_status_t far_builtin_edit (far_operator_t of, far_value_t **self_p, far_keys_t *keys, const far_value_t *first,
                               const far_value_t *second, far_value_t **dropped);

/* Puts the items of what can be iterated over into a list, at a place. */
far_status_t far_list_insert_all (far_value_t *list, size_t at, size_t removed, const far_value_t *from,
                                  far_value_t **dropped);

#endif
