/* Calling: proxies stand for objects of other processes, requests (farcall/request.h) for answers that have not come yet.
 *
 * The functions below that take a picture take it as farcall/value.h says: arguments, `>`, results. What is taken as `P`
 * is asked for as a proxy, and what is taken into a variable of a type by value; for `v`, and where the picture has no
 * results, the options returns and by_value say which. They wait up to the option timeout_ms (10 s unless set), before that
 * as long for room at the receiver (off calls too; not with no_wait). A method's process goes on serving while it waits.
 *
 * Errors of every call: those of the method (Raised and the others, with the chain of hops), Timeout, PeerDied,
 * BrokerLost, Closed, NoSuchProcess, NoSuchModule, NoSuchAttribute, Stale, BadArguments, NotSerializable, Overloaded,
 * Limit, ProtocolError, NoMemory. */
#ifndef FARCALL_PROXY_H
#define FARCALL_PROXY_H

#include <farcall/actor.h>
#include <farcall/request.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A module that the process offers: "counter", "a.b". Asks the process: NoSuchModule. */
FAR_EXPORT far_proxy_t *far_import (far_process_t *process, const char *name);
/* What is in a module, by names with blanks or commas between: far_import_names (host, "counter", "Counter, sum, limit",
 * "[PPl]", &of, &sum, &limit). The results are a list, taken by one picture. One round trip. */
FAR_EXPORT far_status_t far_import_names (far_process_t *process, const char *module, const char *names,
                                          const char *picture, ...);
/* The same as far_import without asking: a name that is not there is an error where the proxy is used. */
FAR_EXPORT far_proxy_t *far_import_deferred (far_process_t *process, const char *name);
/* Constructs: far_new (host, "counter.Counter", "l", (int64_t) 40). One round trip. The picture has no results. */
FAR_EXPORT far_proxy_t *far_new (far_process_t *process, const char *path, const char *picture, ...);
/* Copies a value (a picture of one) to the process and gives a proxy to the copy. */
FAR_EXPORT far_proxy_t *far_transfer (far_process_t *process, const char *picture, ...);

/* An attribute, or a path of them ("stdout.write"), without asking: resolved where it is used. It keeps what it is an
 * attribute of alive. */
FAR_EXPORT far_proxy_t *far_attr (far_proxy_t *proxy, const char *path);
/* An attribute as a proxy: asks for it, unless the option defer_getattr is set. A plain value is copied at its owner. */
FAR_EXPORT far_proxy_t *far_getattr (far_proxy_t *proxy, const char *path);
/* A proxy to the same object without a path: asks what the path leads to now. One more owner where there is no path. */
FAR_EXPORT far_proxy_t *far_undefer (far_proxy_t *proxy);
/* Sets an attribute from a picture of one value: far_setattr (counter, "total", "l", (int64_t) 0). path may be a path.
 * Waits, so that errors arrive, unless the option mode is off. */
FAR_EXPORT far_status_t far_setattr (far_proxy_t *proxy, const char *path, const char *picture, ...);
/* Deletes an attribute; waits likewise. */
FAR_EXPORT far_status_t far_delattr (far_proxy_t *proxy, const char *path);

/* Calls a method (a name or a path; NULL or "" calls the object itself) and waits for the results. */
FAR_EXPORT far_status_t far_call (far_proxy_t *proxy, const char *method, const char *picture, ...);
FAR_EXPORT far_status_t far_vcall (far_proxy_t *proxy, const char *method, const char *picture, va_list args);
/* Calls and does not wait for the answer, only, at most its timeout, for room on the way out. NULL only where nothing was
 * sent. */
FAR_EXPORT far_request_t *far_call_async (far_proxy_t *proxy, const char *method, const char *picture, ...);
/* Calls as the options say: settings (a list that ends with { 0 }; NULL for none), else those of the proxy and so on.
 * Mode sync waits and takes the results; on Timeout it hands out the request, whose answer can still be read. Mode async
 * hands out the request, and takes no results: far_request_result does. Mode off gives neither. Where no request is handed
 * out *out_request becomes NULL, on failure too. out_request may be NULL unless the mode is async: BadArguments. */
FAR_EXPORT far_status_t far_call_with (far_proxy_t *proxy, const far_setting_t *settings, far_request_t **out_request,
                                       const char *method, const char *picture, ...);
/* Calls like far_call_async, and can be gone on with before the answer has come: far_then. */
FAR_EXPORT far_request_t *far_call_promise (far_proxy_t *proxy, const char *method, const char *picture, ...);
/* The answer of a request of far_call_promise as a proxy, whether or not it has come, or what a chain from it leads to:
 * "read ().split ()", "header.get ('size', default=0)", NULL or "" for the answer itself. Each call of the chain is sent at
 * once; its arguments are literals (nil, true, false, numbers, texts in ''), those with a keyword last. Does not wait for
 * answers. The proxy can be used like any other, for calls, attributes and as an argument: in calls to the same process
 * it stands for the answer that is not there yet; to hand it to another one waits for it. What uses an answer that is an
 * error ends with that error. The request can be destroyed meanwhile. A fleet keeps no answers: there each call waits in the
 * library, while its caller goes on, until the answer before it has come, and goes to the worker that has given it, or, if
 * that is a plain value, to a copy of it at one of them; as an argument it is waited for wherever the call goes. NULL with BadArguments (no chain, nothing has been
 * sent; or a request of another kind). */
FAR_EXPORT far_proxy_t *far_then (far_request_t *request, const char *chain);
/* Calls with a list of arguments (NULL for none) and a map of keyword arguments (NULL for none), both borrowed. */
FAR_EXPORT far_request_t *far_call_values (far_proxy_t *proxy, const char *method, const far_value_t *arguments,
                                           const far_value_t *keywords);
/* Calls and wants no answer. Waits, at most its timeout, for room on the way out. An error of the method goes to the log of
 * the process that runs it, and to its error hook (far_actor_set_error_hook). */
FAR_EXPORT far_status_t far_send (far_proxy_t *proxy, const char *method, const char *picture, ...);

/* Reads an attribute, or what a path leads to, into variables of a picture of one value:
 * far_get (counter, "total", "l", &total). */
FAR_EXPORT far_status_t far_get (far_proxy_t *proxy, const char *path, const char *picture, ...);
/* The object by value. NotSerializable if its class has no value form. */
FAR_EXPORT far_status_t far_get_value (far_proxy_t *proxy, const char *picture, ...);

/* Sets an option for what is asked through this proxy and through those that are attributes of it (far_attr);
 * FAR_UNSET: as the levels above say. BadArguments says what was expected. */
FAR_EXPORT far_status_t far_proxy_set (far_proxy_t *proxy, far_option_t option, int64_t value);
/* What holds for this proxy now, wherever it is set. FAR_UNSET for no proxy or no option. */
FAR_EXPORT int64_t far_proxy_option (const far_proxy_t *proxy, far_option_t option);
/* The process that owns the object. */
FAR_EXPORT far_process_id_t far_proxy_owner (const far_proxy_t *proxy);
/* Do both stand for the same object (and path)? Without asking. */
FAR_EXPORT bool far_proxy_equals (const far_proxy_t *a, const far_proxy_t *b);
/* A number that is the same for proxies that are equal. Without asking. 0 for NULL. */
FAR_EXPORT uint64_t far_proxy_hash (const far_proxy_t *proxy);
/* "<Counter 7.path of process ...>", without asking; what the object says of itself: far_str. Yours: far_string_free. */
FAR_EXPORT char *far_proxy_repr (const far_proxy_t *proxy);
FAR_EXPORT far_proxy_t *far_proxy_retain (far_proxy_t *proxy);
/* Gives back one reference; with the last one the owner is told. Waits for nothing. */
FAR_EXPORT void far_proxy_destroy (far_proxy_t **proxy_p);

#ifdef __cplusplus
}
#endif

#endif
