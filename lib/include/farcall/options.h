/* Options: how calls behave where they do not say so themselves.
 *
 *     option         value                             default             set at
 *     mode           far_mode_t                        FAR_MODE_SYNC       call, proxy, process, actor
 *     timeout_ms     1 or more, or FAR_FOREVER         10,000              call, proxy, process, actor
 *     returns        far_returns_t                     FAR_RETURNS_AUTO    call, proxy, process, actor
 *     auto_proxy     0 or 1                            0                   call, proxy, process, actor
 *     defer_getattr  0 or 1                            0                   proxy, process, actor
 *     by_value       a sum of far_by_value_t           FAR_BY_VALUE_USUAL  call, proxy, process, actor
 *     reentrancy     far_reentrancy_t                  ..._INTERLEAVE      actor
 *     idempotent     0 or 1                            0                   call, proxy, process, actor
 *     priority       an int, greater for more urgent   0                   call, proxy, process, actor
 *     delay_ms       0 or more                         0                   call, proxy, process, actor
 *     key            0 or more, or -1 for none         -1                  call, proxy, process, actor
 *     deadline_ms    1 or more, or FAR_FOREVER         FAR_FOREVER         call, proxy, process, actor
 *     no_wait        0 or 1                            0                   call, proxy, process, actor
 *
 * idempotent, priority, delay_ms and key are for calls to a fleet (docs/fleets.md); nobody else looks at them.
 *
 * timeout_ms and deadline_ms are two things. timeout_ms is how long the caller waits: it stays with the caller, and a wait
 * that ends with Timeout leaves the request as it is; the answer may still come. deadline_ms is how long the answer is of
 * any use, from when it is asked for: it goes with the call. The request itself ends with Timeout then, sync, async or a
 * promise, whatever the callee does; the callee does not begin with it later (of an off call its log is told), and if it
 * runs already far_call_cancelled tells its method. All that a method asks, in its own thread, ends by the deadline of the
 * call that it answers, and none of its waits is longer: the smaller of that and its own options holds, through any number
 * of processes, fleets and pipelines.
 *
 * What is not set at one level is asked of the next, each time it is needed: a call asks its proxy; a proxy the one that
 * it was made from as an attribute (far_attr), if it was, and else its process; a process the actor that found it. There
 * is one proxy for each object, so that its options are the same wherever it is got from; they go with its last owner. */
#ifndef FARCALL_OPTIONS_H
#define FARCALL_OPTIONS_H

#include <farcall/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum far_option {
    FAR_OPTION_END,           /* no option: ends a list of settings */
    FAR_OPTION_MODE,          /* how far_call_with calls */
    FAR_OPTION_TIMEOUT_MS,    /* how long a call waits */
    FAR_OPTION_RETURNS,       /* what comes by value and what as a proxy, where the picture takes either */
    FAR_OPTION_AUTO_PROXY,    /* arguments that by_value does not name are kept here and sent as references */
    FAR_OPTION_DEFER_GETATTR, /* far_getattr does not ask */
    FAR_OPTION_BY_VALUE,      /* what kinds of values travel as values, for returns and auto_proxy */
    FAR_OPTION_REENTRANCY,    /* what a process serves while a method of its own waits */
    FAR_OPTION_IDEMPOTENT,    /* safe to repeat: if its worker dies another one does it again */
    FAR_OPTION_PRIORITY,      /* before others that wait */
    FAR_OPTION_DELAY_MS,      /* not to be begun before */
    FAR_OPTION_KEY,           /* the same worker for the same key */
    FAR_OPTION_DEADLINE_MS,   /* how long it is worth doing: then it ends with Timeout, running or not */
    FAR_OPTION_NO_WAIT,       /* where a call can't be sent now it ends with Overloaded, instead of waiting for room */
    FAR_OPTION_COUNT
} far_option_t;

typedef enum far_mode {
    FAR_MODE_SYNC,  /* waits for the result */
    FAR_MODE_ASYNC, /* gives a request */
    FAR_MODE_OFF    /* wants no answer: not even an error comes back */
} far_mode_t;

typedef enum far_returns {
    FAR_RETURNS_AUTO,  /* by_value says */
    FAR_RETURNS_VALUE, /* whatever has a value form comes by value, a hosted object too */
    FAR_RETURNS_PROXY  /* as a proxy, a plain value to a copy of it that the callee keeps */
} far_returns_t;

/* Kinds of values. */
typedef enum far_by_value {
    FAR_BY_VALUE_NIL = 1,
    FAR_BY_VALUE_BOOL = 2,
    FAR_BY_VALUE_INT = 4,
    FAR_BY_VALUE_FLOAT = 8,
    FAR_BY_VALUE_STRING = 16,
    FAR_BY_VALUE_BINARY = 32,
    FAR_BY_VALUE_LIST = 64,
    FAR_BY_VALUE_MAP = 128,
    FAR_BY_VALUE_TIME = 256,
    FAR_BY_VALUE_PROXY = 512,   /* references to objects that are not the sender's: as themselves */
    FAR_BY_VALUE_USUAL = 1023,  /* all of the above */
    FAR_BY_VALUE_OBJECT = 1024, /* objects of the sender that have a value form */
    FAR_BY_VALUE_ALL = 2047
} far_by_value_t;

/* What a thread that waits for an answer runs meanwhile, of the requests that come in. At most 64 methods wait on a thread,
 * one inside the other: past that a request ends with Overloaded. Threads that do not wait run whatever comes. */
typedef enum far_reentrancy {
    FAR_REENTRANCY_INTERLEAVE, /* all that comes */
    FAR_REENTRANCY_CHAIN,      /* what belongs to the same chain of calls */
    FAR_REENTRANCY_QUEUE       /* nothing */
} far_reentrancy_t;

/* Takes an option's value away again: the next level is asked. */
#define FAR_UNSET INT64_MIN

/* One option of a call. Lists of them end with { 0 }; NULL is an empty one. */
typedef struct far_setting {
    far_option_t option;
    int64_t value;
} far_setting_t;

/* Its name in this table: "timeout_ms". Static text; "" for a number that is none. */
FAR_EXPORT const char *far_option_name (far_option_t option);

#ifdef __cplusplus
}
#endif

#endif
