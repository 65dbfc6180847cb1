/* The loop. It waits in poll(2) on the descriptors of both sockets and of the signals. ZeroMQ's descriptors tell of
 * destinations that have room again, too: so what is parked is tried again after each wake. Owns everything that the broker is made of. */
#include "shell.h"
#include "base/error.h"
#include "base/log.h"
#include "wire/summary.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define BACKSTOP_MS    50 /* while something is parked */
#define CHECK_EVERY_MS 5000
#define STOP_WITHIN_MS 1000
#define LINGER_MS      200
#define LOOK_EVERY     512 /* messages */

static far_status_t make_signals (shell_t *self)
{
    sigset_t ending;
    sigemptyset (&ending);
    sigaddset (&ending, SIGTERM);
    sigaddset (&ending, SIGINT);
    sigaddset (&ending, SIGHUP);
    self->signal_fd = signalfd (-1, &ending, SFD_NONBLOCK | SFD_CLOEXEC);
    return self->signal_fd < 0 ? far_fail_errno ("signalfd") : FAR_OK;
}

far_status_t shell_init (shell_t *self, const shell_options_t *options)
{
    *self = (shell_t){ .options = *options,
                       .signal_fd = -1,
                       .stop_at = FAR_DEADLINE_NEVER,
                       .kill_at = FAR_DEADLINE_NEVER,
                       .workers_until = FAR_DEADLINE_NEVER };
    self->fds = calloc (SHELL_OWN_FDS, sizeof *self->fds);
    self->fd_capacity = SHELL_OWN_FDS;
    connections_init (&self->connections);
    zmq_msg_init (&self->frame);
    self->parking.unpin = shell_unpin;
    self->now_ns = self->idle_since = far_clock_ns ();
    self->router = router_new (&options->router);
    if (!self->router || !self->fds)
        return far_fail (FAR_E_NO_MEMORY, "no memory for the router");
    const service_gauges_t gauges = { &self->parking, &self->connections.count };
    self->residents = residents_new (self->router);
    if (!self->residents)
        return far_fail (FAR_E_NO_MEMORY, "no memory for residents");
    self->service = service_new (self->router, self->residents, &gauges);
    if (!self->service)
        return far_error_kind (far_last_error ());
    far_status_t status = make_signals (self);
    return status ? status : sockets_init (&self->sockets, options->router.message_bytes);
}

static void left (shell_t *self, far_process_id_t id)
{
    service_left (self->service, id);
    residents_left (self->residents, id, self->cause, self->now_ns, &self->actions);
}

/* All sessions end here: what is told to the others goes nowhere. */
static void end_all (shell_t *self)
{
    session_t *session;
    while ((session = processes_any (self->router->processes))) {
        parking_clear (&self->parking, &session->parked);
        residents_let_go (self->residents, session);
        router_step (self->router, &(event_t){ .kind = EVENT_ENDED, .session = session }, self->now_ns, &self->actions);
        for (size_t i = 0; i < self->actions.count; i++) {
            const action_t action = self->actions.items[i];
            if (action.kind == ACTION_LEFT)
                left (self, action.left);
            else if (action.kind == ACTION_RELEASE)
                service_release (self->service, action.release.object, action.release.holder);
        }
        actions_clear (&self->actions);
    }
}

void shell_deinit (shell_t *self)
{
    supervise_destroy (&self->workers);
    free (self->fds);
    zmq_msg_close (&self->frame);
    sockets_deinit (&self->sockets, LINGER_MS);
    if (self->router)
        end_all (self);
    residents_destroy (&self->residents);
    service_destroy (&self->service);
    router_destroy (&self->router);
    connections_deinit (&self->connections);
    actions_deinit (&self->actions);
    if (self->signal_fd >= 0)
        close (self->signal_fd);
    self->signal_fd = -1;
}

static void log_joined (const session_t *session)
{
    char who[320];
    if (far_log_wants (FAR_LOG_INFO))
        far_log (FAR_LOG_INFO, "%s is there: %s", session_describe (session, who, sizeof who), session->hello.program);
}

static far_bytes_t frame_of (shell_t *self)
{
    return (far_bytes_t){ zmq_msg_data (&self->frame), zmq_msg_size (&self->frame) };
}

/* What one resident says to another, copied: the actions grow meanwhile. */
static void send_inside (shell_t *self, const action_t *action)
{
    far_header_t header;
    uint8_t *frame = malloc (action->data.size);
    session_t *from = NULL;
    if (!frame) {
        self->actions.failed = true;
        return;
    }
    memcpy (frame, self->actions.bytes.data + action->data.offset, action->data.size);
    if (far_header_read (frame, action->data.size, &header))
        from = processes_find (self->router->processes, (far_process_id_t){ header.party });
    if (from)
        residents_take (self->residents, action->session, from, (far_bytes_t){ frame, action->data.size }, self->now_ns,
                        &self->actions);
    free (frame);
}

static void do_action (shell_t *self, size_t index)
{
    const action_t action = self->actions.items[index];
    const uint8_t *data = self->actions.bytes.data;
    char text[32];
    switch (action.kind) {
    case ACTION_FORWARD:
        shell_forward (self, action.session);
        break;
    case ACTION_SEND:
        if (action.session->resident)
            send_inside (self, &action);
        else
            shell_send (self, action.session, data + action.data.offset, action.data.size);
        break;
    case ACTION_CUT:
        parking_clear (&self->parking, &action.session->parked);
        shell_cut (action.session);
        break;
    case ACTION_LOG:
        far_log (FAR_LOG_WARNING, "%s", (const char *)data + action.data.offset);
        break;
    case ACTION_SERVE:
        service_serve (self->service, action.session, frame_of (self), self->now_ns, &self->actions);
        break;
    case ACTION_RESIDE:
        residents_take (self->residents, action.session, action.sender, frame_of (self), self->now_ns, &self->actions);
        break;
    case ACTION_RELEASE:
        service_release (self->service, action.release.object, action.release.holder);
        break;
    case ACTION_GRANT:
        service_grant (self->service, &action.grant);
        break;
    case ACTION_JOINED:
        log_joined (action.session);
        residents_joined (self->residents);
        service_joined (self->service, action.session, &self->actions);
        break;
    case ACTION_LEFT:
        far_log (FAR_LOG_INFO, "process %s is down", far_process_text (action.left.value, text));
        left (self, action.left);
        break;
    }
}

static void do_all (shell_t *self)
{
    /* The service adds to them while they are done. */
    for (size_t i = 0; i < self->actions.count; i++)
        do_action (self, i);
    if (self->actions.failed) {
        far_log (FAR_LOG_ERROR, "no memory for what is to be said: the broker ends");
        self->failed = true;
    }
    actions_clear (&self->actions);
}

void shell_do_actions (shell_t *self)
{
    do_all (self);
    while (self->overflowing) {
        session_t *session = self->overflowing;
        self->overflowing = session->next;
        session->overflows = false;
        event_t cut = { .kind = EVENT_CUT, .session = session, .why = "too much is waiting for it" };
        router_step (self->router, &cut, self->now_ns, &self->actions);
        do_all (self);
    }
}

void shell_step (shell_t *self, const event_t *event)
{
    router_step (self->router, event, self->now_ns, &self->actions);
    shell_do_actions (self);
}

void shell_stop (shell_t *self)
{
    if (self->stop_at == FAR_DEADLINE_NEVER)
        self->stop_at = far_deadline_in (STOP_WITHIN_MS);
}

static void take_signal (shell_t *self, unsigned number, const shell_hooks_t *hooks)
{
    if (number == SIGHUP && hooks->reload) {
        hooks->reload (self, hooks->context);
        return;
    }
    far_log (FAR_LOG_INFO, "asked to stop");
    if (!shell_stop_workers (self)) /* the second time, they are not waited for */
        shell_stop (self);
}

static void read_signals (shell_t *self, const shell_hooks_t *hooks)
{
    struct signalfd_siginfo info;
    while (read (self->signal_fd, &info, sizeof info) == sizeof info)
        take_signal (self, info.ssi_signo, hooks);
}

/* Reading the events does ZeroMQ's own work, and arms the descriptor again. */
static bool has_messages (shell_t *self)
{
    int events = 0;
    size_t size = sizeof events;
    self->told_all = true;
    return !zmq_getsockopt (self->sockets.router, ZMQ_EVENTS, &events, &size) && events & ZMQ_POLLIN;
}

/* Is there something to do without waiting? Sending can take in what the descriptor would have told: that a message has
 * come, or that a destination has room again. Reading the events finds the one, another try the other; the second try
 * comes so soon that ZeroMQ does not look for news in it. */
static bool has_work (shell_t *self)
{
    for (int round = 0; round < 2; round++) {
        if (!self->told_all && has_messages (self))
            return true;
        if (!self->parking.count)
            return false;
        if (shell_retry (self))
            return true;
    }
    return false;
}

static bool is_over (const shell_t *self)
{
    if (self->failed)
        return true;
    if (self->stop_at != FAR_DEADLINE_NEVER)
        return !self->parking.count || self->now_ns >= self->stop_at;
    int64_t idle_ns = self->idle_since == FAR_DEADLINE_NEVER ? 0 : self->now_ns - self->idle_since;
    return self->options.idle_exit_s && idle_ns >= (int64_t)self->options.idle_exit_s * 1000000000;
}

static int earlier (int a_ms, int b_ms)
{
    return a_ms < 0 || (b_ms >= 0 && b_ms < a_ms) ? b_ms : a_ms;
}

/* How long there is nothing to do unless something comes in. */
static int wait_ms (const shell_t *self, far_deadline_t check_at)
{
    if (is_over (self)) /* the last worker has ended in this round */
        return 0;
    int wait = earlier (far_deadline_left_ms (check_at), far_deadline_left_ms (service_deadline (self->service)));
    wait = earlier (wait, far_deadline_left_ms (residents_deadline (self->residents)));
    wait = earlier (wait, far_deadline_left_ms (shell_workers_deadline (self)));
    if (self->cause_until)
        wait = earlier (wait, far_deadline_left_ms (self->cause_until));
    wait = earlier (wait, far_deadline_left_ms (self->stop_at));
    if (self->options.idle_exit_s && self->idle_since != FAR_DEADLINE_NEVER)
        wait =
            earlier (wait, far_deadline_left_ms (self->idle_since + (int64_t)self->options.idle_exit_s * 1000000000));
    return self->parking.count ? earlier (wait, BACKSTOP_MS) : wait;
}

static void sleep_until_woken (shell_t *self, far_deadline_t check_at, const shell_hooks_t *hooks)
{
    size_t count;
    struct pollfd *fds = shell_poll_set (self, &count);
    fds[0] = (struct pollfd){ .fd = self->sockets.router_fd, .events = POLLIN };
    fds[1] = (struct pollfd){ .fd = self->sockets.monitor_fd, .events = POLLIN };
    fds[2] = (struct pollfd){ .fd = self->signal_fd, .events = POLLIN };
    int woken = poll (fds, count, wait_ms (self, check_at));
    if (woken <= 0) {
        self->workers_at = 0;
        return;
    }
    for (size_t i = 0; i < SHELL_OWN_FDS; i++)
        woken -= fds[i].revents != 0;
    if (woken)
        self->workers_at = 0;
    if (fds[1].revents)
        shell_read_monitor (self);
    if (fds[2].revents)
        read_signals (self, hooks);
}

/* Without sleeping nobody tells us of the rest. */
static void stay_awake (shell_t *self, const shell_hooks_t *hooks)
{
    if (self->messages_read - self->looked_at < LOOK_EVERY)
        return;
    self->looked_at = self->messages_read;
    shell_read_monitor (self);
    read_signals (self, hooks);
}

static void check_now_and_then (shell_t *self, far_deadline_t *check_at, const shell_hooks_t *hooks)
{
    if (self->now_ns < *check_at)
        return;
    *check_at = far_deadline_in (CHECK_EVERY_MS);
    self->failed |= !hooks->check (self, hooks->context);
}

static void run_residents (shell_t *self)
{
    residents_run (self->residents, self->now_ns, &self->actions);
    shell_do_actions (self);
}

bool shell_run (shell_t *self, const shell_hooks_t *hooks)
{
    far_deadline_t check_at = far_deadline_in (CHECK_EVERY_MS);
    shell_read_monitor (self);
    while (!is_over (self)) {
        self->now_ns = far_clock_ns ();
        shell_read_router (self);
        run_residents (self);
        shell_end_sessions (self);
        service_expire (self->service, self->now_ns, &self->actions);
        run_residents (self);
        shell_look_after_workers (self);
        check_now_and_then (self, &check_at, hooks);
        if (has_work (self))
            stay_awake (self, hooks);
        else
            sleep_until_woken (self, check_at, hooks);
    }
    return !self->failed;
}
