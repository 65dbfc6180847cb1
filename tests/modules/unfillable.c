/* A module that can't be loaded: a signature of it can't be read. */
#include <farcall.h>

static far_status_t nothing (far_call_t *call, void *self)
{
    (void)call, (void)self;
    return FAR_OK;
}

FAR_MODULE (unfillable)
{
    far_module_function (module, "nothing", nothing, "what is:this", "Nothing.");
}
