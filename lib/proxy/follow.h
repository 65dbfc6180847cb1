/* What is asked of an answer that does not stay where it was given, a fleet's: it waits here until that has come, and goes
 * then to the object that the answer refers to, or to a copy of the value that it is. */
#ifndef FAR_PROXY_FOLLOW_H
#define FAR_PROXY_FOLLOW_H

#include "proxy/request.h"

/* With the lock: takes a message about an answer that is waited for (out->about), to be sent later. request is open, and
 * ends like the one that will be sent for it; NULL where no answer is wanted. Timeout, NoMemory. */
far_status_t far_follow_enter (far_request_t *request, far_outgoing_t *out);
/* Without the lock: sends what waits for this answer, if it has come. */
void far_follow_look (far_request_t *about);
/* Without the lock: gives up a request that far_follow_enter has taken. False if it is none, or what it stands for has
 * been sent. */
bool far_follow_cancel (far_request_t *request);
/* Without the lock: a request that such a one may have been sent for is freed. */
void far_follow_forget (far_request_t *request);

#endif
