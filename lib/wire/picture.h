/* Pictures: C variables to MessagePack and back, as <farcall/value.h> says, without a tree between. */
#ifndef FAR_WIRE_PICTURE_H
#define FAR_WIRE_PICTURE_H

#include "wire/value.h"

/* va_list as something that can be passed by pointer everywhere. */
typedef struct far_arguments {
    va_list list;
} far_arguments_t;

/* Writes the arguments of a call: one list, and behind it one map if there are keyword arguments. *results is set to
 * what stands behind `>` ("" if nothing does). picture NULL is "". *has_keywords says whether the map was written. */
far_status_t far_picture_write_call (far_writer_t *out, const char *picture, far_arguments_t *arguments,
                                     bool *has_keywords, const char **results);
/* Writes exactly one value. */
far_status_t far_picture_write_value (far_writer_t *out, const char *picture, far_arguments_t *arguments);
/* Takes exactly one value, of a body that far_scan accepted, into variables. NULL or "" takes nothing. On failure no
 * variable has changed and nothing is leaked. */
far_status_t far_picture_read_value (far_reader_t *in, const char *picture, const far_resolver_t *resolver,
                                     far_arguments_t *arguments);

/* Builds exactly one value, as far_value_new. */
far_value_t *far_value_from_picture (const char *picture, far_arguments_t *arguments);
/* As far_value_get. */
far_status_t far_value_take (const far_value_t *value, const char *picture, far_arguments_t *arguments);

/* Stores a scalar, of a letter that it was checked against, in the letter's variable. Other letters than b, i, l, u, f and
 * t store nothing. */
void far_scalar_store (char letter, const far_item_t *item, void *variable);

#endif
