/* Stop one of a call: a proxy's method with its arguments becomes a message. Everything here goes out through
 * far_request_submit, or, where no answer is wanted, straight into the out-queue. What the options say is looked up here. */
#include "base/error.h"
#include "proxy/auto_proxy.h"
#include "proxy/follow.h"
#include "proxy/invoke.h"
#include "proxy/turn.h"
#include "proxy/wishes.h"

#include <string.h>

void far_outgoing_about (far_outgoing_t *out, const far_setting_t *settings, const far_proxy_t *proxy)
{
    far_request_t *promise = far_proxy_promise (proxy);
    out->about = promise && promise->awaited ? promise : NULL;
    out->deadline = far_call_deadline (settings, proxy);
}

far_target_t far_target_of (const far_proxy_t *proxy)
{
    far_request_t *promise = far_proxy_promise (proxy);
    if (promise) {
        if (!promise->awaited)
            atomic_store (&promise->used, true);
        return (far_target_t){ FAR_ROOT_REQUEST, promise->id, { proxy->path, strlen (proxy->path) } };
    }
    return (far_target_t){ .root = proxy->object.value ? FAR_ROOT_OBJECT : FAR_ROOT_MODULES,
                           .id = proxy->object.value,
                           .path = { proxy->path, strlen (proxy->path) } };
}

/* A picture says more than any option: what is taken as a proxy is asked for as one, and what is taken into a variable of
 * some type is asked for by value. */
uint32_t far_returns_of (const far_setting_t *settings, const far_proxy_t *proxy, const char *results)
{
    char letter = results ? results[strspn (results, " ,")] : '\0';
    if (letter == 'P')
        return FAR_BY_VALUE_PROXY;
    int returns = far_call_option (settings, proxy, FAR_OPTION_RETURNS);
    if (returns == FAR_RETURNS_VALUE)
        return FAR_BY_VALUE_ALL;
    if (letter && letter != 'v')
        return FAR_BY_VALUE_USUAL;
    return returns == FAR_RETURNS_PROXY ? FAR_BY_VALUE_PROXY
                                        : (uint32_t)far_call_option (settings, proxy, FAR_OPTION_BY_VALUE);
}

/* Are there keyword arguments in front of the results? */
static bool has_keywords (const char *picture)
{
    for (; *picture && *picture != '>'; picture++)
        if (*picture == ':')
            return true;
    return false;
}

/* Writes what stands in front of the arguments: the list's head, root and path. */
static void write_front (far_outgoing_t *out, const far_invocation_t *call, bool keywords, uint32_t returns)
{
    far_target_t target = far_target_of (call->proxy);
    far_wishes_add (call, out);
    far_outgoing_about (out, call->settings, call->proxy);
    out->writer.callee = call->proxy->process;
    out->settings = call->settings;
    out->proxy = call->proxy;
    far_write_list (&out->writer, returns != FAR_BY_VALUE_USUAL ? 5u : keywords ? 4u : 3u);
    far_target_write (&out->writer, &target, call->method);
}

/* Writes what stands behind them. */
static void write_rear (far_outgoing_t *out, bool keywords, uint32_t returns)
{
    if (returns == FAR_BY_VALUE_USUAL)
        return;
    if (!keywords)
        far_write_map (&out->writer, 0);
    far_write_uint (&out->writer, returns);
}

/* Which kinds of arguments travel by value; without the option auto_proxy, all. */
static uint32_t arguments_by_value (const far_invocation_t *call)
{
    return far_call_option (call->settings, call->proxy, FAR_OPTION_AUTO_PROXY)
               ? (uint32_t)far_call_option (call->settings, call->proxy, FAR_OPTION_BY_VALUE)
               : FAR_BY_VALUE_ALL;
}

/* Writes the body of a CALL; *results is what stands behind `>`. */
static far_status_t write_call (far_outgoing_t *out, const far_invocation_t *call, far_arguments_t *arguments,
                                const char **results)
{
    const char *picture = call->picture ? call->picture : "", *arrow = strchr (picture, '>');
    uint32_t returns = far_returns_of (call->settings, call->proxy, arrow ? arrow + 1 : NULL);
    uint32_t by_value = arguments_by_value (call);
    bool keywords = has_keywords (picture);
    far_caller_t *caller = call->proxy->process->caller;
    write_front (out, call, keywords, returns);
    far_status_t status = by_value == FAR_BY_VALUE_ALL
                              ? far_picture_write_call (&out->writer, picture, arguments, &keywords, results)
                              : far_auto_write_call (&out->writer, caller, by_value, picture, arguments, results);
    write_rear (out, keywords, returns);
    return status;
}

static far_status_t write_call_values (far_outgoing_t *out, const far_invocation_t *call, const far_value_t *arguments,
                                       const far_value_t *keywords)
{
    uint32_t returns = far_returns_of (call->settings, call->proxy, NULL);
    write_front (out, call, keywords, returns);
    far_auto_write_values (&out->writer, call->proxy->process->caller, arguments_by_value (call), arguments, keywords);
    write_rear (out, keywords, returns);
    return far_writer_status (&out->writer);
}

static void add_report (far_outgoing_t *out, far_handle_t *report)
{
    far_field_t field = { .tag = FAR_FIELD_REPORT,
                          .report = (uint32_t)far_write_hidden_reference (&out->writer, report) };
    far_field_append (&out->fields, &field);
}

/* Submits the CALL that has been written; out is consumed. */
static far_request_t *submit (const far_invocation_t *call, far_outgoing_t *out, bool waits)
{
    out->waits = waits;
    int timeout_ms = far_call_option (call->settings, call->proxy, FAR_OPTION_TIMEOUT_MS);
    return far_request_submit (call->proxy->process, out, timeout_ms, call->proxy->path,
                               call->method ? call->method : "");
}

/* How a CALL goes out. All zero is the usual way. */
typedef struct manner {
    bool waits;           /* the calling thread goes on when it has the answer */
    uint16_t flags;       /* of the message */
    far_handle_t *report; /* to which results go as they come; NULL for none */
} manner_t;

static far_request_t *begin (const far_invocation_t *call, const manner_t *manner, far_arguments_t *arguments,
                             const char **results)
{
    if (!call->proxy) {
        far_process_missing ();
        return NULL;
    }
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, call->proxy->process->id);
    out.header.flags |= manner->flags;
    if (!write_call (&out, call, arguments, results)) {
        if (manner->report)
            add_report (&out, manner->report);
        return submit (call, &out, manner->waits);
    }
    far_outgoing_deinit (&out);
    return NULL;
}

far_request_t *far_invoke_begin (const far_invocation_t *call, far_arguments_t *arguments, const char **results)
{
    return begin (call, &(manner_t){ 0 }, arguments, results);
}

far_request_t *far_invoke_promise (const far_invocation_t *call, far_arguments_t *arguments)
{
    const char *results;
    return begin (call, &(manner_t){ .flags = FAR_FLAG_KEEP }, arguments, &results);
}

far_request_t *far_invoke_reporting (const far_invocation_t *call, far_handle_t *report, far_arguments_t *arguments)
{
    const char *results;
    return begin (call, &(manner_t){ .report = report }, arguments, &results);
}

far_status_t far_invoke (const far_invocation_t *call, far_arguments_t *arguments)
{
    const char *results;
    far_request_t *request = begin (call, &(manner_t){ .waits = true }, arguments, &results);
    return request ? far_request_finish (request, results, arguments) : far_last_status ();
}

static void finish_into (far_request_t *request, ...)
{
    far_arguments_t results;
    va_start (results.list, request);
    far_request_finish (request, "P", &results);
    va_end (results.list);
}

far_proxy_t *far_invoke_for_proxy (const far_invocation_t *call, far_arguments_t *arguments)
{
    static const far_setting_t by_proxy[] = { { FAR_OPTION_RETURNS, FAR_RETURNS_PROXY }, { 0 } };
    far_invocation_t for_proxy = *call;
    for_proxy.settings = by_proxy;
    const char *results;
    far_proxy_t *proxy = NULL;
    far_request_t *request = begin (&for_proxy, &(manner_t){ .waits = true }, arguments, &results);
    if (request)
        finish_into (request, &proxy);
    return proxy;
}

far_request_t *far_going_on (far_request_t *request)
{
    if (request)
        request->process->caller->ops->flush_soon (request->process->caller);
    return request;
}

far_status_t far_send_off (far_process_t *process, far_outgoing_t *out)
{
    far_caller_t *caller = process->caller;
    far_status_t status = far_writer_status (&out->writer);
    if (!status)
        status = far_turn_begin (process, out, 0);
    if (status)
        return status;
    status = process->down ? far_fail_with (far_error_retain (process->down))
             : out->about  ? far_follow_enter (NULL, out)
                           : caller->ops->submit (caller, out);
    if (!status)
        far_turn_count (process, out);
    pthread_mutex_unlock (&caller->lock);
    if (out->about)
        far_follow_look (out->about);
    if (!status)
        caller->ops->flush_soon (caller);
    return status;
}

far_status_t far_invoke_off (const far_invocation_t *call, far_arguments_t *arguments)
{
    if (!call->proxy)
        return far_process_missing ();
    const char *results;
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, call->proxy->process->id);
    far_status_t status = write_call (&out, call, arguments, &results);
    if (!status)
        status = far_send_off (call->proxy->process, &out);
    far_outgoing_deinit (&out);
    return status;
}

static far_mode_t mode_of (const far_invocation_t *call)
{
    return call->proxy ? (far_mode_t)far_call_option (call->settings, call->proxy, FAR_OPTION_MODE) : FAR_MODE_SYNC;
}

far_status_t far_invoke_or_send (const far_invocation_t *call, far_arguments_t *arguments)
{
    return mode_of (call) == FAR_MODE_OFF ? far_invoke_off (call, arguments) : far_invoke (call, arguments);
}

far_status_t far_invoke_or_send_values (const far_invocation_t *call, const far_value_t *arguments)
{
    if (!call->proxy)
        return far_process_missing ();
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, call->proxy->process->id);
    far_status_t status = write_call_values (&out, call, arguments, NULL);
    if (!status && mode_of (call) != FAR_MODE_OFF) {
        far_request_t *request = submit (call, &out, true);
        return request ? far_request_finish (request, "", NULL) : far_last_status ();
    }
    if (!status)
        status = far_send_off (call->proxy->process, &out);
    far_outgoing_deinit (&out);
    return status;
}

/* Waits; on Timeout the request goes to whoever asked for it, as its answer may still come. */
static far_status_t wait_or_hand_out (far_request_t *request, const char *picture, far_arguments_t *results,
                                      far_request_t **out_request)
{
    if (!out_request || far_request_wait (request, request->timeout_ms) != FAR_E_TIMEOUT)
        return far_request_finish (request, picture, results);
    far_status_t status = far_request_take (request, picture, results);
    *out_request = request;
    return status;
}

static far_status_t call_by_mode (const far_invocation_t *call, far_arguments_t *arguments, far_request_t **out_request)
{
    far_mode_t mode = mode_of (call);
    if (mode == FAR_MODE_OFF)
        return far_invoke_off (call, arguments);
    if (mode == FAR_MODE_ASYNC && !out_request)
        return far_fail (FAR_E_BAD_ARGUMENTS, "mode async: expected a place for the request, found NULL");
    const char *results;
    far_request_t *request = begin (call, &(manner_t){ .waits = mode == FAR_MODE_SYNC }, arguments, &results);
    if (!request)
        return far_last_status ();
    if (mode == FAR_MODE_SYNC)
        return wait_or_hand_out (request, results, arguments, out_request);
    *out_request = far_going_on (request);
    return FAR_OK;
}

far_status_t far_call_with (far_proxy_t *proxy, const far_setting_t *settings, far_request_t **out_request,
                            const char *method, const char *picture, ...)
{
    far_status_t status = far_settings_check (settings, FAR_LEVEL_CALL);
    if (out_request)
        *out_request = NULL;
    if (status)
        return status;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    status = call_by_mode (&(far_invocation_t){ proxy, settings, method, picture }, &arguments, out_request);
    va_end (arguments.list);
    return status;
}

far_status_t far_vcall (far_proxy_t *proxy, const char *method, const char *picture, va_list args)
{
    far_arguments_t arguments;
    va_copy (arguments.list, args);
    far_status_t status = far_invoke (&(far_invocation_t){ proxy, NULL, method, picture }, &arguments);
    va_end (arguments.list);
    return status;
}

far_status_t far_call (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_invoke (&(far_invocation_t){ proxy, NULL, method, picture }, &arguments);
    va_end (arguments.list);
    return status;
}

far_request_t *far_call_async (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    const char *results;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_request_t *request =
        far_invoke_begin (&(far_invocation_t){ proxy, NULL, method, picture }, &arguments, &results);
    va_end (arguments.list);
    return far_going_on (request);
}

far_status_t far_send (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_invoke_off (&(far_invocation_t){ proxy, NULL, method, picture }, &arguments);
    va_end (arguments.list);
    return status;
}

far_request_t *far_call_values (far_proxy_t *proxy, const char *method, const far_value_t *arguments,
                                const far_value_t *keywords)
{
    if (!proxy) {
        far_process_missing ();
        return NULL;
    }
    if ((arguments && far_value_type (arguments) != FAR_TYPE_LIST) ||
        (keywords && far_value_type (keywords) != FAR_TYPE_MAP)) {
        far_fail (FAR_E_BAD_ARGUMENTS, "arguments are a list and keywords a map, not %s and %s",
                  far_type_name (far_value_type (arguments)), far_type_name (far_value_type (keywords)));
        return NULL;
    }
    far_invocation_t call = { .proxy = proxy, .method = method };
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, proxy->process->id);
    if (!write_call_values (&out, &call, arguments, keywords))
        return far_going_on (submit (&call, &out, false));
    far_outgoing_deinit (&out);
    return NULL;
}

far_status_t far_ask (far_process_t *process, far_outgoing_t *out, int timeout_ms, const char *what,
                      const char *picture, far_arguments_t *results)
{
    out->waits = true;
    far_request_t *request = far_request_submit (process, out, timeout_ms, what, "");
    return request ? far_request_finish (request, picture, results) : far_last_status ();
}

far_proxy_t *far_ask_for_proxy (far_process_t *process, far_outgoing_t *out, int timeout_ms, const char *what)
{
    far_proxy_t *proxy = NULL;
    out->waits = true;
    far_request_t *request = far_request_submit (process, out, timeout_ms, what, "");
    if (request)
        finish_into (request, &proxy);
    return proxy;
}
