/* The link to the broker: everything that leaves or enters a process passes here. One link is one connection; when it
 * is lost it is closed and opened anew. */
#ifndef FAR_ACTOR_LINK_H
#define FAR_ACTOR_LINK_H

#include "actor/outqueue.h"
#include "base/frame.h"
#include "base/ids.h"

#include <czmq.h>

typedef struct far_link {
    zsock_t *socket;  /* NULL while closed */
    zsock_t *monitor; /* says when the connection ends */
    void *raw, *raw_monitor;
    int fd, monitor_fd; /* to poll; -1 while closed */
    zmq_msg_t unsent;   /* a frame that the socket had no room for */
    bool has_unsent;
    bool quiet;      /* the last use has found nothing to read: of what comes from then on fd tells */
    bool lost;       /* the monitor has said so */
    const char *who; /* for the trace; borrowed */
} far_link_t;

/* What the link can do without waiting. */
typedef struct far_link_events {
    bool readable, writable;
} far_link_events_t;

/* All functions: with the socket lock. */
void far_link_init (far_link_t *self, const char *who);
/* Begins to connect. System where the endpoint is refused (what it says, and why). */
far_status_t far_link_open (far_link_t *self, const char *endpoint);
/* Accepts a closed one. What was not sent is lost. */
void far_link_close (far_link_t *self);
/* Its descriptor has told of something, or was not asked: it is not taken to be quiet any more. */
void far_link_stir (far_link_t *self);
/* Has the connection ended, or failed to come up? Remembered in lost. What it has brought before that is still to be read;
 * so this is asked first. */
bool far_link_is_lost (far_link_t *self);
/* The next frame; NULL when there is none now. The caller releases it. A message of more than one frame is a violation
 * by the broker: it is passed over. */
far_frame_t *far_link_receive (far_link_t *self);
/* Is everything sent that was handed over? Tries again. */
bool far_link_is_clear (far_link_t *self);
/* Sends messages to one process as one frame, and takes them. Only when the link is clear. */
void far_link_send (far_link_t *self, far_outqueue_entry_t *entries, size_t count);
/* A must after each use, before the lock is given up. It costs two system calls, which are saved where the last use has
 * told already. */
far_link_events_t far_link_events (far_link_t *self);

#endif
