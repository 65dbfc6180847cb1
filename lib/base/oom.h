/* Was it the kernel that killed a process, because there was no memory left? A signal does not say who sent it, but the
 * kernel counts what it kills for that, in each cgroup. Linux alone. */
#ifndef FAR_BASE_OOM_H
#define FAR_BASE_OOM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What was counted when a process began. */
typedef struct far_oom_mark {
    char counter[512];  /* the file in which its cgroup counts; "" if it is not known */
    uint64_t unclaimed; /* kills there of which none of our processes is known to have died */
} far_oom_mark_t;

/* proc is where procfs is, "/proc". Never fails: what can't be read is not known. Thread-safe. */
void far_oom_mark (const char *proc, pid_t pid, far_oom_mark_t *out);
/* A process has ended by SIGKILL, which nobody here has sent it, and has not been reaped: has the kernel killed in its
 * cgroup since, more than is explained by others of our processes? Each kill explains one death. */
bool far_oom_killed (const char *proc, pid_t pid, const far_oom_mark_t *mark);

#endif
