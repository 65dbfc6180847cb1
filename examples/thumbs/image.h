/* Images by libgd: out of a file's bytes, smaller, and into bytes again. */
#ifndef THUMBS_IMAGE_H
#define THUMBS_IMAGE_H

#include <gd.h>
#include <stddef.h>

/* Says on stderr no more what it does not like: image_why does. For the whole process. */
void image_init (void);

/* Reads a PNG or JPEG, whole or not at all; where it is transparent it becomes white. Yours: gdImageDestroy. NULL where
 * image_why says what is wrong with it. */
gdImagePtr image_read (const void *data, size_t size_bytes);
/* The same in this width, its height in proportion; its own size if that is less. Yours. NULL without memory. */
gdImagePtr image_shrunk (gdImagePtr image, int width);
/* As the bytes of a PNG. Yours: gdFree. NULL without memory. */
void *image_png (gdImagePtr image, size_t *out_size_bytes);

/* Why the last image_read of this thread failed; until its next one. */
const char *image_why (void);

#endif
