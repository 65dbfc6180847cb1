/* How a request tells by itself that it is done, to those who do not wait: a callback, a descriptor for a poll loop; and
 * what it is, as a text. Costs nothing until it is asked for. */
#include "base/error.h"
#include "base/log.h"
#include "proxy/request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static pthread_mutex_t *lock_of (const far_request_t *self)
{
    return &self->process->caller->lock;
}

far_status_t far_request_on_done (far_request_t *request, far_done_fn *on_done, void *context)
{
    if (!request)
        return far_process_missing ();
    atomic_store (&request->watched, true);
    pthread_mutex_lock (lock_of (request));
    request->on_done = on_done;
    request->on_done_context = context;
    bool done = atomic_load (&request->done);
    pthread_mutex_unlock (lock_of (request));
    if (done)
        far_future_call_back (request);
    return FAR_OK;
}

void far_future_call_back (far_request_t *self)
{
    if (!atomic_load (&self->watched))
        return;
    pthread_mutex_lock (lock_of (self));
    far_done_fn *on_done = self->on_done;
    void *context = self->on_done_context;
    self->on_done = NULL;
    pthread_mutex_unlock (lock_of (self));
    if (on_done)
        on_done (self, context);
}

void far_future_forget (far_request_t *self)
{
    if (!atomic_load (&self->watched))
        return;
    pthread_mutex_lock (lock_of (self));
    self->on_done = NULL;
    pthread_mutex_unlock (lock_of (self));
}

void far_future_tell (far_request_t *self)
{
    uint64_t one = 1;
    if (write (self->fd, &one, sizeof one) < 0)
        far_log (FAR_LOG_ERROR, "eventfd: %s", strerror (errno));
}

int far_request_fd (far_request_t *request)
{
    if (!request) {
        far_process_missing ();
        return -1;
    }
    pthread_mutex_lock (lock_of (request));
    if (request->fd < 0)
        request->fd = eventfd (atomic_load (&request->done), EFD_CLOEXEC | EFD_NONBLOCK);
    int fd = request->fd;
    pthread_mutex_unlock (lock_of (request));
    if (fd < 0)
        far_fail_errno ("no descriptor for a request");
    return fd;
}

/* One line, whatever the error says. */
static void describe_error (const far_error_t *error, char *out, size_t size)
{
    char message[160];
    const char *text = far_error_message (error), *class_name = far_error_class (error);
    far_escape (text, strlen (text), message, sizeof message);
    const char *kind = far_status_name (far_error_kind (error));
    bool own_class = *class_name && strcmp (class_name, kind) != 0;
    char escaped[80] = "";
    far_escape (class_name, own_class ? strlen (class_name) : 0, escaped, sizeof escaped);
    snprintf (out, size, "%s%s%s: %s", kind, own_class ? " " : "", escaped, message);
}

char *far_request_describe (far_request_t *request)
{
    if (!request) {
        far_process_missing ();
        return NULL;
    }
    char owner[256], name[64], state[320] = "no answer yet", *text = NULL;
    far_process_describe (request->process, owner, sizeof owner);
    pthread_mutex_lock (lock_of (request));
    if (request->error)
        describe_error (request->error, state, sizeof state);
    else if (atomic_load (&request->done))
        snprintf (state, sizeof state, "answered, %zu bytes", request->body_size);
    pthread_mutex_unlock (lock_of (request));
    if (asprintf (&text, "%s at %s, request %s: %s", *request->what ? request->what : "the object itself", owner,
                  far_request_name (request, name), state) >= 0)
        return text;
    far_fail (FAR_E_NO_MEMORY, "no memory for a request's text");
    return NULL;
}
