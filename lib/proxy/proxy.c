/* Stop one of a call: a proxy's method with its arguments becomes a message. Everything here goes out through
 * far_request_submit, or, where no answer is wanted, straight into the out-queue. */
#include "proxy/options.h"
#include "base/error.h"
#include "proxy/request.h"
#include "wire/picture.h"

#include <string.h>

static far_target_t target_of (const far_proxy_t *proxy)
{
    return (far_target_t){ .root = proxy->object.value ? FAR_ROOT_OBJECT : FAR_ROOT_MODULES,
                           .id = proxy->object.value,
                           .path = { proxy->path, strlen (proxy->path) } };
}

static int timeout_of (const far_proxy_t *proxy)
{
    return far_call_option (NULL, proxy, FAR_OPTION_TIMEOUT_MS);
}

/* What is taken as a proxy is asked for as one: anything that is not one already comes by reference. */
static bool wants_proxy (const char *results)
{
    while (*results == ' ' || *results == ',')
        results++;
    return *results == 'P';
}

/* Are there keyword arguments in front of the results? */
static bool has_keywords (const char *picture)
{
    for (; *picture && *picture != '>'; picture++)
        if (*picture == ':')
            return true;
    return false;
}

/* Writes the body of a CALL; *results is what stands behind `>`. */
static far_status_t write_call (far_outgoing_t *out, far_proxy_t *proxy, const char *method, const char *picture,
                                far_arguments_t *arguments, const char **results)
{
    const char *arrow = strchr (picture, '>');
    bool by_reference = wants_proxy (arrow ? arrow + 1 : "");
    bool keywords = has_keywords (picture);
    far_target_t target = target_of (proxy);
    far_write_list (&out->writer, by_reference ? 5u : keywords ? 4u : 3u);
    far_target_write (&out->writer, &target, method);
    far_status_t status = far_picture_write_call (&out->writer, picture, arguments, &keywords, results);
    if (by_reference) {
        if (!keywords)
            far_write_map (&out->writer, 0);
        far_write_uint (&out->writer, FAR_BY_VALUE_PROXY);
    }
    return status;
}

static far_request_t *call (far_proxy_t *proxy, const char *method, const char *picture, far_arguments_t *arguments,
                            const char **results)
{
    method = method ? method : "";
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, proxy->process->id);
    if (write_call (&out, proxy, method, picture ? picture : "", arguments, results)) {
        far_outgoing_deinit (&out);
        return NULL;
    }
    return far_request_submit (proxy->process, &out, timeout_of (proxy), proxy->path, method);
}

static far_status_t call_and_wait (far_proxy_t *proxy, const char *method, const char *picture,
                                   far_arguments_t *arguments)
{
    const char *results = "";
    if (!proxy)
        return far_process_missing ();
    far_request_t *request = call (proxy, method, picture, arguments, &results);
    return request ? far_request_finish (request, results, arguments) : far_last_status ();
}

far_status_t far_vcall (far_proxy_t *proxy, const char *method, const char *picture, va_list args)
{
    far_arguments_t arguments;
    va_copy (arguments.list, args);
    far_status_t status = call_and_wait (proxy, method, picture, &arguments);
    va_end (arguments.list);
    return status;
}

far_status_t far_call (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = call_and_wait (proxy, method, picture, &arguments);
    va_end (arguments.list);
    return status;
}

/* The calling thread goes on without waiting. */
static far_request_t *going_on (far_request_t *request)
{
    if (request)
        request->process->caller->ops->flush_soon (request->process->caller);
    return request;
}

far_request_t *far_call_async (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    const char *results;
    far_arguments_t arguments;
    if (!proxy) {
        far_process_missing ();
        return NULL;
    }
    va_start (arguments.list, picture);
    far_request_t *request = call (proxy, method, picture, &arguments, &results);
    va_end (arguments.list);
    return going_on (request);
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
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, proxy->process->id);
    far_target_t target = target_of (proxy);
    far_write_list (&out.writer, keywords ? 4 : 3);
    far_target_write (&out.writer, &target, method);
    if (arguments)
        far_value_write (&out.writer, arguments);
    else
        far_write_list (&out.writer, 0);
    if (keywords)
        far_value_write (&out.writer, keywords);
    return going_on (far_request_submit (proxy->process, &out, timeout_of (proxy), proxy->path, method ? method : ""));
}

/* Sends what nobody waits for. */
static far_status_t send_off (far_process_t *process, far_outgoing_t *out)
{
    far_caller_t *caller = process->caller;
    far_status_t status = far_writer_status (&out->writer);
    if (!status)
        status =
            far_caller_lock_with_room (caller, far_deadline_in (far_process_option (process, FAR_OPTION_TIMEOUT_MS)));
    if (status)
        return status;
    status = process->down ? far_fail_with (far_error_retain (process->down)) : caller->ops->submit (caller, out);
    pthread_mutex_unlock (&caller->lock);
    if (!status)
        caller->ops->flush_soon (caller);
    return status;
}

far_status_t far_send (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    if (!proxy)
        return far_process_missing ();
    const char *results = "";
    far_arguments_t arguments;
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, proxy->process->id);
    va_start (arguments.list, picture);
    far_status_t status = write_call (&out, proxy, method, picture ? picture : "", &arguments, &results);
    va_end (arguments.list);
    if (!status)
        status = send_off (proxy->process, &out);
    far_outgoing_deinit (&out);
    return status;
}

/* Sends a request and takes its result; out is consumed. */
static far_status_t ask (far_process_t *process, far_outgoing_t *out, int timeout_ms, const char *what,
                         const char *picture, far_arguments_t *results)
{
    far_request_t *request = far_request_submit (process, out, timeout_ms, what, "");
    return request ? far_request_finish (request, picture, results) : far_last_status ();
}

static far_status_t ask_for_proxy (far_process_t *process, far_outgoing_t *out, const char *what, ...)
{
    far_arguments_t results;
    va_start (results.list, what);
    far_status_t status = ask (process, out, 0, what, "P", &results);
    va_end (results.list);
    return status;
}

far_status_t far_get (far_proxy_t *proxy, const char *path, const char *picture, ...)
{
    if (!proxy)
        return far_process_missing ();
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_GETATTR, proxy->process->id);
    far_target_t target = target_of (proxy);
    bool by_reference = wants_proxy (picture ? picture : "");
    far_write_list (&out.writer, by_reference ? 3 : 2);
    far_target_write (&out.writer, &target, path);
    if (by_reference)
        far_write_uint (&out.writer, FAR_BY_VALUE_PROXY);
    far_arguments_t results;
    va_start (results.list, picture);
    far_status_t status = ask (proxy->process, &out, timeout_of (proxy), path ? path : "", picture, &results);
    va_end (results.list);
    return status;
}

far_status_t far_get_value (far_proxy_t *proxy, const char *picture, ...)
{
    if (!proxy)
        return far_process_missing ();
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_GETVALUE, proxy->process->id);
    far_target_t target = target_of (proxy);
    far_write_list (&out.writer, 2);
    far_target_write (&out.writer, &target, NULL);
    far_arguments_t results;
    va_start (results.list, picture);
    far_status_t status = ask (proxy->process, &out, timeout_of (proxy), "the value", picture, &results);
    va_end (results.list);
    return status;
}

far_proxy_t *far_import (far_process_t *process, const char *name)
{
    if (!process || !name) {
        far_process_missing ();
        return NULL;
    }
    far_outgoing_t out;
    far_proxy_t *proxy = NULL;
    far_outgoing_init (&out, FAR_IMPORT, process->id);
    far_write_list (&out.writer, 1);
    far_write_string (&out.writer, name, strlen (name));
    ask_for_proxy (process, &out, name, &proxy);
    return proxy;
}

far_proxy_t *far_transfer (far_process_t *process, const char *picture, ...)
{
    if (!process) {
        far_process_missing ();
        return NULL;
    }
    far_outgoing_t out;
    far_proxy_t *proxy = NULL;
    far_outgoing_init (&out, FAR_TRANSFER, process->id);
    far_arguments_t value;
    va_start (value.list, picture);
    far_status_t status = far_picture_write_value (&out.writer, picture, &value);
    va_end (value.list);
    if (status)
        far_outgoing_deinit (&out);
    else
        ask_for_proxy (process, &out, "the transfer", &proxy);
    return proxy;
}

far_proxy_t *far_attr (far_proxy_t *proxy, const char *path)
{
    if (proxy)
        return far_proxy_at (proxy, (far_text_t){ path ? path : "", path ? strlen (path) : 0 });
    far_process_missing ();
    return NULL;
}

far_proxy_t *far_import_deferred (far_process_t *process, const char *name)
{
    far_proxy_t *modules = process ? far_proxy_modules (process) : NULL;
    if (!process)
        far_process_missing ();
    far_proxy_t *proxy = modules ? far_attr (modules, name) : NULL;
    far_proxy_destroy (&modules);
    return proxy;
}

static far_status_t take_proxy (far_request_t *request, ...)
{
    far_arguments_t results;
    va_start (results.list, request);
    far_status_t status = far_request_finish (request, "P", &results);
    va_end (results.list);
    return status;
}

far_proxy_t *far_new (far_process_t *process, const char *path, const char *picture, ...)
{
    const char *results;
    far_proxy_t *made = NULL, *modules = process ? far_proxy_modules (process) : NULL;
    if (!process)
        far_process_missing ();
    if (!modules)
        return NULL;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_request_t *request = call (modules, path, picture, &arguments, &results);
    va_end (arguments.list);
    if (request)
        take_proxy (request, &made);
    /* The error of the call must outlast what letting go of the modules does: nothing that fails. */
    far_proxy_destroy (&modules);
    return made;
}

far_status_t far_process_close (far_process_t *process, bool confirm)
{
    far_outgoing_t out;
    if (!process)
        return far_process_missing ();
    far_outgoing_init (&out, FAR_CLOSE, process->id);
    if (confirm) {
        far_request_t *request = far_request_submit (process, &out, 0, "close", "");
        return request ? far_request_finish (request, "", NULL) : far_last_status ();
    }
    far_status_t status = send_off (process, &out);
    far_outgoing_deinit (&out);
    return status;
}
