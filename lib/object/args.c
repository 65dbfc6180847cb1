/* far_call_args: from bound arguments into the variables of a method. What can fail (memory, references that lead
 * nowhere) is done for all arguments first, so that on failure no variable has changed. What it makes belongs to the
 * call: short texts lie in the call itself. Knows nothing of pictures: signatures have letters of their own. */
#include "object/call.h"
#include <stdlib.h>
#include <string.h>

static char *copy_text (far_call_t *call, far_text_t text)
{
    bool fits = text.size < sizeof call->text - call->text_used;
    char *copy = fits ? call->text + call->text_used : malloc (text.size + 1);
    if (!copy)
        return NULL;
    if (fits)
        call->text_used += text.size + 1;
    memcpy (copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

static void free_text (far_call_t *call, char *text)
{
    if (text < call->text || text >= call->text + sizeof call->text)
        free (text);
}

static far_status_t take_text (far_call_t *call, size_t index, const far_item_t *item)
{
    call->taken[index] = copy_text (call, item->text);
    return call->taken[index] ? FAR_OK : far_fail (FAR_E_NO_MEMORY, "no memory for a text");
}

static far_status_t take_reference (far_call_t *call, size_t index, const far_item_t *item)
{
    const far_parameter_t *parameter = &call->signature->parameters[index];
    const char *method = call->callee->method;
    far_reference_t reference;
    if (!far_reference_read (item, &reference))
        return far_fail (FAR_E_PROTOCOL_ERROR, "%s: parameter '%s': the reference can't be read", method,
                         parameter->name);
    far_handle_t *handle = call->resolver.resolve (call->resolver.context, &reference);
    if (!handle)
        return far_error_kind (far_last_error ());
    bool is_local = far_object_from_handle (handle);
    if (is_local && parameter->shape[0] == 'P' && call->host && call->host->as_proxy) {
        call->taken[index] = call->host->as_proxy (call->host, handle);
        far_handle_release (handle);
        return call->taken[index] ? FAR_OK : far_error_kind (far_last_error ());
    }
    if (is_local == (parameter->shape[0] == 'O')) {
        call->taken[index] = handle;
        return FAR_OK;
    }
    far_handle_release (handle);
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s: parameter '%s' takes an object of %s process, and got one of %s", method,
                     parameter->name, is_local ? "another" : "this", is_local ? "this" : "another");
}

static far_status_t take_value (far_call_t *call, size_t index)
{
    far_reader_t in = call->bound[index];
    call->taken[index] = far_value_read (&in, &call->resolver);
    return call->taken[index] ? FAR_OK : far_error_kind (far_last_error ());
}

static far_status_t take (far_call_t *call, size_t index)
{
    char letter = call->signature->parameters[index].shape[0];
    if (call->taken[index] || !strchr ("sPOv[{", letter))
        return FAR_OK;
    far_reader_t in = call->bound[index];
    far_item_t item;
    if (!far_read (&in, &item))
        return far_fail (FAR_E_PROTOCOL_ERROR, "an argument can't be read");
    if (item.type == FAR_TYPE_NIL)
        return FAR_OK;
    if (letter == 's')
        return take_text (call, index, &item);
    return letter == 'P' || letter == 'O' ? take_reference (call, index, &item) : take_value (call, index);
}

static void store_scalar (char letter, far_reader_t in, far_arguments_t *out)
{
    far_item_t item = { 0 };
    if (letter == 'n' || !far_read (&in, &item))
        return;
    if (letter == 'y')
        *va_arg (out->list, far_bytes_t *) =
            item.type == FAR_TYPE_BINARY ? (far_bytes_t){ item.text.data, item.text.size } : (far_bytes_t){ 0 };
    else
        far_scalar_store (letter, &item, va_arg (out->list, void *));
}

static void store (far_call_t *call, size_t index, far_arguments_t *out)
{
    char letter = call->signature->parameters[index].shape[0];
    void *taken = call->taken[index];
    switch (letter) {
    case 's':
        *va_arg (out->list, const char **) = taken;
        break;
    case 'P':
        *va_arg (out->list, far_proxy_t **) = taken; /* its handle is its first member */
        break;
    case 'O':
        *va_arg (out->list, far_object_t **) = taken;
        break;
    case 'v':
    case '[':
    case '{':
        *va_arg (out->list, const far_value_t **) = taken;
        break;
    default:
        store_scalar (letter, call->bound[index], out);
    }
}

far_status_t far_call_args (far_call_t *call, ...)
{
    size_t count = call->signature ? call->signature->count : 0;
    for (size_t i = 0; i < count; i++)
        if (take (call, i))
            return far_call_keep_failure (call);
    far_arguments_t out;
    va_start (out.list, call);
    for (size_t i = 0; i < count; i++)
        store (call, i, &out);
    va_end (out.list);
    return FAR_OK;
}

static void untake (far_call_t *call, size_t index)
{
    void *taken = call->taken[index];
    char letter = call->signature->parameters[index].shape[0];
    if (letter == 's') {
        free_text (call, taken);
    } else if (letter == 'P' || letter == 'O') {
        far_handle_release (taken);
    } else {
        far_value_t *value = taken;
        far_value_destroy (&value);
    }
    call->taken[index] = NULL;
}

void far_call_unbind (far_call_t *self)
{
    if (!self->signature)
        return;
    for (size_t i = 0; i < self->signature->count; i++)
        if (self->taken[i])
            untake (self, i);
    self->signature = NULL;
    self->text_used = 0;
    if (self->bound == self->bound_inline)
        return;
    free (self->bound);
    free (self->taken);
    self->bound = self->bound_inline;
    self->taken = self->taken_inline;
}
