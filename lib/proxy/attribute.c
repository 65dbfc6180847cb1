/* Attributes of far objects: by path without asking, by value or by proxy, set and deleted. */
#include "base/error.h"
#include "base/limits.h"
#include "base/operator.h"
#include "proxy/invoke.h"
#include "wire/value.h"

#include <stdio.h>
#include <string.h>

far_proxy_t *far_attr (far_proxy_t *proxy, const char *path)
{
    if (proxy)
        return far_proxy_at (proxy, (far_text_t){ path ? path : "", path ? strlen (path) : 0 });
    far_process_missing ();
    return NULL;
}

/* Begins a GETATTR. */
static void write_getattr (far_outgoing_t *out, const far_proxy_t *proxy, const char *path, uint32_t returns)
{
    far_target_t target = far_target_of (proxy);
    far_outgoing_init (out, FAR_GETATTR, proxy->process->id);
    far_outgoing_about (out, NULL, proxy);
    far_write_list (&out->writer, returns == FAR_BY_VALUE_USUAL ? 2 : 3);
    far_target_write (&out->writer, &target, path);
    if (returns != FAR_BY_VALUE_USUAL)
        far_write_uint (&out->writer, returns);
}

static int timeout_of (const far_proxy_t *proxy)
{
    return far_call_option (NULL, proxy, FAR_OPTION_TIMEOUT_MS);
}

far_status_t far_get (far_proxy_t *proxy, const char *path, const char *picture, ...)
{
    if (!proxy)
        return far_process_missing ();
    far_outgoing_t out;
    write_getattr (&out, proxy, path, far_returns_of (NULL, proxy, picture));
    far_arguments_t results;
    va_start (results.list, picture);
    far_status_t status = far_ask (proxy->process, &out, timeout_of (proxy), path ? path : "", picture, &results);
    va_end (results.list);
    return status;
}

far_status_t far_get_value (far_proxy_t *proxy, const char *picture, ...)
{
    if (!proxy)
        return far_process_missing ();
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_GETVALUE, proxy->process->id);
    far_outgoing_about (&out, NULL, proxy);
    far_target_t target = far_target_of (proxy);
    far_write_list (&out.writer, 2);
    far_target_write (&out.writer, &target, NULL);
    far_arguments_t results;
    va_start (results.list, picture);
    far_status_t status = far_ask (proxy->process, &out, timeout_of (proxy), "the value", picture, &results);
    va_end (results.list);
    return status;
}

static far_proxy_t *resolve (far_proxy_t *proxy, const char *path)
{
    far_outgoing_t out;
    write_getattr (&out, proxy, path, FAR_BY_VALUE_PROXY);
    return far_ask_for_proxy (proxy->process, &out, timeout_of (proxy), path ? path : "");
}

far_proxy_t *far_undefer (far_proxy_t *proxy)
{
    if (!proxy) {
        far_process_missing ();
        return NULL;
    }
    return *proxy->path || far_proxy_promise (proxy) ? resolve (proxy, NULL) : far_proxy_retain (proxy);
}

far_proxy_t *far_getattr (far_proxy_t *proxy, const char *path)
{
    if (!proxy || !path || !*path || far_call_option (NULL, proxy, FAR_OPTION_DEFER_GETATTR))
        return far_attr (proxy, path);
    return resolve (proxy, path);
}

/* Sends `__setattr__` or `__delattr__` to the object that the path's last name is an attribute of. */
static far_status_t change (far_proxy_t *proxy, const char *path, far_operator_t how, const far_value_t *arguments)
{
    char method[FAR_LIMIT_PATH_BYTES + 1];
    const char *dot = strrchr (path, '.');
    int before = dot ? (int)(dot - path) + 1 : 0;
    int size = snprintf (method, sizeof method, "%.*s%s", before, path, far_operator_name (how));
    if ((size_t)size >= sizeof method)
        return far_fail (FAR_E_LIMIT, "a path of attributes is at most %d bytes long", FAR_LIMIT_PATH_BYTES);
    /* The name is no value of the program's that could be kept here, so no string is. */
    int by_value = proxy ? far_call_option (NULL, proxy, FAR_OPTION_BY_VALUE) : 0;
    const far_setting_t with_strings[] = { { FAR_OPTION_BY_VALUE, by_value | FAR_BY_VALUE_STRING }, { 0 } };
    far_invocation_t call = { .proxy = proxy, .settings = with_strings, .method = method };
    return far_invoke_or_send_values (&call, arguments);
}

/* [name], where name is the path's last. NULL with the last error. */
static far_value_t *name_of (const char *path)
{
    const char *dot = strrchr (path, '.');
    return far_value_new ("[s]", dot ? dot + 1 : path);
}

far_status_t far_setattr (far_proxy_t *proxy, const char *path, const char *picture, ...)
{
    if (!proxy || !path)
        return far_process_missing ();
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_value_t *value = far_value_from_picture (picture, &arguments);
    va_end (arguments.list);
    far_value_t *list = value ? name_of (path) : NULL;
    far_status_t status = list ? far_value_append (list, &value) : far_last_status ();
    if (!status)
        status = change (proxy, path, FAR_SETATTR, list);
    far_value_destroy (&value);
    far_value_destroy (&list);
    return status;
}

far_status_t far_delattr (far_proxy_t *proxy, const char *path)
{
    if (!proxy || !path)
        return far_process_missing ();
    far_value_t *list = name_of (path);
    far_status_t status = list ? change (proxy, path, FAR_DELATTR, list) : far_last_status ();
    far_value_destroy (&list);
    return status;
}
