/* Iteration: an iterator of the owner is asked for batches of items, and these are handed out one by one, read straight
 * from the answer. The end is an empty batch. */
#include "base/error.h"
#include "proxy/invoke.h"
#include <farcall/operate.h>

#include <stdlib.h>

enum { FIRST_BATCH = 8, LARGEST_BATCH = 1024 };

struct far_iterator {
    far_proxy_t *source;  /* the owner's iterator */
    far_request_t *batch; /* the answer that is being read; NULL before the first */
    far_reader_t items;   /* the next item of it */
    size_t left;          /* items of it that are not handed out yet */
    uint64_t most;        /* of the next batch */
    bool ended;
    far_error_t *error; /* of the last far_next; NULL if it did not fail */
};

far_iterator_t *far_iterate (far_proxy_t *proxy)
{
    far_proxy_t *source = NULL;
    if (far_operate (proxy, FAR_ITER, ">P", &source))
        return NULL;
    far_iterator_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_proxy_destroy (&source);
        far_fail (FAR_E_NO_MEMORY, "no memory for an iterator");
        return NULL;
    }
    self->source = source;
    self->most = FIRST_BATCH;
    return self;
}

static far_request_t *ask (far_proxy_t *source, const char *picture, ...)
{
    /* What the library says for itself stays a value, whatever the program's options are. */
    static const far_setting_t by_value[] = { { FAR_OPTION_AUTO_PROXY, 0 },
                                              { FAR_OPTION_RETURNS, FAR_RETURNS_AUTO },
                                              { FAR_OPTION_BY_VALUE, FAR_BY_VALUE_USUAL },
                                              { 0 } };
    const char *results;
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_request_t *request = far_invoke_begin (
        &(far_invocation_t){ source, by_value, far_operator_name (FAR_NEXT), picture }, &arguments, &results);
    va_end (arguments.list);
    return request;
}

/* Waits for the answer, and goes to its first item. */
static far_status_t open_batch (far_iterator_t *self)
{
    far_status_t status = far_request_result (self->batch, NULL);
    if (status)
        return status;
    far_item_t head;
    self->items = (far_reader_t){ self->batch->body, self->batch->body + self->batch->body_size };
    if (!far_read (&self->items, &head) || head.type != FAR_TYPE_LIST)
        return far_fail (FAR_E_PROTOCOL_ERROR, "an iterator gave %s: expected a list of items",
                         far_type_name (head.type));
    self->left = head.count;
    self->ended = !head.count;
    return FAR_OK;
}

static far_status_t next_batch (far_iterator_t *self)
{
    far_request_destroy (&self->batch);
    self->batch = ask (self->source, "u", self->most);
    if (self->most < LARGEST_BATCH)
        self->most *= 2;
    return self->batch ? open_batch (self) : far_last_status ();
}

static far_status_t take (far_iterator_t *self, const char *picture, far_arguments_t *results)
{
    far_received_t received = { self->source->process->caller, self->batch->references, self->batch->reference_count };
    far_resolver_t resolver = far_received_resolver (&received);
    far_status_t status = far_picture_read_value (&self->items, picture, &resolver, results);
    if (!status)
        self->left--;
    return status;
}

/* The error is kept: what the program does in between must not hide it. */
static void note (far_iterator_t *self, far_status_t status)
{
    far_error_release (&self->error);
    self->error = status ? far_error_retain (far_last_error ()) : NULL;
}

bool far_next (far_iterator_t *iterator, const char *picture, ...)
{
    if (!iterator || iterator->ended)
        return false;
    far_status_t status = iterator->left ? FAR_OK : next_batch (iterator);
    if (status)
        iterator->ended = true;
    bool is_there = !iterator->ended;
    far_arguments_t results;
    va_start (results.list, picture);
    if (is_there)
        status = take (iterator, picture, &results);
    va_end (results.list);
    note (iterator, status);
    return is_there && !status;
}

far_status_t far_iterator_status (const far_iterator_t *iterator)
{
    if (!iterator)
        return far_process_missing ();
    return iterator->error ? far_fail_with (far_error_retain (iterator->error)) : FAR_OK;
}

void far_iterator_destroy (far_iterator_t **iterator_p)
{
    if (!iterator_p || !*iterator_p)
        return;
    far_iterator_t *self = *iterator_p;
    *iterator_p = NULL;
    far_request_destroy (&self->batch);
    far_proxy_destroy (&self->source);
    far_error_release (&self->error);
    free (self);
}
