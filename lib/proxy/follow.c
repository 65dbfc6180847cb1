/* Followers: messages about answers of fleets. A fleet keeps no answers, so this side waits for them. Each has a request
 * that the program holds, and once it is sent a second one, of which only the first knows and which ends it. What is sent
 * has a root where the follower has none; all behind it, references too, is as it was written. */
#include "proxy/follow.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "proxy/invoke.h"
#include "wire/value.h"

#include <stdlib.h>
#include <string.h>

struct far_follower {
    far_follower_t *next;
    far_request_t *request; /* one owner; NULL: no answer is wanted */
    far_request_t *about;   /* held */
    far_outgoing_t out;
};

/* Moves what is in a message to another place. */
static void move (far_outgoing_t *to, far_outgoing_t *from)
{
    *to = *from;
    to->writer.out = &to->buffer;
    from->buffer = from->fields = (far_buffer_t){ 0 };
    from->writer.references = NULL;
    from->writer.reference_count = from->writer.reference_capacity = 0;
}

far_status_t far_follow_enter (far_request_t *request, far_outgoing_t *out)
{
    far_request_t *about = out->about;
    far_caller_t *caller = about->process->caller;
    out->waits = false; /* for whom it will wait is not known yet */
    if (caller->ops->mark (caller, out))
        return far_last_status ();
    far_follower_t *self = calloc (1, sizeof *self);
    if (!self)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a call that waits for an answer");
    move (&self->out, out);
    self->request = request ? far_request_retain (request) : NULL;
    self->about = far_request_hold (about);
    if (request)
        request->follows = true;
    far_follower_t **last = &about->followers;
    while (*last)
        last = &(*last)->next;
    *last = self;
    return FAR_OK;
}

static void follower_free (far_follower_t *self)
{
    far_outgoing_deinit (&self->out);
    if (self->request)
        far_request_release (self->request);
    far_request_drop (self->about);
    free (self);
}

/* It is not sent. */
static void fail (far_follower_t *self, const far_error_t *error)
{
    far_caller_t *caller = self->about->process->caller;
    if (!self->request) {
        far_log (FAR_LOG_WARNING, "a call that wants no answer was not sent: %s (%s): %s",
                 far_status_name (far_error_kind (error)), far_error_class (error), far_error_message (error));
        return;
    }
    pthread_mutex_lock (&caller->lock);
    if (far_request_is_open (self->request))
        far_request_end (self->request, far_error_retain (error), &caller->ended);
    pthread_mutex_unlock (&caller->lock);
    caller->ops->wake (caller);
}

/* The body with another root. */
static void write_body (far_outgoing_t *out, far_follower_t *self, const far_proxy_t *to)
{
    const uint8_t *end = self->out.buffer.data + self->out.buffer.size;
    far_reader_t in = { self->out.buffer.data + FAR_HEADER_SIZE, end };
    far_item_t list, root, path;
    far_read (&in, &list);
    far_read (&in, &root);
    far_read (&in, &path);
    char text[FAR_LIMIT_PATH_BYTES + 1] = "";
    memcpy (text, path.text.data, path.text.size < sizeof text ? path.text.size : 0);
    far_target_t target = far_target_of (to);
    far_write_list (&out->writer, list.count);
    far_target_write (&out->writer, &target, text);
    far_write_encoded (&out->writer, in.position, (size_t)(end - in.position));
    far_handle_t **references = self->out.writer.references;
    out->writer.references = references;
    out->writer.reference_count = self->out.writer.reference_count;
    out->writer.reference_capacity = self->out.writer.reference_capacity;
    self->out.writer.references = NULL;
    self->out.writer.reference_count = 0;
}

/* The request ends when sent does. sent is taken. */
static void stand_for (far_request_t *request, far_request_t *sent)
{
    far_caller_t *caller = request->process->caller;
    pthread_mutex_lock (&caller->lock);
    bool open = far_request_is_open (request);
    if (open) {
        request->sent = sent;
        sent->sent_for = request;
        if (atomic_load (&sent->done))
            far_request_take_over (request, sent, &caller->ended);
    }
    pthread_mutex_unlock (&caller->lock);
    if (!open)
        far_request_destroy (&sent); /* nobody wants it any more */
    caller->ops->wake (caller);
}

static bool is_wanted (const far_follower_t *self)
{
    if (!self->request)
        return true;
    far_caller_t *caller = self->request->process->caller;
    pthread_mutex_lock (&caller->lock);
    bool open = far_request_is_open (self->request);
    pthread_mutex_unlock (&caller->lock);
    return open;
}

static void send (far_follower_t *self, far_proxy_t *to)
{
    if (!is_wanted (self))
        return;
    far_outgoing_t out;
    far_outgoing_init (&out, self->out.header.type, to->process->id);
    out.header.flags = self->out.header.flags;
    out.fields = self->out.fields;
    out.deadline = self->out.deadline;
    out.marked = true;
    self->out.fields = (far_buffer_t){ 0 };
    write_body (&out, self, to);
    if (self->request) {
        far_request_t *sent =
            far_request_submit (to->process, &out, self->request->timeout_ms, self->request->what, "");
        if (sent)
            stand_for (self->request, sent);
        else
            fail (self, far_last_error ());
        return;
    }
    if (far_send_off (to->process, &out))
        fail (self, far_last_error ());
    far_outgoing_deinit (&out);
}

/* Is the answer a plain value, which has to lie somewhere to be asked? */
static bool is_value (const far_request_t *about)
{
    far_item_t item;
    far_reader_t in = { about->body, about->body + about->body_size };
    return !about->error && far_read (&in, &item) && item.type != FAR_TYPE_REFERENCE;
}

/* One copy for all that ask for it. NULL with the last error. */
static far_request_t *copy_of (far_request_t *about)
{
    far_caller_t *caller = about->process->caller;
    pthread_mutex_lock (&caller->lock);
    far_request_t *copy = about->copy;
    pthread_mutex_unlock (&caller->lock);
    far_value_t *value = NULL;
    if (copy || far_request_result (about, "v", &value))
        return copy;
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_TRANSFER, about->process->id);
    out.header.flags = FAR_FLAG_KEEP;
    far_value_write (&out.writer, value);
    far_value_destroy (&value);
    far_request_t *made = far_request_submit (about->process, &out, about->timeout_ms, "the copy of an answer", "");
    pthread_mutex_lock (&caller->lock);
    if (!about->copy && made) {
        about->copy = made;
        made = NULL;
    }
    copy = about->copy;
    pthread_mutex_unlock (&caller->lock);
    far_request_destroy (&made); /* another thread was faster */
    return copy;
}

/* All that waits for this answer; NULL if it has not come. */
static far_follower_t *take_followers (far_request_t *about)
{
    pthread_mutex_t *lock = &about->process->caller->lock;
    pthread_mutex_lock (lock);
    far_follower_t *followers = atomic_load (&about->done) ? about->followers : NULL;
    if (followers)
        about->followers = NULL;
    pthread_mutex_unlock (lock);
    return followers;
}

static void wait_for_copy (far_request_t *copy, far_follower_t *followers)
{
    pthread_mutex_t *lock = &copy->process->caller->lock;
    pthread_mutex_lock (lock);
    far_follower_t **last = &copy->followers;
    while (*last)
        last = &(*last)->next;
    *last = followers;
    pthread_mutex_unlock (lock);
    far_follow_look (copy);
}

static void send_all (far_request_t *about, far_follower_t *followers)
{
    far_proxy_t *to = NULL;
    far_error_t *error = far_request_result (about, "P", &to) || !to ? far_error_retain (far_last_error ()) : NULL;
    while (followers) {
        far_follower_t *self = followers;
        followers = self->next;
        if (to)
            send (self, to);
        else
            fail (self, error);
        follower_free (self);
    }
    far_error_release (&error);
    far_proxy_destroy (&to);
}

void far_follow_look (far_request_t *about)
{
    far_follower_t *followers = take_followers (about);
    if (!followers)
        return;
    far_caller_t *caller = about->process->caller;
    far_error_t *before = far_last_error_take ();
    far_request_t *copy = is_value (about) ? copy_of (about) : NULL;
    if (copy)
        wait_for_copy (copy, followers);
    else
        send_all (about, followers);
    caller->ops->flush_soon (caller);
    far_last_error_put (&before);
}

bool far_follow_cancel (far_request_t *request)
{
    if (!request->follows)
        return false;
    far_caller_t *caller = request->process->caller;
    pthread_mutex_lock (&caller->lock);
    bool waits = !request->sent;
    if (waits && far_request_is_open (request))
        far_request_end (request, far_error_new (FAR_E_CANCELLED, "cancelled before it was sent"), &caller->ended);
    pthread_mutex_unlock (&caller->lock);
    if (waits)
        caller->ops->wake (caller);
    return waits;
}

void far_follow_forget (far_request_t *request)
{
    if (!request->follows || !request->sent)
        return;
    pthread_mutex_t *lock = &request->process->caller->lock;
    pthread_mutex_lock (lock);
    request->sent->sent_for = NULL;
    pthread_mutex_unlock (lock);
    far_request_destroy (&request->sent);
}
