/* Iterators over plain values. Those of lists and maps are the object layer's own; a text is walked by an object that
 * knows where its last character was, so that no list of all of them is made. */
#include "object/builtin_iterate.h"
#include "object/builtin_sequence.h"
#include "object/iterator.h"

#include <stdlib.h>

typedef struct walk {
    far_object_t base;
    far_value_t *text;
    size_t place, offset; /* of the next character, in bytes */
} walk_t;

static const char *walk_class_name (const far_object_t *object)
{
    return far_builtin_name (((const walk_t *)object)->text);
}

static void walk_release (far_object_t *object)
{
    walk_t *self = (walk_t *)object;
    far_value_destroy (&self->text);
    free (self);
}

static const far_object_ops_t walk_ops = { .class_name = walk_class_name, .release = walk_release };

/* Asked in turn, by one iterator, under its lock; asked again for the same place after a failure. */
static far_status_t walk_item (far_object_t *object, size_t place, far_value_t **out)
{
    walk_t *self = (walk_t *)object;
    far_bytes_t text = far_value_bytes (self->text);
    bool is_binary = far_value_type (self->text) == FAR_TYPE_BINARY;
    for (; self->place < place; self->place++)
        self->offset +=
            is_binary ? 1
                      : far_text_part (
                            (far_bytes_t){ (const char *)text.data + self->offset, text.size - self->offset }, 0, 1)
                            .size;
    if (self->offset >= text.size)
        return FAR_OK;
    const char *at = (const char *)text.data + self->offset;
    far_bytes_t character = far_text_part ((far_bytes_t){ at, text.size - self->offset }, 0, 1);
    *out = is_binary ? far_value_from_int ((unsigned char)*at)
                     : far_value_make_text (FAR_TYPE_STRING, character.data, character.size);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_object_t *walk_new (const far_value_t *text)
{
    walk_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for an iterator");
        return NULL;
    }
    far_object_init (&self->base, &walk_ops);
    self->text = far_value_retain (text);
    far_object_t *walk = &self->base, *iterator = far_iterator_new (walk, walk_item);
    far_object_destroy (&walk);
    return iterator;
}

far_status_t far_builtin_iterate (const far_value_t *value, far_object_t **out)
{
    switch (far_value_type (value)) {
    case FAR_TYPE_LIST:
    case FAR_TYPE_MAP:
        *out = far_iterator_over (value);
        break;
    case FAR_TYPE_STRING:
    case FAR_TYPE_BINARY:
        *out = walk_new (value);
        break;
    default:
        return far_raise ("TypeError", "'%s' is not iterable", far_builtin_name (value));
    }
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}
