/* far_value_t: values as a tree that is owned. The public part is <farcall/value.h>. */
#ifndef FAR_WIRE_VALUE_H
#define FAR_WIRE_VALUE_H

#include "wire/reader.h"
#include "wire/writer.h"
#include <farcall/options.h>

/* The kind that a type of value is of: one of far_by_value_t. */
uint32_t far_by_value_of (far_type_t type);

/* NULL is written as nil. */
void far_value_write (far_writer_t *out, const far_value_t *value);
/* Builds the value at the reader's place, of a body that far_scan accepted. NULL with the last error. */
far_value_t *far_value_read (far_reader_t *in, const far_resolver_t *resolver);
/* Resolves the references of what a writer has written, as long as the writer lives. */
far_resolver_t far_written_resolver (const far_writer_t *writer);
/* The value that stands in a writer's buffer from start on; NULL with the last error. */
far_value_t *far_written_value (const far_writer_t *writer, size_t start);

/* A scalar, list or map, zeroed; NULL with NoMemory. So is what the others give. */
far_value_t *far_value_make (far_type_t type);
/* A string or binary; the text is copied, and has been checked. */
far_value_t *far_value_make_text (far_type_t type, const void *data, size_t size);
far_value_t *far_value_from_bool (bool value);
far_value_t *far_value_from_int (int64_t value);
far_value_t *far_value_from_uint (uint64_t value);
far_value_t *far_value_from_float (double value);
far_value_t *far_value_from_time (struct timespec value);
/* A value that is an object or proxy; consumes one owner of the handle. */
far_value_t *far_value_from_handle (far_handle_t *handle);
/* Borrowed; NULL unless it is a reference. */
far_handle_t *far_value_handle (const far_value_t *value);

/* Changing a list or a map in place, by slots: an item of a list is one, an entry of a map two (key, item). */

/* Makes sure that nobody else owns the list or map itself: a copy that shares what is inside takes its place if need
 * be. Of other values, which can't change, nothing. NoMemory. */
far_status_t far_value_unshare (far_value_t **container_p);
/* Takes removed slots out at `at` and puts count others there, which it consumes unless it fails. The container has one
 * owner. *dropped (NULL before) gets what was taken out: nothing, the one value, or a list of them. So whoever holds a
 * lock can release it later. Errors: Limit, NoMemory; then nothing has changed. */
far_status_t far_value_splice (far_value_t *container, size_t at, size_t removed, far_value_t *const *added,
                               size_t count, far_value_t **dropped);
/* Slots of a list or map, borrowed. */
far_value_t *const *far_value_slots (const far_value_t *container, size_t *out_count);
/* The same of a list with one owner, so that they can be put in another order. */
far_value_t **far_value_order (far_value_t *list);
/* How many values it is all through, itself included; stops counting once there are more than most. */
size_t far_value_weight (const far_value_t *value, size_t most);

#endif
