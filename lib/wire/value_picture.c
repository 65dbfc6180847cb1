/* Values as a tree, by pictures. A picture speaks MessagePack, so these go through an encoding in memory: one reading of
 * pictures for all. References stay what they are, by their index in the writer. */
#include "base/error.h"
#include "wire/picture.h"
#include "wire/value_tree.h"

/* An encoding in memory, and what its references stand for. */
typedef struct encoding {
    far_buffer_t bytes;
    far_writer_t writer;
} encoding_t;

static void encoding_init (encoding_t *self)
{
    self->bytes = (far_buffer_t){ 0 };
    far_writer_init (&self->writer, &self->bytes);
}

static void encoding_deinit (encoding_t *self)
{
    far_writer_deinit (&self->writer);
    far_buffer_deinit (&self->bytes);
}

static far_reader_t encoding_read (const encoding_t *self)
{
    return (far_reader_t){ self->bytes.data, self->bytes.data + self->bytes.size };
}

far_value_t *far_value_from_picture (const char *picture, far_arguments_t *arguments)
{
    encoding_t encoding;
    encoding_init (&encoding);
    far_value_t *self = NULL;
    if (!far_picture_write_value (&encoding.writer, picture, arguments)) {
        far_reader_t in = encoding_read (&encoding);
        far_resolver_t resolver = far_written_resolver (&encoding.writer);
        self = far_value_read (&in, &resolver);
    }
    encoding_deinit (&encoding);
    return self;
}

far_value_t *far_value_new (const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_value_t *self = far_value_from_picture (picture, &arguments);
    va_end (arguments.list);
    return self;
}

far_status_t far_value_set (far_value_t *map, const char *key, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_value_t *item = far_value_from_picture (picture, &arguments);
    va_end (arguments.list);
    far_value_t *name = item ? far_value_new ("s", key) : NULL;
    if (name)
        return far_value_put (map, &name, &item);
    far_value_destroy (&item);
    return far_error_kind (far_last_error ());
}

far_status_t far_value_take (const far_value_t *value, const char *picture, far_arguments_t *arguments)
{
    encoding_t encoding;
    encoding_init (&encoding);
    far_value_write (&encoding.writer, value);
    far_status_t status = far_writer_status (&encoding.writer);
    if (!status) {
        far_reader_t in = encoding_read (&encoding);
        far_resolver_t resolver = far_written_resolver (&encoding.writer);
        status = far_picture_read_value (&in, picture, &resolver, arguments);
    }
    encoding_deinit (&encoding);
    return status;
}

far_status_t far_value_get (const far_value_t *value, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_value_take (value, picture, &arguments);
    va_end (arguments.list);
    return status;
}
