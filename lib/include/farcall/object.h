/* Hosting: objects that other processes may call. What a class is stands in farcall/class.h; a module is a named set of
 * classes, functions, constants and objects.
 *
 * Methods, init, fini and callbacks run in the actor's thread, one after the other: they need no locks, and keep others
 * waiting while they run. (fini of an object that the program itself destroys last runs where it does that.) An actor
 * opened with threads runs them on a pool, several at once, also of one object: then they need locks for what they share.
 * One opened with serve_by_caller runs them where the program says (farcall/actor.h).
 */
#ifndef FARCALL_OBJECT_H
#define FARCALL_OBJECT_H

#include <farcall/class.h>
#include <farcall/options.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct far_actor far_actor_t;

/* Takes the arguments, in the order of the signature, into variables of its letters. What is taken belongs to the call
 * and is valid until the method returns: const char ** for `s`, far_bytes_t * for `y` (pointing into the message),
 * far_proxy_t ** for `P`, far_object_t ** for `O` and const far_value_t ** for `v`, `[x]` and `{xy}`. To keep a proxy:
 * far_proxy_retain; a value: far_value_retain. One of these that is nil gives NULL (`y`: {NULL, 0}). An `s` with a NUL
 * inside was refused before. */
FAR_EXPORT far_status_t far_call_args (far_call_t *call, ...);
/* Sets the answer, from a picture of one value. Borrows everything. A second call replaces the first. */
FAR_EXPORT far_status_t far_call_return (far_call_t *call, const char *picture, ...);
/* Sets the answer to an error of kind Raised with this class ("OverflowError") and message; gives FAR_E_RAISED. The last
 * far_ function that failed in the method (or what it calls) is its cause; none if it has called far_clear_error since. */
#define far_call_fail(call, ...) far_call_fail_at ((call), __FILE__, __LINE__, __VA_ARGS__)
FAR_EXPORT far_status_t far_call_fail_at (far_call_t *call, const char *file, int line, const char *error_class,
                                          const char *format, ...) FAR_PRINTF (5, 6);
/* The kind of the error that the call itself has so far, of far_call_args, far_call_return or far_call_fail; FAR_OK if
 * none. It says nothing of calls that the method makes: their status is what far_call and the like give. */
FAR_EXPORT far_status_t far_call_status (const far_call_t *call);
/* The actor that runs the call: to make calls of its own, and objects. Borrowed. */
FAR_EXPORT far_actor_t *far_call_actor (const far_call_t *call);
/* The object, or the module, whose method runs: to answer with it, or to hand it on. NULL in init and in callbacks.
 * Borrowed. */
FAR_EXPORT far_object_t *far_call_object (const far_call_t *call);
/* Who asked. */
FAR_EXPORT far_process_id_t far_call_caller (const far_call_t *call);
/* Has the caller given up, or is its deadline over? Reads the socket first, so that a long method learns of it. */
FAR_EXPORT bool far_call_cancelled (far_call_t *call);
/* A descriptor that is readable from when far_call_cancelled says true, for a method that sleeps in poll(2) or the like on
 * something else. The call's, and closed with it: do not read it, do not close it. -1 with BadArguments where the actor's
 * own thread runs the methods, for nobody would see the cancellation while this one sleeps (see threads and
 * serve_by_caller in farcall/actor.h), or with System. */
FAR_EXPORT int far_call_cancelled_fd (far_call_t *call);
/* How long until the caller's deadline (deadline_ms, farcall/options.h), rounded up; 0 once it has passed, FAR_FOREVER
 * where there is none. What the method asks of others ends by then too. */
FAR_EXPORT int far_call_time_left_ms (const far_call_t *call);

/* A new object of a class, its init run with these arguments (a picture; NULL or "" for none). The caller owns one
 * reference; it lives on while other processes hold it. NULL with what init failed with, or BadArguments. */
FAR_EXPORT far_object_t *far_object_new (far_actor_t *actor, const far_class_t *of, const char *picture, ...);
/* A plain function as an object that can be called: a callback. context must outlive the object. */
FAR_EXPORT far_object_t *far_function (far_actor_t *actor, far_method_fn *does, void *context, const char *signature);
/* Is it an object of this class, or of one that has it as a base? Not if it is NULL. */
FAR_EXPORT bool far_object_is (const far_object_t *object, const far_class_t *of);
/* The data of an object of a class (else NULL). Borrowed. */
FAR_EXPORT void *far_object_data (far_object_t *object);
/* Sets an option that the references to this object carry from now on: proxies that others get of it start with it, where
 * they have not set it themselves. FAR_UNSET takes it back. Any option but reentrancy; BadArguments says what was
 * expected. */
FAR_EXPORT far_status_t far_object_set (far_object_t *object, far_option_t option, int64_t value);
FAR_EXPORT far_object_t *far_object_retain (far_object_t *object);
/* Gives back one reference. With the last one, here or elsewhere, fini runs. */
FAR_EXPORT void far_object_destroy (far_object_t **object_p);

/* A module while it is being filled, and as long as its actor lives. Errors are kept: whoever loads it reports the
 * first. Names are letters, digits and `_`, and do not begin with a digit. */
typedef struct far_module far_module_t;

/* Offers a class: calling it makes an object. */
FAR_EXPORT void far_module_class (far_module_t *module, const far_class_t *offered);
/* Offers a function. Its self is the module's data. Copies nothing: the texts must live as long as the actor. */
FAR_EXPORT void far_module_function (far_module_t *module, const char *name, far_method_fn *does, const char *signature,
                                     const char *doc);
/* Offers a constant, from a picture of one value. */
FAR_EXPORT void far_module_constant (far_module_t *module, const char *name, const char *picture, ...);
/* Offers an object that exists already. Consumes the caller's reference. */
FAR_EXPORT void far_module_object (far_module_t *module, const char *name, far_object_t **object_p);
/* A module inside the module. Borrowed: the outer one owns it. NULL after an error. */
FAR_EXPORT far_module_t *far_module_submodule (far_module_t *module, const char *name, const char *doc);
/* The data that the module's functions get as self; destroy (may be NULL) is called with it at the end. */
FAR_EXPORT void far_module_set_data (far_module_t *module, void *data, void (*destroy) (void *data));
FAR_EXPORT void far_module_set_doc (far_module_t *module, const char *doc);
/* The actor that the module is being loaded into. Borrowed. */
FAR_EXPORT far_actor_t *far_module_actor (const far_module_t *module);

/* Fills a module. */
typedef void far_module_fn (far_module_t *module);

/* Defines a module: FAR_MODULE (counter) { far_module_class (module, &counter_class); }
 * In a shared object, far-actor finds it by the file's name (counter.so, libcounter.so). In a program, register it with
 * far_actor_register (actor, "counter", far_module_counter). */
#ifdef __cplusplus
#define FAR_MODULE_LINKAGE extern "C"
#else
#define FAR_MODULE_LINKAGE
#endif
#define FAR_MODULE(name) \
    FAR_MODULE_LINKAGE FAR_EXPORT void far_module_##name (far_module_t *module); \
    void far_module_##name (far_module_t *module)

#ifdef __cplusplus
}
#endif

#endif
