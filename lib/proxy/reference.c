/* Proxies as references. There is one proxy for each object that we hold, found again when the same object is sent once
 * more; a path from it is a proxy of its own that keeps it alive. With the last owner of a root its receipts go back to
 * the object's process in a DEL, behind everything that was sent through it. */
#include "proxy/reference.h"
#include "proxy/promise.h"
#include "proxy/request.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/siphash.h"
#include "wire/reference.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static far_proxy_t *from_handle (const far_handle_t *handle)
{
    return (far_proxy_t *)(uintptr_t)handle;
}

/* With the lock. The owner hears of it unless it is gone, or never counted (object 0). */
static void send_release (far_proxy_t *root)
{
    far_process_t *process = root->process;
    if (!root->receipts || process->down)
        return;
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_DEL, process->id);
    far_field_t field = { .tag = FAR_FIELD_RELEASE, .release = { .object = root->object, .receipts = root->receipts } };
    far_field_append (&out.fields, &field);
    process->caller->ops->submit (process->caller, &out);
    far_outgoing_deinit (&out);
}

static void proxy_last (far_handle_t *handle)
{
    far_proxy_t *self = from_handle (handle);
    far_caller_t *caller = self->process->caller;
    pthread_mutex_lock (&caller->lock);
    bool gone = far_handle_drop (handle);
    if (gone && self->listed) {
        far_map_remove (&self->process->proxies, self->object.value);
        send_release (self);
    }
    pthread_mutex_unlock (&caller->lock);
    if (!gone)
        return;
    if (self->listed)
        caller->ops->flush (caller);
    if (self->parent)
        far_handle_release (&self->parent->handle);
    if (self->promise)
        far_request_drop (self->promise);
    free (self->path);
    free (self->class_name);
    far_process_t *process = self->process;
    free (self);
    far_process_destroy (&process);
}

static const char *proxy_class_name (const far_handle_t *handle)
{
    const far_proxy_t *self = from_handle (handle);
    const far_proxy_t *root = self->root ? self->root : self;
    return root->class_name ? root->class_name : "";
}

static const char *proxy_path (const far_handle_t *handle)
{
    return from_handle (handle)->path;
}

static const far_handle_kind_t proxy_kind = {
    .name = "proxy", .last = proxy_last, .class_name = proxy_class_name, .path = proxy_path
};

/* What has no object ID yet is not referred to: it is spoken of as an answer. */
static const far_handle_kind_t answer_kind = {
    .name = "proxy", .last = proxy_last, .class_name = proxy_class_name, .path = proxy_path, .write = far_promise_write
};

far_proxy_t *far_proxy_from_handle (far_handle_t *handle)
{
    bool is_proxy = handle && (handle->kind == &proxy_kind || handle->kind == &answer_kind);
    return is_proxy ? from_handle (handle) : NULL;
}

/* Takes one owner of process, also on failure. */
static far_proxy_t *proxy_new (far_process_t *process, far_object_id_t object, const char *path, size_t path_size)
{
    far_proxy_t *self = calloc (1, sizeof *self);
    char *copy = strndup (path, path_size);
    if (!self || !copy) {
        free (self);
        free (copy);
        far_fail (FAR_E_NO_MEMORY, "no memory for a proxy");
        return NULL;
    }
    far_handle_init (&self->handle, &proxy_kind);
    far_options_init (&self->options);
    self->process = process;
    self->object = object;
    self->path = copy;
    return self;
}

far_proxy_t *far_proxy_receive (far_caller_t *caller, far_process_id_t owner, far_object_id_t object)
{
    far_process_t *process = far_process_get (caller, owner);
    if (!process)
        return NULL;
    far_proxy_t *self = far_map_get (&process->proxies, object.value);
    if (self) {
        far_handle_retain (&self->handle);
        far_process_unget (process);
    } else {
        self = proxy_new (process, object, "", 0);
        if (!self || !far_map_put (&process->proxies, object.value, self)) {
            free (self ? self->path : NULL);
            free (self);
            far_process_unget (process);
            return NULL;
        }
        self->listed = true;
    }
    if (object.value)
        self->receipts++;
    return self;
}

far_proxy_t *far_proxy_at (far_proxy_t *from, far_text_t path)
{
    if (!path.size)
        return far_proxy_retain (from);
    size_t before = strlen (from->path);
    if (before + 1 + path.size > FAR_LIMIT_PATH_BYTES) {
        far_fail (FAR_E_LIMIT, "a path of attributes is at most %d bytes long", FAR_LIMIT_PATH_BYTES);
        return NULL;
    }
    char whole[FAR_LIMIT_PATH_BYTES + 1];
    int size = snprintf (whole, sizeof whole, "%s%s%.*s", from->path, before ? "." : "", (int)path.size, path.data);
    far_proxy_t *self = proxy_new (far_process_retain (from->process), from->object, whole, (size_t)size);
    if (!self) {
        far_handle_release (&from->process->handle);
        return NULL;
    }
    self->handle.kind = from->handle.kind;
    self->parent = far_proxy_retain (from);
    self->root = from->root ? from->root : from;
    return self;
}

far_proxy_t *far_proxy_of_answer (far_request_t *promise)
{
    far_proxy_t *self = proxy_new (far_process_retain (promise->process), (far_object_id_t){ 0 }, "", 0);
    if (!self) {
        far_handle_release (&promise->process->handle);
        return NULL;
    }
    self->handle.kind = &answer_kind;
    self->promise = far_request_hold (promise);
    return self;
}

far_request_t *far_proxy_promise (const far_proxy_t *proxy)
{
    return proxy->root ? proxy->root->promise : proxy->promise;
}

far_proxy_t *far_proxy_modules (far_process_t *process)
{
    far_caller_t *caller = process->caller;
    pthread_mutex_lock (&caller->lock);
    far_proxy_t *self = far_map_get (&process->proxies, 0);
    if (self) {
        far_handle_retain (&self->handle);
    } else {
        self = proxy_new (far_process_retain (process), (far_object_id_t){ 0 }, "", 0);
        if (self)
            self->listed = far_map_put (&process->proxies, 0, self);
        else
            far_process_unget (process);
    }
    pthread_mutex_unlock (&caller->lock);
    return self;
}

/* The class of an object is said by the message's body, which is read later and by another thread than its fields. */
static void learn_class (far_proxy_t *root, far_text_t class_name)
{
    if (!class_name.size)
        return;
    pthread_mutex_t *lock = &root->process->caller->lock;
    pthread_mutex_lock (lock);
    if (!root->class_name)
        root->class_name = strndup (class_name.data, class_name.size);
    pthread_mutex_unlock (lock);
}

far_proxy_t *far_proxy_take (far_proxy_t *received, const far_reference_t *reference)
{
    learn_class (received, reference->class_name);
    far_proxy_t *self = far_proxy_at (received, reference->path);
    if (self && reference->option_count)
        far_reference_apply_options (reference, &self->options);
    return self;
}

static far_handle_t *resolve_received (void *context, const far_reference_t *reference)
{
    const far_received_t *received = context;
    if (reference->index >= received->count) {
        far_fail (FAR_E_PROTOCOL_ERROR, "the body speaks of reference %" PRIu64 ", the message has %zu",
                  reference->index, received->count);
        return NULL;
    }
    far_handle_t *handle = received->references[reference->index];
    if (!handle) {
        far_fail (FAR_E_STALE, "an object that came home is not there any more");
        return NULL;
    }
    far_proxy_t *proxy = far_proxy_from_handle (handle);
    if (proxy) {
        far_proxy_t *found = far_proxy_take (proxy, reference);
        return found ? &found->handle : NULL;
    }
    far_caller_t *caller = received->caller;
    return reference->path.size ? caller->ops->at_path (caller, handle, reference->path) : far_handle_retain (handle);
}

static far_handle_t *received_as_proxy (void *context, far_handle_t *object)
{
    far_caller_t *caller = ((const far_received_t *)context)->caller;
    return caller->ops->as_proxy (caller, object);
}

far_resolver_t far_received_resolver (far_received_t *received)
{
    return (far_resolver_t){ .resolve = resolve_received, .context = received, .as_proxy = received_as_proxy };
}

far_proxy_t *far_proxy_retain (far_proxy_t *proxy)
{
    if (proxy)
        far_handle_retain (&proxy->handle);
    return proxy;
}

void far_proxy_destroy (far_proxy_t **proxy_p)
{
    if (!proxy_p || !*proxy_p)
        return;
    far_handle_release (&(*proxy_p)->handle);
    *proxy_p = NULL;
}

far_process_id_t far_proxy_owner (const far_proxy_t *proxy)
{
    return proxy->process->id;
}

bool far_proxy_equals (const far_proxy_t *a, const far_proxy_t *b)
{
    if (!a || !b)
        return a == b;
    const far_proxy_t *root_a = a->root ? a->root : a, *root_b = b->root ? b->root : b;
    bool same_root = root_a == root_b || (root_a->promise && root_a->promise == root_b->promise);
    return same_root && strcmp (a->path, b->path) == 0;
}

uint64_t far_proxy_hash (const far_proxy_t *proxy)
{
    if (!proxy)
        return 0;
    const uint64_t key[2] = { proxy->process->id.value, proxy->object.value };
    return far_siphash (key, proxy->path, strlen (proxy->path));
}

char *far_proxy_repr (const far_proxy_t *proxy)
{
    if (!proxy) {
        far_process_missing ();
        return NULL;
    }
    char owner[256], *text = NULL;
    far_process_describe (proxy->process, owner, sizeof owner);
    const far_request_t *promise = far_proxy_promise (proxy);
    const char *class_name = promise ? "answer of request" : proxy_class_name (&proxy->handle);
    const char *dot = *proxy->path ? "." : "";
    uint64_t id = promise ? promise->id : proxy->object.value;
    int size = id ? asprintf (&text, "<%s %" PRIu64 "%s%s of %s>", *class_name ? class_name : "object", id, dot,
                              proxy->path, owner)
                  : asprintf (&text, "<%s of %s>", *proxy->path ? proxy->path : "modules", owner);
    if (size < 0) {
        far_fail (FAR_E_NO_MEMORY, "no memory for a proxy's text");
        return NULL;
    }
    return text;
}
