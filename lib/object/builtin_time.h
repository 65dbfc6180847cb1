/* Timestamps: what they give with seconds, and with each other. */
#ifndef FAR_OBJECT_BUILTIN_TIME_H
#define FAR_OBJECT_BUILTIN_TIME_H

#include "object/builtin.h"

/* Rows of the table of operators: time + seconds, seconds + time, time - seconds, time - time (seconds, a float). */
far_status_t far_time_binary (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out);
/* int() and float(): seconds since 1970. */
far_status_t far_time_convert (far_operator_t of, const far_value_t *value, far_value_t **out);

#endif
