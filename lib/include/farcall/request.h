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
/* Waits for the answer, at most timeout_ms (FAR_FOREVER). FAR_OK once it has come, also if it is an error; Timeout. */
FAR_EXPORT far_status_t far_request_wait (far_request_t *request, int timeout_ms);
/* The result, by a picture of one value (NULL or "": only the status). Waits up to the request's timeout if it has not
 * come; can be read any number of times. */
FAR_EXPORT far_status_t far_request_result (far_request_t *request, const char *picture, ...);
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
