/* The actor as programs see it: made, named, destroyed. The work is done in the other files of this folder; this one
 * puts their parts together and takes them apart again. */
#include "actor/actor.h"
#include "actor/asked.h"
#include "actor/autostart.h"
#include "actor/chain.h"
#include "actor/idle.h"
#include "actor/join.h"
#include "actor/loop.h"
#include "actor/outbox.h"
#include "actor/session.h"
#include "actor/shares.h"
#include "actor/spawn.h"
#include "actor/yield.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "object/hosted.h"
#include "object/path.h"
#include "proxy/options.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CONNECT_MS = 10000, DESTROY_MS = 2000, MOST_THREADS = 256 };

static far_actor_t *of_caller (far_caller_t *caller)
{
    return (far_actor_t *)caller;
}

static far_status_t caller_submit (far_caller_t *caller, far_outgoing_t *out)
{
    return far_outbox_submit (of_caller (caller), out);
}

static far_status_t caller_mark (far_caller_t *caller, far_outgoing_t *out)
{
    return far_chain_mark (of_caller (caller), out);
}

static void caller_flush (far_caller_t *caller)
{
    far_outbox_flush (of_caller (caller));
}

static void caller_flush_soon (far_caller_t *caller)
{
    far_outbox_flush_soon (of_caller (caller));
}

static bool caller_is_full (far_caller_t *caller)
{
    return far_outqueue_is_full (&of_caller (caller)->outqueue);
}

static far_caller_t *caller_served (far_caller_t *caller)
{
    const far_server_t *server = far_server_mine ();
    if (server)
        return &server->actor->caller;
    return far_by_caller_is_mine (&of_caller (caller)->by_caller) ? caller : NULL;
}

static far_status_t caller_serve (far_caller_t *caller, far_deadline_t until, far_waiter_t *waiter)
{
    far_actor_t *actor = of_caller (caller);
    return far_loop_is_mine (actor) ? far_loop_turn (actor, until) : far_idle_wait (actor, until, waiter);
}

static bool caller_moves (far_caller_t *caller)
{
    return far_loop_is_mine (of_caller (caller));
}

static far_deadline_t caller_ends_at (far_caller_t *caller)
{
    (void)caller;
    return far_server_ends_at ();
}

static void caller_wake (far_caller_t *caller)
{
    far_actor_wake (of_caller (caller));
}

static void caller_retain (far_caller_t *caller)
{
    far_actor_retain (of_caller (caller));
}

static void caller_release (far_caller_t *caller)
{
    far_actor_release (of_caller (caller));
}

static far_handle_t *caller_as_proxy (far_caller_t *caller, far_handle_t *object)
{
    return far_outbox_own_proxy (of_caller (caller), far_object_from_handle (object));
}

static far_handle_t *caller_at_path (far_caller_t *caller, far_handle_t *object, far_text_t path)
{
    (void)caller;
    return far_path_reference (far_object_from_handle (object), path, NULL);
}

static far_handle_t *caller_host (far_caller_t *caller, const far_value_t *value)
{
    (void)caller;
    far_value_t *hosted = far_value_retain (value);
    far_object_t *object = far_hosted_new (&hosted);
    return object ? &object->handle : NULL;
}

static const far_caller_ops_t caller_ops = {
    .submit = caller_submit,
    .mark = caller_mark,
    .flush = caller_flush,
    .flush_soon = caller_flush_soon,
    .is_full = caller_is_full,
    .served = caller_served,
    .serve = caller_serve,
    .moves = caller_moves,
    .ends_at = caller_ends_at,
    .wake = caller_wake,
    .as_proxy = caller_as_proxy,
    .at_path = caller_at_path,
    .host = caller_host,
    .retain = caller_retain,
    .release = caller_release,
};

/* A method on another thread than the actor's has no need to look: that one does. */
static void host_look (far_host_t *host)
{
    if (far_loop_is_mine (host->actor))
        far_loop_read (host->actor);
}

static int host_cancelled_fd (far_host_t *host, const far_wanted_t *wanted)
{
    if (host->actor->serving == FAR_SERVED_BY_ACTOR) {
        far_fail (FAR_E_BAD_ARGUMENTS,
                  "%s runs methods in the actor's thread: a method that sleeps in it sees no "
                  "cancellation; run them on threads of their own",
                  host->process_name);
        return -1;
    }
    far_inbound_t *inbound = (far_inbound_t *)((char *)wanted - offsetof (far_inbound_t, wanted));
    return far_inbound_cancelled_fd (host->actor, inbound);
}

static far_handle_t *host_as_proxy (far_host_t *host, far_handle_t *object)
{
    return far_outbox_own_proxy (host->actor, far_object_from_handle (object));
}

far_host_t *far_actor_host (far_actor_t *actor)
{
    return actor ? &actor->host : NULL;
}

void far_actor_retain (far_actor_t *self)
{
    atomic_fetch_add (&self->users, 1);
}

static void actor_free (far_actor_t *self)
{
    assert (!self->link.socket && !self->first_inbound && !self->first_aside && !self->running);
    assert (!self->keeps.callers.count);
    far_exports_destroy (&self->exports);
    far_outqueue_clear (&self->outqueue);
    far_inbounds_free_spare (self);
    far_join_forget (self);
    far_error_release (&self->refused);
    far_caller_deinit (&self->caller);
    pthread_cond_destroy (&self->changed);
    pthread_mutex_destroy (&self->socket_lock);
    if (self->wake_fd >= 0)
        close (self->wake_fd);
    far_by_caller_deinit (&self->by_caller);
    free (self->endpoint);
    free (self->name);
    free (self);
}

void far_actor_release (far_actor_t *self)
{
    if (atomic_fetch_sub (&self->users, 1) == 1)
        actor_free (self);
}

void far_actor_wake (far_actor_t *self)
{
    uint64_t one = 1;
    if (write (self->wake_fd, &one, sizeof one) < 0 && errno != EAGAIN)
        far_log (FAR_LOG_ERROR, "eventfd: %s", strerror (errno));
}

static atomic_int open_actors;

/* Runs before CZMQ's own: a program that ends without having destroyed its actors, as after an error, is no reason for
 * CZMQ to complain about their sockets. */
static void at_exit (void)
{
    if (atomic_load (&open_actors))
        zsys_set_logstream (NULL);
}

/* The library does nothing to the program's signals, and CZMQ must not either. */
static void set_up_library (void)
{
    zsys_handler_set (NULL);
    zsys_init ();
    atexit (at_exit);
}

/* Names that a process may have: docs/protocol.md, section 4. */
static bool is_name (const char *name)
{
    size_t size = strlen (name);
    return size >= 1 && size <= FAR_LIMIT_NAME_BYTES &&
           strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == size;
}

static far_status_t check_options (const far_actor_options_t *options)
{
    if (options->name && *options->name && !is_name (options->name))
        return far_fail (FAR_E_BAD_ARGUMENTS, "name '%s': expected 1 to %d letters, digits, '.', '_' or '-'",
                         options->name, FAR_LIMIT_NAME_BYTES);
    if (options->threads < 0 || options->threads > MOST_THREADS)
        return far_fail (FAR_E_BAD_ARGUMENTS, "threads %d: expected 0 to %d", options->threads, MOST_THREADS);
    if (options->threads && options->serve_by_caller)
        return far_fail (FAR_E_BAD_ARGUMENTS, "threads %d: not with serve_by_caller", options->threads);
    if (far_option_check (FAR_OPTION_REENTRANCY, options->reentrancy, FAR_LEVEL_ACTOR))
        return far_last_status ();
    return options->timeout_ms ? far_option_check (FAR_OPTION_TIMEOUT_MS, options->timeout_ms, FAR_LEVEL_ACTOR)
                               : FAR_OK;
}

static void send_waiting (void *actor)
{
    far_outbox_flush (actor);
}

static void init_locks (far_actor_t *self)
{
    pthread_mutex_init (&self->socket_lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init (&self->changed, &monotonic);
    pthread_condattr_destroy (&monotonic);
}

static far_actor_t *actor_make (const far_actor_options_t *options)
{
    far_actor_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for an actor");
        return NULL;
    }
    atomic_init (&self->users, 1);
    far_caller_init (&self->caller, &caller_ops);
    self->caller.id = &self->id;
    init_locks (self);
    far_timers_init (&self->timers);
    far_backstop_init (&self->backstop, send_waiting, self);
    self->name = strdup (options->name ? options->name : "");
    self->reconnects = !options->no_reconnect;
    self->last_inbound = &self->first_inbound;
    self->last_aside = &self->first_aside;
    self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    self->serving = options->threads           ? FAR_SERVED_BY_POOL
                    : options->serve_by_caller ? FAR_SERVED_BY_CALLER
                                               : FAR_SERVED_BY_ACTOR;
    far_by_caller_init (&self->by_caller);
    far_shares_init (self);
    self->exports = far_exports_new (FAR_LIMIT_REFERENCES);
    self->host = (far_host_t){ .actor = self,
                               .process_name = self->process_name,
                               .look = host_look,
                               .cancelled_fd = host_cancelled_fd,
                               .as_proxy = host_as_proxy,
                               .yield = far_yield,
                               .progress = far_yield_progress,
                               .end_yields = far_yield_end,
                               .where = far_asked_where };
    self->registry = far_registry_new (&self->host);
    far_caller_set (&self->caller, FAR_OPTION_TIMEOUT_MS, options->timeout_ms ? options->timeout_ms : FAR_UNSET);
    far_caller_set (&self->caller, FAR_OPTION_REENTRANCY, options->reentrancy);
    if (!self->name || self->wake_fd < 0 || !self->exports || !self->registry) {
        far_fail_errno ("can't make an actor");
        far_registry_destroy (&self->registry);
        far_actor_release (self);
        return NULL;
    }
    snprintf (self->process_name, sizeof self->process_name, "%s", self->name);
    far_link_init (&self->link, self->process_name);
    return self;
}

static far_status_t take_offers (far_actor_t *self, const far_offer_t *offers)
{
    far_status_t status = FAR_OK;
    for (; offers && offers->module && !status; offers++)
        status = offers->fill ? far_actor_register (self, offers->module, offers->fill)
                              : far_actor_load (self, offers->module);
    return status;
}

/* The thread that CZMQ makes for the actor must not take the program's signals. */
static void start_thread (far_actor_t *self)
{
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_BLOCK, &all, &before);
    far_actor_retain (self); /* for the thread */
    atomic_fetch_add (&open_actors, 1);
    self->zactor = zactor_new (far_loop_run, self);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
}

/* With the lock. false once the deadline has passed. */
static bool wait_changed (far_actor_t *self, far_deadline_t deadline)
{
    if (deadline == FAR_DEADLINE_NEVER)
        return !pthread_cond_wait (&self->changed, &self->caller.lock);
    struct timespec until = { .tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000 };
    return !pthread_cond_timedwait (&self->changed, &self->caller.lock, &until);
}

far_status_t far_actor_wait_connected (far_actor_t *self, far_deadline_t deadline)
{
    pthread_mutex_lock (&self->caller.lock);
    while (self->stage != FAR_STAGE_READY && self->stage != FAR_STAGE_ENDED && wait_changed (self, deadline))
        ;
    far_error_t *error = NULL;
    if (self->stage != FAR_STAGE_READY)
        error = self->refused ? far_error_retain (self->refused)
                              : far_error_new (FAR_E_TIMEOUT, "no broker at %s yet", self->endpoint);
    pthread_mutex_unlock (&self->caller.lock);
    return error ? far_fail_with (error) : FAR_OK;
}

/* With what it hosts complete: finds the broker, and begins. */
static far_status_t begin (far_actor_t *self, const far_actor_options_t *options)
{
    far_status_t status = take_offers (self, options->offers);
    if (!status)
        status = far_autostart (options, &self->endpoint);
    if (!status && options->serve_by_caller)
        status = far_by_caller_open (&self->by_caller);
    if (!status && options->threads)
        status = far_pool_start (self, (size_t)options->threads);
    if (status) {
        self->thread_ended = true; /* it has none yet */
        return status;
    }
    self->first_until = far_deadline_in (options->connect_timeout_ms ? options->connect_timeout_ms : CONNECT_MS);
    start_thread (self);
    status = far_actor_wait_connected (self, FAR_DEADLINE_NEVER);
    pthread_mutex_lock (&self->caller.lock);
    bool was_connected = self->session; /* and closed already, before this thread came to look: no failure to open */
    pthread_mutex_unlock (&self->caller.lock);
    return was_connected ? FAR_OK : status;
}

far_actor_t *far_actor_open (const far_actor_options_t *options)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once (&once, set_up_library);
    far_actor_t *self = check_options (options) ? NULL : actor_make (options);
    if (!self || !begin (self, options))
        return self;
    far_error_t *error = far_error_retain (far_last_error ());
    far_actor_destroy (&self);
    far_fail_with (error);
    return NULL;
}

far_actor_t *far_actor_new (const char *address, const char *name)
{
    far_actor_options_t options = { .address = address, .name = name };
    return far_actor_open (&options);
}

void far_actor_destroy (far_actor_t **actor_p)
{
    if (!actor_p || !*actor_p)
        return;
    far_actor_t *self = *actor_p;
    *actor_p = NULL;
    const far_server_t *server = far_server_mine ();
    if (server && server->actor == self) {
        far_log (FAR_LOG_ERROR, "far_actor_destroy was called from a method of the actor: it goes on");
        return;
    }
    far_children_stop (self);
    far_deadline_t deadline = far_deadline_in (DESTROY_MS);
    pthread_mutex_lock (&self->caller.lock);
    self->stop = true;
    for (far_inbound_t *running = self->running; running; running = running->next)
        far_inbound_cancel (self, running); /* nobody will take their answers */
    far_actor_wake (self);
    while (!self->thread_ended && wait_changed (self, deadline))
        ;
    bool ended = self->thread_ended;
    self->orphaned = !ended;
    pthread_mutex_unlock (&self->caller.lock);
    if (ended) {
        if (self->zactor)
            atomic_fetch_sub (&open_actors, 1);
        zactor_destroy (&self->zactor); /* accepts that there is none */
        far_by_caller_let_go (self);
        far_registry_destroy (&self->registry);
    } else {
        /* zactor_destroy would wait for the method without end. */
        far_log (FAR_LOG_WARNING, "a method still runs: its thread is left to itself");
    }
    far_actor_release (self);
}

void far_actor_set_error_hook (far_actor_t *actor, far_error_hook_t *hook, void *context)
{
    pthread_mutex_lock (&actor->caller.lock);
    actor->error_hook = hook;
    actor->error_context = context;
    pthread_mutex_unlock (&actor->caller.lock);
}

far_process_id_t far_actor_id (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    far_process_id_t id = actor->id;
    pthread_mutex_unlock (&actor->caller.lock);
    return id;
}

const char *far_actor_name (far_actor_t *actor)
{
    return actor->name;
}

far_status_t far_actor_set (far_actor_t *actor, far_option_t option, int64_t value)
{
    far_status_t status = far_caller_set (&actor->caller, option, value);
    if (status || option != FAR_OPTION_REENTRANCY)
        return status;
    pthread_mutex_lock (&actor->caller.lock);
    far_idle_call_for_all (actor);
    pthread_mutex_unlock (&actor->caller.lock);
    far_actor_wake (actor);
    return FAR_OK;
}

far_status_t far_actor_register (far_actor_t *actor, const char *name, far_module_fn *fill)
{
    return far_registry_add (actor->registry, name, fill);
}

far_status_t far_actor_load (far_actor_t *actor, const char *path)
{
    return far_registry_load (actor->registry, path);
}

void far_actor_close (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    actor->closing = true;
    far_by_caller_tell (&actor->by_caller);
    pthread_mutex_unlock (&actor->caller.lock);
    far_actor_wake (actor);
}

far_status_t far_actor_wait_closed (far_actor_t *actor, int timeout_ms)
{
    far_deadline_t deadline = far_deadline_in (timeout_ms);
    pthread_mutex_lock (&actor->caller.lock);
    bool in_time = true;
    while (in_time && !actor->closed && !actor->thread_ended)
        in_time = wait_changed (actor, deadline);
    bool closed = actor->closed, ended = actor->thread_ended;
    far_error_t *error = ended && !closed && actor->refused ? far_error_retain (actor->refused) : NULL;
    pthread_mutex_unlock (&actor->caller.lock);
    if (error)
        return far_fail_with (error);
    return closed ? FAR_OK : far_fail (FAR_E_TIMEOUT, "nobody has closed this process within %d ms", timeout_ms);
}
