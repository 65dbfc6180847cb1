/* Shapes: what a parameter takes, as the text of a signature says it: "l", "[s]", "{sv}". */
#ifndef FAR_OBJECT_SHAPE_H
#define FAR_OBJECT_SHAPE_H

#include "wire/reader.h"

/* Characters of the shape that begins at text. 0 where there is none: then *out_bad (may be NULL) is the place. */
size_t far_shape_size (const char *text, const char **out_bad);

/* Why a value has not the shape. */
typedef struct far_mismatch {
    char where[64];  /* "" for the value itself; ", item 2" for what is inside it */
    char takes[48];  /* "an integer of 32 bits" */
    char found[128]; /* "string" */
} far_mismatch_t;

/* Has the value at the reader's place this shape? Moves the reader behind it, if so. takes_nil: nil will do. */
bool far_shape_check (const char *shape, bool takes_nil, far_reader_t *in, far_mismatch_t *out);

#endif
