/* What libgd does for thumbnails. All images are true colour and opaque once they have been read, so that there is one
 * way to shrink them: each new pixel is the mean of the area that it covers. */
#include "image.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char why[200];

/* libgd may say several things of one image: the first is the cause. */
static void note_why (int priority, const char *format, va_list arguments)
{
    (void)priority;
    if (*why)
        return;
    vsnprintf (why, sizeof why, format, arguments);
    why[strcspn (why, "\n")] = '\0';
}

void image_init (void)
{
    gdSetErrorMethod (note_why);
}

const char *image_why (void)
{
    return why;
}

static gdImagePtr read_png (int size, void *data)
{
    return gdImageCreateFromPngPtr (size, data);
}

/* Of a file that is cut off libjpeg makes what it can, and warns; libpng warns only of what does no harm. */
static gdImagePtr read_jpeg (int size, void *data)
{
    gdImagePtr image = gdImageCreateFromJpegPtrEx (size, data, false);
    if (image && *why) {
        gdImageDestroy (image);
        image = NULL;
    }
    return image;
}

static const struct {
    const char *magic;
    gdImagePtr (*read) (int size, void *data);
} formats[] = {
    { "\x89PNG\r\n\x1a\n", read_png },
    { "\xff\xd8\xff", read_jpeg },
};

static gdImagePtr white_image (int width, int height)
{
    gdImagePtr image = gdImageCreateTrueColor (width, height);
    if (image)
        gdImageFilledRectangle (image, 0, 0, width - 1, height - 1, gdTrueColor (255, 255, 255));
    return image;
}

/* Lays it on white, and lets go of it. */
static gdImagePtr flattened (gdImagePtr image)
{
    int width = gdImageSX (image), height = gdImageSY (image);
    gdImagePtr flat = white_image (width, height);
    if (flat)
        gdImageCopy (flat, image, 0, 0, 0, 0, width, height);
    gdImageDestroy (image);
    return flat;
}

gdImagePtr image_read (const void *data, size_t size_bytes)
{
    *why = '\0';
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t magic_size = strlen (formats[i].magic);
        if (size_bytes < magic_size || size_bytes > INT_MAX || memcmp (data, formats[i].magic, magic_size) != 0)
            continue;
        gdImagePtr image = formats[i].read ((int)size_bytes, (void *)data);
        image = image ? flattened (image) : NULL;
        if (!image && !*why)
            snprintf (why, sizeof why, "it is damaged, or too large");
        return image;
    }
    snprintf (why, sizeof why, "it is neither a PNG nor a JPEG");
    return NULL;
}

gdImagePtr image_shrunk (gdImagePtr image, int width)
{
    int64_t full_width = gdImageSX (image), full_height = gdImageSY (image);
    if (width > full_width)
        width = (int)full_width;
    int height = (int)((full_height * width + full_width / 2) / full_width);
    gdImagePtr shrunk = white_image (width, height ? height : 1);
    if (shrunk)
        gdImageCopyResampled (shrunk, image, 0, 0, 0, 0, width, gdImageSY (shrunk), (int)full_width, (int)full_height);
    return shrunk;
}

void *image_png (gdImagePtr image, size_t *out_size_bytes)
{
    int size;
    void *png = gdImagePngPtr (image, &size);
    if (png)
        *out_size_bytes = (size_t)size;
    return png;
}
