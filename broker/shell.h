/* The thin shell around the routing core: sockets, signals, and the loop. */
#ifndef BROKER_SHELL_H
#define BROKER_SHELL_H

#include "base/clock.h"
#include "connections.h"
#include "router.h"
#include "service.h"
#include "sockets.h"
#include "supervise.h"

typedef struct shell_options {
    router_options_t router;
    size_t max_connections;
    int idle_exit_s; /* leave when nobody has been connected for so long; 0: never */
} shell_options_t;

typedef struct shell {
    shell_options_t options;
    sockets_t sockets;
    router_t *router;
    residents_t *residents;
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
    far_deadline_t idle_since;    /* when the last connection ended; NEVER while there is one */
    far_deadline_t stop_at;       /* asked to stop: the latest end; else NEVER */
    supervise_t *workers;         /* NULL where the configuration names no fleet */
    int64_t workers_at;           /* when they are looked after again */
    far_deadline_t kill_at;       /* when one of them has been stuck for too long */
    far_deadline_t workers_until; /* they are ending: no longer than this; else NEVER */
    const char *cause;            /* of the end of the session that is being ended; NULL where it is not known */
    int64_t cause_until;          /* so long the end of a session waits for that of its process; 0 */
    struct pollfd *fds;           /* of the loop: SHELL_OWN_FDS, then those of workers */
    size_t fd_capacity;
    uint64_t looked_at; /* messages_read, when we last looked for anything but messages */
    bool drained;       /* the ROUTER had nothing more to read */
    bool told_all;      /* and whatever comes now, its descriptor will tell */
    bool failed;        /* can't go on */
} shell_t;

/* Makes everything; nothing is bound. The signals that end the broker are blocked. far_status_t with the last error;
 * shell_deinit cleans up, also after failure. */
far_status_t shell_init (shell_t *self, const shell_options_t *options);
void shell_deinit (shell_t *self);
/* The fleets that the configuration names, from now on: takes them. Workers find the broker at endpoint. */
far_status_t shell_set_fleets (shell_t *self, fleet_specs_t *specs, const char *endpoint);
/* Until a signal, the idle time, or a failure (false) ends it. hooks->check is called now and then; false ends the broker. */
typedef struct shell_hooks {
    bool (*check) (shell_t *self, void *context);
    void (*reload) (shell_t *self, void *context); /* on SIGHUP; NULL: that ends the broker as well */
    void *context;
} shell_hooks_t;

bool shell_run (shell_t *self, const shell_hooks_t *hooks);

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

#define SHELL_OWN_FDS 3 /* the ROUTER's, its monitor's, and that of signals */

/* Ends soon. */
void shell_stop (shell_t *self);
/* Workers, as far as there are any: does what is due; tells them to end (false: there are none, or they have been told);
 * when to come back; the descriptors to poll, the first SHELL_OWN_FDS of which are to be filled in. */
void shell_look_after_workers (shell_t *self);
bool shell_stop_workers (shell_t *self);
far_deadline_t shell_workers_deadline (const shell_t *self);
struct pollfd *shell_poll_set (shell_t *self, size_t *count);
/* How the process of a session that ends has come to its end, as far as that is known; false: it is about to be. */
bool shell_knows_cause (shell_t *self, const session_t *session, char *out, size_t out_size);

#endif
