/* The pusher's side of a pipeline: a process inside the broker, to which each push is a call. Keeps the requests that are
 * still under way, no more than the pipeline takes, and those whose results are to be taken, in the order of taking. */
#include "actor/actor.h"
#include "actor/pipeline_text.h"
#include "base/error.h"
#include "proxy/invoke.h"
#include <farcall/pipeline.h>

#include <stdlib.h>
#include <string.h>

enum { WINDOW = 256, WINDOW_MOST = 4096 };

typedef struct push {
    far_request_t *request;
    uint64_t number;
} push_t;

/* All zero is empty. */
typedef struct pushes {
    push_t *items;
    size_t first, count, capacity;
} pushes_t;

struct far_pipeline {
    far_process_t *broker;
    far_process_id_t id;
    far_proxy_t *entry;        /* what pushing calls */
    far_setting_t settings[3]; /* of each push */
    far_pipeline_results_t results;
    far_pipeline_error_fn *on_error;
    void *context;
    size_t window;
    uint64_t pushed;
    pushes_t inside;    /* under way, as far as we have looked */
    pushes_t left;      /* to be taken. IN_ORDER: those under way too. They own the requests, else inside does */
    far_error_t *error; /* the first that nobody was told of */
};

/* For so many more. */
static bool make_room (pushes_t *self, size_t more)
{
    size_t capacity = self->capacity ? self->capacity : 64;
    if (self->first + self->count + more <= self->capacity)
        return true;
    if (self->first > self->count && self->count + more <= self->capacity) { /* most of it is behind us */
        memmove (self->items, self->items + self->first, self->count * sizeof *self->items);
        self->first = 0;
        return true;
    }
    while (capacity < self->first + self->count + more)
        capacity *= 2;
    push_t *items = realloc (self->items, capacity * sizeof *items);
    if (!items)
        return false;
    self->items = items;
    self->capacity = capacity;
    return true;
}

/* There is room. */
static void append (pushes_t *self, push_t push)
{
    self->items[self->first + self->count++] = push;
}

static push_t take_first (pushes_t *self)
{
    self->count--;
    return self->items[self->first++];
}

static void drop_all (pushes_t *self, bool owned)
{
    while (self->count) {
        push_t push = take_first (self);
        if (owned)
            far_request_destroy (&push.request);
    }
    free (self->items);
    *self = (pushes_t){ 0 };
}

/* Calls `broker.pipelines.open`. */
static far_status_t open_stages (far_pipeline_t *self, const char *stages, const far_pipeline_options_t *options)
{
    far_proxy_t *open = far_import_deferred (self->broker, "broker.pipelines.open");
    far_status_t status =
        open ? far_call (open, NULL, "ssus>u", stages, options->name ? options->name : "", (uint64_t)self->window,
                         options->errors ? options->errors : "", &self->id.value)
             : far_last_status ();
    far_error_t *error = status ? far_error_retain (far_last_error ()) : NULL;
    far_proxy_destroy (&open);
    return error ? far_fail_with (error) : FAR_OK;
}

static far_status_t open_at_broker (far_pipeline_t *self, const far_pipeline_options_t *options)
{
    if (!options->table)
        return open_stages (self, options->stages, options);
    char *stages = far_pipeline_text (options->table);
    far_status_t status = stages ? open_stages (self, stages, options) : far_last_status ();
    far_string_free (&stages);
    return status;
}

static far_status_t check (const far_pipeline_options_t *options)
{
    if (!options || !options->stages == !options->table)
        return far_fail (FAR_E_BAD_ARGUMENTS, "a pipeline has stages: `path @ name | path @ name`, or a table of them");
    if (options->window < 0 || options->window > WINDOW_MOST)
        return far_fail (FAR_E_BAD_ARGUMENTS, "the window of a pipeline is 1 to %d, or 0", WINDOW_MOST);
    if (options->deadline_ms < 0 || options->results > FAR_PIPELINE_AS_DONE)
        return far_fail (FAR_E_BAD_ARGUMENTS, "deadline_ms or results: no such value");
    return FAR_OK;
}

far_pipeline_t *far_pipeline_open (far_actor_t *actor, const far_pipeline_options_t *options)
{
    if (check (options))
        return NULL;
    far_pipeline_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for a pipeline");
        return NULL;
    }
    self->window = options->window ? (size_t)options->window : WINDOW;
    self->results = options->results;
    self->on_error = options->on_error;
    self->context = options->context;
    self->settings[0] = (far_setting_t){ FAR_OPTION_TIMEOUT_MS, FAR_FOREVER }; /* the broker minds the deadline */
    self->settings[1] =
        (far_setting_t){ FAR_OPTION_DEADLINE_MS, options->deadline_ms ? options->deadline_ms : FAR_FOREVER };
    self->broker = far_broker (actor);
    far_process_t *process = self->broker && !open_at_broker (self, options) ? far_process (actor, self->id) : NULL;
    self->entry = process ? far_import_deferred (process, "push") : NULL;
    far_error_t *error = self->entry ? NULL : far_error_retain (far_last_error ());
    far_process_destroy (&process);
    if (error) {
        far_pipeline_destroy (&self);
        far_fail_with (error);
    }
    return self;
}

far_pipeline_t *far_pipeline_new (far_actor_t *actor, const char *stages)
{
    return far_pipeline_open (actor, &(far_pipeline_options_t){ .stages = stages });
}

/* The last error of the thread stays what it was. */
void far_pipeline_destroy (far_pipeline_t **pipeline_p)
{
    if (!pipeline_p || !*pipeline_p)
        return;
    far_pipeline_t *self = *pipeline_p;
    far_error_t *error = far_last_error_take ();
    *pipeline_p = NULL;
    far_proxy_t *close = self->id.value ? far_import_deferred (self->broker, "broker.pipelines.close") : NULL;
    if (close)
        far_send (close, NULL, "u", self->id.value);
    far_proxy_destroy (&close);
    drop_all (&self->inside, self->results != FAR_PIPELINE_IN_ORDER);
    drop_all (&self->left, true);
    far_proxy_destroy (&self->entry);
    far_process_destroy (&self->broker);
    far_error_release (&self->error);
    free (self);
    far_last_error_put (&error);
}

static void note_failure (far_pipeline_t *self, uint64_t number)
{
    if (self->on_error)
        self->on_error (self->context, number, far_last_error ());
    else if (!self->error)
        self->error = far_error_retain (far_last_error ());
}

/* One has come out. */
static void settle (far_pipeline_t *self, push_t push)
{
    if (far_request_result (push.request, NULL))
        note_failure (self, push.number);
    if (self->results == FAR_PIPELINE_AS_DONE)
        append (&self->left, push); /* there is room since it was pushed */
    else if (self->results == FAR_PIPELINE_NO_RESULTS)
        far_request_destroy (&push.request);
}

/* Those that are done are inside no more. */
static void sweep (far_pipeline_t *self)
{
    push_t *items = self->inside.items + self->inside.first;
    size_t kept = 0;
    for (size_t i = 0; i < self->inside.count; i++)
        if (far_request_done (items[i].request))
            settle (self, items[i]);
        else
            items[kept++] = items[i];
    self->inside.count = kept;
}

/* Until one that is inside comes out. There is one. */
static far_status_t wait_for_one (far_pipeline_t *self)
{
    far_request_t *requests[WINDOW_MOST];
    size_t which;
    for (size_t i = 0; i < self->inside.count; i++)
        requests[i] = self->inside.items[self->inside.first + i].request;
    far_status_t status = far_wait_any (requests, self->inside.count, FAR_FOREVER, &which);
    if (!status)
        sweep (self);
    return status;
}

static far_status_t wait_for_room (far_pipeline_t *self)
{
    far_status_t status = FAR_OK;
    while (!status && self->inside.count >= self->window)
        status = wait_for_one (self);
    return status;
}

far_status_t far_pipeline_push (far_pipeline_t *pipeline, const char *picture, ...)
{
    if (!pipeline)
        return far_process_missing ();
    far_status_t status = wait_for_room (pipeline);
    if (status)
        return status;
    if (!make_room (&pipeline->inside, 1) || !make_room (&pipeline->left, pipeline->inside.count + 1))
        return far_fail (FAR_E_NO_MEMORY, "no memory for another input");
    const char *results;
    const far_invocation_t call = { .proxy = pipeline->entry, .settings = pipeline->settings, .picture = picture };
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_request_t *request = far_invoke_begin (&call, &arguments, &results);
    va_end (arguments.list);
    if (!far_going_on (request))
        return far_last_status ();
    const push_t push = { request, ++pipeline->pushed };
    append (&pipeline->inside, push);
    if (pipeline->results == FAR_PIPELINE_IN_ORDER)
        append (&pipeline->left, push);
    return FAR_OK;
}

size_t far_pipeline_left (const far_pipeline_t *pipeline)
{
    if (!pipeline || pipeline->results == FAR_PIPELINE_NO_RESULTS)
        return 0;
    return pipeline->left.count + (pipeline->results == FAR_PIPELINE_AS_DONE ? pipeline->inside.count : 0);
}

/* Until the one that is next to be taken is done, and inside no more. */
static far_status_t wait_for_next (far_pipeline_t *self)
{
    far_status_t status = FAR_OK;
    if (!far_pipeline_left (self))
        return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "the pipeline has no results left");
    if (self->results == FAR_PIPELINE_IN_ORDER)
        status = far_request_wait (self->left.items[self->left.first].request, FAR_FOREVER);
    if (!status)
        sweep (self);
    while (!status && !self->left.count)
        status = wait_for_one (self);
    return status;
}

far_status_t far_pipeline_next (far_pipeline_t *pipeline, const char *picture, ...)
{
    if (!pipeline)
        return far_process_missing ();
    far_status_t status = wait_for_next (pipeline);
    if (status)
        return status;
    push_t push = take_first (&pipeline->left);
    far_arguments_t results;
    va_start (results.list, picture);
    status = far_request_finish (push.request, picture, &results);
    va_end (results.list);
    return status;
}

far_status_t far_pipeline_finish (far_pipeline_t *pipeline)
{
    if (!pipeline)
        return far_process_missing ();
    far_status_t status = FAR_OK;
    while (!status && pipeline->inside.count)
        status = wait_for_one (pipeline);
    far_error_t *error = status ? NULL : pipeline->error;
    if (!error)
        return status;
    pipeline->error = NULL;
    return far_fail_with (error);
}
