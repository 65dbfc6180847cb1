/* Answers that are given later: a method that has to wait for something can let go of its thread, and answer when it has
 * it, from any thread. */
#ifndef FARCALL_REPLY_H
#define FARCALL_REPLY_H

#include <farcall/object.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct far_reply far_reply_t;

/* In a method: the call is answered by the reply, and not by the method any more, whatever that returns. What
 * far_call_args gave ends with the method all the same. Yours, also where nobody waits for the answer. NULL with
 * BadArguments (in an init, a property, or a second time) or NoMemory. */
FAR_EXPORT far_reply_t *far_call_defer (far_call_t *call);
/* Answers, from a picture of one value (NULL: nil), and ends the reply. NotSerializable, Limit or BadArguments: the caller
 * has been answered with that. */
FAR_EXPORT far_status_t far_reply_return (far_reply_t **reply_p, const char *picture, ...);
/* Answers with an error of kind Raised and this class, and ends the reply. */
FAR_EXPORT void far_reply_fail (far_reply_t **reply_p, const char *error_class, const char *format, ...)
    FAR_PRINTF (3, 4);
/* Has the caller given up, or gone? */
FAR_EXPORT bool far_reply_cancelled (const far_reply_t *reply);
/* Ends one that has not been used: the caller gets Raised, of class NoAnswer. */
FAR_EXPORT void far_reply_destroy (far_reply_t **reply_p);

#ifdef __cplusplus
}
#endif

#endif
