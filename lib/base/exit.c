/* How a process ended, for people. */
#include "base/exit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void say_why (const far_exit_t *self, char *out, size_t out_size)
{
    switch (self->why) {
    case FAR_EXIT_FOR_ITSELF:
        break;
    case FAR_EXIT_OUT_OF_MEMORY:
        snprintf (out, out_size, ", out of memory");
        break;
    case FAR_EXIT_MEMORY_LIMIT:
        snprintf (out, out_size, ", under a limit of %" PRIu64 " bytes of memory", self->limit);
        break;
    case FAR_EXIT_CPU_LIMIT:
        snprintf (out, out_size, ", under a limit of %" PRIu64 " s of CPU", self->limit);
        break;
    }
}

char *far_exit_text (const far_exit_t *self, char *out, size_t out_size)
{
    char why[64] = "";
    const char *description = self->number ? sigdescr_np (self->number) : NULL;
    say_why (self, why, sizeof why);
    if (self->number)
        snprintf (out, out_size, "signal %d (%s)%s%s", self->number, description ? description : "?",
                  self->core ? ", core dumped" : "", why);
    else if (self->code >= 0)
        snprintf (out, out_size, "exit code %d%s", self->code, why);
    else
        snprintf (out, out_size, "unknown: the program let somebody else wait for it");
    return out;
}
