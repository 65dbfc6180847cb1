/* What takes memory until there is none. */
#include <farcall.h>

#include <stdlib.h>
#include <string.h>

enum { MOUTHFUL_BYTES = 1 << 20 };

/* Until the kernel ends this process, or malloc gives nothing: then it aborts, as many programs do. */
static far_status_t hungry_eat (far_call_t *call, void *self)
{
    (void)call, (void)self;
    for (;;) {
        char *mouthful = malloc (MOUTHFUL_BYTES);
        if (!mouthful)
            abort ();
        memset (mouthful, 1, MOUTHFUL_BYTES);
    }
}

/* Runs a command as a child of this process, and says how that ended. */
static far_status_t hungry_run (far_call_t *call, void *self)
{
    (void)self;
    const char *script;
    if (far_call_args (call, &script))
        return far_call_status (call);
    const char *const command[] = { "sh", "-c", script, NULL };
    const far_spawn_options_t options = { .command = command };
    far_child_t *child = far_spawn (far_call_actor (call), &options);
    if (!child)
        return far_last_status ();
    far_child_wait (child, FAR_FOREVER);
    char *cause = far_child_cause (child);
    far_status_t status = far_call_return (call, "s", cause ? cause : "");
    far_string_free (&cause);
    far_child_destroy (&child);
    return status;
}

FAR_MODULE (hungry)
{
    far_module_function (module, "eat", hungry_eat, "", "Takes memory until there is none.");
    far_module_function (module, "run", hungry_run, "script:s -> s", "How a child of it has ended.");
}
