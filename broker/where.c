/* Residents are asked one after the other; what they have sent on is looked for in its turn. Of what goes from process to
 * process the broker keeps nothing: it is found while it is parked, or if who asked has said that it serves nothing until
 * the answer is there. Owns nothing, changes nothing. */
#include "where.h"
#include "base/error.h"
#include "listing.h"
#include "wire/summary.h"

enum { PLACES_MOST = 16, WAITS_MOST = 16 };

far_value_t *where_begin (const session_t *place, far_process_id_t caller, uint64_t request)
{
    char id[64];
    const char *kind = place->resident ? place->resident->kind->name : "process";
    return far_value_new ("{ss su ss ss}", "id", far_request_text (caller.value, request, id), "caller", caller.value,
                          "in", kind, "name", place->hello.name);
}

static far_value_t *describe_process (const session_t *process)
{
    return far_value_new ("{su ss sl ss}", "id", process->id.value, "name", process->hello.name, "pid",
                          session_pid (process), "process", listing_state (process));
}

/* Whom it waits for, whom that one waits for, and so on. There are no cycles. */
static far_status_t add_waits (far_value_t *map, const session_t *process)
{
    far_value_t *list = far_value_list ();
    const waits_t *on = process->waits.on;
    for (int left = WAITS_MOST; list && on && left; left--, on = on->on) {
        far_value_t *item = describe_process (session_of_waits (on));
        if (far_value_append (list, &item))
            far_value_destroy (&list);
    }
    far_status_t status = list ? far_value_set (map, "waits_for", "v", list) : far_last_status ();
    far_value_destroy (&list);
    return status;
}

far_status_t where_add_process (far_value_t *map, const session_t *process)
{
    if (far_value_set (map, "worker", "u", process->id.value) ||
        far_value_set (map, "worker_name", "s", process->hello.name) ||
        far_value_set (map, "pid", "l", session_pid (process)) ||
        far_value_set (map, "process", "s", listing_state (process)))
        return far_last_status ();
    return process->waits.on ? add_waits (map, process) : FAR_OK;
}

static far_value_t *describe_direct (const session_t *callee, far_process_id_t caller, uint64_t request,
                                     const char *state)
{
    far_value_t *map = where_begin (callee, caller, request);
    if (far_value_set (map, "state", "s", state) || where_add_process (map, callee))
        far_value_destroy (&map);
    return map;
}

static far_value_t *describe_parked (const session_t *callee, const parked_t *parked, const far_message_t *message,
                                     size_t before)
{
    char call[256];
    const far_header_t *header = &message->header;
    struct timespec since = listing_time (parked->since_ns);
    far_value_t *map = describe_direct (callee, (far_process_id_t){ header->party }, header->request, "parked");
    far_summary (message, call, sizeof call);
    if (far_value_set (map, "call", "s", call) || far_value_set (map, "since", "t", &since) ||
        far_value_set (map, "before", "u", (uint64_t)before))
        far_value_destroy (&map);
    return map;
}

static bool is_it (const far_message_t *message, far_process_id_t caller, uint64_t request)
{
    return message->header.party == caller.value && message->header.request == request &&
           far_message_role (message->header.type) == FAR_ROLE_REQUEST;
}

static bool find_in_queue (const parked_queue_t *queue, far_process_id_t caller, uint64_t request, where_t *out)
{
    size_t before = 0;
    for (const parked_t *parked = queue->first; parked; parked = parked->next) {
        far_message_t frame, one;
        far_messages_t walk;
        if (!far_message_read (parked->data, parked->size, &frame))
            continue;
        far_messages_start (&walk, &frame);
        for (; far_messages_next (&walk, &one); before++) {
            if (!is_it (&one, caller, request))
                continue;
            out->map = describe_parked (queue->owner, parked, &one, before);
            out->place = ((const session_t *)queue->owner)->id;
            return true;
        }
    }
    return false;
}

static bool find_parked (const parking_t *parking, far_process_id_t caller, uint64_t request, where_t *out)
{
    const parked_queue_t *queue = parking->busy;
    for (size_t left = parking->queues; left; left--, queue = queue->after)
        if (find_in_queue (queue, caller, request, out))
            return true;
    return false;
}

/* Who asked has told that it serves nothing until it has this answer. */
static bool find_waited_for (const residents_t *residents, far_process_id_t caller, uint64_t request, where_t *out)
{
    const session_t *session = processes_find (residents->router->processes, caller);
    if (!session || !session->waits.on || session->waits.request != request)
        return false;
    out->place = session_of_waits (session->waits.on)->id;
    out->map = describe_direct (session_of_waits (session->waits.on), caller, request, "sent");
    return true;
}

static bool find (const residents_t *residents, const parking_t *parking, far_process_id_t caller, uint64_t request,
                  where_t *out)
{
    *out = (where_t){ 0 };
    for (const resident_t *resident = residents->first; resident; resident = resident->next)
        if (resident->kind->where (residents, resident, caller, request, out)) {
            out->place = resident->session->id;
            return true;
        }
    return find_parked (parking, caller, request, out) || find_waited_for (residents, caller, request, out);
}

static far_status_t fail (const residents_t *residents, far_process_id_t caller, uint64_t request)
{
    char id[64];
    if (!request)
        return far_fail (FAR_E_BAD_ARGUMENTS, "request: a call that wants no answer has no ID");
    if (!processes_were_given (residents->router->processes, caller))
        return far_fail (FAR_E_NO_SUCH_PROCESS, "there has never been a process %s here",
                         far_process_text (caller.value, id));
    if (!processes_find (residents->router->processes, caller))
        return far_fail (FAR_E_NO_SUCH_PROCESS, "process %s is down: nobody waits for what it asked",
                         far_process_text (caller.value, id));
    return far_fail (FAR_E_NO_SUCH_ATTRIBUTE,
                     "request %s is in no fleet, in no pipeline and not parked: it has been answered, or was never "
                     "asked, or the process that it was sent to has it",
                     far_request_text (caller.value, request, id));
}

far_value_t *where_find (const residents_t *residents, const parking_t *parking, far_process_id_t caller,
                         uint64_t request)
{
    where_t found = { .caller = caller, .request = request };
    far_value_t *places = far_value_list ();
    size_t count = 0;
    while (places && count < PLACES_MOST && found.request &&
           find (residents, parking, found.caller, found.request, &found)) {
        if (far_value_append (places, &found.map))
            far_value_destroy (&places);
        count++;
    }
    if (count)
        return places;
    far_value_destroy (&places);
    fail (residents, caller, request);
    return NULL;
}

far_status_t where_place (const residents_t *residents, const parking_t *parking, far_process_id_t caller,
                          uint64_t request, far_process_id_t *out_place)
{
    where_t found;
    if (!request || !find (residents, parking, caller, request, &found))
        return fail (residents, caller, request);
    far_value_destroy (&found.map);
    *out_place = found.place;
    return FAR_OK;
}
