/* A module for far-actor: thumbnails of an image, in as many sizes as one likes, each given as soon as it is ready. It never
 * opens a file: images come in calls, and thumbnails go as results. Nothing stays behind, so a call may be repeated. */
#include "image.h"

#include <farcall.h>
#include <stdio.h>
#include <unistd.h>

/* The steps of a call are one for reading the image, and one for each thumbnail. Whose pid stands there can be killed. */
static void tell (far_call_t *call, size_t done, size_t steps, const char *what, gdImagePtr image)
{
    char text[100];
    snprintf (text, sizeof text, "worker %d: %s %d x %d", (int)getpid (), what, gdImageSX (image), gdImageSY (image));
    far_call_progress (call, (double)done, (double)steps, text);
}

static far_status_t give (far_call_t *call, int width, gdImagePtr thumbnail)
{
    far_bytes_t png = { 0 };
    png.data = image_png (thumbnail, &png.size);
    if (!png.data)
        return far_call_fail (call, "MemoryError", "no memory for a PNG");
    far_status_t status = far_call_yield (call, "{si sy}", "width", width, "png", &png);
    gdFree ((void *)png.data);
    return status;
}

static far_status_t shrink (far_call_t *call, gdImagePtr image, const far_value_t *widths)
{
    size_t count = far_value_count (widths);
    tell (call, 1, count + 1, "read", image);
    for (size_t i = 0; i < count; i++) {
        int width = (int)far_value_int (far_value_item (widths, i));
        if (width < 1)
            return far_call_fail (call, "ValueError", "a width of %d: expected 1 or more", width);
        gdImagePtr thumbnail = image_shrunk (image, width);
        if (!thumbnail)
            return far_call_fail (call, "MemoryError", "no memory for a thumbnail");
        far_status_t status = give (call, width, thumbnail);
        if (!status)
            tell (call, i + 2, count + 1, "made", thumbnail);
        gdImageDestroy (thumbnail);
        if (status)
            return status;
    }
    return far_call_return (call, "[ii]", gdImageSX (image), gdImageSY (image));
}

static far_status_t make (far_call_t *call, void *self)
{
    (void)self;
    far_bytes_t bytes;
    const far_value_t *widths;
    if (far_call_args (call, &bytes, &widths))
        return far_call_status (call);
    gdImagePtr image = image_read (bytes.data, bytes.size);
    if (!image)
        return far_call_fail (call, "ValueError", "%s", image_why ());
    far_status_t status = shrink (call, image, widths);
    gdImageDestroy (image);
    return status;
}

FAR_MODULE (thumbs)
{
    image_init ();
    far_module_set_doc (module, "Thumbnails of images.");
    far_module_function (module, "make", make, "image:y, widths:[i] -> v",
                         "Yields a map for each width, of it and the PNG. Returns the image's own width and height.");
}
