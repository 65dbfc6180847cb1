/* Literals: values as a signature's default or a constant of a class writes them. */
#ifndef FAR_WIRE_LITERAL_H
#define FAR_WIRE_LITERAL_H

#include "wire/writer.h"

/* Writes the literal that text begins with: nil, true, false, an integer, a float, or a text in ''. Gives its
 * characters; 0 if it is none, with a static text in *out_why. */
size_t far_literal_write (far_writer_t *out, const char *text, const char **out_why);

#endif
