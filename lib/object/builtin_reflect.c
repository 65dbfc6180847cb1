/* `5 - object`, where 5 is hosted and the object has `__rsub__`: the object is asked, as Python does once a plain value has
 * no answer. Equality is not left to it: a plain value is no other object. */
#include "object/builtin_reflect.h"
#include "object/inner.h"
#include "base/operator.h"

#include <string.h>

/* The operator as the other side has it; FAR_OPERATOR_COUNT where it has none. */
static far_operator_t other_side (far_operator_t of)
{
    const far_operator_row_t *row = far_operator_row (of);
    switch (row->kind) {
    case FAR_OPERATOR_BINARY:
    case FAR_OPERATOR_IN_PLACE:
        return (far_operator_t)(FAR_RADD + (row->of - FAR_ADD));
    case FAR_OPERATOR_REFLECTED:
        return row->of;
    case FAR_OPERATOR_COMPARES:
        return of == FAR_LT   ? FAR_GT
               : of == FAR_GT ? FAR_LT
               : of == FAR_LE ? FAR_GE
               : of == FAR_GE ? FAR_LE
                              : FAR_OPERATOR_COUNT;
    default:
        return FAR_OPERATOR_COUNT;
    }
}

far_object_t *far_builtin_reflects (far_operator_t of, const far_value_t *other)
{
    far_object_t *object = far_object_from_handle (far_value_handle (other));
    far_operator_t side = object ? other_side (of) : FAR_OPERATOR_COUNT;
    bool has = side != FAR_OPERATOR_COUNT && object->ops->has_operator && object->ops->has_operator (object, side);
    return has ? object : NULL;
}

far_status_t far_builtin_reflect (far_call_t *call, far_operator_t of, const far_value_t *value, far_object_t *other,
                                  far_value_t **out)
{
    far_buffer_t bytes = { 0 };
    far_writer_t writer;
    far_writer_init (&writer, &bytes);
    writer.depth++; /* it stands where the list of arguments would hold it */
    far_value_write (&writer, value);
    far_status_t status = far_writer_status (&writer);
    if (!status) {
        const char *name = far_operator_name (other_side (of));
        far_request_body_t request = { .arguments = { bytes.data, bytes.data + bytes.size }, .argument_count = 1 };
        far_inner_t inner;
        far_inner_begin (&inner, call, &request);
        inner.call.resolver = far_written_resolver (&writer);
        status = far_inner_end (&inner, far_object_call (other, (far_text_t){ name, strlen (name) }, &inner.call), out);
    }
    far_writer_deinit (&writer);
    far_buffer_deinit (&bytes);
    return status;
}
