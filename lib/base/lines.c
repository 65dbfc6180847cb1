/* Lines of a descriptor. Owns only the piece of a line that has not ended yet. */
#include "base/lines.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void hand_over (far_lines_t *self, size_t size, far_lines_fn *on_line, void *context)
{
    char after = self->text[size];
    self->text[size] = 0;
    on_line (context, self->text, size);
    self->text[size] = after;
}

static void split (far_lines_t *self, far_lines_fn *on_line, void *context)
{
    size_t start = 0;
    char *end;
    while ((end = memchr (self->text + start, '\n', self->size - start))) {
        *end = 0;
        on_line (context, self->text + start, (size_t)(end - self->text) - start);
        start = (size_t)(end - self->text) + 1;
    }
    self->size -= start;
    memmove (self->text, self->text + start, self->size);
    if (self->size == FAR_LINE_BYTES) {
        hand_over (self, self->size, on_line, context);
        self->size = 0;
    }
}

void far_lines_finish (far_lines_t *self, far_lines_fn *on_line, void *context)
{
    if (self->size)
        hand_over (self, self->size, on_line, context);
    self->size = 0;
}

/* Who writes faster than the lines are taken would be read for ever otherwise. */
static size_t bytes_there (int fd)
{
    int bytes;
    return ioctl (fd, FIONREAD, &bytes) || bytes < 0 ? 0 : (size_t)bytes;
}

bool far_lines_read (far_lines_t *self, int fd, far_lines_fn *on_line, void *context)
{
    size_t left = bytes_there (fd);
    do {
        ssize_t got = read (fd, self->text + self->size, FAR_LINE_BYTES - self->size);
        if (got > 0) {
            self->size += (size_t)got;
            split (self, on_line, context);
            left -= (size_t)got < left ? (size_t)got : left;
        } else if (got == 0) {
            far_lines_finish (self, on_line, context);
            return false;
        } else if (errno != EINTR) {
            return true; /* nothing more for now */
        }
    } while (left);
    return true;
}
