/* Requests: from sending, through the open ones' table, to an answer that can be read any number of times. Owns the
 * answer's bytes and references. What a request waits with is in wait.c, how it tells by itself that it is done in
 * future.c. */
#include "proxy/request.h"
#include "base/error.h"
#include "proxy/follow.h"
#include "proxy/options.h"
#include "proxy/reference.h"
#include "proxy/turn.h"
#include "wire/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static far_caller_t *caller_of (const far_request_t *self)
{
    return self->process->caller;
}

static void request_free (far_request_t *self)
{
    far_follow_forget (self);
    far_request_destroy (&self->copy);
    for (size_t i = 0; i < self->reference_count; i++)
        far_handle_release (self->references[i]);
    free (self->references);
    far_frame_release (self->frame);
    if (self->body != self->small && !self->frame)
        free ((void *)(uintptr_t)self->body);
    far_error_release (&self->error);
    far_process_destroy (&self->process);
    if (self->fd >= 0)
        close (self->fd);
    free (self);
}

void far_request_release (far_request_t *self)
{
    /* The last owner has nobody to agree with. */
    if (atomic_load_explicit (&self->owners, memory_order_acquire) == 1 || atomic_fetch_sub (&self->owners, 1) == 1)
        request_free (self);
}

far_request_t *far_request_retain (far_request_t *self)
{
    atomic_fetch_add (&self->owners, 1);
    return self;
}

bool far_request_is_open (const far_request_t *self)
{
    return far_map_get (&caller_of (self)->requests, self->id) == self;
}

/* Puts "path.method" together, cut off where it does not fit. Hand-made: it is on the way of every call. */
static void describe (far_request_t *self, const char *path, const char *method)
{
    size_t size = 0, room = sizeof self->what - 1;
    for (const char *from = path; *from && size < room; from++)
        self->what[size++] = *from;
    if (size && *method && size < room)
        self->what[size++] = '.';
    for (const char *from = method; *from && size < room; from++)
        self->what[size++] = *from;
    self->what[size] = 0;
}

static far_request_t *request_new (far_process_t *process, int timeout_ms)
{
    far_request_t *self = malloc (sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for a request");
        return NULL;
    }
    memset (self, 0, offsetof (far_request_t, what));
    atomic_init (&self->owners, 1);
    atomic_init (&self->holders, 1);
    self->fd = -1;
    self->process = far_process_retain (process);
    self->timeout_ms = timeout_ms;
    return self;
}

/* With the lock: gives it an id, and enters it among the open ones. */
static far_status_t enter (far_request_t *self)
{
    far_caller_t *caller = caller_of (self);
    self->id = ++caller->last_request;
    self->caller = *caller->id;
    if (!far_map_put (&caller->requests, self->id, self))
        return far_fail (FAR_E_NO_MEMORY, "no memory for a request");
    self->next = self->process->waiting;
    if (self->next)
        self->next->previous = self;
    self->process->waiting = self;
    atomic_fetch_add (&self->owners, 1);
    return FAR_OK;
}

/* With the lock: it is open no more. The table's share goes to whoever calls. */
static void leave (far_request_t *self)
{
    far_map_remove (&caller_of (self)->requests, self->id);
    far_timers_unset (&caller_of (self)->timers, &self->timer);
    if (self->previous)
        self->previous->next = self->next;
    else
        self->process->waiting = self->next;
    if (self->next)
        self->next->previous = self->previous;
    self->next = self->previous = NULL;
}

static far_status_t submit (far_request_t *self, far_outgoing_t *out)
{
    far_caller_t *caller = caller_of (self);
    far_process_t *process = self->process;
    if (process->down)
        return far_fail_with (far_error_retain (process->down));
    if (enter (self))
        return far_last_status ();
    out->header.request = self->id;
    far_status_t status = out->about ? far_follow_enter (self, out) : caller->ops->submit (caller, out);
    self->holds = out->header.flags & FAR_FLAG_HOLDS;
    self->deadline = out->deadline;
    self->time_left_ms = out->header.time_left_ms;
    if (!status)
        far_request_set_timer (self);
    if (status) {
        leave (self);
        atomic_fetch_sub (&self->owners, 1);
    } else {
        far_turn_count (process, out);
    }
    return status;
}

/* Does the answer stay where it is given? */
static bool stays (const far_outgoing_t *out, const far_process_t *process)
{
    return out->header.flags & FAR_FLAG_KEEP && !out->about && !far_process_id_is_resident (process->id);
}

far_request_t *far_request_submit (far_process_t *process, far_outgoing_t *out, int timeout_ms, const char *path,
                                   const char *method)
{
    far_caller_t *caller = process->caller;
    if (!timeout_ms)
        timeout_ms = far_process_option (process, FAR_OPTION_TIMEOUT_MS);
    far_request_t *self = far_writer_status (&out->writer) ? NULL : request_new (process, timeout_ms);
    if (self) {
        describe (self, path, method);
        self->kept = stays (out, process);
        self->awaited = !self->kept && out->header.flags & FAR_FLAG_KEEP;
        if (self->awaited)
            out->header.flags &= (uint16_t)~FAR_FLAG_KEEP;
        far_status_t status = far_turn_begin (process, out, timeout_ms);
        if (!status) {
            status = submit (self, out);
            pthread_mutex_unlock (&caller->lock);
        }
        if (status) {
            far_request_release (self);
            self = NULL;
        }
    }
    far_outgoing_deinit (out);
    if (self && self->follows)
        far_follow_look (out->about); /* it may have come meanwhile */
    return self;
}

/* With the lock: who waits for more than this is told at once, the others when the lock has been given up: a thread that is
 * woken earlier runs into it. */
static void call_waiters (far_request_t *self)
{
    for (far_waiting_t *next, *waiting = self->waiters; waiting; waiting = next) {
        next = waiting->next;
        if (waiting->alone) {
            waiting->next = self->woken;
            self->woken = waiting;
        } else {
            sem_post (&waiting->waiter->wake);
        }
    }
    self->waiters = NULL;
}

/* With the lock: whoever waits is told, and the table's share goes into the list. */
static void finish (far_request_t *self, far_request_t **ended)
{
    leave (self);
    self->next = *ended;
    *ended = self;
    if (self->error)
        atomic_store_explicit (&self->scanned, true, memory_order_relaxed);
    atomic_store_explicit (&self->done, true, memory_order_release);
    call_waiters (self);
    if (self->fd >= 0)
        far_future_tell (self);
    if (self->sent_for && far_request_is_open (self->sent_for))
        far_request_take_over (self->sent_for, self, ended);
}

void far_request_take_over (far_request_t *self, far_request_t *sent, far_request_t **ended)
{
    self->error = sent->error ? far_error_retain (sent->error) : NULL;
    self->frame = sent->frame;
    self->body_size = sent->body_size;
    self->body = sent->body == sent->small ? self->small : sent->body;
    memcpy (self->small, sent->small, sizeof self->small);
    self->references = sent->references;
    self->reference_count = sent->reference_count;
    sent->frame = NULL;
    sent->body = sent->small;
    sent->references = NULL;
    sent->reference_count = 0;
    finish (self, ended);
}

void far_request_end (far_request_t *self, far_error_t *error, far_request_t **ended)
{
    self->error = error;
    finish (self, ended);
}

/* Small answers are copied: a frame that came in may pin many times its size. */
static bool keep_body (far_request_t *self, const far_message_t *answer, far_frame_t *frame)
{
    enum { COPIED = 2048 };
    size_t size = self->body_size = answer->header.body_size;
    if (size > COPIED) {
        self->frame = far_frame_retain (frame);
        self->body = answer->body;
        return true;
    }
    uint8_t *copy = size <= sizeof self->small ? self->small : malloc (size);
    if (!copy)
        return false;
    memcpy (copy, answer->body, size);
    self->body = copy;
    return true;
}

void far_request_complete (far_request_t *self, const far_message_t *answer, far_frame_t *frame,
                           far_handle_t **references, size_t reference_count, far_request_t **ended)
{
    self->references = references;
    self->reference_count = reference_count;
    if (answer->header.type == FAR_ERROR)
        self->error = far_error_read (answer->body, answer->header.body_size);
    else if (!keep_body (self, answer, frame))
        self->error = far_error_new (FAR_E_NO_MEMORY, "no memory for the answer to %s", self->what);
    finish (self, ended);
}

void far_requests_wake (far_request_t *ended, const far_request_t *end)
{
    for (; ended != end; ended = ended->next) {
        far_waiting_t *waiting = ended->woken;
        ended->woken = NULL;
        while (waiting) {
            far_waiting_t *next = waiting->next;
            sem_post (&waiting->waiter->wake);
            waiting = next;
        }
    }
}

void far_requests_release (far_request_t *ended)
{
    while (ended) {
        far_request_t *next = ended->next;
        ended->next = NULL;
        if (ended->awaited)
            far_follow_look (ended);
        far_future_call_back (ended);
        far_request_release (ended);
        ended = next;
    }
}

static void spoil (far_request_t *self, const char *why)
{
    char owner[256];
    pthread_mutex_lock (&caller_of (self)->lock);
    if (!atomic_load (&self->scanned))
        self->error = far_error_new (FAR_E_PROTOCOL_ERROR, "the answer of %s to %s can't be read: %s",
                                     far_process_describe (self->process, owner, sizeof owner), self->what, why);
    atomic_store (&self->scanned, true);
    pthread_mutex_unlock (&caller_of (self)->lock);
}

/* The first reader checks the answer, so that the thread that reads the socket need not. That several are the first does no
 * harm: they find the same. */
static far_status_t check (far_request_t *self)
{
    const char *why;
    if (!atomic_load_explicit (&self->scanned, memory_order_acquire)) {
        if (far_scan (self->body, self->body_size, &why))
            atomic_store_explicit (&self->scanned, true, memory_order_release);
        else
            spoil (self, why);
    }
    return self->error ? far_fail_with (far_error_retain (self->error)) : FAR_OK;
}

static far_status_t take (far_request_t *self, const char *picture, far_arguments_t *results)
{
    far_status_t status = check (self);
    if (status)
        return status;
    far_received_t received = { caller_of (self), self->references, self->reference_count };
    far_resolver_t resolver = far_received_resolver (&received);
    far_reader_t reader = { self->body, self->body + self->body_size };
    return far_picture_read_value (&reader, picture, &resolver, results);
}

char *far_request_name (const far_request_t *self, char out[64])
{
    return far_request_text (self->caller.value, self->id, out);
}

static far_status_t wait_for (far_request_t *self)
{
    if (atomic_load_explicit (&self->done, memory_order_acquire))
        return FAR_OK;
    far_deadline_t until = far_deadline_in (self->timeout_ms);
    if (!far_request_wait (self, self->timeout_ms))
        return FAR_OK;
    if (far_last_status () != FAR_E_TIMEOUT || !far_deadline_passed (until))
        return far_last_status ();
    char owner[256], name[64];
    return far_fail (FAR_E_TIMEOUT, "no answer from %s to %s within %d ms (request %s)",
                     far_process_describe (self->process, owner, sizeof owner), self->what, self->timeout_ms,
                     far_request_name (self, name));
}

far_status_t far_request_take (far_request_t *self, const char *picture, far_arguments_t *results)
{
    far_status_t status = wait_for (self);
    return status ? status : take (self, picture, results);
}

far_status_t far_request_result (far_request_t *request, const char *picture, ...)
{
    if (!request)
        return far_process_missing ();
    far_arguments_t results;
    va_start (results.list, picture);
    far_status_t status = far_request_take (request, picture, &results);
    va_end (results.list);
    return status;
}

far_status_t far_request_finish (far_request_t *self, const char *picture, far_arguments_t *results)
{
    far_status_t status = far_request_take (self, picture, results);
    /* Letting go of an open request may make calls of its own, but must not change what this one failed with. */
    far_error_t *error = status ? far_error_retain (far_last_error ()) : NULL;
    far_request_destroy (&self);
    return error ? far_fail_with (error) : FAR_OK;
}

void far_request_submit_cancel (far_request_t *self, uint16_t flags)
{
    if (self->follows) {
        if (self->sent && !atomic_load (&self->sent->done))
            far_request_submit_cancel (self->sent, flags);
        return;
    }
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_CANCEL, self->process->id);
    out.header.request = self->id;
    out.header.flags = flags;
    caller_of (self)->ops->submit (caller_of (self), &out);
    far_outgoing_deinit (&out);
}

static void send_cancel (far_request_t *request, uint16_t flags)
{
    far_caller_t *caller = caller_of (request);
    pthread_mutex_lock (&caller->lock);
    bool open = !atomic_load (&request->done) && !request->process->down;
    if (open)
        far_request_submit_cancel (request, flags);
    pthread_mutex_unlock (&caller->lock);
    if (open)
        caller->ops->flush (caller);
}

void far_request_cancel (far_request_t *request)
{
    if (request && !far_follow_cancel (request))
        send_cancel (request, 0);
}

void far_request_hold_no_more (far_request_t *self)
{
    if (!self->holds)
        return;
    far_error_t *before = far_last_error_take ();
    send_cancel (self, FAR_FLAG_HOLDS);
    far_last_error_put (&before);
    self->holds = false;
}

/* With the lock. Goes behind everything that refers to the answer. */
static void send_forget (const far_request_t *self)
{
    if (self->process->down)
        return;
    far_outgoing_t out;
    far_outgoing_init (&out, FAR_DEL, self->process->id);
    far_field_append (&out.fields, &(far_field_t){ .tag = FAR_FIELD_FORGET, .forget = self->id });
    caller_of (self)->ops->submit (caller_of (self), &out);
    far_outgoing_deinit (&out);
}

static void give_up (far_request_t *self)
{
    if (!atomic_load (&self->done) && !atomic_load (&self->used))
        far_request_cancel (self);
    far_caller_t *caller = caller_of (self);
    pthread_mutex_lock (&caller->lock);
    bool open = !atomic_load (&self->done);
    if (open)
        leave (self);
    if (self->kept)
        send_forget (self);
    pthread_mutex_unlock (&caller->lock);
    if (self->kept)
        caller->ops->flush_soon (caller);
    if (open)
        far_request_release (self);
}

far_request_t *far_request_hold (far_request_t *self)
{
    atomic_fetch_add (&self->holders, 1);
    return self;
}

void far_request_drop (far_request_t *self)
{
    if (atomic_load_explicit (&self->holders, memory_order_acquire) > 1 && atomic_fetch_sub (&self->holders, 1) > 1)
        return;
    if (self->kept || !atomic_load_explicit (&self->done, memory_order_acquire))
        give_up (self);
    far_request_release (self);
}

void far_request_destroy (far_request_t **request_p)
{
    if (!request_p || !*request_p)
        return;
    far_request_t *self = *request_p;
    *request_p = NULL;
    far_future_forget (self);
    far_request_drop (self);
}
