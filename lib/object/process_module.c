/* The built-in module `process`: is it alive, what does it offer, how is that called. Written as any module is; its
 * data is the registry. Knows nothing of actors. */
#include "object/process_module.h"
#include "object/call.h"
#include "object/describe.h"
#include "object/registry.h"
#include <string.h>

static far_status_t ping (far_call_t *call, void *registry)
{
    (void)registry;
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    return far_call_return (call, "t", &now);
}

static far_status_t modules (far_call_t *call, void *registry)
{
    far_value_t *names = far_registry_names (registry);
    if (!names)
        return FAR_E_NO_MEMORY;
    far_status_t status = far_call_return (call, "v", names);
    far_value_destroy (&names);
    return status;
}

static far_status_t describe (far_call_t *call, void *registry)
{
    const char *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    const far_module_t *module = far_registry_module (registry, (far_text_t){ name, strlen (name) });
    if (!module)
        return FAR_E_NO_SUCH_MODULE;
    far_value_t *description = far_describe_module (module);
    if (!description)
        return far_error_kind (far_last_error ());
    far_status_t status = far_call_return (call, "v", description);
    far_value_destroy (&description);
    return status;
}

static far_status_t where (far_call_t *call, void *registry)
{
    (void)registry;
    far_process_id_t caller;
    uint64_t request;
    if (far_call_args (call, &caller.value, &request))
        return far_call_status (call);
    far_host_t *host = call->host;
    if (!host || !host->where)
        return far_fail (FAR_E_DENIED, "what is asked of this process is not for it to tell");
    far_value_t *found = host->where (host, caller, request);
    far_status_t status = found ? far_call_return (call, "v", found) : far_last_status ();
    far_value_destroy (&found);
    return status;
}

void far_process_module (far_module_t *module)
{
    far_module_set_doc (module, "What every process tells of itself.");
    far_module_function (module, "ping", ping, "-> t", "The time at the process.");
    far_module_function (module, "modules", modules, "-> [s]", "The names of the modules that it offers.");
    far_module_function (module, "describe", describe, "module:s -> v",
                         "What a module offers: functions, classes, constants, inner modules.");
    far_module_function (module, "where", where, "caller:u, request:u -> v",
                         "What it knows of a request: its own, or one that it was asked.");
}
