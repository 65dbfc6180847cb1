/* Streams: a method that gives many results, one after the other, and says how far it has come; and the caller that takes
 * them as they come. Who is fast waits for who is slow: at most some hundred results are under way. */
#ifndef FARCALL_STREAM_H
#define FARCALL_STREAM_H

#include <farcall/proxy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In a method: gives one result, from a picture of one value. It goes to the stream of the caller, and waits where that
 * is full, as long as anybody wants them; for a caller that has asked for no stream the results are gathered, and are what the
 * method returns if it returns nothing itself. Cancelled: the caller wants no more, or has given the call up; Timeout: the
 * deadline of the call has passed; NotSerializable, Limit, NoMemory; PeerDied, Closed. */
FAR_EXPORT far_status_t far_call_yield (far_call_t *call, const char *picture, ...);
/* In a method: it has done so much of total (0 where that is not known), and this is what it is at (NULL for nothing to
 * say). Waits for nothing, and is passed over where the caller has asked for no stream. */
FAR_EXPORT void far_call_progress (far_call_t *call, double done, double total, const char *text);

typedef struct far_stream far_stream_t;

/* Calls a method and takes what it yields. The picture has no results. NULL where nothing was sent. One thread at a time
 * uses a stream. */
FAR_EXPORT far_stream_t *far_stream (far_proxy_t *proxy, const char *method, const char *picture, ...);
/* Takes the next result by a picture of one value. Waits for it as long as calls through the proxy wait. False at the end,
 * and where far_stream_status says what went wrong; after a Timeout, or where the result is not what the picture says, it
 * can be asked again. */
FAR_EXPORT bool far_stream_next (far_stream_t *stream, const char *picture, ...);
/* FAR_OK at the end and before it; else what the last far_stream_next failed with. */
FAR_EXPORT far_status_t far_stream_status (const far_stream_t *stream);
/* What the method returned in the end, by a picture of one value: once far_stream_next has been false. */
FAR_EXPORT far_status_t far_stream_result (far_stream_t *stream, const char *picture, ...);

/* How far it has come. text is valid until the callback returns. Called from the thread that serves the actor. */
typedef void far_progress_fn (void *context, double done, double total, const char *text);
/* Calls on_progress from now on; NULL: not any more. Once it has returned, the one before is not called any more. */
FAR_EXPORT void far_stream_on_progress (far_stream_t *stream, far_progress_fn *on_progress, void *context);
/* Lets go, at the end or before it: then the method learns that nobody wants more. Waits for nothing. */
FAR_EXPORT void far_stream_destroy (far_stream_t **stream_p);

#ifdef __cplusplus
}
#endif

#endif
