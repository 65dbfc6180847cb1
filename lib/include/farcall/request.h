/* Requests: answers that have not come yet. What calls and does not wait gives one (farcall/proxy.h); any thread may wait
 * for it, ask for its result any number of times, or give it up.
 *
 * Errors of a result: those of the call. */
#ifndef FARCALL_REQUEST_H
#define FARCALL_REQUEST_H

#include <farcall/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct far_request far_request_t;

/* Has the answer come? Never blocks. True for NULL: nothing will come. */
FAR_EXPORT bool far_request_done (far_request_t *request);
/* Waits for the answer, at most timeout_ms (FAR_FOREVER). FAR_OK once it has come, also if it is an error; Timeout, in a
 * method also when the call that it answers is past its deadline. */
FAR_EXPORT far_status_t far_request_wait (far_request_t *request, int timeout_ms);
/* The result, by a picture of one value (NULL or "": only the status). Waits up to the request's timeout if it has not
 * come; can be read any number of times. */
FAR_EXPORT far_status_t far_request_result (far_request_t *request, const char *picture, ...);
/* Calls on_done (request, context) once the answer has come, or the request has ended otherwise: in the thread that serves
 * the actor (with serve_by_caller, the one that calls far_actor_process_requests; with threads, the actor's own), right
 * after it has taken the answer; if it has come already, here and at once. There it may do what a method
 * may: read the result, make calls, destroy the request; while it runs it keeps others waiting. One callback a request:
 * another one replaces it, NULL takes it away. After far_request_destroy it is not begun any more. */
typedef void far_done_fn (far_request_t *request, void *context);
FAR_EXPORT far_status_t far_request_on_done (far_request_t *request, far_done_fn *on_done, void *context);
/* A descriptor that is readable once the answer has come, and stays so: for poll, epoll and the like. Don't read it.
 * Borrowed: it is closed with the request. -1 with System where there is none left. */
FAR_EXPORT int far_request_fd (far_request_t *request);
/* One line for people: what was asked of whom, and what has become of it. The request is named as `far where` takes it,
 * PROCESS/NUMBER. Yours: far_string_free. */
FAR_EXPORT char *far_request_describe (far_request_t *request);
/* Asks the callee to give up. The request still ends with an answer, mostly Cancelled. */
FAR_EXPORT void far_request_cancel (far_request_t *request);
/* Lets go: nobody waits for the answer any more, and what it brings is released. */
FAR_EXPORT void far_request_destroy (far_request_t **request_p);
/* Waits until one of the requests has its answer; *which is its index. NULL entries are passed over. Timeout;
 * BadArguments if all are NULL. */
FAR_EXPORT far_status_t far_wait_any (far_request_t *const *requests, size_t count, int timeout_ms, size_t *which);
/* Waits until all have. NULL entries are passed over. */
FAR_EXPORT far_status_t far_wait_all (far_request_t *const *requests, size_t count, int timeout_ms);

#ifdef __cplusplus
}
#endif

#endif
