/* The option auto_proxy. Arguments are written apart, read as values, and each goes on as itself or as a reference. That
 * costs a detour, but only calls that ask for it take it. */
#include "proxy/auto_proxy.h"
#include "base/error.h"
#include "wire/value.h"

/* Lists around the arguments: the body and their own. */
enum { ARGUMENT_DEPTH = 2 };

/* One argument. A reference goes as what it is: it is no value. */
static void write_one (far_writer_t *out, far_caller_t *caller, uint32_t by_value, const far_value_t *value)
{
    far_type_t type = far_value_type (value);
    if (type == FAR_TYPE_REFERENCE || by_value & far_by_value_of (type)) {
        far_value_write (out, value);
        return;
    }
    far_handle_t *hosted = caller->ops->host (caller, value);
    if (hosted)
        far_write_reference (out, hosted);
    else if (!out->failed)
        out->failed = far_last_status ();
    far_handle_release (hosted); /* the writer has an owner of its own */
}

void far_auto_write_values (far_writer_t *out, far_caller_t *caller, uint32_t by_value, const far_value_t *arguments,
                            const far_value_t *keywords)
{
    unsigned depth = out->depth;
    out->depth = ARGUMENT_DEPTH;
    far_write_list (out, far_value_count (arguments));
    for (size_t i = 0; i < far_value_count (arguments); i++)
        write_one (out, caller, by_value, far_value_item (arguments, i));
    if (keywords)
        far_write_map (out, far_value_count (keywords));
    for (size_t i = 0; i < far_value_count (keywords); i++) {
        far_value_write (out, far_value_key (keywords, i));
        write_one (out, caller, by_value, far_value_item (keywords, i));
    }
    out->depth = depth;
}

far_status_t far_auto_write_call (far_writer_t *out, far_caller_t *caller, uint32_t by_value, const char *picture,
                                  far_arguments_t *arguments, const char **results)
{
    far_buffer_t bytes = { 0 };
    far_writer_t apart;
    bool has_keywords = false;
    far_value_t *list = NULL, *map = NULL;
    far_writer_init (&apart, &bytes);
    far_status_t status = far_picture_write_call (&apart, picture, arguments, &has_keywords, results);
    far_reader_t in = { bytes.data, bytes.data + bytes.size };
    far_resolver_t resolver = far_written_resolver (&apart);
    if (!status && !(list = far_value_read (&in, &resolver)))
        status = far_last_status ();
    if (!status && has_keywords && !(map = far_value_read (&in, &resolver)))
        status = far_last_status ();
    if (!status)
        far_auto_write_values (out, caller, by_value, list, map);
    far_value_destroy (&list);
    far_value_destroy (&map);
    far_writer_deinit (&apart);
    far_buffer_deinit (&bytes);
    return status ? out->failed = status : far_writer_status (out);
}
