/* Iterators over plain values. */
#ifndef FAR_OBJECT_BUILTIN_ITERATE_H
#define FAR_OBJECT_BUILTIN_ITERATE_H

#include "object/builtin.h"
#include "object/object.h"

/* An iterator over the items of a list, the keys of a map, the characters of a string or the bytes of a binary, as they
 * are now. One owner. TypeError for others. */
far_status_t far_builtin_iterate (const far_value_t *value, far_object_t **out);

#endif
