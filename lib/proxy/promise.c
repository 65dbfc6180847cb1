/* Promises: what is asked of an answer that has not come yet. A request that was sent with KEEP can be a proxy's root: its
 * callee knows the answer by the request's ID, and what refers to it waits there. Each link of a chain is a message that is
 * sent at once; nothing here waits, unless an answer is handed to a process that did not give it. */
#include "proxy/promise.h"
#include "base/error.h"
#include "base/limits.h"
#include "proxy/chain_text.h"
#include "proxy/invoke.h"

#include <string.h>

far_request_t *far_call_promise (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_request_t *request = far_invoke_promise (&(far_invocation_t){ proxy, NULL, method, picture }, &arguments);
    va_end (arguments.list);
    return far_going_on (request);
}

/* What it is, for a process that has not given it. */
static far_status_t write_resolved (const far_request_t *promise, far_proxy_t *proxy, far_writer_t *out)
{
    far_value_t *value = NULL;
    far_status_t status = *proxy->path ? far_get (proxy, NULL, "v", &value)
                                       : far_request_result ((far_request_t *)(uintptr_t)promise, "v", &value);
    if (!status)
        far_value_write (out, value);
    far_value_destroy (&value);
    return status;
}

void far_promise_write (far_handle_t *handle, far_writer_t *out)
{
    far_proxy_t *proxy = far_proxy_from_handle (handle);
    far_request_t *promise = far_proxy_promise (proxy);
    if (out->failed)
        return;
    if (out->callee == promise->process && !promise->awaited) {
        atomic_store (&promise->used, true);
        far_write_answer (out, promise->id, (far_text_t){ proxy->path, strlen (proxy->path) });
        return;
    }
    far_status_t status = write_resolved (promise, proxy, out);
    if (status)
        out->failed = status;
}

static void write_link (far_outgoing_t *out, const far_proxy_t *from, const far_link_t *link, const char *path)
{
    far_target_t target = far_target_of (from);
    far_write_list (&out->writer, 5);
    far_target_write (&out->writer, &target, path);
    far_write_list (&out->writer, link->arguments.count);
    far_write_encoded (&out->writer, link->arguments.bytes.data, link->arguments.bytes.size);
    far_write_map (&out->writer, link->keywords.count);
    far_write_encoded (&out->writer, link->keywords.bytes.data, link->keywords.bytes.size);
    far_write_uint (&out->writer, FAR_BY_VALUE_PROXY);
}

/* Calls what the link says; what it gives as a proxy. */
static far_proxy_t *send_link (const far_proxy_t *from, const far_link_t *link)
{
    char path[FAR_LIMIT_PATH_BYTES + 1];
    if (link->path.size >= sizeof path) {
        far_fail (FAR_E_LIMIT, "a path of attributes is at most %d bytes long", FAR_LIMIT_PATH_BYTES);
        return NULL;
    }
    memcpy (path, link->path.data, link->path.size);
    path[link->path.size] = '\0';
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CALL, from->process->id);
    out.header.flags = FAR_FLAG_KEEP;
    far_outgoing_about (&out, NULL, from);
    write_link (&out, from, link, path);
    int timeout_ms = far_call_option (NULL, from, FAR_OPTION_TIMEOUT_MS);
    far_request_t *request = far_request_submit (from->process, &out, timeout_ms, from->path, path);
    far_proxy_t *proxy = request ? far_proxy_of_answer (request) : NULL;
    far_request_destroy (&request);
    return proxy;
}

/* Is it a chain? Looked at before anything is sent. */
static far_status_t check (const char *chain)
{
    far_status_t status = FAR_OK;
    for (const char *at = chain; *at && !status;) {
        far_link_t link;
        status = far_link_read (chain, &at, &link);
        far_link_deinit (&link);
    }
    return status;
}

/* Consumes from. */
static far_proxy_t *follow (far_proxy_t *from, const char *chain)
{
    for (const char *at = chain; *at && from;) {
        far_link_t link;
        far_proxy_t *next = NULL;
        if (!far_link_read (chain, &at, &link))
            next = link.calls ? send_link (from, &link) : far_proxy_at (from, link.path);
        far_link_deinit (&link);
        far_proxy_destroy (&from);
        from = next;
    }
    return from;
}

far_proxy_t *far_then (far_request_t *request, const char *chain)
{
    if (!request) {
        far_process_missing ();
        return NULL;
    }
    if (!request->kept && !request->awaited) {
        far_fail (FAR_E_BAD_ARGUMENTS, "the answer to %s does not stay: expected a request of far_call_promise",
                  request->what);
        return NULL;
    }
    chain = chain ? chain : "";
    far_proxy_t *from = check (chain) ? NULL : far_proxy_of_answer (request);
    far_proxy_t *end = from ? follow (from, chain) : NULL;
    request->process->caller->ops->flush_soon (request->process->caller);
    return end;
}
