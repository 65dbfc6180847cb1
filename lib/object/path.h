/* Paths of attributes, "a.b.c", followed from an object on. */
#ifndef FAR_OBJECT_PATH_H
#define FAR_OBJECT_PATH_H

#include "object/object.h"

/* Takes the first name off a path that is not empty. *path is {"", 0} at the end, and
 * *more says whether a dot stood behind the name. */
far_text_t far_path_first (far_text_t *path, bool *more);
/* Splits a path at its last dot: what stands before it ("" if there is none), and the last name. */
void far_path_split (far_text_t path, far_text_t *before, far_text_t *last);

/* NoSuchAttribute if one of its names is empty, as in "a..b". */
far_status_t far_path_check (far_text_t path);
/* Follows path from an object, attribute by attribute, on behalf of a call (NULL: what would have to run a method is an
 * error). "" gives the object itself. NoSuchAttribute names the part that is not there. */
far_status_t far_path_follow (far_object_t *from, far_text_t path, far_call_t *call, far_value_t **out);
/* The same, where an object is needed: a plain value at the end is hosted. The caller owns *out. */
far_status_t far_path_object (far_object_t *from, far_text_t path, far_call_t *call, far_object_t **out);

/* What a path refers to, for a reference that came home: one owner of an object or proxy. NULL with the last error;
 * BadArguments if it is a plain value. */
far_handle_t *far_path_reference (far_object_t *from, far_text_t path, far_call_t *call);

#endif
