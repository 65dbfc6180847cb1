/* far_value_t: values as a tree that is owned. The public part is <farcall/value.h>. */
#ifndef FAR_WIRE_VALUE_H
#define FAR_WIRE_VALUE_H

#include "wire/reader.h"
#include "wire/writer.h"

/* NULL is written as nil. */
void far_value_write (far_writer_t *out, const far_value_t *value);
/* Builds the value at the reader's place, of a body that far_scan accepted. NULL with the last error. */
far_value_t *far_value_read (far_reader_t *in, const far_resolver_t *resolver);
/* A value that is an object or proxy; consumes one owner of the handle. */
far_value_t *far_value_from_handle (far_handle_t *handle);
/* Borrowed; NULL unless it is a reference. */
far_handle_t *far_value_handle (const far_value_t *value);

#endif
