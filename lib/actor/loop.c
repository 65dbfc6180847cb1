/* The actor's thread. It asks the raw descriptors of the sockets in poll(2) once a turn, and reads only what they tell of.
 * They are edge-triggered: who has used the socket reads its events before giving up the lock, and other threads wake this
 * one if there is something to read. A method that waits runs turns of the same loop. */
#include "actor/loop.h"
#include "actor/deadlines.h"
#include "actor/join.h"
#include "actor/outbox.h"
#include "actor/serve.h"
#include "actor/session.h"
#include "actor/spawn.h"
#include "base/error.h"
#include "base/limits.h"

#include <poll.h>
#include <unistd.h>

enum { READ_AT_ONCE = 128 };

bool far_loop_is_mine (const far_actor_t *actor)
{
    return far_server_mine () == &actor->server;
}

/* With the socket lock. */
static bool read_frames (far_actor_t *actor, far_leftovers_t *leftovers)
{
    far_frame_t *frame;
    for (int i = 0; i < READ_AT_ONCE; i++) {
        if (!(frame = far_link_receive (&actor->link)))
            return false;
        const far_request_t *before = leftovers->ended;
        pthread_mutex_lock (&actor->caller.lock);
        far_inbox_take (actor, frame, leftovers);
        pthread_mutex_unlock (&actor->caller.lock);
        far_requests_wake (leftovers->ended, before);
        far_frame_release (frame);
    }
    return true;
}

bool far_loop_read (far_actor_t *actor)
{
    far_leftovers_t leftovers = { 0 };
    bool more = false, wake = false;
    far_error_t *before = far_last_error_take ();
    pthread_mutex_lock (&actor->socket_lock);
    if (actor->link.socket) {
        far_link_stir (&actor->link);
        if (far_loop_is_mine (actor))
            far_link_is_lost (&actor->link);
        bool all = !read_frames (actor, &leftovers);
        pthread_mutex_lock (&actor->caller.lock);
        if (all) /* nobody else would see the connection end, nor the time pass */
            far_session_step (actor, &leftovers);
        far_deadlines_look (actor, &leftovers);
        pthread_mutex_unlock (&actor->caller.lock);
    }
    if (actor->link.socket) {
        far_outbox_drain (actor);
        far_link_events_t events = far_link_events (&actor->link);
        more = events.readable || (events.writable && actor->link.has_unsent);
    }
    wake = more && actor->sleeping;
    pthread_mutex_unlock (&actor->socket_lock);
    far_outbox_flush_rest (actor);
    if (wake)
        far_actor_wake (actor);
    far_inbound_t *method = far_server_step_aside (&actor->server);
    far_leftovers_release (&leftovers);
    far_server_step_back (&actor->server, method);
    far_last_error_put (&before);
    return more;
}

/* Destructors run here, and may make calls: as methods do, they count, and nobody leaves messages to us meanwhile. */
static void release_leftovers (far_actor_t *actor, far_leftovers_t *leftovers)
{
    bool nested = atomic_exchange (&actor->in_method, true);
    far_outbox_flush_rest (actor);
    actor->server.nesting++;
    far_inbound_t *before = far_server_step_aside (&actor->server);
    far_leftovers_release (leftovers);
    far_server_step_back (&actor->server, before);
    actor->server.nesting--;
    atomic_store (&actor->in_method, nested);
}

/* With the lock: is it time to leave? */
static bool is_over (const far_actor_t *actor)
{
    if (actor->stage == FAR_STAGE_ENDED)
        return true;
    return !actor->running && (actor->stop || (actor->closing && !actor->first_inbound));
}

/* With the lock. */
static bool has_work (const far_actor_t *actor)
{
    if (actor->stage == FAR_STAGE_LEAVING)
        return false;
    bool nested = actor->server.nesting;
    bool serves = actor->serving == FAR_SERVED_BY_ACTOR && far_server_next (&actor->server, nested);
    return serves || (!nested && !actor->parting && is_over (actor));
}

/* With the socket lock. */
static void hear_link (far_actor_t *actor)
{
    if (actor->link_told)
        far_link_stir (&actor->link);
    /* The end of the connection is looked for first, and acted on when all that came before it has been read. */
    if (actor->monitor_told)
        far_link_is_lost (&actor->link);
    actor->link_told = actor->monitor_told = false;
}

/* Reads, sends, and looks after the session. Is there something left to do at once? If not, the thread counts as
 * sleeping from here on, and whoever gives it something to do wakes it. */
static bool use_socket (far_actor_t *actor, far_deadline_t *next)
{
    far_leftovers_t leftovers = { 0 };
    bool busy = false;
    pthread_mutex_lock (&actor->socket_lock);
    atomic_store (&actor->sleeping, false);
    if (actor->link.socket) {
        hear_link (actor);
        busy = read_frames (actor, &leftovers);
    }
    pthread_mutex_lock (&actor->caller.lock);
    if (!busy)
        far_session_step (actor, &leftovers);
    far_deadlines_look (actor, &leftovers);
    pthread_mutex_unlock (&actor->caller.lock);
    if (actor->link.socket) {
        far_outbox_take_left (actor);
        far_link_events_t events = far_link_events (&actor->link);
        busy = busy || events.readable || (events.writable && actor->link.has_unsent) || actor->link.lost;
    }
    pthread_mutex_lock (&actor->caller.lock);
    *next = far_deadline_first (far_session_next (actor), far_deadlines_next (actor));
    actor->caller.looks_at = *next;
    bool left = leftovers.count || leftovers.ended || leftovers.inbounds;
    busy = busy || left || has_work (actor) || actor->caller.called;
    actor->caller.called = false;
    pthread_mutex_unlock (&actor->caller.lock);
    atomic_store (&actor->sleeping, !busy);
    if (!busy)
        atomic_store (&actor->left, false);
    pthread_mutex_unlock (&actor->socket_lock);
    far_outbox_flush_rest (actor);
    if (left) {
        far_by_caller_leave (actor, &leftovers);
        release_leftovers (actor, &leftovers);
    }
    return busy;
}

/* Asks the descriptors, and sleeps until one of them tells of something. */
static void listen_until (far_actor_t *actor, far_deadline_t until)
{
    struct pollfd fds[] = { { .fd = actor->wake_fd, .events = POLLIN },
                            { .fd = actor->link.fd, .events = POLLIN },
                            { .fd = actor->link.monitor_fd, .events = POLLIN } };
    poll (fds, sizeof fds / sizeof *fds, far_deadline_left_ms (until));
    actor->link_told = fds[1].revents;
    actor->monitor_told = fds[2].revents;
    if (fds[0].revents & POLLIN) {
        uint64_t count;
        if (read (actor->wake_fd, &count, sizeof count) < 0)
            return;
    }
}

far_status_t far_loop_turn (far_actor_t *actor, far_deadline_t until)
{
    if (actor->server.nesting > FAR_LIMIT_NESTING)
        return far_fail (FAR_E_OVERLOADED, "%d methods wait, one inside the other", FAR_LIMIT_NESTING);
    far_deadline_t next;
    far_error_t *before = far_last_error_take (); /* what others fail with is nothing to the method that waits */
    bool busy = use_socket (actor, &next);
    busy = far_serve (actor) || busy;
    far_last_error_put (&before);
    listen_until (actor, busy ? 0 : next < until ? next : until);
    return FAR_OK;
}

/* *out_leaving: it runs what it has begun, and takes no more. */
static bool goes_on (far_actor_t *actor, bool *out_leaving)
{
    pthread_mutex_lock (&actor->caller.lock);
    bool over = is_over (actor);
    *out_leaving = actor->closing || actor->stop;
    pthread_mutex_unlock (&actor->caller.lock);
    return !over;
}

/* With both locks: one step of the session, what it lets go of released without them. */
static void with_locks (far_actor_t *actor, void (*step) (far_actor_t *, far_leftovers_t *))
{
    far_leftovers_t leftovers = { 0 };
    pthread_mutex_lock (&actor->socket_lock);
    pthread_mutex_lock (&actor->caller.lock);
    step (actor, &leftovers);
    pthread_mutex_unlock (&actor->caller.lock);
    pthread_mutex_unlock (&actor->socket_lock);
    far_by_caller_leave (actor, &leftovers);
    far_leftovers_release (&leftovers);
}

static bool is_leaving (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    bool leaving = !actor->bye_confirmed && far_clock_ns () < actor->give_up_at;
    pthread_mutex_unlock (&actor->caller.lock);
    return leaving;
}

/* What it has begun is run to the end, but no more comes. What has not been begun goes back at once where the program does
 * not wait for it. */
static void begin_to_leave (far_actor_t *actor)
{
    with_locks (actor, far_inbox_turn_away);
    far_join_leave (actor);
}

/* What a fleet sent before it knew is turned away here, and goes to another worker: none is lost with us. */
static void part_from_fleets (far_actor_t *actor)
{
    begin_to_leave (actor);
    pthread_mutex_lock (&actor->caller.lock);
    actor->parting = true;
    pthread_mutex_unlock (&actor->caller.lock);
    for (far_deadline_t until; far_join_is_leaving (actor, &until);)
        far_loop_turn (actor, until);
    far_join_left (actor);
}

static void leave (far_actor_t *actor)
{
    far_deadline_t next;
    with_locks (actor, far_session_leave);
    for (bool busy = true; is_leaving (actor); busy = use_socket (actor, &next))
        if (!busy)
            listen_until (actor, next);
    with_locks (actor, far_session_end);
}

void far_loop_run (zsock_t *pipe, void *args)
{
    far_actor_t *actor = args;
    far_server_begin (&actor->server, actor);
    zsock_signal (pipe, 0);
    bool leaving = false;
    while (goes_on (actor, &leaving)) {
        if (leaving)
            begin_to_leave (actor);
        far_loop_turn (actor, FAR_DEADLINE_NEVER);
    }
    if (leaving)
        part_from_fleets (actor);
    leave (actor);
    far_pool_stop (actor);
    far_children_stop (actor);
    far_backstop_deinit (&actor->backstop);
    far_server_end (&actor->server);
    pthread_mutex_lock (&actor->caller.lock);
    actor->closed = actor->closing;
    actor->thread_ended = true;
    bool orphaned = actor->orphaned;
    pthread_cond_broadcast (&actor->changed);
    pthread_mutex_unlock (&actor->caller.lock);
    if (orphaned) {
        far_by_caller_let_go (actor);
        far_registry_destroy (&actor->registry);
    }
    far_actor_release (actor);
}
