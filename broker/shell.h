/* The thin shell around the routing core: sockets, signals, and the loop. */
#ifndef BROKER_SHELL_H
#define BROKER_SHELL_H

#include "base/clock.h"
#include "connections.h"
#include "router.h"
#include "service.h"
#include "sockets.h"

typedef struct shell_options {
    router_options_t router;
    size_t max_connections;
    int idle_exit_s; /* leave when nobody has been connected for so long; 0: never */
} shell_options_t;

typedef struct shell {
    shell_options_t options;
    sockets_t sockets;
    router_t *router;
    fleets_t *fleets;
    service_t *service;
    connections_t connections;
    parking_t parking;
    actions_t actions;
    session_t *overflowing; /* with too much parked; to be cut once the actions are done */
    zmq_msg_t frame;        /* of the event that is being stepped through */
    int64_t now_ns;
    uint64_t messages_read;
    limiter_t log;
    int signal_fd;
    far_deadline_t idle_since; /* when the last connection ended; NEVER while there is one */
    far_deadline_t stop_at;    /* asked to stop: the latest end; else NEVER */
    uint64_t looked_at;        /* messages_read, when we last looked for anything but messages */
    bool drained;              /* the ROUTER had nothing more to read */
    bool told_all;             /* and whatever comes now, its descriptor will tell */
    bool failed;               /* can't go on */
} shell_t;

/* Makes everything; nothing is bound. The signals that end the broker are blocked. far_status_t with the last error;
 * shell_deinit cleans up, also after failure. */
far_status_t shell_init (shell_t *self, const shell_options_t *options);
void shell_deinit (shell_t *self);
/* Until a signal, the idle time, or a failure (false) ends it. check is called now and then; false ends the broker. */
typedef bool shell_check_fn (shell_t *self, void *context);
bool shell_run (shell_t *self, shell_check_fn *check, void *context);

/* Below: between the files of the shell. */

/* Runs one event through the core, and does what it says. */
void shell_step (shell_t *self, const event_t *event);
void shell_do_actions (shell_t *self);
void shell_cut (session_t *session);

/* Reads what the monitor has to say. */
void shell_read_monitor (shell_t *self);
/* Reads some messages and steps through them. */
void shell_read_router (shell_t *self);
/* Ends the sessions whose connections have ended and have nothing more to say. */
void shell_end_sessions (shell_t *self);

/* Sends, or parks. FORWARD moves self->frame. */
void shell_forward (shell_t *self, session_t *to);
void shell_send (shell_t *self, session_t *to, const uint8_t *data, size_t size);
/* Tries again what is parked. Was any of it sent? */
bool shell_retry (shell_t *self);
void shell_unpin (void *pin);

#endif
