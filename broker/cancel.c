/* A CANCEL that its caller has not sent: to whoever has the request it looks like one that the caller did. So what comes of
 * it is what comes of any, and the caller gets its answer from who was asked. */
#include "cancel.h"
#include "base/error.h"
#include "say.h"
#include "where.h"
#include "wire/summary.h"

static session_t *session_of (const residents_t *residents, far_process_id_t id)
{
    char text[64];
    session_t *session = processes_find (residents->router->processes, id);
    if (!session)
        far_fail (FAR_E_NO_SUCH_PROCESS, "process %s is not there", far_process_text (id.value, text));
    return session;
}

far_status_t cancel_request (residents_t *residents, const parking_t *parking, const cancel_t *what, int64_t now_ns,
                             actions_t *actions)
{
    far_process_id_t at = what->at;
    uint8_t frame[FAR_HEADER_SIZE];
    if (!what->request)
        return far_fail (FAR_E_BAD_ARGUMENTS, "request: a call that wants no answer has no ID");
    if (!at.value && where_place (residents, parking, what->caller, what->request, &at))
        return far_last_status ();
    session_t *caller = session_of (residents, what->caller);
    session_t *place = caller ? session_of (residents, at) : NULL;
    if (!place)
        return far_last_status ();
    far_header_write (&(far_header_t){ .type = FAR_CANCEL, .party = what->caller.value, .request = what->request },
                      frame);
    if (place->resident)
        residents_take (residents, place, caller, (far_bytes_t){ frame, sizeof frame }, now_ns, actions);
    else
        say_frame (actions, place, frame, sizeof frame);
    return FAR_OK;
}
