/* Turns an answer that has been written into what the caller asked to get by value and by reference. The usual answer,
 * by the default mask, is not even looked at. */
#include "object/result.h"
#include "object/hosted.h"

/* The object that the answer is, if it is one of this process; else NULL. Borrowed from the answer. */
static far_object_t *answered_object (const far_call_t *call, const far_item_t *item)
{
    far_reference_t reference;
    if (!far_reference_read (item, &reference) || reference.index >= call->answer->reference_count)
        return NULL;
    return far_object_from_handle (call->answer->references[reference.index]);
}

static far_status_t host_answer (far_call_t *call)
{
    far_value_t *value = far_call_answer_read (call);
    far_object_t *hosted = value ? far_hosted_new (&value) : NULL;
    if (!hosted)
        return far_error_kind (far_last_error ());
    far_status_t status = far_call_answer_object (call, hosted);
    far_object_destroy (&hosted);
    return status;
}

/* Errors of the value form are settled while the object is still there to be named. */
static far_status_t answer_by_value (far_call_t *call, far_object_t *borrowed)
{
    const far_callee_t *before = call->callee;
    far_object_t *object = far_object_retain (borrowed);
    far_status_t status = far_call_answer_value (call, NULL); /* what a value form that says nothing gives */
    if (!status)
        status = far_object_value (object, call);
    far_error_t *error = far_call_settle (call, status);
    call->callee = before;
    far_error_release (&call->error);
    call->error = error;
    far_object_destroy (&object);
    return error ? far_error_kind (error) : FAR_OK;
}

far_status_t far_result_apply (far_call_t *call, uint32_t returns)
{
    if ((returns & (FAR_BY_VALUE_USUAL | FAR_BY_VALUE_OBJECT)) == FAR_BY_VALUE_USUAL)
        return FAR_OK;
    far_buffer_t *out = call->answer->out;
    far_reader_t in = { out->data + call->answer_start, out->data + out->size };
    far_item_t item;
    if (!far_read (&in, &item))
        return far_fail (FAR_E_NOT_SERIALIZABLE, "the answer can't be read");
    if (item.type != FAR_TYPE_REFERENCE)
        return returns & far_by_value_of (item.type) ? FAR_OK : host_answer (call);
    far_object_t *object = answered_object (call, &item);
    if (!object)
        return returns & FAR_BY_VALUE_PROXY ? FAR_OK : host_answer (call);
    return returns & FAR_BY_VALUE_OBJECT && far_object_has_value (object) ? answer_by_value (call, object) : FAR_OK;
}
