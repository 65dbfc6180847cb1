/* A module for far-actor, the first stage: gives the text of a file, through gunzip if it was made by gzip. What counts as
 * text: no NUL in it, at most 16 MiB of it. Anything else is an error, which ends that file and no other. */
#include <errno.h>
#include <farcall.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MOST_BYTES = 16 << 20, GZIP_MAGIC = 0x1f };

/* Judges what was read of a file, and answers with it. Other compressors begin like gzip does, and the check by gzip itself
 * would unpack those as well. */
static far_status_t give (far_call_t *call, const far_value_t *file, const char *text, int size, bool is_packed)
{
    if (size < 0)
        return far_call_fail (call, "Damaged", "gunzip can't unpack it");
    if (size > MOST_BYTES)
        return far_call_fail (call, "TooLarge", "more than %d bytes", MOST_BYTES);
    if (memchr (text, 0, (size_t)size) || (!is_packed && size && text[0] == GZIP_MAGIC))
        return far_call_fail (call, "NotText", "there are NULs in it, or it is packed by something else than gzip");
    far_bytes_t path = far_value_bytes (far_value_item (file, 1)), bytes = { text, (size_t)size };
    return far_call_return (call, "[uyy]", far_value_uint (far_value_item (file, 0)), &path, &bytes);
}

static far_status_t reader_read (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *file;
    if (far_call_args (call, &file))
        return far_call_status (call);
    gzFile in = gzopen (far_value_bytes (far_value_item (file, 1)).data, "re");
    if (!in)
        return far_call_fail (call, "Unreadable", "%s", strerror (errno));
    char *text = malloc (MOST_BYTES + 1); /* a page is not there until it is written */
    int size = text ? gzread (in, text, MOST_BYTES + 1) : 0;
    bool is_packed = !gzdirect (in);
    /* An end in the middle is found out when the file is closed. */
    if (gzclose (in) != Z_OK && size <= MOST_BYTES)
        size = -1;
    far_status_t status =
        text ? give (call, file, text, size, is_packed) : far_call_fail (call, "MemoryError", "no memory for a text");
    free (text);
    return status;
}

FAR_MODULE (reader)
{
    far_module_set_doc (module, "The texts of files.");
    far_module_function (module, "read", reader_read, "file:[v] -> [v]",
                         "[number, path]: the same with the text behind.");
}
