/* The methods of plain values, a table for each type. What runs them gives them the hosted value as their self. */
#ifndef FAR_OBJECT_BUILTIN_METHODS_H
#define FAR_OBJECT_BUILTIN_METHODS_H

#include "object/call.h"

/* The method of a type; NULL if there is none. Borrowed for ever. */
const far_callee_t *far_builtin_method (far_type_t type, far_text_t name);

extern const far_method_t far_number_methods[], far_real_methods[], far_string_methods[], far_binary_methods[],
    far_list_methods[], far_map_methods[], far_time_methods[];

#endif
