/* How a process ended, and what is known of why. */
#ifndef FAR_BASE_EXIT_H
#define FAR_BASE_EXIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may lie behind it. */
typedef enum far_exit_why {
    FAR_EXIT_FOR_ITSELF,
    FAR_EXIT_OUT_OF_MEMORY, /* the kernel killed it for want of memory */
    FAR_EXIT_MEMORY_LIMIT,  /* it failed in a way that want of memory may have, and had so many bytes at most */
    FAR_EXIT_CPU_LIMIT      /* it was killed, and may have used up its seconds */
} far_exit_why_t;

typedef struct far_exit {
    int code;   /* of exit; -1 if a signal ended it, or if that is not known */
    int number; /* of the signal; 0 if it has exited */
    bool core;  /* it left a core dump */
    far_exit_why_t why;
    uint64_t limit; /* of MEMORY_LIMIT and CPU_LIMIT */
} far_exit_t;

/* "exit code 3", "signal 9 (Killed), out of memory", "signal 11 (Segmentation fault), core dumped", "signal 6 (Aborted),
 * under a limit of 67108864 bytes of memory", "signal 9 (Killed), under a limit of 60 s of CPU". */
char *far_exit_text (const far_exit_t *self, char *out, size_t out_size);

#endif
