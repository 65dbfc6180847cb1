/* A bar on the terminal; nothing where stdout is none. */
#ifndef INDEX_PROGRESS_H
#define INDEX_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/* Draws at most ten times a second. */
void progress_draw (uint64_t done_bytes, uint64_t all_bytes, size_t done_files);
void progress_clear (void);

#endif
