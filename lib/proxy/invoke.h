/* Requests about a proxy, for the files that make them: what a call says, and the ways of sending it. */
#ifndef FAR_PROXY_INVOKE_H
#define FAR_PROXY_INVOKE_H

#include "proxy/options.h"
#include "proxy/request.h"
#include "wire/picture.h"

/* A CALL to be made. */
typedef struct far_invocation {
    far_proxy_t *proxy;            /* NULL: all that follows fails */
    const far_setting_t *settings; /* of this call, checked; NULL for none */
    const char *method;            /* a name, or a path; NULL or "": the object itself */
    const char *picture;           /* arguments > results; NULL is "" */
} far_invocation_t;

/* Sends it; the caller flushes. *results is what stands behind `>`. NULL with the last error. */
far_request_t *far_invoke_begin (const far_invocation_t *call, far_arguments_t *arguments, const char **results);
/* The same, and its answer stays: docs/protocol.md, section 3. */
far_request_t *far_invoke_promise (const far_invocation_t *call, far_arguments_t *arguments);
/* The same; results go to report, an object of this process, as they come. */
far_request_t *far_invoke_reporting (const far_invocation_t *call, far_handle_t *report, far_arguments_t *arguments);
/* Sends it and takes its results. */
far_status_t far_invoke (const far_invocation_t *call, far_arguments_t *arguments);
/* The same for a picture without results, whose result is a proxy, whatever the options say; NULL with the last error. */
far_proxy_t *far_invoke_for_proxy (const far_invocation_t *call, far_arguments_t *arguments);
/* Sends it and wants no answer. */
far_status_t far_invoke_off (const far_invocation_t *call, far_arguments_t *arguments);
/* Waits for the end, unless the mode that holds is off. */
far_status_t far_invoke_or_send (const far_invocation_t *call, far_arguments_t *arguments);
/* The same for arguments (a list) that are there as values. Borrowed. */
far_status_t far_invoke_or_send_values (const far_invocation_t *call, const far_value_t *arguments);

/* It is about the proxy, whose options say when it ends. settings are those of the call; NULL for none. */
void far_outgoing_about (far_outgoing_t *out, const far_setting_t *settings, const far_proxy_t *proxy);
/* What the request is about. Borrows the path. */
far_target_t far_target_of (const far_proxy_t *proxy);
/* What comes by value, for results that are taken by this picture (NULL or "" if that is not known): a sum of
 * far_by_value_t. */
uint32_t far_returns_of (const far_setting_t *settings, const far_proxy_t *proxy, const char *results);
/* Sends a request and takes its result; out is consumed. what is for messages. timeout_ms 0: as the process says. */
far_status_t far_ask (far_process_t *process, far_outgoing_t *out, int timeout_ms, const char *what,
                      const char *picture, far_arguments_t *results);
/* The same where the result is a proxy, which is the caller's; NULL with the last error. */
far_proxy_t *far_ask_for_proxy (far_process_t *process, far_outgoing_t *out, int timeout_ms, const char *what);
/* Sends what nobody waits for; out stays the caller's. */
far_status_t far_send_off (far_process_t *process, far_outgoing_t *out);
/* The calling thread goes on without waiting. Gives request. */
far_request_t *far_going_on (far_request_t *request);

#endif
