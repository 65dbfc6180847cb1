/* Iterators as objects: `__next__` gives the next items, up to as many as were asked for, and no item at the end. An
 * iterator owns what it goes over, and its place in it, under a lock: who holds it may ask from several processes. */
#include "object/iterator.h"
#include "object/inner.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct iterator {
    far_object_t base;
    far_object_t *over; /* with item; else NULL */
    far_item_fn *item;
    far_value_t *value; /* a list or map; else NULL */
    pthread_mutex_t lock;
    size_t place;
} iterator_t;

static const char *iterator_class_name (const far_object_t *object)
{
    (void)object;
    return "iterator";
}

static bool iterator_has_operator (const far_object_t *object, far_operator_t of)
{
    (void)object;
    return of == FAR_NEXT || of == FAR_ITER;
}

/* *out stays NULL at the end. */
static far_status_t next_item (iterator_t *self, far_value_t **out)
{
    if (self->over)
        return self->item (self->over, self->place, out);
    bool is_map = far_value_type (self->value) == FAR_TYPE_MAP;
    *out = far_value_retain (is_map ? far_value_key (self->value, self->place)
                                    : far_value_item (self->value, self->place));
    return FAR_OK;
}

/* A batch ends before it grows too large for a message that is pleasant to route. */
#define MOST_BATCH_BYTES ((size_t)1 << 20)
#define MOST_BATCH_ITEMS 65536

/* What has failed after some items were read will fail again at the next batch, and is told then. */
static far_status_t read_batch (iterator_t *self, uint64_t most, far_value_t *batch, far_writer_t *scale)
{
    for (uint64_t count = 0; count < most && scale->out->size < MOST_BATCH_BYTES; count++) {
        far_value_t *item = NULL;
        far_status_t status = next_item (self, &item);
        if (status || !item)
            return count ? FAR_OK : status;
        far_value_write (scale, item);
        status = far_value_append (batch, &item);
        if (status)
            return status;
        self->place++;
    }
    return FAR_OK;
}

static far_status_t answer_batch (iterator_t *self, uint64_t most, far_call_t *call)
{
    far_buffer_t written = { 0 };
    far_writer_t scale;
    far_writer_init (&scale, &written);
    far_value_t *batch = far_value_list ();
    pthread_mutex_lock (&self->lock);
    far_status_t status = batch ? read_batch (self, most, batch, &scale) : FAR_E_NO_MEMORY;
    pthread_mutex_unlock (&self->lock);
    if (!status)
        status = far_call_answer_value (call, batch);
    far_value_destroy (&batch);
    far_writer_deinit (&scale);
    far_buffer_deinit (&written);
    return status;
}

/* What `__next__` is given. */
static far_status_t read_most (const far_call_t *call, uint64_t *out)
{
    static const uint8_t one[] = { 1 };
    static far_parameter_t most_parameter = { "most", "u", (uint8_t *)one, sizeof one, false };
    static const far_signature_t takes = { .parameters = &most_parameter, .count = 1 };
    far_reader_t bound;
    far_item_t most;
    far_status_t status = far_signature_bind (&takes, far_operator_name (FAR_NEXT), &call->request, &bound);
    if (status)
        return status;
    if (!far_read (&bound, &most) || !most.natural)
        return far_fail (FAR_E_BAD_ARGUMENTS, "__next__: parameter 'most' takes at least 1");
    *out = most.natural < MOST_BATCH_ITEMS ? most.natural : MOST_BATCH_ITEMS;
    return FAR_OK;
}

static far_status_t next (iterator_t *self, far_call_t *call)
{
    uint64_t most;
    far_status_t status = read_most (call, &most);
    return status ? status : answer_batch (self, most, call);
}

static far_status_t iterator_operate (far_object_t *object, far_operator_t of, far_call_t *call)
{
    return of == FAR_NEXT ? next ((iterator_t *)object, call) : far_call_answer_object (call, object);
}

static void iterator_release (far_object_t *object)
{
    iterator_t *self = (iterator_t *)object;
    far_object_destroy (&self->over);
    far_value_destroy (&self->value);
    pthread_mutex_destroy (&self->lock);
    free (self);
}

static const far_object_ops_t iterator_ops = {
    .class_name = iterator_class_name,
    .has_operator = iterator_has_operator,
    .operate = iterator_operate,
    .release = iterator_release,
};

static iterator_t *iterator_new (void)
{
    iterator_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for an iterator");
        return NULL;
    }
    far_object_init (&self->base, &iterator_ops);
    pthread_mutex_init (&self->lock, NULL);
    return self;
}

far_object_t *far_iterator_new (far_object_t *over, far_item_fn *item)
{
    iterator_t *self = iterator_new ();
    if (!self)
        return NULL;
    self->over = far_object_retain (over);
    self->item = item;
    return &self->base;
}

far_object_t *far_iterator_over (const far_value_t *value)
{
    iterator_t *self = iterator_new ();
    if (!self)
        return NULL;
    self->value = far_value_retain (value);
    return &self->base;
}

far_status_t far_iterator_answer (const far_object_t *self, far_call_t *call)
{
    const far_buffer_t *out = call->answer->out;
    far_reader_t in = { out->data + call->answer_start, out->data + out->size };
    far_item_t item = { .type = FAR_TYPE_NIL };
    if (call->answered)
        far_read (&in, &item);
    if (item.type == FAR_TYPE_REFERENCE)
        return FAR_OK;
    if (item.type != FAR_TYPE_LIST && item.type != FAR_TYPE_MAP)
        return far_call_fail_at (call, NULL, 0, "TypeError", "__iter__ of %s gave %s: nothing to iterate over",
                                 far_object_class_name (self), far_type_name (item.type));
    far_value_t *items = far_call_answer_read (call);
    far_object_t *iterator = items ? far_iterator_over (items) : NULL;
    far_value_destroy (&items);
    if (!iterator)
        return far_last_status ();
    far_status_t status = far_call_answer_object (call, iterator);
    far_object_destroy (&iterator);
    return status;
}

/* Takes back the error if it is the end. */
static bool is_end (far_call_t *call, far_status_t status)
{
    return status == FAR_E_RAISED && call->error && !strcmp (far_error_class (call->error), "StopIteration");
}

far_status_t far_iterator_run (far_call_t *call, far_object_t *object, const far_callee_t *callee, void *data)
{
    uint64_t most;
    far_status_t status = read_most (call, &most);
    if (status)
        return status;
    bool gives_list = callee->signature->count;
    far_value_t *item = NULL, *items = far_value_list ();
    far_inner_t inner;
    far_inner_begin (&inner, call, gives_list ? &call->request : NULL);
    inner.call.object = object;
    status = far_inner_end (&inner, far_call_run (&inner.call, callee, data), &item);
    bool ended = is_end (call, status);
    if (!status && gives_list && far_value_type (item) != FAR_TYPE_LIST)
        status = far_call_fail_at (call, NULL, 0, "TypeError", "__next__ of %s gave %s and no list",
                                   far_object_class_name (object), far_type_name (far_value_type (item)));
    else if (!status && !gives_list)
        status = far_value_append (items, &item);
    if (ended || !status)
        status = far_call_answer_value (call, !ended && gives_list ? item : items);
    far_value_destroy (&item);
    far_value_destroy (&items);
    return status;
}
