/* A user's smallest module for far-actor, valid C11 and C++17. */
#include <farcall.h>

static far_status_t answer (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "l", (int64_t)42);
}

FAR_MODULE (answers)
{
    far_module_function (module, "answer", answer, "-> l", "The answer.");
}
