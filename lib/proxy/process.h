/* Other processes, as this one knows them. */
#ifndef FAR_PROXY_PROCESS_H
#define FAR_PROXY_PROCESS_H

#include "base/credit.h"
#include "base/handle.h"
#include "base/ids.h"
#include "proxy/caller.h"

typedef struct far_turn far_turn_t;

struct far_process {
    far_handle_t handle;
    far_caller_t *caller;
    far_process_id_t id;
    char *_Atomic name;     /* as it was found; NULL if not by name. Set once, under the lock */
    bool listed;            /* in caller->processes: false once its session is over */
    far_error_t *down;      /* NULL while it can be asked; else what every use of it ends with */
    far_map_t proxies;      /* object id -> far_proxy_t that is a root */
    far_request_t *waiting; /* open requests, newest first */
    far_credit_t *credit;   /* of caller->credits; NULL before the first request, and once it is down */
    far_turn_t *turns;      /* threads that wait to send it a request, in the order of their coming */
    far_options_t options;
};

/* With the lock: the process with this id, one owner more for the caller. NULL without memory. */
far_process_t *far_process_get (far_caller_t *caller, far_process_id_t id);
/* With the lock: gives one owner back, as far_process_destroy does without it. */
void far_process_unget (far_process_t *self);
far_process_t *far_process_retain (far_process_t *self);

/* With the lock: the process is gone. Ends what waits for it, through *ended (a list to hand to far_requests_release), and
 * makes later use of it fail with error, of which it takes one owner. */
void far_process_set_down (far_process_t *self, far_error_t *error, far_request_t **ended);
/* With the lock: the session is over, and with it everybody. Borrows error. */
void far_processes_set_down (far_caller_t *caller, far_error_t *error, far_request_t **ended);

/* What a function gives that was handed no process: BadArguments, or why there is none. */
far_status_t far_process_missing (void);

/* "host (8f31a2b4:3)", or only the id, for messages. Gives out. */
char *far_process_describe (const far_process_t *self, char *out, size_t out_size);

#endif
