/* An operator gives a request up, in the place of who asked. docs/protocol.md, section 9. */
#ifndef BROKER_CANCEL_H
#define BROKER_CANCEL_H

#include "resident.h"

/* Whose request, and where it is: 0 if that is to be found. */
typedef struct cancel {
    far_process_id_t caller;
    uint64_t request;
    far_process_id_t at;
} cancel_t;

/* Says CANCEL in the caller's name where the request is. NoSuchProcess, NoSuchAttribute. */
far_status_t cancel_request (residents_t *residents, const parking_t *parking, const cancel_t *what, int64_t now_ns,
                             actions_t *actions);

#endif
