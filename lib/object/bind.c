/* Binds what was sent to the parameters of a signature: the one place that decides whether a call is a right one.
 * Allocates nothing; what it gives points into the body, or into the signature's defaults. */
#include "object/signature.h"
#include "object/shape.h"
#include "base/error.h"
#include <string.h>

static far_status_t bind_value (const far_parameter_t *parameter, const char *name, far_reader_t *in, far_reader_t *out)
{
    far_mismatch_t mismatch;
    far_reader_t start = *in;
    if (!far_shape_check (parameter->shape, parameter->takes_nil, in, &mismatch))
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: parameter '%s'%s takes %s, and got %s", name, parameter->name,
                         mismatch.where, mismatch.takes, mismatch.found);
    *out = start;
    return FAR_OK;
}

static far_status_t find_parameter (const far_signature_t *self, const char *name, const far_item_t *keyword,
                                    size_t *out)
{
    if (keyword->type != FAR_TYPE_STRING)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: a keyword is a string, not %s", name, far_type_name (keyword->type));
    for (size_t i = 0; i < self->count; i++)
        if (far_text_equals (keyword->text, self->parameters[i].name)) {
            *out = i;
            return FAR_OK;
        }
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s: there is no parameter '%.*s'", name, (int)keyword->text.size,
                     keyword->text.data);
}

/* Of two equal keywords the last counts, as in every map. */
static far_status_t bind_keywords (const far_signature_t *self, const char *name, const far_request_body_t *request,
                                   far_reader_t *bound)
{
    far_reader_t in = request->keywords;
    for (size_t left = request->keyword_count; left; left--) {
        far_item_t keyword;
        size_t which = 0;
        if (!far_read (&in, &keyword))
            return far_fail (FAR_E_PROTOCOL_ERROR, "%s: the keywords can't be read", name);
        far_status_t status = find_parameter (self, name, &keyword, &which);
        if (status)
            return status;
        const far_parameter_t *parameter = &self->parameters[which];
        if (which < request->argument_count)
            return far_fail (FAR_E_BAD_ARGUMENTS, "%s: parameter '%s' is given by place and by name", name,
                             parameter->name);
        status = bind_value (parameter, name, &in, &bound[which]);
        if (status)
            return status;
    }
    return FAR_OK;
}

far_status_t far_signature_bind (const far_signature_t *self, const char *name, const far_request_body_t *request,
                                 far_reader_t *bound)
{
    if (request->argument_count > self->count)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: takes at most %zu arguments, and got %zu", name, self->count,
                         request->argument_count);
    far_reader_t in = request->arguments;
    for (size_t i = 0; i < self->count; i++) {
        bound[i] = (far_reader_t){ 0 };
        far_status_t status =
            i < request->argument_count ? bind_value (&self->parameters[i], name, &in, &bound[i]) : FAR_OK;
        if (status)
            return status;
    }
    far_status_t status = request->keyword_count ? bind_keywords (self, name, request, bound) : FAR_OK;
    for (size_t i = request->argument_count; i < self->count && !status; i++) {
        const far_parameter_t *parameter = &self->parameters[i];
        if (bound[i].position)
            continue;
        if (!parameter->fallback)
            return far_fail (FAR_E_BAD_ARGUMENTS, "%s: parameter '%s' is missing", name, parameter->name);
        bound[i] = (far_reader_t){ parameter->fallback, parameter->fallback + parameter->fallback_size };
    }
    return status;
}
