/* The order of plain values. */
#ifndef FAR_OBJECT_BUILTIN_COMPARE_H
#define FAR_OBJECT_BUILTIN_COMPARE_H

#include "object/builtin.h"

/* FAR_LT, FAR_LE, FAR_GT or FAR_GE. TypeError for types that have no order between them. */
far_status_t far_builtin_order (far_operator_t of, const far_value_t *a, const far_value_t *b, bool *out);

/* A hash as an index of keys uses it: nobody outside knows which keys fall together. */
uint64_t far_builtin_scatter (int64_t hash);

#endif
