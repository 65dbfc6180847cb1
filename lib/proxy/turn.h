/* One's turn to send a request: the out-queue has room, and the process that it is for has given credit.
 * docs/protocol.md, section 3, "Credit". */
#ifndef FAR_PROXY_TURN_H
#define FAR_PROXY_TURN_H

#include "proxy/process.h"

/* A thread that waits for its turn; lies in its memory. */
struct far_turn {
    far_turn_t *next;
    far_waiter_t waiter;
    bool sleeps; /* it serves nobody meanwhile */
};

/* Takes the lock when it is the calling thread's turn to send out, a request, to process, or process is down. Waits for it,
 * serving where the thread serves, for as long as the call has (timeout_ms 0: as its options say). Timeout; Overloaded: it was not to wait, or serves too
 * deep; NoMemory: then the lock is not held. */
far_status_t far_turn_begin (far_process_t *process, const far_outgoing_t *out, int timeout_ms);
/* With the lock: it has been submitted. */
void far_turn_count (far_process_t *process, const far_outgoing_t *out);

/* With the lock, of the process with this ID: it has told limits; the broker has not passed on so much of what it was
 * sent; it is down. */
void far_turn_raise (far_caller_t *caller, far_process_id_t id, far_amount_t limit);
void far_turn_return (far_caller_t *caller, far_process_id_t id, far_amount_t undelivered);
void far_turn_forget (far_caller_t *caller, far_process_id_t id);
/* With the lock: the session is over. */
void far_turn_forget_all (far_caller_t *caller);
/* With the lock: whoever waits has to look again. */
void far_turn_call_all (far_process_t *process);

#endif
