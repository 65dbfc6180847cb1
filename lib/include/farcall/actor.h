/* The actor: a program's place among the processes. It owns the connection to the broker, hosts what the program
 * offers, and is what every far call goes out through. Most programs have one. */
#ifndef FARCALL_ACTOR_H
#define FARCALL_ACTOR_H

#include <farcall/object.h>
#include <farcall/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Another process, or the broker: somebody to ask. */
typedef struct far_process far_process_t;

/* A module that an actor offers from its first moment on, before anybody can find it. */
typedef struct far_offer {
    const char *module;  /* its name; where fill is NULL, the path of the shared object that it is in */
    far_module_fn *fill; /* fills it; NULL: load the shared object */
} far_offer_t;

/* All zero is the default of each. */
typedef struct far_actor_options {
    const char *address; /* "ipc:///path" or "tcp://host:port"; NULL: FAR_BROKER, else the user's default broker */
    const char *name;    /* a name that others can find; NULL for none */
    const far_offer_t *offers;   /* what it hosts; ends with { 0 }; NULL for nothing */
    bool no_autostart;           /* don't start the user's default broker where none runs (nor does FAR_AUTOSTART=0) */
    bool no_reconnect;           /* once the broker is lost, stay disconnected */
    int connect_timeout_ms;      /* how long to wait for the broker at the start; 0: 10 s; FAR_FOREVER */
    int timeout_ms;              /* how long calls wait, as far_actor_set sets it; 0: 10 s; FAR_FOREVER */
    int threads;                 /* methods run on so many threads, 1 to 256; 0: in the actor's own */
    far_reentrancy_t reentrancy; /* what is served while a method waits, as far_actor_set sets it */
    bool serve_by_caller;        /* methods run where the program calls far_actor_process_requests; not with threads */
} far_actor_options_t;

/* Connects to the broker and starts the actor's thread. Blocks until the broker has given a process id. With address
 * NULL and no FAR_BROKER, the user's default broker is started if none runs. NULL with Timeout or System (no broker
 * there), NameTaken, BadArguments (address, name, an offer), NoSuchModule (an offer), ProtocolError (something else
 * listens there), NoMemory. While an offer is filled the actor is not connected yet. */
FAR_EXPORT far_actor_t *far_actor_new (const char *address, const char *name);
FAR_EXPORT far_actor_t *far_actor_open (const far_actor_options_t *options);
/* Leaves its fleets, says goodbye to the broker, ends what is under way with Closed, stops the thread and frees the actor.
 * Handles made from it stay valid to destroy. What others have asked of it and it has not begun ends with Closed; what came
 * by a fleet goes to another worker. First stops the children that far_spawn has started. Waits at most 2 s, for a method
 * that is running and for the broker, then lets the thread go on alone. Must not be called from a method. */
FAR_EXPORT void far_actor_destroy (far_actor_t **actor_p);

/* Told of each off call that failed in this actor: nobody else hears of it. error is borrowed until it returns. Runs in
 * the thread that ran the method, and keeps others waiting as a method does; it may make calls, but not destroy the
 * actor. */
typedef void far_error_hook_t (void *context, far_process_id_t caller, const far_error_t *error);

/* Has hook told of failed off calls; NULL: nobody. Each is logged as a warning too. Set it before others call: a call
 * that is running may still tell the one before. */
FAR_EXPORT void far_actor_set_error_hook (far_actor_t *actor, far_error_hook_t *hook, void *context);

/* Its process id; 0 while it is not connected. After a reconnect it is another one. */
FAR_EXPORT far_process_id_t far_actor_id (far_actor_t *actor);
/* "" if it has none. Borrowed from the actor. */
FAR_EXPORT const char *far_actor_name (far_actor_t *actor);

/* Sets an option for all calls of this actor that do not go by one nearer to them; FAR_UNSET: as the table in
 * farcall/options.h says. BadArguments says what was expected. */
FAR_EXPORT far_status_t far_actor_set (far_actor_t *actor, far_option_t option, int64_t value);

/* Offers one more module, that fill fills. Whoever finds the actor before this does not find the module: what is to be
 * there from the start belongs into options.offers. BadArguments if the name is no name, is taken, or filling failed. */
FAR_EXPORT far_status_t far_actor_register (far_actor_t *actor, const char *name, far_module_fn *fill);
/* Loads a shared object and offers the module in it, named as the file is. It stays loaded. NoSuchModule if there is
 * no such file or no such module in it. */
FAR_EXPORT far_status_t far_actor_load (far_actor_t *actor, const char *path);

/* For a program that serves by itself (serve_by_caller), from its own loop: runs the methods of at most so many requests,
 * those that wait now, the fini of objects that nobody holds any more, and the callbacks of requests that are done; does
 * not wait for more. *out_count (may be NULL) is how many it ran. Closed once the actor was
 * told to close and nothing is left to run; BrokerLost if it ended otherwise. Any thread; also from a method of the actor.
 * The thread that did this last, and before the first time the one that opened the actor, serves as well while it waits
 * for an answer; the waits of other threads run no methods. */
FAR_EXPORT far_status_t far_actor_process_requests (far_actor_t *actor, size_t most, size_t *out_count);
/* The descriptor that is readable when far_actor_process_requests has something to do or to tell, level- and edge-triggered
 * alike: for poll, epoll, GLib and the like. Never read it. Borrowed from the actor; -1 without serve_by_caller. */
FAR_EXPORT int far_actor_fd (const far_actor_t *actor);

/* Leaves as if another process had closed this one: finishes what it is doing, says goodbye, and goes. Waits for
 * nothing. */
FAR_EXPORT void far_actor_close (far_actor_t *actor);
/* Waits until the actor has been closed, by another process or by far_actor_close, and has left (FAR_OK); or Timeout; or
 * what ended it otherwise. */
FAR_EXPORT far_status_t far_actor_wait_closed (far_actor_t *actor, int timeout_ms);

/* Makes the actor a worker of a fleet: workers behind one queue, which others find by the fleet's name like a process.
 * The fleet is made if it is not there. The actor is given at most slots requests at a time: 1, unless it runs several
 * at once. It stays a worker in later sessions too, until it closes. Waits as long as calls wait. NameTaken (by a
 * process), BadArguments, Overloaded (too many fleets), and the errors of a call. */
FAR_EXPORT far_status_t far_join (far_actor_t *actor, const char *fleet, int slots);

/* The process that has this name, or the fleet. Waits up to the actor's timeout for the name to appear: NoSuchProcess. */
FAR_EXPORT far_process_t *far_find (far_actor_t *actor, const char *name);
/* The same, with a time of its own: 0 asks who has the name now; FAR_FOREVER. */
FAR_EXPORT far_process_t *far_find_within (far_actor_t *actor, const char *name, int timeout_ms);
/* The process with this id; asks nobody. */
FAR_EXPORT far_process_t *far_process (far_actor_t *actor, far_process_id_t id);
/* The broker itself: its module `broker` finds, lists, counts (docs/protocol.md). Asks nobody. */
FAR_EXPORT far_process_t *far_broker (far_actor_t *actor);
FAR_EXPORT far_process_id_t far_process_get_id (const far_process_t *process);
/* Sets an option for all calls to this process, in place of the actor's; FAR_UNSET: as the actor says. It holds for as long
 * as the program has anything of the process: a handle, a proxy, a request. BadArguments says what was expected. */
FAR_EXPORT far_status_t far_process_set (far_process_t *process, far_option_t option, int64_t value);
/* Asks the process to leave: it finishes what it is doing, cleans up and goes. Waits for it to confirm (confirm), as long
 * as calls wait, or for nothing. Errors as of a call. */
FAR_EXPORT far_status_t far_process_close (far_process_t *process, bool confirm);
/* Has the process exit as soon as it reads this, with exit code 0: nothing that it does is finished, nothing cleaned up,
 * no exit handler runs. Waits for nothing. Whoever waits for an answer of it gets PeerDied. */
FAR_EXPORT far_status_t far_process_exit (far_process_t *process);
FAR_EXPORT void far_process_destroy (far_process_t **process_p);

#ifdef __cplusplus
}
#endif

#endif
