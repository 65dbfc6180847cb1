/* The caller's side of a stream. The public part is in <farcall/stream.h>. */
#ifndef FAR_ACTOR_STREAM_H
#define FAR_ACTOR_STREAM_H

#include "object/object.h"

/* Is it a report, whose calls are served also where a thread that waits serves nothing? They only note what has come, and
 * it may be what that thread waits for. */
bool far_stream_is_report (const far_object_t *object);

#endif
