/* Lines of a descriptor that does not block: what a child process writes. */
#ifndef FAR_BASE_LINES_H
#define FAR_BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A longer line comes in pieces of this size. */
#define FAR_LINE_BYTES 4096

/* All zero is empty and valid. */
typedef struct far_lines {
    char text[FAR_LINE_BYTES + 1];
    size_t size;
} far_lines_t;

/* line is NUL-terminated, without its newline; zero bytes in it are shown as they came: size counts. */
typedef void far_lines_fn (void *context, const char *line, size_t size);

/* Reads what is there now, not what is written meanwhile, and hands the lines over. False at the end, where a last line
 * without newline is handed over too. */
bool far_lines_read (far_lines_t *self, int fd, far_lines_fn *on_line, void *context);
/* Hands over what has come without a newline. */
void far_lines_finish (far_lines_t *self, far_lines_fn *on_line, void *context);

#endif
