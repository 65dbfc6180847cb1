/* What a body says of a reference: the content of an ext of type 1, docs/protocol.md, section 5. */
#ifndef FAR_WIRE_REFERENCE_H
#define FAR_WIRE_REFERENCE_H

#include "base/option.h"
#include "wire/reader.h"
#include "wire/writer.h"

/* Writes the content: its number, what the handle says of itself, and options (may be NULL), as far as there is something
 * to say. */
void far_reference_write_content (far_writer_t *out, size_t index, const char *class_name, const char *path,
                                  const far_options_t *options);

/* Sets the options that the reference carries where onto has them unset. */
void far_reference_apply_options (const far_reference_t *reference, far_options_t *onto);

#endif
