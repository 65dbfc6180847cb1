/* The caller's side of a stream: an object of the caller's, the report, takes results as they come and puts them into a
 * queue. Past so many its answers wait until results have been taken, and with them the method that gives them. */
#include "actor/stream.h"
#include "actor/actor.h"
#include "base/error.h"
#include "object/construct.h"
#include "proxy/invoke.h"
#include <farcall/reply.h>
#include <farcall/stream.h>

#include <stdlib.h>
#include <string.h>

enum { ANSWERED = 256 /* results that may wait here with their calls answered */ };

typedef struct item {
    struct item *next;
    far_value_t *value;
    far_reply_t *reply; /* to be answered when there is room; NULL if it has been */
} item_t;

struct far_stream {
    atomic_size_t owners; /* the program, the report */
    far_request_t *request;
    far_object_t *report;
    int timeout_ms;
    far_error_t *error; /* of the last far_stream_next; NULL if it did not fail */

    pthread_mutex_t lock; /* guards the rest */
    item_t *first, **last;
    item_t *unanswered; /* the first of those whose calls wait for room; NULL if none does */
    size_t count;
    bool stopped; /* nobody wants more */
    far_waiter_t *waiter;
    far_progress_fn *on_progress;
    void *context;
    pthread_mutex_t progress_lock; /* held while on_progress runs; taken before the other one */
};

typedef struct report {
    far_stream_t *stream;
} report_t;

static void stream_release (far_stream_t *self)
{
    if (atomic_fetch_sub (&self->owners, 1) != 1)
        return;
    far_error_release (&self->error);
    pthread_mutex_destroy (&self->progress_lock);
    pthread_mutex_destroy (&self->lock);
    free (self);
}

static far_status_t stopped (far_call_t *call)
{
    return far_call_fail (call, "Stopped", "the caller wants no more results");
}

/* With the lock. */
static far_status_t enqueue (far_stream_t *self, far_call_t *call, const far_value_t *value)
{
    item_t *item = malloc (sizeof *item);
    if (!item)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a result");
    *item = (item_t){ .value = far_value_retain (value) };
    if (self->count >= ANSWERED)
        item->reply = far_call_defer (call);
    if (item->reply && !self->unanswered)
        self->unanswered = item;
    *self->last = item;
    self->last = &item->next;
    self->count++;
    if (self->waiter)
        sem_post (&self->waiter->wake);
    return FAR_OK;
}

static far_status_t report_yield (far_call_t *call, void *data)
{
    far_stream_t *self = ((report_t *)data)->stream;
    const far_value_t *value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    pthread_mutex_lock (&self->lock);
    bool over = self->stopped;
    far_status_t status = over ? FAR_OK : enqueue (self, call, value);
    pthread_mutex_unlock (&self->lock);
    return over ? stopped (call) : status;
}

static far_status_t report_progress (far_call_t *call, void *data)
{
    far_stream_t *self = ((report_t *)data)->stream;
    double done, total;
    const char *text;
    if (far_call_args (call, &done, &total, &text))
        return far_call_status (call);
    pthread_mutex_lock (&self->progress_lock);
    pthread_mutex_lock (&self->lock);
    far_progress_fn *on_progress = self->stopped ? NULL : self->on_progress;
    void *context = self->context;
    pthread_mutex_unlock (&self->lock);
    if (on_progress)
        on_progress (context, done, total, text);
    pthread_mutex_unlock (&self->progress_lock);
    return FAR_OK;
}

static void report_fini (void *data)
{
    far_stream_t *stream = ((report_t *)data)->stream;
    if (stream)
        stream_release (stream);
}

static const far_method_t report_methods[] = { { "yield", report_yield, "result:v", "Takes a result." },
                                               { "progress", report_progress, "done:f, total:f, text:s=''",
                                                 "Takes how far the call has come." },
                                               { 0 } };

static const far_class_t report_class = { .name = "Report",
                                          .doc = "What the results of a call go to as they come.",
                                          .size = sizeof (report_t),
                                          .methods = report_methods,
                                          .fini = report_fini };

bool far_stream_is_report (const far_object_t *object)
{
    return far_object_is (object, &report_class);
}

static far_stream_t *stream_new (far_proxy_t *proxy)
{
    far_stream_t *self = calloc (1, sizeof *self);
    far_object_t *report = far_object_new ((far_actor_t *)proxy->process->caller, &report_class, NULL);
    if (!self || !report) {
        free (self);
        far_object_destroy (&report);
        far_fail (FAR_E_NO_MEMORY, "no memory for a stream");
        return NULL;
    }
    atomic_init (&self->owners, 2);
    pthread_mutex_init (&self->lock, NULL);
    pthread_mutex_init (&self->progress_lock, NULL);
    self->last = &self->first;
    self->report = report;
    self->timeout_ms = far_call_option (NULL, proxy, FAR_OPTION_TIMEOUT_MS);
    ((report_t *)far_object_data (report))->stream = self;
    return self;
}

far_stream_t *far_stream (far_proxy_t *proxy, const char *method, const char *picture, ...)
{
    if (!proxy) {
        far_process_missing ();
        return NULL;
    }
    far_stream_t *self = stream_new (proxy);
    if (!self)
        return NULL;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_invocation_t call = { .proxy = proxy, .method = method, .picture = picture };
    self->request = far_invoke_reporting (&call, &self->report->handle, &arguments);
    va_end (arguments.list);
    if (self->request) {
        far_going_on (self->request);
        return self;
    }
    far_error_t *error = far_error_retain (far_last_error ());
    far_stream_destroy (&self);
    far_fail_with (error);
    return NULL;
}

static bool has_item (void *context)
{
    far_stream_t *self = context;
    pthread_mutex_lock (&self->lock);
    bool has = self->first;
    pthread_mutex_unlock (&self->lock);
    return has;
}

static void set_waiter (far_stream_t *self, far_waiter_t *waiter)
{
    pthread_mutex_lock (&self->lock);
    self->waiter = waiter;
    pthread_mutex_unlock (&self->lock);
}

/* Until there is an item, or the request is done; its results came before its answer. */
static far_status_t wait_for_news (far_stream_t *self)
{
    if (has_item (self))
        return FAR_OK;
    far_waiter_t waiter;
    sem_init (&waiter.wake, 0, 0);
    set_waiter (self, &waiter);
    far_status_t status =
        far_request_wait_or (self->request, &waiter, has_item, self, far_deadline_in (self->timeout_ms));
    set_waiter (self, NULL);
    sem_destroy (&waiter.wake);
    return status;
}

/* The first item out of the queue. Of those whose calls wait for room the first is answered. */
static void drop_first (far_stream_t *self)
{
    pthread_mutex_lock (&self->lock);
    item_t *item = self->first;
    self->first = item->next;
    if (!self->first)
        self->last = &self->first;
    self->count--;
    while (self->unanswered && !self->unanswered->reply) /* there was no memory for one */
        self->unanswered = self->unanswered->next;
    far_reply_t *reply = self->unanswered ? self->unanswered->reply : NULL;
    if (reply) {
        self->unanswered->reply = NULL;
        self->unanswered = self->unanswered->next;
    }
    pthread_mutex_unlock (&self->lock);
    if (reply)
        far_reply_return (&reply, NULL);
    far_value_destroy (&item->value);
    free (item);
}

static far_status_t take (far_stream_t *self, const char *picture, far_arguments_t *results)
{
    pthread_mutex_lock (&self->lock);
    far_value_t *value = far_value_retain (self->first->value);
    pthread_mutex_unlock (&self->lock);
    far_status_t status = far_value_take (value, picture, results);
    far_value_destroy (&value);
    if (!status)
        drop_first (self);
    return status;
}

bool far_stream_next (far_stream_t *stream, const char *picture, ...)
{
    if (!stream)
        return false;
    far_status_t status = wait_for_news (stream);
    bool is_there = !status && has_item (stream);
    far_arguments_t results;
    va_start (results.list, picture);
    if (is_there)
        status = take (stream, picture, &results);
    else if (!status)
        status = far_request_result (stream->request, NULL);
    va_end (results.list);
    far_error_release (&stream->error);
    stream->error = status ? far_error_retain (far_last_error ()) : NULL;
    return is_there && !status;
}

far_status_t far_stream_status (const far_stream_t *stream)
{
    if (!stream)
        return far_process_missing ();
    return stream->error ? far_fail_with (far_error_retain (stream->error)) : FAR_OK;
}

far_status_t far_stream_result (far_stream_t *stream, const char *picture, ...)
{
    if (!stream)
        return far_process_missing ();
    if (has_item (stream) || !far_request_done (stream->request))
        return far_fail (FAR_E_BAD_ARGUMENTS, "the stream has not come to its end");
    far_arguments_t results;
    va_start (results.list, picture);
    far_status_t status = far_request_take (stream->request, picture, &results);
    va_end (results.list);
    return status;
}

void far_stream_on_progress (far_stream_t *stream, far_progress_fn *on_progress, void *context)
{
    if (!stream)
        return;
    pthread_mutex_lock (&stream->progress_lock);
    pthread_mutex_lock (&stream->lock);
    stream->on_progress = on_progress;
    stream->context = context;
    pthread_mutex_unlock (&stream->lock);
    pthread_mutex_unlock (&stream->progress_lock);
}

void far_stream_destroy (far_stream_t **stream_p)
{
    if (!stream_p || !*stream_p)
        return;
    far_stream_t *self = *stream_p;
    *stream_p = NULL;
    pthread_mutex_lock (&self->lock);
    self->stopped = true;
    item_t *item = self->first;
    self->first = NULL;
    self->last = &self->first;
    pthread_mutex_unlock (&self->lock);
    far_request_destroy (&self->request);
    while (item) {
        item_t *next = item->next;
        if (item->reply)
            far_reply_fail (&item->reply, "Stopped", "the caller wants no more results");
        far_value_destroy (&item->value);
        free (item);
        item = next;
    }
    far_object_destroy (&self->report);
    stream_release (self);
}
