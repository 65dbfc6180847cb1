/* farcall: objects that live in other processes, used as if they were local.
 *
 * This is the one header a program includes. A program makes an actor (its connection to the broker), finds processes
 * by name, calls what they host through proxies, and hosts objects of its own:
 *
 *     farcall/base.h      status codes, errors, ids, the log
 *     farcall/value.h     values and pictures
 *     farcall/operator.h  operators by name
 *     farcall/options.h   how calls behave: modes, timeouts, what comes by value
 *     farcall/class.h     classes: methods, properties, operators
 *     farcall/object.h    hosting: objects, modules, callbacks
 *     farcall/reply.h     answers that are given later
 *     farcall/actor.h     the actor, and finding processes
 *     farcall/request.h   answers that have not come yet
 *     farcall/proxy.h     calling: proxies
 *     farcall/operate.h   operators, items and iteration on far objects
 *     farcall/stream.h    methods that give many results, and tell how far they are
 *     farcall/pipeline.h  values that travel through stages
 *     farcall/spawn.h     children: processes that a program starts and ends
 *
 * Rules that hold everywhere:
 * - Any thread may use any handle, unless a function says otherwise.
 * - What a function gives you, you destroy: `far_x_destroy (&x)` sets x to NULL and accepts NULL.
 * - Functions that return far_status_t give FAR_OK (0) or the kind of the error; functions that return a pointer give
 *   NULL. Either way far_last_error () of the same thread then says what went wrong, and where.
 * - A proxy, process or request that is NULL gives the thread's last error again, which is that of what gave NULL where
 *   nothing has failed since, so a chain of calls needs one check, at its end. BadArguments where there is no last error.
 * - A function blocks only if it waits for an answer (far_call and what else takes results; what gives a proxy, but for
 *   far_attr, far_then and far_import_deferred; far_setattr, far_delattr and all that farcall/operate.h has; far_find;
 *   far_join; far_process_close with confirm; far_request_wait and _result, far_wait_any, far_wait_all; far_stream_next;
 *   far_pipeline_new, _open, _push, _next and _finish), for the broker (far_actor_new, far_actor_open, far_actor_destroy), for a child (farcall/spawn.h), for a caller that is
 *   slower than the method (far_call_yield), or, where more than 16 MiB have piled up on the way to the broker, for room.
 *   What waits for an answer or for room waits at most as long as it says, or as the option timeout_ms says.
 * - Every pointer that a function returns is yours unless it says `borrowed`.
 * - Out-parameters come last and are untouched on failure.
 * - Times are milliseconds on the monotonic clock; FAR_FOREVER waits without end.
 */
#ifndef FARCALL_H
#define FARCALL_H

#include <farcall/base.h>
#include <farcall/operator.h>
#include <farcall/options.h>
#include <farcall/value.h>
#include <farcall/class.h>
#include <farcall/object.h>
#include <farcall/reply.h>
#include <farcall/actor.h>
#include <farcall/request.h>
#include <farcall/proxy.h>
#include <farcall/operate.h>
#include <farcall/pipeline.h>
#include <farcall/spawn.h>
#include <farcall/stream.h>

#endif
