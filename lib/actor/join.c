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

#define JOIN_PATH  "broker.fleets.join"
#define LEAVE_PATH "broker.fleets.leave"

enum { LEAVE_MS = 800 };

struct far_membership {
    far_membership_t *next;
    int slots;
    char fleet[];
};

/* What the fleets that it leaves were asked. */
struct far_leaving {
    far_deadline_t until;
    size_t count;
    far_request_t *requests[];
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

/* The names of the fleets, yours. NULL without a session or memory. */
static char **copy_names (far_actor_t *actor, size_t *out_count)
{
    size_t count = 0;
    pthread_mutex_lock (&actor->caller.lock);
    for (const far_membership_t *membership = actor->memberships; membership; membership = membership->next)
        count++;
    char **names = actor->stage == FAR_STAGE_READY ? calloc (count + 1, sizeof *names) : NULL;
    *out_count = 0;
    for (const far_membership_t *membership = actor->memberships; names && membership; membership = membership->next)
        if ((names[*out_count] = strdup (membership->fleet)))
            ++*out_count;
    pthread_mutex_unlock (&actor->caller.lock);
    return names;
}

void far_join_leave (far_actor_t *actor)
{
    size_t count = 0;
    char **names = actor->leaving ? NULL : copy_names (actor, &count);
    far_process_t *broker = count ? far_broker (actor) : NULL;
    far_proxy_t *leave = broker ? far_import_deferred (broker, LEAVE_PATH) : NULL;
    if (leave)
        actor->leaving = calloc (1, sizeof *actor->leaving + count * sizeof (far_request_t *));
    for (size_t i = 0; leave && actor->leaving && i < count; i++)
        actor->leaving->requests[actor->leaving->count++] = far_call_async (leave, NULL, "s", names[i]);
    if (leave && actor->leaving)
        actor->leaving->until = far_deadline_in (LEAVE_MS);
    for (size_t i = 0; names && i < count; i++)
        free (names[i]);
    free (names);
    far_proxy_destroy (&leave);
    far_process_destroy (&broker);
}

bool far_join_is_leaving (const far_actor_t *actor, far_deadline_t *out_until)
{
    const far_leaving_t *leaving = actor->leaving;
    *out_until = leaving ? leaving->until : 0;
    if (!leaving || far_clock_ns () >= leaving->until)
        return false;
    for (size_t i = 0; i < leaving->count; i++)
        if (!far_request_done (leaving->requests[i]))
            return true;
    return false;
}

void far_join_left (far_actor_t *actor)
{
    for (size_t i = 0; actor->leaving && i < actor->leaving->count; i++)
        far_request_destroy (&actor->leaving->requests[i]);
    free (actor->leaving);
    actor->leaving = NULL;
}
