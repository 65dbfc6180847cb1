/* Finding processes: by asking the broker's own module, or by an id that is known. */
#include "actor/actor.h"
#include "actor/loop.h"
#include "base/error.h"
#include "proxy/options.h"

#include <stdlib.h>

/* The answer to find has to come back after the broker has waited for the name as long as it was told to. */
enum { GRACE_MS = 2000 };

far_process_t *far_process (far_actor_t *actor, far_process_id_t id)
{
    pthread_mutex_lock (&actor->caller.lock);
    far_process_t *process = far_process_get (&actor->caller, id);
    pthread_mutex_unlock (&actor->caller.lock);
    return process;
}

far_process_t *far_broker (far_actor_t *actor)
{
    return far_process (actor, (far_process_id_t){ FAR_PARTY_BROKER });
}

static far_status_t ask_broker (far_actor_t *actor, const char *name, int timeout_ms, uint64_t *out_id)
{
    far_process_t *broker = far_broker (actor);
    far_proxy_t *find = broker ? far_import_deferred (broker, "broker.find") : NULL;
    far_status_t status = FAR_E_NO_MEMORY;
    if (find) {
        far_proxy_set (find, FAR_OPTION_AUTO_PROXY, 0); /* the broker asks for no value */
        far_proxy_set (find, FAR_OPTION_TIMEOUT_MS,
                       timeout_ms < 0 || timeout_ms > INT32_MAX - GRACE_MS ? FAR_FOREVER : timeout_ms + GRACE_MS);
        status = far_call (find, NULL, "si>u", name, timeout_ms < 0 ? INT32_MAX : timeout_ms, out_id);
    }
    far_error_t *error = status ? far_error_retain (far_last_error ()) : NULL;
    far_proxy_destroy (&find);
    far_process_destroy (&broker);
    return error ? far_fail_with (error) : FAR_OK;
}

far_process_t *far_find (far_actor_t *actor, const char *name)
{
    return far_find_within (actor, name, far_caller_option (&actor->caller, FAR_OPTION_TIMEOUT_MS));
}

far_process_t *far_find_within (far_actor_t *actor, const char *name, int timeout_ms)
{
    far_deadline_t deadline = far_deadline_in (timeout_ms);
    uint64_t id;
    /* The actor's own thread is the one that connects: it can't wait for that. */
    if (!far_loop_is_mine (actor) && far_actor_wait_connected (actor, deadline))
        return NULL;
    if (ask_broker (actor, name, far_deadline_left_ms (deadline), &id))
        return NULL;
    far_process_t *process = far_process (actor, (far_process_id_t){ id });
    if (!process)
        return NULL;
    pthread_mutex_lock (&actor->caller.lock);
    if (!process->name)
        process->name = strdup (name);
    pthread_mutex_unlock (&actor->caller.lock);
    return process;
}
