/* What a process is asked for rather than an object of it: modules and what is in them, new objects, copies of values;
 * and to leave. */
#include "base/error.h"
#include "proxy/invoke.h"
#include "wire/value.h"

#include <string.h>

/* Begins an IMPORT of so many elements. */
static void write_import (far_outgoing_t *out, far_process_t *process, const char *module, size_t elements)
{
    far_outgoing_init (out, FAR_IMPORT, process->id);
    out->deadline = far_process_deadline (process);
    far_write_list (&out->writer, elements);
    far_write_string (&out->writer, module, strlen (module));
}

far_proxy_t *far_import (far_process_t *process, const char *name)
{
    if (!process || !name) {
        far_process_missing ();
        return NULL;
    }
    far_outgoing_t out;
    write_import (&out, process, name, 1);
    return far_ask_for_proxy (process, &out, 0, name);
}

#define BETWEEN_NAMES " ,"

/* Writes the names that a text lists, as a list. */
static void write_names (far_writer_t *out, const char *names)
{
    size_t count = 0;
    for (const char *at = names + strspn (names, BETWEEN_NAMES); *at; count++) {
        at += strcspn (at, BETWEEN_NAMES);
        at += strspn (at, BETWEEN_NAMES);
    }
    far_write_list (out, count);
    for (const char *at = names + strspn (names, BETWEEN_NAMES); *at;) {
        size_t size = strcspn (at, BETWEEN_NAMES);
        far_write_string (out, at, size);
        at += size;
        at += strspn (at, BETWEEN_NAMES);
    }
}

/* The results are a list. Where all of them are taken as proxies, all are asked for as proxies. */
static uint32_t returns_of_list (const far_process_t *process, const char *picture)
{
    if (strchr (picture, 'P') && !picture[strspn (picture, "[P] ,")])
        return FAR_BY_VALUE_PROXY;
    int returns = far_process_option (process, FAR_OPTION_RETURNS);
    return returns == FAR_RETURNS_PROXY   ? FAR_BY_VALUE_PROXY
           : returns == FAR_RETURNS_VALUE ? FAR_BY_VALUE_ALL
                                          : (uint32_t)far_process_option (process, FAR_OPTION_BY_VALUE);
}

far_status_t far_import_names (far_process_t *process, const char *module, const char *names, const char *picture, ...)
{
    if (!process || !module || !names || !picture)
        return far_process_missing ();
    uint32_t returns = returns_of_list (process, picture);
    far_outgoing_t out;
    write_import (&out, process, module, returns == FAR_BY_VALUE_USUAL ? 2 : 3);
    write_names (&out.writer, names);
    if (returns != FAR_BY_VALUE_USUAL)
        far_write_uint (&out.writer, returns);
    far_arguments_t results;
    va_start (results.list, picture);
    far_status_t status = far_ask (process, &out, 0, module, picture, &results);
    va_end (results.list);
    return status;
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

far_proxy_t *far_transfer (far_process_t *process, const char *picture, ...)
{
    if (!process) {
        far_process_missing ();
        return NULL;
    }
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_TRANSFER, process->id);
    out.deadline = far_process_deadline (process);
    far_arguments_t value;
    va_start (value.list, picture);
    far_status_t status = far_picture_write_value (&out.writer, picture, &value);
    va_end (value.list);
    if (!status)
        return far_ask_for_proxy (process, &out, 0, "the transfer");
    far_outgoing_deinit (&out);
    return NULL;
}

far_proxy_t *far_new (far_process_t *process, const char *path, const char *picture, ...)
{
    far_proxy_t *modules = process ? far_proxy_modules (process) : NULL;
    if (!process)
        far_process_missing ();
    if (!modules)
        return NULL;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_proxy_t *made = far_invoke_for_proxy (&(far_invocation_t){ modules, NULL, path, picture }, &arguments);
    va_end (arguments.list);
    /* The error of the call must outlast what letting go of the modules does: nothing that fails. */
    far_proxy_destroy (&modules);
    return made;
}

static far_status_t close_off (far_process_t *process, uint16_t flags)
{
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CLOSE, process->id);
    out.header.flags = flags;
    far_status_t status = far_send_off (process, &out);
    far_outgoing_deinit (&out);
    return status;
}

far_status_t far_process_close (far_process_t *process, bool confirm)
{
    if (!process)
        return far_process_missing ();
    if (!confirm)
        return close_off (process, 0);
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CLOSE, process->id);
    return far_ask (process, &out, 0, "close", "", NULL);
}

far_status_t far_process_exit (far_process_t *process)
{
    return process ? close_off (process, FAR_FLAG_NO_CLEANUP) : far_process_missing ();
}
