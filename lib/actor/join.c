/* Joining fleets. What was joined is remembered, because a new session is a new process, which nobody knows as a worker
 * yet. Owns the list in the actor. */
#include "actor/join.h"
#include "actor/loop.h"
#include "actor/outbox.h"
#include "base/error.h"
#include "base/log.h"
#include "proxy/options.h"

#include <stdlib.h>
#include <string.h>

#define JOIN_PATH "broker.fleets.join"

struct far_membership {
    far_membership_t *next;
    int slots;
    char fleet[];
};

static far_membership_t **find (far_actor_t *actor, const char *fleet)
{
    far_membership_t **at = &actor->memberships;
    while (*at && strcmp ((*at)->fleet, fleet) != 0)
        at = &(*at)->next;
    return at;
}

static far_status_t remember (far_actor_t *actor, const char *fleet, int slots)
{
    pthread_mutex_lock (&actor->caller.lock);
    far_membership_t **at = find (actor, fleet);
    if (!*at && (*at = malloc (sizeof **at + strlen (fleet) + 1))) {
        (*at)->next = NULL;
        strcpy ((*at)->fleet, fleet);
    }
    far_status_t status = *at ? FAR_OK : far_fail (FAR_E_NO_MEMORY, "no memory to join a fleet");
    if (*at)
        (*at)->slots = slots;
    pthread_mutex_unlock (&actor->caller.lock);
    return status;
}

static void forget (far_actor_t *actor, const char *fleet)
{
    pthread_mutex_lock (&actor->caller.lock);
    far_membership_t **at = find (actor, fleet), *gone = *at;
    if (gone)
        *at = gone->next;
    pthread_mutex_unlock (&actor->caller.lock);
    free (gone);
}

void far_join_forget (far_actor_t *actor)
{
    while (actor->memberships) {
        far_membership_t *gone = actor->memberships;
        actor->memberships = gone->next;
        free (gone);
    }
}

static far_status_t ask (far_actor_t *actor, const char *fleet, int slots)
{
    far_process_t *broker = far_broker (actor);
    far_proxy_t *join = broker ? far_import_deferred (broker, JOIN_PATH) : NULL;
    far_status_t status = join ? far_call (join, NULL, "si>n", fleet, slots) : far_last_status ();
    far_error_t *error = status ? far_error_retain (far_last_error ()) : NULL;
    far_proxy_destroy (&join);
    far_process_destroy (&broker);
    return error ? far_fail_with (error) : FAR_OK;
}

far_status_t far_join (far_actor_t *actor, const char *fleet, int slots)
{
    if (!fleet || slots < 1)
        return far_fail (FAR_E_BAD_ARGUMENTS, "a fleet is joined by its name, and with 1 slot at least");
    far_deadline_t deadline = far_deadline_in (far_caller_option (&actor->caller, FAR_OPTION_TIMEOUT_MS));
    far_status_t status = remember (actor, fleet, slots);
    bool again = !status;
    while (again) {
        /* The actor's own thread is the one that connects: it can't wait for that. */
        bool waits = !far_loop_is_mine (actor);
        status = waits ? far_actor_wait_connected (actor, deadline) : FAR_OK;
        bool asked = !status;
        if (asked)
            status = ask (actor, fleet, slots);
        again = asked && waits && status == FAR_E_BROKER_LOST && actor->reconnects; /* in the next session, then */
    }
    if (status)
        forget (actor, fleet);
    return status;
}

static void submit (far_actor_t *actor, const far_membership_t *membership)
{
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, (far_process_id_t){ FAR_PARTY_BROKER });
    far_target_t target = { .root = FAR_ROOT_MODULES, .path = { JOIN_PATH, strlen (JOIN_PATH) } };
    far_write_list (&out.writer, 3);
    far_target_write (&out.writer, &target, NULL);
    far_write_list (&out.writer, 2);
    far_write_string (&out.writer, membership->fleet, strlen (membership->fleet));
    far_write_int (&out.writer, membership->slots);
    if (far_outbox_submit (actor, &out))
        far_log (FAR_LOG_ERROR, "can't join fleet %s again: %s", membership->fleet,
                 far_error_message (far_last_error ()));
    far_outgoing_deinit (&out);
}

void far_join_again (far_actor_t *actor)
{
    for (const far_membership_t *membership = actor->memberships; membership; membership = membership->next)
        submit (actor, membership);
}
