/* Values as a tree: from and to MessagePack. */
#include "base/error.h"
#include "wire/value_tree.h"

static void write_items (far_writer_t *out, const far_value_t *value)
{
    out->depth++;
    for (size_t i = 0; i < value->count && !out->failed; i++)
        far_value_write (out, value->items[i]);
    out->depth--;
}

void far_value_write (far_writer_t *out, const far_value_t *value)
{
    switch (value ? value->type : FAR_TYPE_NIL) {
    case FAR_TYPE_NIL:
        far_write_nil (out);
        break;
    case FAR_TYPE_BOOL:
        far_write_bool (out, value->boolean);
        break;
    case FAR_TYPE_INT:
        far_write_int (out, value->integer);
        break;
    case FAR_TYPE_UINT:
        far_write_uint (out, value->natural);
        break;
    case FAR_TYPE_FLOAT:
        far_write_float (out, value->real);
        break;
    case FAR_TYPE_STRING:
        far_write_string (out, value->text, value->size);
        break;
    case FAR_TYPE_BINARY:
        far_write_binary (out, value->text, value->size);
        break;
    case FAR_TYPE_LIST:
        far_write_list (out, value->count);
        write_items (out, value);
        break;
    case FAR_TYPE_MAP:
        far_write_map (out, value->count / 2);
        write_items (out, value);
        break;
    case FAR_TYPE_TIME:
        far_write_time (out, value->time);
        break;
    case FAR_TYPE_REFERENCE:
        far_write_reference (out, value->handle);
        break;
    }
}

static far_value_t *read_reference (const far_item_t *item, const far_resolver_t *resolver)
{
    far_reference_t reference;
    if (!resolver || !far_reference_read (item, &reference)) {
        far_fail (FAR_E_PROTOCOL_ERROR, "an ext of type %d can't be read as a reference", item->ext);
        return NULL;
    }
    far_handle_t *handle = resolver->resolve (resolver->context, &reference);
    return handle ? far_value_from_handle (handle) : NULL;
}

static far_value_t *read_items (far_reader_t *in, const far_item_t *head, const far_resolver_t *resolver)
{
    size_t count = head->type == FAR_TYPE_MAP ? 2 * head->count : head->count;
    far_value_t *self = far_value_make (head->type);
    bool whole = self && far_value_reserve (self, count);
    for (size_t i = 0; whole && i < count; i++) {
        far_value_t *item = far_value_read (in, resolver);
        if (item) {
            self->items[self->count++] = item;
            if (self->height <= item->height)
                self->height = item->height + 1;
        }
        whole = item != NULL;
    }
    if (!whole)
        far_value_destroy (&self);
    return self;
}

static far_value_t *read_scalar (const far_item_t *head)
{
    far_value_t *self = far_value_make (head->type);
    if (!self)
        return NULL;
    switch (head->type) {
    case FAR_TYPE_BOOL:
        self->boolean = head->boolean;
        break;
    case FAR_TYPE_INT:
        self->integer = head->integer;
        break;
    case FAR_TYPE_UINT:
        self->natural = head->natural;
        break;
    case FAR_TYPE_FLOAT:
        self->real = head->real;
        break;
    case FAR_TYPE_TIME:
        self->time = head->time;
        break;
    default:
        break;
    }
    return self;
}

far_value_t *far_value_read (far_reader_t *in, const far_resolver_t *resolver)
{
    far_item_t head;
    if (!far_read (in, &head)) {
        far_fail (FAR_E_PROTOCOL_ERROR, "a value can't be read");
        return NULL;
    }
    switch (head.type) {
    case FAR_TYPE_STRING:
    case FAR_TYPE_BINARY:
        return far_value_make_text (head.type, head.text.data, head.text.size);
    case FAR_TYPE_LIST:
    case FAR_TYPE_MAP:
        return read_items (in, &head, resolver);
    case FAR_TYPE_REFERENCE:
        return read_reference (&head, resolver);
    default:
        return read_scalar (&head);
    }
}

static far_handle_t *resolve_written (void *context, const far_reference_t *reference)
{
    const far_writer_t *writer = context;
    if (reference->index < writer->reference_count)
        return far_handle_retain (writer->references[reference->index]);
    far_fail (FAR_E_PROTOCOL_ERROR, "there is no reference %zu", (size_t)reference->index);
    return NULL;
}

far_resolver_t far_written_resolver (const far_writer_t *writer)
{
    return (far_resolver_t){ .resolve = resolve_written, .context = (void *)writer };
}

far_value_t *far_written_value (const far_writer_t *writer, size_t start)
{
    const uint8_t *data = writer->out->data + start;
    size_t size = writer->out->size - start;
    const char *why;
    if (!far_scan (data, size, &why)) {
        far_fail (FAR_E_NOT_SERIALIZABLE, "%s", why);
        return NULL;
    }
    far_reader_t in = { data, data + size };
    far_resolver_t resolver = far_written_resolver (writer);
    return far_value_read (&in, &resolver);
}
