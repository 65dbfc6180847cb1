/* One image. It knows nothing of how many workers there are, and sees of one's death only that a thumbnail comes twice:
 * then it is written twice. */
#include "job.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The actor's thread is in here: it can't take another thumbnail, so that the worker can't be through with the image. */
static void on_progress (void *context, double done, double total, const char *text)
{
    job_t *self = context;
    int pid;
    printf ("%-16s %.0f of %.0f, %s\n", self->name, done, total, text);
    fflush (stdout);
    if (!*self->kills || done < 2 || done >= total || sscanf (text, "worker %d", &pid) != 1)
        return;
    *self->kills = false;
    if (kill ((pid_t)pid, SIGKILL))
        perror ("kill");
    else
        printf ("killed worker %d\n", pid);
}

/* The whole file. false with errno. */
static bool read_file (const char *path, far_bytes_t *out)
{
    FILE *file = fopen (path, "rb");
    char *data = NULL;
    size_t size = 0, room = 0;
    bool good = file != NULL;
    while (good && !feof (file)) {
        if (size == room) {
            room = room ? room * 2 : 1 << 16;
            char *more = realloc (data, room);
            if (!more)
                break;
            data = more;
        }
        size += fread (data + size, 1, room - size, file);
        good = !ferror (file);
    }
    good = good && feof (file);
    int saved = errno;
    if (file)
        fclose (file);
    errno = saved;
    if (good)
        *out = (far_bytes_t){ data, size };
    else
        free (data);
    return good;
}

bool job_start (job_t *self, far_proxy_t *thumbs, const far_value_t *widths)
{
    far_bytes_t image;
    if (!read_file (self->path, &image)) {
        perror (self->path);
        return false;
    }
    self->stream = far_stream (thumbs, "make", "yv", &image, widths);
    free ((void *)image.data);
    if (!self->stream)
        return !far_print_error (self->path);
    far_stream_on_progress (self->stream, on_progress, self);
    return true;
}

static bool write_file (const job_t *self, const char *directory, int width, const far_bytes_t *png)
{
    char path[4096];
    snprintf (path, sizeof path, "%s/%s-%d.png", directory, self->name, width);
    FILE *file = fopen (path, "wb");
    bool good = file && fwrite (png->data, 1, png->size, file) == png->size;
    if (file && fclose (file))
        good = false;
    if (!good)
        perror (path);
    return good;
}

bool job_finish (job_t *self, const char *directory)
{
    int width, height;
    far_bytes_t png;
    bool good = true;
    while (good && far_stream_next (self->stream, "{si sy}", "width", &width, "png", &png)) {
        good = write_file (self, directory, width, &png);
        far_bytes_free (&png);
    }
    if (!good)
        return false;
    if (far_stream_status (self->stream) || far_stream_result (self->stream, "[ii]", &width, &height))
        return !far_print_error (self->path);
    printf ("%-16s done, %d x %d\n", self->name, width, height);
    return true;
}

void job_deinit (job_t *self)
{
    far_stream_destroy (&self->stream);
}
