/* Requests: answers that have not come yet. Stop five of a call. */
#ifndef FAR_PROXY_REQUEST_H
#define FAR_PROXY_REQUEST_H

#include "base/frame.h"
#include "proxy/process.h"
#include "wire/picture.h"

/* What waits for an answer to be sent: proxy/follow.c. */
typedef struct far_follower far_follower_t;

/* One request's entry in the list of a waiter; lies in the waiting thread's memory. */
typedef struct far_waiting {
    struct far_waiting *next;
    far_waiter_t *waiter;
    bool
        alone; /* the waiter waits for nothing else: it is posted once, without the lock, and then not touched any more */
} far_waiting_t;

struct far_request {
    atomic_size_t owners;  /* the holders together, and the table while it is open */
    atomic_size_t holders; /* the user, and proxies that stand for the answer */
    bool kept;             /* the answer stays at the callee until the last holder goes. Set before it is sent */
    atomic_bool used;      /* something that was sent refers to the answer */
    bool awaited;          /* a fleet's, where it does not stay: what refers to it waits here. Set before it is sent */
    bool follows;          /* it waits for such an answer, or stands for what was sent when that had come. Likewise */
    far_follower_t *followers; /* what waits for this answer. Under the lock */
    far_request_t *copy;       /* of a value, once that is asked something: it is being transferred. Under the lock */
    far_request_t *sent;       /* what was sent for this one; owned. Under the lock */
    far_request_t *sent_for;   /* the other way round; borrowed. Under the lock */
    far_process_t *process;
    far_process_id_t caller; /* who has asked: this process, in the session that it is of */
    uint64_t id;
    int timeout_ms;
    far_deadline_t deadline; /* it ends then, answered or not */
    uint32_t time_left_ms;   /* that was when it was asked */
    far_timer_t timer;       /* while it is open and has one. Under the lock */
    bool holds;              /* nothing is served here while the thread that asked waits. That thread's */
    atomic_bool done;
    far_request_t *next, *previous; /* among those that wait for the process; next also in a list of ended ones */
    far_waiting_t *waiters;
    far_waiting_t *woken; /* of a request that has ended: those that are still to be posted. Whose list it is in */
    int fd;               /* readable once done; -1 until somebody asks for it. Under the lock */
    atomic_bool watched;  /* it had a callback once */
    far_done_fn *on_done; /* NULL: none, or it has been taken to be called. Under the lock, like its context */
    void *on_done_context;

    /* The answer, once done. */
    far_error_t *error; /* NULL for a result */
    far_frame_t *frame; /* what body points into; NULL if that is small */
    const uint8_t *body;
    size_t body_size;
    far_handle_t **references; /* owned, of the REFERENCE fields */
    size_t reference_count;
    atomic_bool scanned; /* the body has been checked: from here on neither it nor error changes */

    char what[48]; /* path and method, for messages; cut off where it does not fit */
    uint8_t small[64];
};

/* "8f31a2b4:3/42": what an operator asks the broker for. Gives out. */
char *far_request_name (const far_request_t *self, char out[64]);

/* Submits out as a request to process and gives its future, with one owner for the caller; flushing is left to the
 * caller. Waits for room in the out-queue. Consumes what is in out in any case. path and method are for messages. */
far_request_t *far_request_submit (far_process_t *process, far_outgoing_t *out, int timeout_ms, const char *path,
                                   const char *method);

/* The thread that asked goes on without the answer, which may still come: whoever minds deadlocks is told. */
void far_request_hold_no_more (far_request_t *self);
/* One holder more, or less. With the last one an open request is given up (and cancelled, unless it is used), and an answer
 * that stays at the callee is forgotten there. */
far_request_t *far_request_hold (far_request_t *self);
void far_request_drop (far_request_t *self);

/* Sleeps or serves until the request is done, or is_ready (context) says so, or the deadline (Timeout). waiter is to be
 * posted when is_ready may have changed. */
far_status_t far_request_wait_or (far_request_t *self, far_waiter_t *waiter, bool (*is_ready) (void *context),
                                  void *context, far_deadline_t deadline);

/* One owner more, or less. Without the lock. */
far_request_t *far_request_retain (far_request_t *self);
void far_request_release (far_request_t *self);
/* With the lock: is it among the open ones? */
bool far_request_is_open (const far_request_t *self);
/* With the lock: ends with what sent, which is done, was answered with. */
void far_request_take_over (far_request_t *self, far_request_t *sent, far_request_t **ended);

/* With the lock: the answer has come. frame is retained if need be; references are taken. */
void far_request_complete (far_request_t *self, const far_message_t *answer, far_frame_t *frame,
                           far_handle_t **references, size_t reference_count, far_request_t **ended);
/* With the lock: it ends with this error, of which one owner is taken. */
void far_request_end (far_request_t *self, far_error_t *error, far_request_t **ended);
/* With or without the lock, by whose list it is: wakes who sleeps for what has ended, up to the one at end. */
void far_requests_wake (far_request_t *ended, const far_request_t *end);
/* Without the lock: calls the callbacks of what has ended, and gives up the table's share. */
void far_requests_release (far_request_t *ended);
/* With the lock: gives it up at the callee, but waits for its answer. */
void far_request_submit_cancel (far_request_t *self, uint16_t flags);

/* With the lock, of a request that has just been submitted: it ends at its deadline. */
void far_request_set_timer (far_request_t *self);
/* With the lock, by the thread that serves: ends what is over, and takes what others have ended. */
void far_requests_expire (far_caller_t *caller, far_request_t **ended);
/* Without the lock: is it done, by an answer or because its time is over? */
bool far_request_is_over (far_request_t *self);

/* With the lock, of a request that is done: its descriptor becomes readable. */
void far_future_tell (far_request_t *self);
/* Without the lock: calls its callback, if it has one that has not been called. */
void far_future_call_back (far_request_t *self);
/* The user lets go of it. */
void far_future_forget (far_request_t *self);

/* Waits for the result and takes it, as far_request_result does. */
far_status_t far_request_take (far_request_t *self, const char *picture, far_arguments_t *results);
/* The same, but on Timeout lets go of the callee's work as well. Destroys the
 * request. */
far_status_t far_request_finish (far_request_t *self, const char *picture, far_arguments_t *results);

#endif
